#!/usr/bin/python3
"""All C++ is formatted by clang-format 14 and the repository's .clang-format. Exit 77 where it is not installed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import lint_common

VERSION = "14"
SKIPPED = 77


def find_clang_format():
    """Path of clang-format 14; other versions lay out some lines differently."""
    for name in (f"clang-format-{VERSION}", "clang-format"):
        program = shutil.which(name)
        if program:
            version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
            if re.search(rf"version {VERSION}\.", version):
                return program
    return None


def check(root, program):
    """Problems as clang-format words them, the first of each file."""
    files = [str(path) for path in lint_common.code_files(root)]
    if not files:
        return
    done = subprocess.run([program, "--style=file", "--dry-run", "-Werror", *files], cwd=root, capture_output=True,
                          text=True, check=False)
    told = set()
    for line in done.stderr.splitlines():
        file = line.split(":", 1)[0]
        if "error:" in line and file not in told:
            told.add(file)
            yield line
    if done.returncode != 0 and not told:
        yield f"clang-format failed: {done.stderr}"


def main():
    program = find_clang_format()
    if program is None:
        print(f"skipped: clang-format {VERSION} is not installed (apt-get install clang-format-{VERSION})")
        sys.exit(SKIPPED)
    lint_common.run(lambda root: check(root.resolve(), program), "not formatted; clang-format -i mends it")


if __name__ == "__main__":
    main()
