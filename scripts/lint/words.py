#!/usr/bin/python3
"""No words of unfinished work, and no paths of somebody's own machine."""

import re

import lint_common

FOLDERS = ("sim", "models", "workloads", "configs", "scripts", "tests", ".ci")
FILES = ("CMakeLists.txt", "CMakePresets.json", "README.md", "CHANGELOG.md")
SUFFIXES = (".hpp", ".cpp", ".py", ".json", ".md", ".txt", ".cmake", ".sh", ".cu", ".js", ".css", "/run")
# The checker and its test have to spell the words.
EXEMPT = {"scripts/lint/words.py", "tests/unit/scripts/lint/words_test.py"}

UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|TBD|HACK|WIP)\b|"
                        r"(?i:\b(?:placeholder|not (?:yet )?implemented|unimplemented|stub|stubbed|lorem ipsum)\b)")
MACHINE = re.compile(r"(?<![\w.$}/])/(?:home|root|work|Users)/\w")


def check(root):
    paths = lint_common.files_below(root, FOLDERS)
    paths += [p for p in map(type(root), FILES) if (root / p).is_file()]
    for path in paths:
        if str(path) in EXEMPT or not str(path).endswith(SUFFIXES):
            continue
        for number, line in enumerate(lint_common.read(root, path).splitlines(), 1):
            if match := UNFINISHED.search(line):
                yield f"{path}:{number}: word of unfinished work: {match.group()}"
            if MACHINE.search(line):
                yield f"{path}:{number}: a path of one machine only"


if __name__ == "__main__":
    lint_common.run(check, "unfinished work or private paths")
