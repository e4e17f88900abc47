#!/usr/bin/python3
"""Takes the first drawing out of a report and makes it a picture of its own, with the report's light colours.

usage: readme_picture.py report.html picture.svg
"""

import re
import sys
from pathlib import Path


def variables(style):
    """The light theme's colours: the first :root block of the report's style."""
    return dict(re.findall(r"--([\w-]+):([^;}]+)", style[:style.index("}")]))


def rules_of(style):
    """The rules for drawings, with variables replaced by their values."""
    colours = variables(style)
    rules = re.findall(r"svg (?:text|\.[\w-]+)\{[^}]*\}", style)
    text = "".join(rule[len("svg "):] for rule in rules)
    return re.sub(r"var\(--([\w-]+)\)", lambda m: colours[m.group(1)], text)


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    report = Path(arguments[0]).read_text(encoding="utf-8")
    style = re.search(r"<style>(.*?)</style>", report, re.DOTALL).group(1)
    drawing = re.search(r"<svg.*?</svg>", report, re.DOTALL).group(0)
    head_end = drawing.index(">") + 1
    background = '<rect width="100%" height="100%" fill="#fff"/>'
    picture = f"{drawing[:head_end]}\n<style>{rules_of(style)}</style>\n{background}{drawing[head_end:]}\n"
    Path(arguments[1]).write_text(picture, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
