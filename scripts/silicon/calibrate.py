#!/usr/bin/python3
"""Derives the constants of a system config from microbenchmarks and holds the config against them.

    calibrate.py MICRO.json [--config configs/systems/h200.json] [--others structures.json]   prints value, derived value, spread, items, formula;
                                                                   exits 1 if a value deviates, or has no source
    calibrate.py MICRO.json --write                                and puts the derived values into the config's files
    calibrate.py MICRO.json --new my.json --name mychip            writes a config for the chip that was measured
    calibrate.py MICRO.json --defining FILE                        writes which items set a constant, for `tessera validate`

MICRO.json is a file of microbenchmark items: tests/validation/h200/micro.json, or what measure.py wrote.
"""

import argparse
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from calibration import compare, defining, items, system_file  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
H200 = ROOT / "configs/systems/h200.json"


def table(rows):
    yield f"{'constant':42} {'config':>16} {'derived':>12} {'spread':>23}  items: how"
    for row in rows:
        if not row.constant or row.kind:
            continue
        value = f"{row.derived.value:12.6g} {row.derived.low:11.6g}..{row.derived.high:<10.6g}" if row.derived else ""
        yield f"{row.path:42} {row.entry.text:>16} {value:36}  {', '.join(row.constant.items)}: {row.constant.formula}"


def not_derived(rows):
    for kind, _, why in compare.KINDS:
        members = [r for r in rows if r.kind == kind]
        if members:
            yield f"\nNot set by an item, {kind} ({why}):"
        for row in members:
            yield f"{row.path:42} {row.entry.text:>16}  {row.entry.source}"


def write_back(rows):
    """Puts derived numbers where the config's files have others; the changes as text."""
    changes = {}
    for row in rows:
        if row.derived and row.problem.startswith("deviates"):
            changes.setdefault(row.entry.file, []).append((row.entry, row.entry.with_number(row.derived.value)))
            yield f"{row.entry.file}: {row.path} {row.entry.text} -> {row.entry.with_number(row.derived.value)}"
    for file, changed in changes.items():
        system_file.replace(file, changed)


def new_config(rows, args):
    """A config that extends --config and gives every derived value with its items."""
    tree, sources = {"extends": os.path.relpath(args.config, args.new.parent), "name": args.name}, {}
    for row in rows:
        if not row.derived:
            continue
        *path, name = row.path.split(".")
        section = tree
        for part in path:
            section = section.setdefault(part, {})
        text = row.entry.with_number(row.derived.value)
        section[name] = text if row.entry.unit() else json.loads(text)
        sources.setdefault(tuple(path), {})[name] = f"own micro {', '.join(row.constant.items)}: {row.constant.formula}"
    for path, texts in sources.items():
        section = tree
        for part in path:
            section = section[part]
        section["sources"] = texts
    args.new.write_text(f"// Derived by scripts/silicon/calibrate.py from {args.micro.name}.\n{json.dumps(tree, indent=2)}\n")


def write_defining(micro, args):
    entries = system_file.read_system(args.config)
    document = defining.document(compare.with_given(items.load(micro, args.others), entries))
    lines = ",\n".join(json.dumps(entry) for entry in document.pop("items"))
    head = json.dumps(document, indent=2)[:-2]
    args.defining.write_text(f'{head},\n  "items": [\n{lines}\n  ]\n}}\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("micro", type=Path)
    parser.add_argument("--config", type=Path, default=H200)
    parser.add_argument("--others", type=Path, nargs="*", default=[], help="what other programs measured on the same chip")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--new", type=Path)
    parser.add_argument("--name", default="measured")
    parser.add_argument("--defining", type=Path)
    args = parser.parse_args()
    try:
        if args.defining:
            return write_defining(args.micro, args)
        rows = compare.rows(items.load(args.micro, args.others), system_file.read_system(args.config))
    except (OSError, ValueError) as error:
        sys.exit(f"calibrate: {error}")
    print("\n".join([*table(rows), *not_derived(rows)]))
    if args.new:
        new_config(rows, args)
        print(f"\n{args.new} written")
    if args.write:
        print("\n".join(write_back(rows)) or "nothing to change")
    problems = [f"{r.path}: {r.entry.text} {r.problem}" for r in rows if r.problem]
    unused = sorted(set(compare.CONSTANTS) - {r.path for r in rows})
    if unused:
        print(f"\nDerivations of values that this config does not have: {', '.join(unused)}")
    print(f"\n{sum(1 for r in rows if r.derived)} constants derived, {len(problems)} problems")
    print("\n".join(problems), file=sys.stderr)
    sys.exit(1 if problems and not (args.new or args.write) else 0)


if __name__ == "__main__":
    main()
