import shutil
import subprocess
import unittest

from lint_case import LintCase

HAVE_14 = any(
    shutil.which(name) and "version 14." in subprocess.run([name, "--version"], capture_output=True, text=True,
                                                           check=True).stdout
    for name in ("clang-format-14", "clang-format"))


class Format(LintCase):
    checker = "format.py"

    def setUp(self):
        super().setUp()
        self.write(".clang-format", "BasedOnStyle: Google\n")

    @unittest.skipUnless(HAVE_14, "clang-format 14 is not installed")
    def test_formatted_code_passes(self):
        self.write("sim/base/a.cpp", "int f() { return 1; }\n")
        self.assert_accepted()

    @unittest.skipUnless(HAVE_14, "clang-format 14 is not installed")
    def test_unformatted_code_fails(self):
        self.write("sim/base/a.cpp", "int f()   {return 1;}\n")
        self.write("tests/unit/a_test.cpp", "int  x;\n")
        self.assert_refused("sim/base/a.cpp:1:", "tests/unit/a_test.cpp:1:")

    def test_without_clang_format_it_skips_and_says_so(self):
        self.write("sim/base/a.cpp", "int f()   {return 1;}\n")
        done = self.lint(path=str(self.root))
        self.assertEqual(done.returncode, 77)
        self.assertIn("skipped: clang-format 14 is not installed", done.stdout)

    def test_another_version_is_not_used(self):
        other = self.write("bin/clang-format", "#!/bin/sh\necho clang-format version 19.1.7\n")
        other.chmod(0o755)
        self.assertEqual(self.lint(path=str(other.parent) + ":/bin").returncode if not HAVE_14 else 77, 77)


if __name__ == "__main__":
    unittest.main()
