#!/usr/bin/python3
"""compile_twice.py COMPILER INCLUDE_DIR FILE

FILE must compile as it is, and fail with -DTESSERA_MISUSE. Its line "// refused: REGEX" says which error counts.
"""

import os
import re
import subprocess
import sys
from pathlib import Path


def compile_only(compiler, include, file, *options):
    return subprocess.run([compiler, "-std=c++17", "-fsyntax-only", "-I", include, *options, file],
                          capture_output=True, text=True, check=False,
                          env=dict(os.environ, LC_ALL="C"))  # plain quotes in messages


def main():
    compiler, include, file = sys.argv[1:]
    wanted = re.search(r"^// refused: (.*)$", Path(file).read_text(encoding="utf-8"), re.MULTILINE)
    if wanted is None:
        return f"{file}: no line '// refused: REGEX'"
    good = compile_only(compiler, include, file)
    if good.returncode != 0:
        return f"the proper use does not compile:\n{good.stderr}"
    bad = compile_only(compiler, include, file, "-DTESSERA_MISUSE")
    if bad.returncode == 0:
        return "the misuse compiles"
    errors = [line for line in bad.stderr.splitlines() if "error:" in line]
    if not any(re.search(wanted[1], line) for line in errors):
        return f"refused for another reason than '{wanted[1]}':\n{bad.stderr}"
    return 0


if __name__ == "__main__":
    sys.exit(main())
