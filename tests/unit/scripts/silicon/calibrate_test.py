"""scripts/silicon/calibrate.py on the committed items and configs, and on altered ones that it must refuse."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
SCRIPT = ROOT / "scripts/silicon/calibrate.py"
MICRO = ROOT / "tests/validation/h200/micro.json"
STRUCTURES = ROOT / "tests/validation/h200_micro_extra/structures.json"
sys.path.insert(0, str(SCRIPT.parent))

from calibration import compare, defining, items, system_file  # noqa: E402
from calibration.spread import Spread  # noqa: E402


def run(*arguments):
    return subprocess.run([sys.executable, "-B", SCRIPT, *map(str, arguments)], capture_output=True, text=True, check=False)


class Altered(unittest.TestCase):
    """Copies of the configs and of the items, to be altered."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        shutil.copytree(ROOT / "configs/systems", self.folder / "systems")
        self.config = self.folder / "systems/h200.json"
        self.parent = self.folder / "systems/h100.json"

    def alter_config(self, file, old, new):
        text = file.read_text()
        self.assertIn(old, text)
        file.write_text(text.replace(old, new, 1))

    def altered_items(self, name, change):
        document = json.loads(MICRO.read_text())
        for section in document["sections"].values():
            section["items"] = [j for i in section["items"] for j in [change(i) if i["id"] == name else i] if j]
        path = self.folder / "micro.json"
        path.write_text(json.dumps(document))
        return path

    def refused(self, done, words):
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(words, done.stderr)

    def value(self, path):
        return system_file.read_system(self.config)[path].text


class Check(Altered):
    def test_committed_config_follows_from_committed_items(self):
        done = run(MICRO)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("0 problems", done.stdout)

    def test_value_that_deviates(self):
        self.alter_config(self.config, self.value("l2.bandwidth"), "5000 B/clk")
        self.refused(run(MICRO, "--config", self.config), "l2.bandwidth: 5000 B/clk deviates")

    def test_items_that_deviate(self):
        def slower(item):
            return {**item, "cycles": {"med": 1.5 * item["cycles"]["med"]}}

        self.refused(run(self.altered_items("A.smem", slower)), "sm.smem.latency")

    def test_item_that_is_missing(self):
        self.refused(run(self.altered_items("D.burst", lambda item: None)), "tma.issue_interval: 63.4 clk no item D.burst")

    def test_source_that_names_no_item(self):
        source = system_file.read_system(self.config)["l2.bandwidth"].source
        self.alter_config(self.config, source, "H200 measurement")
        self.refused(run(MICRO, "--config", self.config), "its source does not name the item C.l2_read")

    def test_value_without_source(self):
        self.alter_config(self.config, '"slices": 96,', '"slices": 96,\n    "ways": 16,')
        self.refused(run(MICRO, "--config", self.config), "l2.ways: 16 neither derived nor listed with a source")

    def test_source_that_cites_an_item_nobody_derives(self):
        self.alter_config(self.config, '"slices": "assumed', '"slices": "H200 micro C.l2_read; not assumed')
        self.refused(run(MICRO, "--config", self.config), "l2.slices: 96 cites C.l2_read, but no module")

    def test_data_of_another_program(self):
        self.assertNotIn("code_line_fetch  ", run(MICRO).stdout.split("Not set by an item")[0])
        both = run(MICRO, "--others", STRUCTURES)
        self.assertEqual(both.returncode, 0, both.stderr)
        self.assertIn("sm.code_line_fetch", both.stdout.split("Not set by an item")[0])
        self.alter_config(self.parent, '"code_line_fetch": "', '"code_line_fetch": "1')
        self.refused(run(MICRO, "--config", self.config, "--others", STRUCTURES), "sm.code_line_fetch")

    def test_no_items_at_all(self):
        path = self.folder / "micro.json"
        path.write_text("{}")
        self.refused(run(path), "no file of microbenchmark items")
        self.refused(run(self.folder / "absent.json"), "No such file")


class Write(Altered):
    def test_writes_only_the_number_that_deviates(self):
        before = self.config.read_text()
        old = self.value("l2.bandwidth")
        self.alter_config(self.config, old, "5000 B/clk")
        done = run(MICRO, "--config", self.config, "--write")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.config.read_text(), before)

    def test_writes_into_the_file_that_holds_the_value(self):
        before = self.parent.read_text()
        self.alter_config(self.parent, '"latency": "23 clk"', '"latency": "29 clk"')
        run(MICRO, "--config", self.config, "--write")
        self.assertEqual(self.parent.read_text(), before)

    def test_new_config_extends_and_passes(self):
        mine = self.folder / "systems/mine.json"
        done = run(MICRO, "--config", self.config, "--new", mine, "--name", "mine")
        self.assertEqual(done.returncode, 0, done.stderr)
        entries = system_file.read_system(mine)
        self.assertEqual(entries["name"].text, "mine")
        self.assertEqual(entries["hbm.peak"].text, self.value("hbm.peak"))
        self.assertIn("own micro J.device", entries["hbm.peak"].source)
        self.assertEqual(run(MICRO, "--config", mine).returncode, 0)


class Defining(Altered):
    """tests/validation/calibration_items.json: which items set a constant."""

    THRESHOLDS_AND_COUNTS = {"l2.effective_capacity", "l2.usable", "l2.partitions", "tma.max_multicast"}  # of whole curves
    CLOCKS = {"power.tensor_max_clock", "power.sustained_clock"}  # told to the model beside the items
    WHOLE_NUMBERS = {"sm.smem.l1_ways", "l2.sm_port_write", "sm.sync.block_barrier"}

    def test_the_committed_list_is_what_the_derivations_say(self):
        made = self.folder / "items.json"
        done = run(MICRO, "--others", STRUCTURES, "--defining", made)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(made.read_text(), (ROOT / "tests/validation/calibration_items.json").read_text())

    def test_every_derived_constant_has_its_items_marked(self):
        marked = {c for e in json.loads((ROOT / "tests/validation/calibration_items.json").read_text())["items"] for c in e["sets"]}
        rows = compare.rows(items.load(MICRO, [STRUCTURES]), system_file.read_system(self.config))
        derived = {r.path for r in rows if r.derived}
        powers_of_two = {p for p in derived if p.endswith(("_lanes", "_mac_per_clk"))}
        unmarked = derived - marked - self.THRESHOLDS_AND_COUNTS - self.CLOCKS - powers_of_two - self.WHOLE_NUMBERS
        other_programs = {r.path for r in rows if r.derived and not any(i[1] == "." for i in r.constant.items)}
        self.assertEqual(unmarked - other_programs, set())

    def test_a_constant_follows_the_item_that_sets_it_only(self):
        micro = items.Items([{"id": "A.smem", "footprint": 4096, "cycles": {"med": 20.0}},
                             {"id": "A.smem", "footprint": 8192, "cycles": {"med": 30.0}}])
        found = defining.of_constant(defining.CONSTANTS["sm.smem.latency"], micro)
        self.assertEqual(found, [{"id": "A.smem", "footprint": 4096}])
        self.assertEqual(defining.of_constant(defining.CONSTANTS["tma.issue_interval"], micro), [])


class Pieces(unittest.TestCase):
    def test_range_of_a_difference(self):
        difference = Spread(10, 9, 11) - Spread(4, 3, 6)
        self.assertEqual((difference.value, difference.low, difference.high), (6, 3, 8))

    def test_range_of_a_quotient(self):
        quotient = 12 / Spread(3, 2, 4)
        self.assertEqual((quotient.value, quotient.low, quotient.high), (4, 3, 6))

    def test_result_without_range_has_that_of_a_point(self):
        spread = items.result({"id": "A.smem", "cycles": {"med": 23.0}}, "cycles")
        self.assertEqual((spread.value, spread.low, spread.high), (23, 23, 23))

    def test_comments_and_units(self):
        text = '{ // one\n "l2": {"capacity": "50 MiB", "sources": {"capacity, line": "datasheet // not a comment"}}}'
        entry = system_file.read_text(text, Path("x.json"))["l2.capacity"]
        self.assertEqual((entry.number(), entry.unit(), text[entry.begin:entry.end]), (50, "MiB", '"50 MiB"'))
        self.assertEqual(entry.source, "datasheet // not a comment")
        self.assertEqual(system_file.converted(52428800, "B", entry.unit()), 50)
        with self.assertRaises(ValueError):
            system_file.converted(1, "clk", "ns")

    def test_units_of_the_program_are_known(self):
        source = (ROOT / "sim/base/quantity_units.cpp").read_text()
        units = re.findall(r'Unit\{D::\w+, "([^"]+)"', source)
        self.assertIn("GB/s", units)
        self.assertEqual([u for u in units if u not in system_file.UNITS], [])

    def test_number_keeps_its_decimals(self):
        entry = system_file.Entry("4.8143 TB/s", Path("x.json"), 0, 0)
        self.assertEqual(entry.with_number(3.35), "3.3500 TB/s")
        self.assertEqual(system_file.Entry("32", Path("x.json"), 0, 0).with_number(24.0), "24")

    def test_rounding_of_the_config_is_allowed(self):
        entry = system_file.Entry("77.1 clk", Path("x.json"), 0, 0)
        low, high = compare.allowed(Spread(77.14), entry, 0.03)
        self.assertTrue(low <= entry.number() <= high)
        low, high = compare.allowed(Spread(77.2), entry, 0.03)
        self.assertFalse(low <= entry.number() <= high)


if __name__ == "__main__":
    unittest.main()
