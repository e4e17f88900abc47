#!/usr/bin/python3
"""Runs a sweep of tessera on the workers of a Dask cluster; the results are byte for byte those of `tessera sweep`.

usage: sweep_dask.py SWEEP --out DIR [--scheduler ADDRESS] [--workers N] [--tessera PROGRAM] [--set PATH=VALUE] [--quiet]

Without --scheduler it starts a cluster on this machine. With it, it uses any Dask scheduler: one that you started by hand
(dask-scheduler; dask-worker ADDRESS), or that of your own deployment on Slurm, LSF or Kubernetes (dask-jobqueue,
dask-kubernetes), given as tcp://HOST:PORT or as the file written by --scheduler-file. Workers need the same tessera program,
on the path or where --tessera says, and no other file: the sweep and its base travel with the work.

This program decides nothing about points. tessera says which are pending, runs them on the workers, and takes them into
DIR/store.jsonl here as they come back, each once. Points of a worker that is lost run again elsewhere; if the scheduler or
this program is lost, the same command goes on where it stopped. Needs python3-distributed.

Exit codes: as tessera's; 2 as well if there is no scheduler, or the workers run another version of tessera.
"""
import argparse
import json
import logging
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77  # of tests: Dask is not installed
MOST_ROUNDS_WITHOUT_PROGRESS = 3


class Failure(Exception):
    """Told to the user; `code` is the exit code."""

    def __init__(self, message, code=2):
        super().__init__(message)
        self.code = code


def find_program(named):
    """The path of tessera: as named, built beside this script, or on the path."""
    here = pathlib.Path(__file__).resolve().parent.parent
    for candidate in [named] if named else [here / "build/release/tessera", here.parent.parent / "bin/tessera", "tessera"]:
        found = shutil.which(str(candidate))
        if found:
            return os.path.abspath(found)
    raise Failure(f"there is no program {named or 'tessera'}: name it with --tessera")


def call(command, text=None):
    """Output of a tessera command; its own errors are passed on."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(done.stderr.strip().removeprefix("tessera: error: "), done.returncode)
    return done.stdout


def run_batch(program, portable, points, stage):
    """On a worker: the points' lines, as `tessera sweep --work` writes them."""
    files = json.loads(portable)
    program = shutil.which(program) or shutil.which("tessera")
    if program is None:
        raise FileNotFoundError("tessera is not installed on this worker")
    with tempfile.TemporaryDirectory(prefix="tessera_sweep_") as folder:
        for name, content in files.items():  # sweep, base, and the workload if it is an imported one
            pathlib.Path(folder, name + ".json").write_text(json.dumps(content), encoding="utf-8")
        done = subprocess.run([program, "sweep", os.path.join(folder, "sweep.json"), "--quiet", "--stage", stage, "--work",
                               ",".join(map(str, points))], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip() or f"tessera ended with {done.returncode}")
    return done.stdout


def batches(points, workers):
    """Points in groups that share kernels and are small enough to be spread, and to be lost."""
    size = max(1, min(16, len(points) // (4 * max(workers, 1))))
    return [points[i:i + size] for i in range(0, len(points), size)]


class Taker:
    """`tessera sweep --take`, which adds lines to the store as they come."""

    def __init__(self, command):
        self.process = subprocess.Popen(command + ["--take"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def add(self, lines):
        try:
            self.process.stdin.write(lines)
            self.process.stdin.flush()
        except BrokenPipeError:
            self.close()

    def close(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        errors = self.process.stderr.read()
        if self.process.wait() != 0:
            raise Failure(errors.strip().removeprefix("tessera: error: "), self.process.returncode)


def run_round(client, distributed, program, portable, todo, taker, tell):
    """One round over what is pending: how many batches came back. Those of lost workers are left for the next round."""
    workers = max(1, len(client.scheduler_info()["workers"]))
    groups = batches(todo["points"], workers)
    futures = [client.submit(run_batch, program, portable, group, todo["stage"], pure=False, retries=2)
               for group in groups]
    back = 0
    for future in distributed.as_completed(futures):
        if future.status == "finished":
            taker.add(future.result())
            back += 1
            tell(back, len(groups))
        elif future.status == "error":
            error = future.exception()
            if not isinstance(error, distributed.scheduler.KilledWorker):
                raise Failure(f"a worker could not run its points: {error}")
        elif future.status in ("cancelled", "lost"):
            raise ConnectionError("the scheduler forgot its work")
    return back


def connect(distributed, arguments):
    if arguments.scheduler is None:
        workers = arguments.workers or os.cpu_count() or 1
        return distributed.Client(distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None, host="127.0.0.1", silence_logs=logging.CRITICAL,
            local_directory=arguments.scratch))
    where = {"address": arguments.scheduler}
    if os.path.isfile(arguments.scheduler):
        where = {"scheduler_file": arguments.scheduler}
    try:
        return distributed.Client(timeout=arguments.timeout, **where)
    except (OSError, TimeoutError, ValueError) as error:
        raise Failure(f"no scheduler answers at {arguments.scheduler}: {error or type(error).__name__}") from error


def sweep(distributed, arguments):
    program = find_program(arguments.tessera)
    head = [program, "sweep", arguments.sweep] + [w for s in arguments.set for w in ("--set", s)]
    command = head + ["--quiet", "--out", arguments.out]
    portable = call(head + ["--quiet", "--portable"])

    def tell(done, total):
        if not arguments.quiet and sys.stderr.isatty():
            print(f"\rbatches {done}/{total} ", end="\n" if done == total else "", file=sys.stderr, flush=True)

    client = None
    try:
        idle = 0
        while True:
            todo = json.loads(call(command + ["--pending"]))
            if not todo["points"]:
                break
            client = client or connect(distributed, arguments)
            taker = Taker(command)
            try:
                back = run_round(client, distributed, program, portable, todo, taker, tell)
            finally:
                taker.close()
            idle = 0 if back else idle + 1
            if idle >= MOST_ROUNDS_WITHOUT_PROGRESS:
                raise Failure("workers are lost as fast as they get work; what is done is kept, the same command goes on")
    except (OSError, TimeoutError) as error:
        raise Failure(f"the scheduler is gone ({error}); what is done is kept, the same command goes on") from error
    finally:
        if client is not None:
            client.close(timeout=5)
            if client.cluster is not None:
                client.cluster.close(timeout=5)
    print(call(command + ["--resume"] + (["--json"] if arguments.json else [])), end="")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sweep", help="a sweep file or the name of a shipped one")
    parser.add_argument("--out", required=True, help="folder for the results and what is needed to go on")
    parser.add_argument("--scheduler", help="address or scheduler file of a running Dask scheduler")
    parser.add_argument("--workers", type=int, default=0, help="of the cluster on this machine; default: one per processor")
    parser.add_argument("--tessera", help="the program, here and on the workers")
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="as tessera's")
    parser.add_argument("--timeout", type=float, default=30, help="seconds that a scheduler has to answer")
    parser.add_argument("--json", action="store_true", help="results as JSON on stdout")
    parser.add_argument("--quiet", action="store_true", help="only errors on stderr")
    arguments = parser.parse_args()
    try:
        import distributed
        import distributed.scheduler
    except ImportError as error:
        print(f"tessera: error: Dask distributed is not installed ({error}): apt-get install python3-distributed",
              file=sys.stderr)
        return SKIPPED
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        with tempfile.TemporaryDirectory(prefix="tessera_dask_") as arguments.scratch:
            sweep(distributed, arguments)
    except Failure as failure:
        print(f"tessera: error: {failure}", file=sys.stderr)
        return failure.code
    return 0


if __name__ == "__main__":
    sys.exit(main())
