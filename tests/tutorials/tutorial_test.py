"""Does what a tutorial says: runs its ```sh blocks in order in an empty folder.

usage: tutorial_test.py TUTORIAL.md PROGRAM [PREFIX]

PROGRAM is found as `tessera` by the blocks; PREFIX is where find_package(tessera) looks. Folders beside the tutorial
are copied to where its blocks run. Every line of a ```text block must occur in what the block before it printed.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def main():
    tutorial, program = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    blocks = BLOCK.findall(tutorial.read_text(encoding="utf-8"))
    if not any(kind == "sh" for kind, _ in blocks):
        print(f"{tutorial} does nothing")
        return 1
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "bin").mkdir()
        (folder / "bin/tessera").symlink_to(program)
        work = folder / "work"
        work.mkdir()
        for beside in tutorial.parent.iterdir():
            if beside.is_dir():
                shutil.copytree(beside, work / beside.name)
        environment = {**os.environ, "PATH": f"{folder}/bin:{os.environ['PATH']}"}
        if len(sys.argv) > 3:
            environment["CMAKE_PREFIX_PATH"] = sys.argv[3]
            environment["TESSERA_DATA"] = f"{sys.argv[3]}/share/tessera"
        printed = ""
        for kind, text in blocks:
            if kind == "sh":
                done = subprocess.run(["bash", "-eu", "-c", text], cwd=work, env=environment, text=True,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                printed = done.stdout
                if done.returncode != 0:
                    print(f"{tutorial.name}: exit code {done.returncode} of\n{text}{printed}")
                    return 1
                continue
            for line in filter(str.strip, text.splitlines()):
                if line.strip() not in printed:
                    print(f"{tutorial.name}: \"{line.strip()}\" is not in\n{printed}")
                    return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
