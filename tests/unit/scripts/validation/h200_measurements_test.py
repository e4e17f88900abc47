"""The committed measurements are what scripts/validation/h200_measurements.py makes of the full records. Exit 77 where
the records are not beside the source tree."""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
RECORDS = ROOT / "../shared/silicon/h200"
COMMITTED = ROOT / "tests/validation/h200"
SKIPPED = 77


def main():
    if not (RECORDS / "micro.json").exists():
        print("skipped: the full records are not beside the source tree")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        subprocess.run([sys.executable, "-B", ROOT / "scripts/validation/h200_measurements.py", RECORDS, made], check=True)
        names = sorted(f.name for f in made.iterdir())
        assert "micro.json" in names, names
        different = [n for n in names if (made / n).read_bytes() != (COMMITTED / n).read_bytes()]
    if different:
        sys.exit(f"not what the script makes: {', '.join(different)}")


if __name__ == "__main__":
    main()
