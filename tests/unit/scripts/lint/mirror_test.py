import unittest

from lint_case import LintCase


class Mirror(LintCase):
    checker = "mirror.py"

    def test_sources_with_tests_pass(self):
        self.write("sim/base/json.hpp", "")
        self.write("sim/base/json.cpp", "")
        self.write("sim/base/json_read.cpp", "")  # behind json.hpp
        self.write("tests/unit/sim/base/json_test.cpp", "")
        self.write("models/proposals/x/p.cpp", "")
        self.write("tests/proposals/models/proposals/x/p_test.cpp", "")
        self.write("sim/cli/main.cpp", "")
        self.assert_accepted()

    def test_a_source_without_a_test_fails(self):
        self.write("sim/base/json.cpp", "")
        self.write("sim/base/json_read.hpp", "")
        self.write("sim/base/json_read.cpp", "")  # has its own header
        self.write("tests/unit/sim/base/json_test.cpp", "")
        self.write("workloads/d/a.cpp", "")
        self.write("tests/unit/workloads/e/a_test.cpp", "")
        self.assert_refused("sim/base/json_read.cpp:1: no test tests/unit/sim/base/json_read_test.cpp",
                            "workloads/d/a.cpp:1: no test tests/unit/workloads/d/a_test.cpp")

    def test_a_test_may_name_the_parts_it_covers(self):
        self.write("workloads/d/a.cpp", "")
        self.write("workloads/d/b.cpp", "")
        self.write("workloads/e/b.cpp", "")
        self.write("tests/unit/workloads/d/graph_test.cpp", "// What it is.\n// covers: a.cpp workloads/d/b.cpp\n// covers: gone.cpp\n")
        self.assert_refused("workloads/e/b.cpp:1: no test",
                            "tests/unit/workloads/d/graph_test.cpp:1: covers workloads/d/gone.cpp, which does not exist")

    def test_a_test_that_no_program_contains_fails(self):
        runs = self.write("tests/unit/a_test.cpp", "")
        self.write("tests/unit/b_test.cpp", "")
        compiled = self.write("compiled.txt", f"{runs}\n")
        self.assert_refused("tests/unit/b_test.cpp:1: this test is in no program", arguments=("--compiled", str(compiled)))


if __name__ == "__main__":
    unittest.main()
