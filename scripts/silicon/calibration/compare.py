"""Holds a config against what the items give, and sorts the constants that no item sets by their source."""

import re
from dataclasses import dataclass

from . import nvlink, system_file
from .constant import CONSTANTS
from .items import Items, MissingItem
from .spread import Spread

ITEM = re.compile(r"\b([A-J]\.[a-z][A-Za-z0-9_]*)")
ROUNDED = 5e-4  # of the value: what rounding to three or four digits may change
FILE = re.compile(r"\b(\w+\.json)\b")
# What a source text says when no microbenchmark item sets the value. First match counts.
KINDS = (
    ("assumed", re.compile(r"^assumed"), "no source states it and no item isolates it"),
    ("definition", re.compile(r"^by definition"), "a reference point of the model"),
    ("fit", re.compile(r"\bfit(ted)?\b|energies below"), "fitted to clocks and board power of whole kernels: no item isolates it"),
    ("other data", re.compile(r"\b\w+\.json\b|NVLink section|\btrace\b"), "measured by another program, see the source"),
    ("published", re.compile(r"datasheet|arXiv|JEDEC|technical report|programming guide|MICRO|github\.com|IEEE|ISSCC|"
                             r"whitepaper|GH100|one warp scheduler"), "a property of the product"),
    ("stated", re.compile(""), "see the source"),
)


@dataclass
class Row:
    """One numeric constant of a config, held against its items."""

    path: str
    entry: system_file.Entry
    derived: Spread = None  # in the unit of the entry
    constant: object = None
    kind: str = ""  # of its source, for what no item sets
    problem: str = ""


def allowed(derived, entry, widest):
    """The range that a config's number may lie in: that of the items, not too wide, and the number's rounding."""
    margin, rounding = widest * abs(derived.value), max(1.0001 * entry.rounding(), ROUNDED * abs(derived.value))
    low, high = max(derived.low, derived.value - margin), min(derived.high, derived.value + margin)
    return low - rounding, high + rounding


def derive(constant, micro, entry):
    spread = constant.derive(micro)
    return Spread(*(system_file.converted(v, constant.unit, entry.unit()) for v in (spread.value, spread.low, spread.high)))


def named(source):
    """Items and files that a source text names."""
    links = [nvlink.FILE] if "NVLink section" in source else []
    return [*ITEM.findall(source), *FILE.findall(source), *links]


def files_there(constant, micro):
    return all(f in micro.files for f in FILE.findall(" ".join(constant.items)))


def compare_derived(row, micro):
    try:
        row.derived = derive(row.constant, micro, row.entry)
    except (MissingItem, ValueError) as error:
        row.problem = str(error)
        return
    low, high = allowed(row.derived, row.entry, row.constant.widest)
    if not low <= row.entry.number() <= high:
        row.problem = f"deviates from {row.derived.value:.6g} by {row.entry.number() / row.derived.value - 1:+.1%}" \
            if row.derived.value else f"deviates from {row.derived.value:.6g}"
    elif not set(row.constant.items) & set(named(row.entry.source)):
        row.problem = f"its source does not name the item {' or '.join(row.constant.items)}"


def sort_by_source(row):
    cited = ITEM.findall(row.entry.source)
    if not row.entry.source:
        row.problem = "neither derived nor listed with a source"
        return
    row.kind = next(name for name, pattern, _ in KINDS if pattern.search(row.entry.source))
    if row.kind == "stated" and cited:
        row.kind = ""
        row.problem = f"cites {cited[0]}, but no module of scripts/silicon/calibration derives it"


def with_given(micro, entries):
    """The items beside what the config says of things that no item measures."""
    given = {path: system_file.converted(e.number(), e.unit(), base(e.unit()))
             for path, e in system_file.numeric(entries).items()}
    return Items(micro.items, given, micro.files)


def rows(micro, entries):
    """One row per numeric constant, in the config's order."""
    micro = with_given(micro, entries)
    out = []
    for path, entry in system_file.numeric(entries).items():
        row = Row(path, entry, constant=CONSTANTS.get(path))
        if row.constant and files_there(row.constant, micro):
            compare_derived(row, micro)
        else:
            sort_by_source(row)
        out.append(row)
    return out


def base(unit):
    dimension = system_file.UNITS[unit][0]
    return next(u for u, (d, size) in system_file.UNITS.items() if d == dimension and size == 1)
