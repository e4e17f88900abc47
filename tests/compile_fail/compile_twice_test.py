"""The checker of the misuse tests refuses files that prove nothing."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
COMPILER = sys.argv.pop(1)


class CompileTwice(unittest.TestCase):
    def outcome(self, text):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "case.cpp"
            file.write_text(text, encoding="utf-8")
            done = subprocess.run([sys.executable, HERE / "compile_twice.py", COMPILER, folder, file],
                                  capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    def test_a_refused_misuse_passes(self):
        self.assertEqual(self.outcome('// refused: mine\n#ifdef TESSERA_MISUSE\n#error mine\n#endif\n')[0], 0)

    def test_a_misuse_that_compiles_fails(self):
        code, told = self.outcome("// refused: mine\nint x;\n")
        self.assertEqual(code, 1)
        self.assertIn("the misuse compiles", told)

    def test_a_proper_use_that_does_not_compile_fails(self):
        code, told = self.outcome("// refused: mine\n#error mine\n")
        self.assertEqual(code, 1)
        self.assertIn("the proper use does not compile", told)

    def test_another_reason_fails(self):
        code, told = self.outcome('// refused: mine\n#ifdef TESSERA_MISUSE\n#include "missing.hpp"\n#endif\n')
        self.assertEqual(code, 1)
        self.assertIn("another reason", told)

    def test_a_file_without_an_expectation_fails(self):
        self.assertIn("no line", self.outcome("int x;\n")[1])


if __name__ == "__main__":
    unittest.main()
