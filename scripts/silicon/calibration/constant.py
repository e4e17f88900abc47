"""The list of constants that microbenchmarks set."""

from dataclasses import dataclass
from typing import Callable

MIB = 1 << 20
CONSTANTS = {}


@dataclass
class Constant:
    path: str  # in the system config, "l2.bandwidth"
    unit: str  # as quantities in configs are written; "" for counts and shares
    items: tuple  # ids of the items used
    formula: str  # in words
    derive: Callable  # Items -> Spread
    widest: float  # how far from the derived value, as a share of it, its range may let a config be


def constant(path, unit, items, formula, widest=0.03):
    """Registers a function (Items -> Spread) as the derivation of one value of a system config."""

    def register(derive):
        assert path not in CONSTANTS, path
        CONSTANTS[path] = Constant(path, unit, tuple(items.split()), formula, derive, widest)
        return derive

    return register


def device_fact(path, unit, field):
    """A constant that the driver states: the field of item J.device."""
    constant(path, unit, "J.device", field)(lambda micro: micro.only("J.device").result(field))
