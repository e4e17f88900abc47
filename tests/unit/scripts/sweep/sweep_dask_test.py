#!/usr/bin/python3
"""scripts/sweep_dask.py with a real scheduler on the loopback and two workers, one of which is killed at work.

usage: sweep_dask_test.py TESSERA
"""
import filecmp
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[4]
SCRIPT = ROOT / "scripts/sweep_dask.py"
PYTHON = sys.executable
PROGRAM = None
SMALL = {"name": "small", "base": "deepseek_v3_train_chunk",
         "set": {"workload.layers": 1, "workload.tokens": 256, "workload.sequence": 256, "workload.router.load": "balanced",
                 "simulation.simulated_ranks": 1, "simulation.clock": "sustained"},
         "axes": [{"path": "system.nic.latency", "from": "1 us", "to": "9 us", "count": 4},
                  {"path": "proposals.unified-fabric", "values": [False, True]}]}


def wait_for(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"no {what} within {seconds} s")
        time.sleep(0.05)


class Cluster:
    """A scheduler and two workers without nannies, so that one that is killed stays dead."""

    def __init__(self, folder):
        self.file = os.path.join(folder, "scheduler.json")
        module = [PYTHON, "-m"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        self.scheduler = subprocess.Popen(module + ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
                                                    "--no-dashboard", "--scheduler-file", self.file], **quiet)
        wait_for(lambda: os.path.exists(self.file), "scheduler")
        self.workers = [subprocess.Popen(module + ["distributed.cli.dask_worker", "--scheduler-file", self.file, "--no-nanny",
                                                   "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1"], **quiet)
                        for _ in range(2)]

    def close(self):
        for process in self.workers + [self.scheduler]:
            process.kill()
            process.wait()


def run(*words, folder, wait=True):
    command = [PYTHON, "-B", str(SCRIPT), os.path.join(folder, "sweep.json"), "--tessera", PROGRAM, "--quiet", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if not wait:
        return process
    return process.communicate(timeout=240), process.returncode


class SweepDask(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = self.folder.name
        self.addCleanup(self.folder.cleanup)
        pathlib.Path(self.path, "sweep.json").write_text(json.dumps(SMALL), encoding="utf-8")

    def local(self):
        out = os.path.join(self.path, "local")
        subprocess.run([PROGRAM, "sweep", os.path.join(self.path, "sweep.json"), "--out", out, "--quiet", "-j", "2"],
                       check=True, stdout=subprocess.DEVNULL)
        return out

    def same(self, a, b):
        names = sorted(str(p.relative_to(a)) for p in pathlib.Path(a).rglob("*") if p.is_file())
        self.assertEqual(names, sorted(str(p.relative_to(b)) for p in pathlib.Path(b).rglob("*") if p.is_file()))
        names.remove("store.jsonl")  # in the order in which the points ended
        self.assertEqual(filecmp.cmpfiles(a, b, names, shallow=False)[1:], ([], []))
        lines = [sorted(pathlib.Path(x, "store.jsonl").read_text(encoding="utf-8").splitlines()) for x in (a, b)]
        self.assertEqual(lines[0], lines[1])  # no point lost, none doubled

    def test_a_killed_worker_changes_nothing(self):
        cluster = Cluster(self.path)
        self.addCleanup(cluster.close)
        out = os.path.join(self.path, "out")
        process = run("--scheduler", cluster.file, "--out", out, folder=self.path, wait=False)
        store = pathlib.Path(out, "store.jsonl")
        wait_for(lambda: process.poll() is not None or (store.exists() and store.read_bytes().count(b"\n") >= 2),
                 "first point", 120)
        if process.poll() is not None:
            self.fail(f"it ended before a worker could be killed: {process.communicate()}")
        cluster.workers[0].kill()
        _, errors = process.communicate(timeout=240)
        self.assertEqual(process.returncode, 0, errors)
        self.same(self.local(), out)

    def test_a_dead_scheduler_is_an_error_of_the_user(self):
        (_, errors), code = run("--scheduler", "tcp://127.0.0.1:9", "--timeout", "2", "--out",
                                os.path.join(self.path, "out"), folder=self.path)
        self.assertEqual(code, 2)
        self.assertIn("no scheduler answers at tcp://127.0.0.1:9", errors)

    def test_wrong_sweeps_are_told_as_tessera_tells_them(self):
        bad = dict(SMALL, axes=[{"path": "system.nic.latancy", "values": ["1 us"]}])
        pathlib.Path(self.path, "sweep.json").write_text(json.dumps(bad), encoding="utf-8")
        (_, errors), code = run("--out", os.path.join(self.path, "out"), folder=self.path)
        self.assertEqual(code, 2)
        self.assertIn('did you mean "latency"', errors)


if __name__ == "__main__":
    try:
        import distributed  # noqa: F401
    except ImportError:
        print("skipped: Dask distributed is not installed (apt-get install python3-distributed)")
        sys.exit(77)
    PROGRAM = sys.argv.pop()
    unittest.main()
