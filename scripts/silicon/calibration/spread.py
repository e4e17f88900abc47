"""A value with the range it was seen in, and arithmetic that carries the range along."""

import statistics


class Spread:
    """value, with low <= value <= high."""

    def __init__(self, value, low=None, high=None):
        self.value = value
        self.low = value if low is None else low
        self.high = value if high is None else high

    def of(self, other, result):
        other = other if isinstance(other, Spread) else Spread(other)
        corners = [result(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return Spread(result(self.value, other.value), min(corners), max(corners))

    def __add__(self, other):
        return self.of(other, lambda a, b: a + b)

    def __sub__(self, other):
        return self.of(other, lambda a, b: a - b)

    def __mul__(self, other):
        return self.of(other, lambda a, b: a * b)

    def __truediv__(self, other):
        return self.of(other, lambda a, b: a / b)

    def __rtruediv__(self, other):
        return Spread(other) / self

    def at_least(self, floor):
        return Spread(max(self.value, floor), max(self.low, floor), max(self.high, floor))

    def rounded(self):
        """The nearest whole number, for counts that a measurement approaches from one side."""
        return Spread(round(self.value), min(self.low, round(self.value)), max(self.high, round(self.value)))


def median(spreads):
    """Median of several values; the range spans the whole of theirs."""
    spreads = list(spreads)
    return Spread(statistics.median(s.value for s in spreads), min(s.low for s in spreads), max(s.high for s in spreads))


def largest(spreads):
    return max(spreads, key=lambda s: s.value)


def smallest(spreads):
    return min(spreads, key=lambda s: s.value)
