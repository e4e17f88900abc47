"""Every measuring program compiles for compute capability 9.0. Exit 77 where there is no nvcc."""

import shutil
import subprocess
import sys
from pathlib import Path

SILICON = Path(__file__).resolve().parents[4] / "scripts/silicon"
SKIPPED = 77


def main():
    nvcc = shutil.which("nvcc")
    if nvcc is None:
        print("skipped: nvcc is not installed (it comes with CUDA 12 or later)")
        sys.exit(SKIPPED)
    failed = False
    for source in sorted([*(SILICON / "micro").glob("*.cu"), *(SILICON / "memory_network").glob("*.cu")]):
        command = [nvcc, "-std=c++17", "-arch=sm_90a", "-O1", "-ptx", "-Werror", "all-warnings", source, "-o", "/dev/null"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stderr)
            failed = True
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
