"""Items of a microbenchmark file: {"sections": {"A": {"items": [{"id": "A.smem", parameters, results}]}}}.

A result is a number, or {"med", "min", "max"} over repeats, where a missing minimum or maximum equals the median.
"""

import json

from .spread import Spread


class MissingItem(Exception):
    """No item with these parameters, or none with this result: the constant cannot be derived from this file."""


class Items:
    def __init__(self, items, given=None, files=None):
        self.items = items
        self.given = given or {}  # config path -> number, in the base unit: what no item measures
        self.files = files or {}  # name -> document: what other programs measured on the same chip

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)

    def select(self, name, **parameters):
        """Items of this id whose parameters have these values; a set or a range means any of its values."""

        def fits(item):
            for key, wanted in parameters.items():
                allowed = wanted if isinstance(wanted, (set, range, tuple)) else (wanted,)
                if item.get(key) not in allowed:
                    return False
            return item["id"] == name

        found = [i for i in self.items if fits(i)]
        if not found:
            words = ", ".join(f"{k} {v}" for k, v in parameters.items())
            raise MissingItem(f"no item {name}" + (f" with {words}" if words else ""))
        return Items(found)

    def only(self, name, **parameters):
        """The first item of this id with these parameters."""
        return Items(self.select(name, **parameters).items[:1])

    def record(self, file, name):
        """The record of this id in one of the other programs' files, {"records": [{"id": ...}]}."""
        for record in self.files.get(file, {}).get("records", ()):
            if record["id"] == name:
                return record
        raise MissingItem(f"no record {name} of {file}")

    def results(self, key):
        """The result `key` of every item, each with the range of its repeats."""
        return [result(item, key) for item in self.items]

    def result(self, key):
        """The result `key` of the first item."""
        return result(self.items[0], key)

    def parameters(self, key):
        return [item[key] for item in self.items]


def result(item, key):
    found = item.get(key)
    if isinstance(found, dict):
        found = Spread(found["med"], found.get("min"), found.get("max")) if found.get("med") is not None else None
    elif isinstance(found, (int, float)):
        found = Spread(found)
    if found is None:
        raise MissingItem(f"{item['id']} has no {key}")
    return found


def document(path):
    """ValueError, with the reason, for what is no JSON object."""
    try:
        read = json.loads(path.read_text())
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}: no JSON ({error})") from error
    if not isinstance(read, dict):
        raise ValueError(f"{path}: no JSON object")
    return read


def load(path, others=()):
    """Items of all sections of one file; others are files of other programs. ValueError for what is no such file."""
    try:
        sections = document(path)["sections"].values()
        found = [item for section in sections for item in section["items"] if "id" in item]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: no file of microbenchmark items ({error!r})") from error
    return Items(found, files={other.name: document(other) for other in others})
