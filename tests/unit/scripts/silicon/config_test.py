"""The program accepts a config that calibrate.py derived from the own run, and predicts with it. Argument: the program."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
DATA = ROOT / "tests/validation/h200_micro_own"


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        sys.exit(f"{command[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "mine.json"
        run(sys.executable, "-B", ROOT / "scripts/silicon/calibrate.py", DATA / "micro.json", "--new", config, "--name", "mine")
        told = run(program, "kernel", "gemm", "--m", "4096", "--n", "4096", "--k", "7168", "--dtype", "fp8", "--system", config)
        assert "on mine, 132 SMs" in told, told
        result = Path(folder) / "result.json"
        run(program, "validate", "--data", DATA / "kernels.json", "--set", f"system={config}", "--json", result)
        summary = json.loads(result.read_text())["summary"]
        assert "gemm" in summary, summary
        for family, told in summary.items():
            assert told["covered"] == told["cases"] > 0, (family, told)


if __name__ == "__main__":
    main()
