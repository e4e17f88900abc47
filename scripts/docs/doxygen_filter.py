#!/usr/bin/python3
"""Shows doxygen a header with its plain comments as documentation.

The first block describes the file, a block of whole lines what follows it, a comment behind code what stands before
it. Characters that doxygen would read as commands or markup are escaped: comments here are words.
"""
import re
import sys
from pathlib import Path

WHOLE = re.compile(r"^(\s*)//(?!/)\s?(.*)$")
# A comment behind code; "//" inside a text does not count.
BEHIND = re.compile(r'^((?:[^"/]|"(?:[^"\\]|\\.)*"|/(?!/))*\S)\s+//(?!/)\s?(.*)$')

# doxygen replaces some aliases of Quantity by what they stand for and then misses its own functions: types of their own.
DIMENSION = re.compile(r"^using (\w+) = Quantity<struct (\w+), ([\w:]+)>;")


def escaped(text):
    text = re.sub(r"([\\@&$#<>%])", r"\\\1", text)
    return text.replace("_", "\\_").replace("*", "\\*").replace("`", "'").replace("|", "\\|")


def filtered(lines):
    beginning = True
    for line in lines:
        line = DIMENSION.sub(r"struct \1 : Quantity<\2, \3> {};", line)
        whole, behind = WHOLE.match(line), BEHIND.match(line)
        if whole:
            words = whole.group(2)
            if words.startswith("NOLINT"):
                yield line
            elif beginning:
                yield "/// \\file"
                yield f"/// {escaped(words)}"
                beginning = False
            else:
                yield f"{whole.group(1)}/// {escaped(words)}"
            continue
        beginning = False
        if behind and not behind.group(2).startswith("NOLINT") and not behind.group(1).lstrip().startswith(("#", "}")):
            code = behind.group(1)
            yield f"{code}  ///< {escaped(behind.group(2))}" if code.rstrip().endswith((";", ",")) else code
        else:
            yield line


if __name__ == "__main__":
    print("\n".join(filtered(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines())))
