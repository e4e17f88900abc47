#!/usr/bin/python3
"""Calibrates the GPU of this machine: builds and runs the microbenchmarks, and derives a system config from them.

    measure.py OUT [--name mychip]          writes OUT/micro.json and OUT/mychip.json, a config that extends h200.json
    measure.py OUT --kernels                and OUT/kernels.json: library GEMMs and Triton casts (needs PyTorch)
    measure.py OUT --collect FILE           builds micro.json from a recorded output of the microbenchmarks instead
    measure.py --list | --dry-run           what would be measured; the commands that would run

Needs an NVIDIA GPU of compute capability 9.0 (H100, H800, H200), its driver, and nvcc of CUDA 12 or later.
"""

import argparse
import datetime
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SECTIONS = {"device": "J", "latency": "A", "hbm": "B", "l2": "C", "tma": "D", "tensor": "E", "cuda": "F", "launch": "G",
            "weights": "W", "phases": "P"}
SECTION_SECONDS = 240
NVCC_FLAGS = ["-O3", "-std=c++17", "-gencode=arch=compute_90a,code=sm_90a"]


def nvcc():
    return os.environ.get("NVCC") or shutil.which("nvcc") or "/usr/local/cuda/bin/nvcc"


def build_commands(out):
    """Compilers, which may run side by side, and the linker."""
    objects = [(source, out / "build" / (source.stem + ".o")) for source in sorted((HERE / "micro").glob("*.cu"))]
    compilers = [[nvcc(), *NVCC_FLAGS, "-c", str(source), "-o", str(target)] for source, target in objects]
    return compilers, [nvcc(), *NVCC_FLAGS, *(str(o) for _, o in objects), "-o", str(out / "build/micro")]


def run_commands(out, sections, kernels, python):
    """One process a section: one that breaks its CUDA context leaves the others whole."""
    yield from ([str(out / "build/micro"), s] for s in sections or SECTIONS)
    if kernels:
        yield [python, str(HERE / "kernels.py"), str(out / "kernels.json")]


def collected(text):
    """Sections by letter, each with its items, and the errors, of what the microbenchmarks printed.

    ValueError, with the line, for what they do not print."""
    sections, errors, current = {}, [], None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("section "):
            current = sections.setdefault(line.split()[1], {"items": []})["items"]
        elif line.startswith("error "):
            errors.append(line[len("error "):])
        elif line.startswith("{") and current is not None:
            try:
                current.append(json.loads(line))
            except json.JSONDecodeError as error:
                raise ValueError(f"line {number}: no item ({error})") from error
        elif line.strip():
            raise ValueError(f"line {number}: neither section, item nor error: {line[:60]!r}")
    return sections, errors


def write_micro(path, sections, source):
    document = {"source": source, "sections": dict(sorted(sections.items()))}
    path.write_text(json.dumps(document, separators=(",", ":")).replace('{"id"', '\n{"id"') + "\n")


def describe(sections):
    device = next(i for i in sections["J"]["items"] if i["id"] == "J.device")
    return f"{device['name']}, own run of scripts/silicon/measure.py, {datetime.date.today()}, CUDA driver " \
           f"{device['driver_version']}, runtime {device['runtime_version']}"


def output(command):
    """What a command printed; that it failed as an "error" line in it, as the microbenchmarks tell their own."""
    print("+", " ".join(command), file=sys.stderr)
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, timeout=SECTION_SECONDS)
    except subprocess.TimeoutExpired:
        return f"error {command[-1]}: not done after {SECTION_SECONDS} s\n"
    failed = done.returncode != 0 and "\nerror " not in done.stdout
    return done.stdout + (f"error {command[-1]}: ended with {done.returncode}\n" if failed else "")


def build(out):
    (out / "build").mkdir(parents=True, exist_ok=True)
    compilers, link = build_commands(out)
    running = [subprocess.Popen(c) for c in compilers]
    if any([p.wait() for p in running]) or subprocess.run(link, check=False).returncode:
        sys.exit("measure: the microbenchmarks do not compile")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, nargs="?", default=Path("out/silicon"))
    parser.add_argument("--name", default="measured")
    parser.add_argument("--config", type=Path, default=HERE.parents[1] / "configs/systems/h200.json")
    parser.add_argument("--sections", nargs="+", choices=SECTIONS, default=[])
    parser.add_argument("--kernels", action="store_true")
    parser.add_argument("--collect", type=Path)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--python", default="python3", help="the Python that has PyTorch")
    args = parser.parse_args()
    if args.list:
        print("\n".join(f"{letter} {name}" for name, letter in SECTIONS.items()))
        return
    wanted = list(run_commands(args.out, args.sections, args.kernels, args.python))
    if args.dry_run:
        compilers, link = build_commands(args.out)
        print("\n".join(" ".join(c) for c in [*compilers, link, *wanted]))
        return
    try:
        if args.collect:
            text = args.collect.read_text()
        else:
            build(args.out)
            text = "".join(output(c) for c in wanted)
            (args.out / "output.txt").write_text(text)
        sections, errors = collected(text)
    except (OSError, ValueError) as error:
        sys.exit(f"measure: {error}")
    args.out.mkdir(parents=True, exist_ok=True)
    if "J" not in sections:
        sys.exit("measure: no device facts; run the section device too")
    write_micro(args.out / "micro.json", sections, describe(sections))
    print(f"{args.out / 'micro.json'}: {sum(len(s['items']) for s in sections.values())} items")
    for error in errors:
        print(f"measure: {error}", file=sys.stderr)
    calibrate = [sys.executable, str(HERE / "calibrate.py"), str(args.out / "micro.json"), "--config", str(args.config),
                 "--new", str(args.out / f"{args.name}.json"), "--name", args.name]
    sys.exit(subprocess.run(calibrate, check=False).returncode or (1 if errors else 0))


if __name__ == "__main__":
    main()
