"""What the checkers of scripts/lint share: which files there are, and how problems are told.

Every checker is a program `<name>.py [ROOT]` that prints one line per problem and exits with 1 if there is one.
"""

import os
import re
import sys
from pathlib import Path

CODE_FOLDERS = ("sim", "models", "workloads", "tests")
CODE_SUFFIXES = (".hpp", ".cpp")
SKIPPED_FOLDERS = {"build", "out", "__pycache__"}


def files_below(root, folders, suffixes=None):
    """Files below root/<folder> for each folder, as sorted paths relative to root."""
    root = Path(root)
    found = []
    for folder in folders:
        for path, names, files in os.walk(root / folder):
            names[:] = [n for n in names if n not in SKIPPED_FOLDERS and not n.startswith(".")]
            found += [Path(path) / f for f in files if suffixes is None or f.endswith(tuple(suffixes))]
    return sorted(p.relative_to(root) for p in found)


def code_files(root, folders=CODE_FOLDERS):
    return files_below(root, folders, CODE_SUFFIXES)


def read(root, path):
    return (Path(root) / path).read_text(encoding="utf-8")


_SKIPPED_TEXT = re.compile(
    r'''R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+\'''',
    re.DOTALL)


def without_text(source):
    """C++ source with comments and literals blanked; line numbers stay."""
    return _SKIPPED_TEXT.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), source)


def run(check, description):
    """Runs `check(root)`, which yields problems as text, as a program."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    problems = list(check(root))
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} problem(s): {description}", file=sys.stderr)
        sys.exit(1)
