"""scripts/silicon/measure.py and kernels.py as far as a machine without GPU can run them."""

import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
SILICON = ROOT / "scripts/silicon"
DATA = ROOT / "tests/validation/h200_micro_own"
sys.path.insert(0, str(SILICON))
sys.dont_write_bytecode = True

import kernels  # noqa: E402
import measure  # noqa: E402


def run(program, *arguments):
    command = [sys.executable, "-B", SILICON / program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def printed(sections):
    """What the microbenchmarks would have printed for these sections."""
    lines = []
    for letter, section in sections.items():
        lines += [f"section {letter}", *(json.dumps(i) for i in section["items"])]
    return "\n".join(lines) + "\n"


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = Path(folder.name)


class Commands(Folder):
    def test_lists_the_sections_that_the_program_has(self):
        source = (SILICON / "micro/main.cu").read_text()
        there = dict(re.findall(r'\{"(\w+)", "([A-Z])", micro::', source))
        self.assertEqual(there, measure.SECTIONS)
        self.assertEqual(run("measure.py", "--list").stdout.split(), [w for n, l in there.items() for w in (l, n)])

    def test_dry_run_compiles_every_source_and_runs_every_section(self):
        done = run("measure.py", self.out, "--dry-run", "--kernels")
        self.assertEqual(done.returncode, 0, done.stderr)
        for source in (SILICON / "micro").glob("*.cu"):
            self.assertIn(f"-c {source} ", done.stdout)
        for section in measure.SECTIONS:
            self.assertIn(f"build/micro {section}\n", done.stdout)
        self.assertIn("kernels.py", done.stdout)
        self.assertEqual(list(self.out.iterdir()), [])

    def test_unknown_section_is_refused(self):
        done = run("measure.py", self.out, "--sections", "hmb")
        self.assertEqual(done.returncode, 2)
        self.assertIn("invalid choice: 'hmb'", done.stderr)

    def test_compiler_that_fails_ends_the_run(self):
        command = [sys.executable, "-B", SILICON / "measure.py", self.out]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env={"NVCC": "/bin/false"})
        self.assertEqual(done.returncode, 1)
        self.assertIn("do not compile", done.stderr)


class Collect(Folder):
    def collect(self, text, *more):
        path = self.out / "output.txt"
        path.write_text(text)
        return run("measure.py", self.out, "--collect", path, "--name", "mine", *more)

    def recorded(self):
        return json.loads((DATA / "micro.json").read_text())["sections"]

    def test_recorded_output_becomes_items_and_a_config(self):
        done = self.collect(printed(self.recorded()))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads((self.out / "micro.json").read_text())["sections"], self.recorded())
        config = (self.out / "mine.json").read_text()
        self.assertIn('"name": "mine"', config)
        self.assertIn("own micro B.full", config)

    def test_failed_section_is_told_and_its_constants_are_kept(self):
        sections = self.recorded()
        del sections["B"]
        done = self.collect(printed(sections) + "section B\nerror hbm: out of memory\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("hbm: out of memory", done.stderr)
        self.assertIn("hbm.read_efficiency: 0.9", done.stderr)
        self.assertNotIn("read_efficiency", (self.out / "mine.json").read_text())

    def test_output_that_is_none(self):
        for text, words in (("what is this\n", "line 1: neither"), ('section A\n{"id":\n', "line 2: no item"),
                            ("section A\n", "no device facts")):
            done = self.collect(text)
            self.assertEqual(done.returncode, 1)
            self.assertIn(words, done.stderr)


class Kernels(Folder):
    def test_lists_cases_without_a_gpu(self):
        done = run("kernels.py", "--list")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(done.stdout.splitlines()), len(list(kernels.listing())))
        self.assertIn("gemm fp8_tensor M=4096 N=2112 K=7168", done.stdout)

    def test_recorded_cases_are_those_listed(self):
        cases = json.loads((DATA / "kernels.json").read_text())["cases"]
        self.assertEqual([(c["family"], c.get("variant"), c["shape"]) for c in cases], list(kernels.listing()))
        for case in cases:
            self.assertGreater(case["us"], 0)
            self.assertTrue(500 < case["sm_mhz"] < 2500, case)

    def test_tile_from_a_library_kernel_name(self):
        tile = kernels.tile_of("nvjet_sm90_qqtst_256x128_128x4_1x2_h_bz_coopA_TNT")
        self.assertEqual(tile, {"m": 256, "n": 128, "k": 128, "stages": 4, "cluster_m": 1, "cluster_n": 2})
        self.assertIsNone(kernels.tile_of("cast_1x128"))

    def test_written_file_reads_as_it_was(self):
        shape = {"M": 64, "N": 128, "K": 256}
        one = kernels.case("gemm", "bf16_tn", shape, 3.14159265, 1500.04, 7, [("k", [1, 1, 1], [128, 1, 1], 0)])
        kernels.write(self.out / "k.json", "test", [one])
        read = json.loads((self.out / "k.json").read_text())["cases"]
        self.assertEqual(read, [one])
        self.assertEqual((read[0]["us"], read[0]["sm_mhz"], read[0]["dtype"]), (3.1416, 1500.0, "bf16"))


if __name__ == "__main__":
    unittest.main()
