#!/usr/bin/python3
"""Draws the plots of `tessera numerics sweep` from its numerics.json.

usage: numerics_plots.py NUMERICS_JSON FOLDER

Writes, as PNG and SVG, one plot per axis of the sweep (error against accumulator bits, promotion interval, scale groups,
scale formats) and, if the points carry times, pareto: error against time. Exit code 3 with one line on stderr if
matplotlib is not installed, 2 if the file is no sweep. The same file gives the same bytes.
"""
import sys

import plot_file

COLOURS = dict(zip(("normal", "same_sign", "heavy_tail", "outlier"), plot_file.COLOURS))
SCHEMA = "tessera.numerics/1"
MARKERS = {"bits": "o", "promotion": "s", "group": "^", "scale": "D", "inside": "v"}
TITLES = {"bits": "Fraction bits of the accumulator, never promoted", "promotion": "Elements of k between promotions",
          "group": "Elements per scale", "scale": "Scale format", "inside": "Fraction bits, scales inside the Tensor Core"}


def words(name):
    return name.replace("_", " ")


def by_data(points):
    """Points of each kind of data, in the order in which the kinds first appear."""
    groups = {}
    for p in points:
        groups.setdefault(p["data"], []).append(p)
    return groups


def front(points, kind):
    """(time, error) of the points on the Pareto front, by time."""
    chosen = [p for p in points if p["pareto_" + kind]]
    return sorted((1e6 * p["time_s"], p[kind + "_error"]["relative_frobenius"]) for p in chosen)


def labels_of(points):
    return list(dict.fromkeys(p["label"] for p in points))


def axis_figure(plt, axis, points):
    figure, ax = plt.subplots(figsize=(7.2, 4.2), constrained_layout=True)
    labels = labels_of(points)
    for data, mine in by_data(points).items():
        places = [labels.index(p["label"]) for p in mine]
        for kind, style in (("arithmetic", "-"), ("whole", ":")):
            errors = [p[kind + "_error"]["relative_frobenius"] for p in mine]
            ax.plot(places, errors, style, color=COLOURS.get(data, "black"), marker=MARKERS[axis], markersize=4,
                    label=words(data) + (", with quantization" if kind == "whole" else ""))
    ax.set_yscale("log")
    ax.set_xticks(range(len(labels)))
    ax.set_xticklabels(labels, rotation=40 if max(map(len, labels)) > 4 else 0, ha="right" if max(map(len, labels)) > 4 else "center")
    ax.set_xlabel(TITLES[axis])
    ax.set_ylabel("relative Frobenius error against float64")
    ax.grid(True, which="major", alpha=0.3)
    ax.legend(fontsize=8)
    return figure


def pareto_figure(plt, points):
    figure, panes = plt.subplots(1, 2, figsize=(11, 4.6), constrained_layout=True)
    for ax, kind, title in zip(panes, ("arithmetic", "whole"), ("Arithmetic alone", "With quantization")):
        for data, mine in by_data(points).items():
            colour = COLOURS.get(data, "black")
            for axis in MARKERS:
                some = [p for p in mine if p["axis"] == axis]
                if some:
                    ax.scatter([1e6 * p["time_s"] for p in some], [p[kind + "_error"]["relative_frobenius"] for p in some],
                               s=16, marker=MARKERS[axis], color=colour, alpha=0.6, label=f"{words(data)}, {axis}")
            line = front(mine, kind)
            ax.step([t for t, _ in line], [e for _, e in line], where="post", color=colour, linewidth=1)
        ax.set_yscale("log")
        ax.set_title(title, fontsize=10)
        ax.set_xlabel("simulated time of the GEMM (us)")
        ax.grid(True, which="major", alpha=0.3)
    panes[0].set_ylabel("relative Frobenius error against float64")
    panes[1].legend(fontsize=7, ncol=2)
    return figure


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    plt = plot_file.pyplot()
    if plt is None:
        return 3
    try:
        points = plot_file.read_document(arguments[0], SCHEMA)["points"]
    except (OSError, ValueError, KeyError, TypeError):
        print(f"{arguments[0]} is no sweep of tessera numerics", file=sys.stderr)
        return 2
    for axis in MARKERS:
        mine = [p for p in points if p["axis"] == axis]
        if mine:
            plot_file.save(plt, axis_figure(plt, axis, mine), arguments[1], "error_by_" + axis)
    if points and all("time_s" in p for p in points):
        plot_file.save(plt, pareto_figure(plt, points), arguments[1], "pareto")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
