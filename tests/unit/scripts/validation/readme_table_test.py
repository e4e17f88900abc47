"""scripts/validation/readme_table.py on a small validation, and on READMEs and files that it must refuse."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[4] / "scripts/validation/readme_table.py"
GOALS = [{"name": "GEMM", "cases": 4, "covered": 3, "median_abs": 0.023, "p90_abs": 0.081, "worst_abs": 0.2,
          "mean_signed": -0.004, "limits": {"median_abs": 0.03, "p90_abs": 0.08, "worst_abs": 0.12}, "met": False},
         {"name": "unit", "cases": 9, "covered": 9, "set_aside": 2, "median_abs": 0.01, "p90_abs": 0.02, "worst_abs": 0.03,
          "mean_signed": 0.001, "limits": {"p90_abs": 0.08}, "met": True},
         {"name": "none", "cases": 2, "covered": 0, "limits": {"median_abs": 0.03}, "met": False}]


class ReadmeTable(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, name, text):
        path = Path(self.folder.name) / name
        path.write_text(text, encoding="utf-8")
        return path

    def run_on(self, validation, readme):
        files = [self.write("validation.json", json.dumps(validation)), self.write("README.md", readme)]
        done = subprocess.run([sys.executable, "-B", SCRIPT, *files], capture_output=True, text=True, check=False)
        return done, files[1].read_text(encoding="utf-8")

    def test_replaces_what_stands_between_the_marks(self):
        done, text = self.run_on({"schema": "tessera.validate/1", "goals": GOALS},
                                 "before\n<!-- accuracy -->\nold\n<!-- /accuracy -->\nafter\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("| GEMM | 3 of 4 | 2.3 % | 8.1 % | 20.0 % | -0.4 % | 3 / 8 / 12 / - %, missed |", text)
        self.assertIn("| unit | 9, 2 set aside | 1.0 %", text)
        self.assertIn("| none | 0 of 2 |  |  |  |  | 3 / - / - / - %, missed |", text)
        self.assertNotIn("old", text)
        self.assertTrue(text.startswith("before\n") and text.endswith("<!-- /accuracy -->\nafter\n"))

    def test_refuses_other_files_and_leaves_the_readme_alone(self):
        marked = "<!-- accuracy -->\nold\n<!-- /accuracy -->\n"
        for validation, readme in (({"schema": "tessera.compare/1", "goals": []}, marked),
                                   ({"schema": "tessera.validate/1"}, marked),
                                   ({"schema": "tessera.validate/1", "goals": GOALS}, "no marks\n")):
            done, text = self.run_on(validation, readme)
            self.assertEqual(done.returncode, 2)
            self.assertIn("readme_table.py:", done.stderr)
            self.assertEqual(text, readme)


if __name__ == "__main__":
    unittest.main()
