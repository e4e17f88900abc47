"""Draws a validation's plots from its tessera.validate/1.

usage: validation_plots.py VALIDATION_JSON FOLDER

Writes scatter, histogram and families as PNG and SVG into FOLDER; a plot without cases is left out. Exit code 3 with
one line on stderr if matplotlib is not installed, 2 if VALIDATION_JSON is no validation. The same input gives the same
bytes.
"""
import sys

import plot_file
from plot_file import COLOURS

BAND = 0.15   # of the scatter plot, relative
CLIP = 0.5    # errors beyond are counted in the outermost bars
FEWEST = 3    # cases of a family that has quartiles
MOST_PANELS = 6


def covered_cases(document):
    """(family, unit, measured, predicted, error) of every covered case that is judged, by a ratio of quantities."""
    rows = []
    for case in document["cases"]:
        measured = case.get("measured_us", case.get("measured", 0))
        predicted = case.get("predicted_us", case.get("predicted", 0))
        if case["covered"] and "standing" not in case and measured > 0 and predicted > 0:
            rows.append((case["family"], case.get("unit", "us"), measured, predicted, case["error"]))
    return rows


def by_key(rows, index):
    groups = {}
    for row in rows:
        groups.setdefault(row[index], []).append(row)
    return groups


def largest_groups(groups, most):
    """The `most` groups with the most rows, largest first; the rest gathered under "other"."""
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    rest = [row for _, rows in ordered[most:] for row in rows]
    return ordered[:most] + ([("other", rest)] if rest else [])


def quantile(values, share):
    """Linear between neighbours, of sorted values."""
    position = share * (len(values) - 1)
    below = int(position)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (position - below)


def draw_scatter(plt, rows):
    units = largest_groups(by_key(rows, 1), MOST_PANELS)
    columns = min(len(units), 3)
    lines = -(-len(units) // columns)
    figure, panels = plt.subplots(lines, columns, figsize=(4.2 * columns, 4.2 * lines), squeeze=False)
    for axes, (unit, own) in zip(panels.flat, units):
        values = [v for _, _, measured, predicted, _ in own for v in (measured, predicted)]
        ends = [min(values) / 1.3, max(values) * 1.3]
        axes.fill_between(ends, [v * (1 - BAND) for v in ends], [v * (1 + BAND) for v in ends], color="#e7eaee")
        axes.plot(ends, ends, color="black", linewidth=0.8)
        for index, (family, group) in enumerate(largest_groups(by_key(own, 0), len(COLOURS) - 1)):
            axes.plot([r[2] for r in group], [r[3] for r in group], ".", markersize=4, color=COLOURS[index],
                      label=family.replace("_", " "), alpha=0.8)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlim(ends)
        axes.set_ylim(ends)
        for axis in (axes.xaxis, axes.yaxis):  # whole powers of ten as plain text
            axis.set_major_formatter(lambda value, _: f"{value:g}")
            axis.set_minor_formatter(lambda _value, _: "")
        axes.set_xlabel(f"measured ({unit})")
        axes.set_ylabel(f"predicted ({unit})")
        axes.legend(fontsize=7, frameon=False, loc="upper left")
    for axes in panels.flat[len(units):]:
        axes.set_visible(False)
    return figure


def draw_histogram(plt, rows):
    errors = [max(-CLIP, min(CLIP, r[4])) for r in rows]
    bins = 50
    figure, axes = plt.subplots(figsize=(8, 3.2))
    axes.hist(errors, bins=[-CLIP + 2 * CLIP * i / bins for i in range(bins + 1)], color=COLOURS[0])
    inside = sorted(r[4] for r in rows)
    for share, style in ((0.05, ":"), (0.5, "-"), (0.95, ":")):
        axes.axvline(max(-CLIP, min(CLIP, quantile(inside, share))), color="black", linewidth=1, linestyle=style)
    axes.set_xlabel("predicted / measured - 1; lines: 5 %, median, 95 % of the cases")
    axes.set_ylabel("cases")
    return figure


def draw_families(plt, rows):
    groups = [(name, [r[4] for r in own]) for name, own in sorted(by_key(rows, 0).items()) if len(own) >= FEWEST]
    if not groups:
        return None
    figure, axes = plt.subplots(figsize=(8, 0.8 + 0.24 * len(groups)))
    axes.axvspan(-BAND, BAND, color="#eef1f4")
    axes.boxplot([[max(-CLIP, min(CLIP, e)) for e in errors] for _, errors in groups], vert=False, whis=(10, 90),
                 widths=0.6, flierprops={"markersize": 2.5, "markeredgecolor": COLOURS[1]},
                 medianprops={"color": COLOURS[1]})
    axes.set_yticks(range(1, len(groups) + 1), [f"{name.replace('_', ' ')} ({len(e)})" for name, e in groups])
    axes.invert_yaxis()
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_xlim(-CLIP, CLIP)
    axes.set_xlabel("predicted / measured - 1")
    return figure


PLOTS = {"scatter": draw_scatter, "histogram": draw_histogram, "families": draw_families}


def main(arguments):
    if len(arguments) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    plt = plot_file.pyplot()
    if plt is None:
        return 3
    try:
        rows = covered_cases(plot_file.read_document(arguments[0], "tessera.validate/1"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"{arguments[0]} is not a validation: {error}", file=sys.stderr)
        return 2
    for name, draw in PLOTS.items():
        figure = draw(plt, rows) if rows else None
        if figure is not None:
            figure.tight_layout()
            plot_file.save(plt, figure, arguments[1], name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
