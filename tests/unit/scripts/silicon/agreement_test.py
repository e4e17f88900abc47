"""Two programs, two machines: the constants that their items set agree, or it is written down why not."""

import json
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "scripts/silicon"))
sys.dont_write_bytecode = True

from calibration import compare, items, system_file  # noqa: E402

DATA = ROOT / "tests/validation"
CLOSE = 0.03


def derived(micro):
    entries = system_file.read_system(ROOT / "configs/systems/h200.json")
    rows = compare.rows(items.load(DATA / micro), entries)
    return {r.path: r.derived for r in rows if r.derived}


def apart(one, other):
    return abs(one.value - other.value) > CLOSE * abs(one.value)


class Agreement(unittest.TestCase):
    def setUp(self):
        self.given, self.own = derived("h200/micro.json"), derived("h200_micro_own/micro.json")
        self.explained = json.loads((DATA / "h200_micro_own/differences.json").read_text())["differences"]

    def test_most_constants_can_be_measured_with_the_own_programs(self):
        both = set(self.given) & set(self.own)
        self.assertGreaterEqual(len(both), 40)
        self.assertEqual(set(self.own) - set(self.given), set())

    def test_they_agree_or_it_is_explained(self):
        both = set(self.given) & set(self.own)
        different = {p for p in both if apart(self.given[p], self.own[p])}
        self.assertEqual(different, set(self.explained) & both)

    def test_a_change_would_be_seen(self):
        moved = self.own["hbm.read_efficiency"]
        moved.value *= 1.04
        self.assertTrue(apart(self.given["hbm.read_efficiency"], moved))


if __name__ == "__main__":
    unittest.main()
