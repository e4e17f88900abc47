"""Which items set a constant: those whose results move it when they alone change.

A prediction of such an item says little about the model, so accuracy is claimed for the others only. A median or a
largest value is set by the item that attains it, not by all that were looked at; a threshold on a curve by none.
"""

from .compare import files_there
from .constant import CONSTANTS
from .items import Items, MissingItem

NUDGE = 1.002  # of a result: small enough to leave the order of the items
FOLLOWS = 0.05  # of the nudge, by which the constant must move: an item of a difference or of a median's pair does
DRIVER = "J.device"  # integers that the driver states; elsewhere integers are parameters
CLOCK = "sm_ghz"  # told to the model beside the item
BESIDE = {"note", "near_count", "far_count", "nvml_throttle_reasons_or", "power_limit_w"}  # no parameters


def parameters(item):
    """What was run, without what came out of it."""
    if item["id"] == DRIVER:
        return {"id": DRIVER}
    return {k: v for k, v in item.items()
            if isinstance(v, (str, int)) and not isinstance(v, bool) and k not in BESIDE and "cycles" not in k.split("_")}


def is_result(item, key):
    value = item[key]
    whole = isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, dict) and isinstance(value.get("med"), (int, float)) or isinstance(value, float) \
        or (isinstance(value, list) and value and isinstance(value[0], (int, float)) and key.startswith("cycles")) \
        or (whole and item["id"] == DRIVER)


def nudged(item, key):
    value = item[key]
    if isinstance(value, dict):
        return {**item, key: {k: v * NUDGE if isinstance(v, (int, float)) else v for k, v in value.items()}}
    if isinstance(value, list):
        return {**item, key: [v * NUDGE for v in value]}
    return {**item, key: value * NUDGE}


def follows(constant, micro, places, key):
    """Whether the constant moves with this result of the items at these places."""
    before = constant.derive(micro).value
    items = list(micro.items)
    for at in places:
        items[at] = nudged(items[at], key)
    try:
        after = constant.derive(Items(items, micro.given, micro.files)).value
    except (MissingItem, ValueError, StopIteration):
        return False
    return before != 0 and abs(after / before - 1) >= FOLLOWS * (NUDGE - 1)


def of_constant(constant, micro):
    """Parameters of the items that set it; none if it is not derived from this file."""
    if not files_there(constant, micro):
        return []
    near = [i for i in micro.items if i["id"] in constant.items or i["id"] == DRIVER]
    for chosen in (near, micro.items):  # a derivation may call another one's, with items of its own
        used = Items(chosen, micro.given, micro.files)
        try:
            constant.derive(used)
        except (MissingItem, ValueError):
            continue
        return alone(constant, used) or together(constant, used)
    return []


def results(constant, micro):
    for at, item in enumerate(micro.items):
        if item["id"] in constant.items:
            yield from ((at, key) for key in item if key != CLOCK and is_result(item, key))


def alone(constant, micro):
    return [parameters(micro.items[at]) for at in sorted({at for at, key in results(constant, micro)
                                                          if follows(constant, micro, [at], key)})]


def together(constant, micro):
    """A median of several that agree stays when one of them changes: the one at which it goes along with the others."""
    keys = {key for _, key in results(constant, micro)}
    for key in sorted(keys):
        places = [at for at, k in results(constant, micro) if k == key]
        gone = [follows(constant, micro, places[:n], key) for n in range(len(places) + 1)]
        if any(gone):
            return [parameters(micro.items[at]) for at, before, after in zip(places, gone, gone[1:]) if before != after]
    return []


def document(micro):
    """What `tessera validate` reads: each such item once, with the constants that it sets."""
    found = {}
    for path, constant in sorted(CONSTANTS.items()):
        for item in of_constant(constant, micro):
            found.setdefault(tuple(sorted(item.items())), (item, []))[1].append(path)
    entries = [{"item": item, "sets": paths} for item, paths in found.values()]
    return {"schema": "tessera.calibration_items/1",
            "what": "Microbenchmark items that set a constant of the system config: no accuracy is claimed for them. "
                    "Written by scripts/silicon/calibrate.py MICRO.json --defining FILE.",
            "items": sorted(entries, key=lambda e: [(k, str(v)) for k, v in e["item"].items()])}
