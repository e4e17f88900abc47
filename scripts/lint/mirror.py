#!/usr/bin/python3
"""Every source file has a test beside its mirror path, and every test file is part of a test program.

sim/x/y.cpp is tested by tests/<kind>/sim/x/y_test.cpp. Where several files stand behind one header (y.hpp with
y_read.cpp and y_write.cpp), y_test.cpp counts for those that have no header of their own. A test of parts that only
make sense together names them in a line "// covers: a.cpp b.cpp", files of its mirror folder. With --compiled FILE, the list of test sources that CMake
compiles (one absolute path per line), test files that no program contains are problems too.
"""

import argparse
import re
import sys
from pathlib import Path

import lint_common

KINDS = ("unit", "property", "golden", "validation", "cli", "proposals")
# main() cannot be called from a test; tests/cli runs the whole program.
UNTESTED = {"main.cpp"}
COVERS = re.compile(r"^// covers: (.*)$", re.MULTILINE)


def tested_names(root, path):
    """The stems whose test counts for `path`: its own, and that of the header it implements a part of."""
    yield path.stem
    words = path.stem.split("_")
    if not (root / path).with_suffix(".hpp").is_file():
        for n in range(len(words) - 1, 0, -1):
            stem = "_".join(words[:n])
            if (root / path.parent / f"{stem}.hpp").is_file():
                yield stem


def claimed(root):
    """Sources that tests say they cover, and problems: tests that name files which do not exist."""
    sources, problems = set(), []
    for path in lint_common.files_below(root, ("tests",), ("_test.cpp",)):
        folder = Path(*path.parts[2:-1])
        for line in COVERS.findall(lint_common.read(root, path)):
            for name in line.split():
                source = Path(name) if "/" in name else folder / name
                if (root / source).is_file():
                    sources.add(source)
                else:
                    problems.append(f"{path}:1: covers {source}, which does not exist")
    return sources, problems


def missing_tests(root):
    covered, problems = claimed(root)
    yield from problems
    for path in lint_common.files_below(root, ("sim", "models", "workloads"), (".cpp",)):
        if path.name in UNTESTED or path in covered:
            continue
        mirrors = [Path("tests") / kind / path.parent / f"{stem}_test.cpp" for stem in tested_names(root, path)
                   for kind in KINDS]
        if not any((root / m).is_file() for m in mirrors):
            yield f"{path}:1: no test {mirrors[0]}"


def uncompiled_tests(root, compiled):
    known = {Path(line).resolve() for line in compiled.read_text(encoding="utf-8").splitlines() if line}
    for path in lint_common.files_below(root, ("tests",), ("_test.cpp",)):
        if (root / path).resolve() not in known:
            yield f"{path}:1: this test is in no program: add its folder to tests/CMakeLists.txt"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root", nargs="?", type=Path, default=Path(__file__).resolve().parents[2])
    parser.add_argument("--compiled", type=Path)
    args = parser.parse_args()
    problems = list(missing_tests(args.root))
    if args.compiled:
        problems += uncompiled_tests(args.root, args.compiled)
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} problem(s): sources without a test, tests that never run", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
