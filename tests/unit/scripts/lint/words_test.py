import unittest

from lint_case import LintCase


class Words(LintCase):
    checker = "words.py"

    def test_finished_work_passes(self):
        self.write("sim/base/a.cpp", "// stubborn, mastodon, hacksaw\nint to_do;\n#include <a/home/b>\n")
        self.write("README.md", "See https://example.org/home/page and ../shared/Users/x.\n")
        self.write("configs/a.json", '{"path": "configs/root/x.json"}\n')
        self.assert_accepted()

    def test_unfinished_work_fails(self):
        self.write("sim/base/a.cpp", "\nint x;  // TODO: y\n")
        self.write("models/sm/a.hpp", "// a Stub\n")
        self.write("tests/unit/a_test.cpp", "// FIXME\n")
        self.write("scripts/a.py", "# not yet implemented\n")
        self.write("configs/a.json", '{"note": "placeholder"}\n')
        self.write("README.md", "TBD\n")
        self.assert_refused("sim/base/a.cpp:2:", "models/sm/a.hpp:1:", "tests/unit/a_test.cpp:1:", "scripts/a.py:1:",
                            "configs/a.json:1:", "README.md:1:")

    def test_private_paths_fail(self):
        self.write("sim/base/a.cpp", 'open("/home/me/x");\n')
        self.write("CHANGELOG.md", "see /Users/x\n")
        self.assert_refused("sim/base/a.cpp:1: a path of one machine", "CHANGELOG.md:1: a path of one machine")


if __name__ == "__main__":
    unittest.main()
