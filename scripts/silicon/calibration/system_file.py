"""System configs as text: JSON with // comments, values with units, `extends`, and where each value stands."""

import re
from dataclasses import dataclass
from pathlib import Path

TOKEN = re.compile(r'\s+|//[^\n]*|"(?:[^"\\]|\\.)*"|[-+0-9.eE]+|true|false|null|[{}\[\],:]')
QUANTITY = re.compile(r"([-+]?[0-9.]+(?:[eE][-+]?\d+)?)(?: ([A-Za-z/]+2?))?")
KIB = 2**10
# Unit -> (dimension, size in the dimension's base unit): those of sim/base/quantity_units.cpp.
UNITS = {
    "": ("count", 1),
    **{f"{prefix}B": ("bytes", size) for prefix, size in {"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "Ki": KIB,
                                                         "Mi": KIB**2, "Gi": KIB**3, "Ti": KIB**4}.items()},
    **{f"{prefix}B/s": ("rate", size / 1e9) for prefix, size in {"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12,
                                                                "Ki": KIB, "Mi": KIB**2, "Gi": KIB**3,
                                                                "Ti": KIB**4}.items()},
    "Gbit/s": ("rate", 0.125), "Tbit/s": ("rate", 125),
    "B/clk": ("per clock", 1), "KiB/clk": ("per clock", KIB), "clk": ("clocks", 1),
    "fs": ("time", 1e-6), "ps": ("time", 1e-3), "ns": ("time", 1), "us": ("time", 1e3), "ms": ("time", 1e6), "s": ("time", 1e9),
    "Hz": ("frequency", 1e-6), "kHz": ("frequency", 1e-3), "MHz": ("frequency", 1), "GHz": ("frequency", 1e3),
    "mW": ("power", 1e-3), "W": ("power", 1), "kW": ("power", 1e3),
    **{f"{prefix}J": ("energy", size) for prefix, size in {"f": 1e-15, "p": 1e-12, "n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1,
                                                          "k": 1e3}.items()},
    **{f"{prefix}FLOP{per}": ("flop" + per, size) for per in ("", "/s")
       for prefix, size in {"": 1, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}.items()},
    "um2": ("area", 1e-6), "mm2": ("area", 1), "cm2": ("area", 100),
}


@dataclass
class Entry:
    """One value of a config: its text, the file and the place in it, and its source."""

    text: str
    file: Path
    begin: int
    end: int
    source: str = ""

    def number(self):
        return float(QUANTITY.fullmatch(self.text).group(1))

    def unit(self):
        return QUANTITY.fullmatch(self.text).group(2) or ""

    def rounding(self):
        """Half a unit of the last digit given."""
        digits = QUANTITY.fullmatch(self.text).group(1).partition(".")[2]
        return 0.5 * 10.0 ** -len(digits)

    def with_number(self, value):
        """The same quantity with another number, to as many decimals, or more where they would cost 0.2 %."""
        decimals = len(QUANTITY.fullmatch(self.text).group(1).partition(".")[2])
        while abs(round(value, decimals) - value) > 0.002 * abs(value):
            decimals += 1
        number = f"{value:.{decimals}f}"
        return f"{number} {self.unit()}".strip()


def converted(value, unit, target):
    """value in `unit` as a number in `target`. ValueError where the two measure different things."""
    dimension, size = UNITS[unit]
    target_dimension, target_size = UNITS[target]
    if dimension != target_dimension:
        raise ValueError(f"{unit or 'a count'} where the config has {target or 'a count'}")
    return value * size / target_size


def tokens(text):
    """(token, begin, end), without space and comments."""
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise ValueError(f"unreadable at: {text[at:at + 30]!r}")
        if not match.group().isspace() and not match.group().startswith("//"):
            yield match.group(), match.start(), match.end()
        at = match.end()


def read_object(stream, path, out):
    """Members of an object whose '{' was taken; out: path -> (text, begin, end)."""
    key = None
    for token, begin, end in stream:
        if token == "}":
            return
        if token in ",:":
            continue
        if key is None:
            key = token[1:-1]
        else:
            if token == "{":
                read_object(stream, path + (key,), out)
            elif token == "[":  # a range: no value of its own
                while next(stream)[0] != "]":
                    pass
            else:
                out[path + (key,)] = (token, begin, end)
            key = None


def read_text(text, file):
    """Entries by path ("l2.bandwidth") of one file, without what it extends; and the path of what it extends."""
    stream, raw = tokens(text), {}
    if next(stream, ("",))[0] != "{":
        raise ValueError(f"{file}: no JSON object")
    read_object(stream, (), raw)
    sources, entries = {}, {}
    for path, (token, _, _) in raw.items():
        if "sources" in path:
            for name in path[-1].split(", "):
                sources[path[:-2] + (name,)] = token.strip('"')
    for path, (token, begin, end) in raw.items():
        if "sources" not in path:
            entries[".".join(path)] = Entry(token.strip('"'), file, begin, end, sources.get(path, ""))
    return entries


def read_system(file):
    """Entries of a config with all that it extends; those of the file itself win."""
    own = read_text(file.read_text(), file)
    base = own.pop("extends", None)
    entries = read_system(file.parent / base.text) if base else {}
    entries.update(own)
    return entries


def numeric(entries):
    """The entries that are numbers or quantities."""
    return {path: e for path, e in entries.items() if QUANTITY.fullmatch(e.text)}


def replace(file, changes):
    """Writes new texts over values of one file: (Entry, text) pairs."""
    text = file.read_text()
    for entry, new in sorted(changes, key=lambda c: -c[0].begin):
        quote = '"' if text[entry.begin] == '"' else ""
        text = text[:entry.begin] + quote + new + quote + text[entry.end:]
    file.write_text(text)
