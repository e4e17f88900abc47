import unittest

from lint_case import LintCase


class Layering(LintCase):
    checker = "layering.py"

    def test_downward_includes_pass(self):
        self.write("sim/base/a.hpp", "#include <vector>\n#include \"sim/base/b.hpp\"\n")
        self.write("sim/lower/a.hpp", '#include "sim/ir/task.hpp"\n#include "sim/config/c.hpp"\n')
        self.write("models/sm/a.cpp", '#include "models/if/port.hpp"\n#include <systemc>\n')
        self.write("models/proposals/x/a.cpp", '#include "models/hbm/h.hpp"\n')
        self.write("sim/engine/s.cpp", "#include <systemc>\nvoid f() { sc_core::sc_start(); }\n")
        self.write("sim/base/json.cpp", "#include <nlohmann/json.hpp>\n")
        self.write("tests/unit/a_test.cpp", '#include "sim/app/run.hpp"\n#include "models/sm/a.hpp"\n')
        self.assert_accepted()

    def test_upward_includes_fail(self):
        self.write("sim/base/a.hpp", '\n#include "sim/stats/s.hpp"\n')
        self.write("sim/ir/a.hpp", '#include "sim/stats/s.hpp"\n')
        self.write("sim/lower/a.cpp", '#include <models/sm/sm.hpp>\n')
        self.write("sim/engine/a.cpp", '  #  include "sim/ir/a.hpp"\n')
        self.write("workloads/d/a.cpp", '#include "sim/lower/a.hpp"\n')
        self.assert_refused("sim/base/a.hpp:2: sim/base may not include sim/stats",
                            "sim/ir/a.hpp:1: sim/ir may not include sim/stats",
                            "sim/lower/a.cpp:1: sim/lower may not include models/sm",
                            "sim/engine/a.cpp:1: sim/engine may not include sim/ir",
                            "workloads/d/a.cpp:1: workloads may not include sim/lower")

    def test_a_unit_never_includes_another(self):
        self.write("models/sm/a.hpp", '#include "models/tma/t.hpp"\n')
        self.write("models/hbm/a.cpp", '#include "models/device/gpu.hpp"\n')
        self.assert_refused("models/sm/a.hpp:1: models/sm may not include models/tma",
                            "models/hbm/a.cpp:1: models/hbm may not include models/device")

    def test_systemc_and_nlohmann_stay_where_they_belong(self):
        self.write("sim/replay/a.cpp", "#include <systemc>\n")
        self.write("sim/app/a.cpp", "#include <systemc.h>\n")
        self.write("models/analytic/a.cpp", "#include <sysc/kernel/sc_time.h>\n")
        self.write("models/hbm/a.cpp", "#include <tlm>\n#include <tlm_utils/simple_target_socket.h>\n")
        self.write("sim/base/a.hpp", "#include <nlohmann/json.hpp>\n")
        self.write("sim/config/a.cpp", "#include <nlohmann/json.hpp>\n")
        self.assert_refused("sim/replay/a.cpp:1: <systemc>", "sim/app/a.cpp:1: <systemc.h>",
                            "models/analytic/a.cpp:1: <sysc/", "sim/base/a.hpp:1: <nlohmann/json.hpp> belongs in a .cpp",
                            "sim/config/a.cpp:1: <nlohmann/json.hpp>")

    def test_only_the_engine_names_the_kernel(self):
        self.write("models/sm/a.cpp", "// sc_start is the engine's\nvoid f() {\n    sc_core::sc_start();\n}\n")
        self.assert_refused("models/sm/a.cpp:3: only sim/engine names sc_start")

    def test_a_folder_without_a_row_fails(self):
        self.write("models/toaster/a.cpp", "")
        self.write("sim/ir/a.cpp", '#include "sim/extra/a.hpp"\n')
        self.assert_refused("models/toaster/a.cpp:1: this folder is in no row",
                            "sim/ir/a.cpp:1: sim/extra is in no row")


if __name__ == "__main__":
    unittest.main()
