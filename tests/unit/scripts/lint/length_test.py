import unittest

from lint_case import LintCase


def body(lines):
    return "{\n" + "    f();\n" * lines + "}\n"


class Length(LintCase):
    checker = "length.py"

    def test_short_code_passes(self):
        self.write("sim/base/a.cpp", "void f() " + body(58) + "\nvoid g() " + body(58))
        self.write("sim/base/b.hpp", "\n" * 399 + "int x;\n")
        # A namespace or class may be long, its functions may not; braces in text are no braces.
        self.write("sim/base/c.cpp", "namespace a {\nclass B {\n" + "void f() { g(\"{\", '{'); }  // {\n" * 100 + "};\n}\n")
        self.assert_accepted()

    def test_blank_lines_comments_and_raw_strings_do_not_count(self):
        self.write("sim/base/a.cpp", 'const char* page() {\n    return R"x(' + "\n{ text" * 100 + ')x";\n}\n')
        self.write("sim/base/b.cpp", "void f() {\n" + "    // why\n\n" * 50 + "}\n")
        self.assert_accepted()

    def test_tables_are_no_functions(self):
        self.write("sim/base/a.cpp", "constexpr int table[] = {\n" + "    f(1),\n" * 100 + "};\nconst V v{\n" + "{1},\n" * 99 + "};\n")
        self.assert_accepted()

    def test_a_long_file_fails(self):
        self.write("sim/base/a.cpp", "int x;\n" * 401)
        self.assert_refused("sim/base/a.cpp:401: 401 lines in a file")

    def test_long_functions_fail_wherever_they_stand(self):
        self.write("sim/base/a.cpp", "int x;\nvoid f() " + body(59))
        self.write("models/sm/b.hpp", "namespace a {\nstruct B {\n    int v[2] = {1, 2};\n    B(int i)\n        : v{i, i} " +
                   body(70) + "};\n}\n")
        self.write("tests/unit/c_test.cpp", 'TEST_CASE("a: {") ' + body(60))
        self.write("sim/base/d.cpp", "namespace {\nconst auto f = [](int i) " + body(60) + ";\n}\n")
        self.assert_refused("sim/base/a.cpp:2: 61 lines", "models/sm/b.hpp:4: 73 lines", "tests/unit/c_test.cpp:1: 62",
                            "sim/base/d.cpp:2: 62")

    def test_the_line_limit_counts_inner_blocks_once(self):
        self.write("sim/base/a.cpp", "void f() {\n" + "    if (a) {\n        g();\n    }\n" * 20 + "}\n")
        self.assert_refused("sim/base/a.cpp:1: 62 lines")


if __name__ == "__main__":
    unittest.main()
