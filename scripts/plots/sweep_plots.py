#!/usr/bin/python3
"""Draws the plots of `tessera sweep` from its results.json.

usage: sweep_plots.py RESULTS_JSON FOLDER

Writes, as PNG and SVG, what the sweep has the points for: pareto, tornado, heat_map, parallel_coordinates, attribution.
Exit code 3 with one line on stderr if matplotlib is not installed, 2 if the file is no sweep. The same file gives the same
bytes.
"""
import json
import sys

import plot_file

SCHEMA = "tessera.sweep/1"
UNITS = {"time_s": ("time (ms)", 1e3), "energy_j": ("energy (J)", 1), "average_power_w": ("power (W)", 1),
         "hbm_bytes": ("HBM traffic (GB)", 1e-9), "l2_bytes": ("L2 traffic (GB)", 1e-9),
         "numeric_error": ("relative error", 1), "area_mm2": ("added area (mm2)", 1)}
MOST_LINES = 2000  # of parallel coordinates: more cannot be told apart


def short(path):
    return path.replace("proposals.", "").replace("system.", "")


def word(value):
    return value if isinstance(value, str) else json.dumps(value)


def figure_of(point, name):
    """The number that an objective stands for: of an estimate with a range the nominal one."""
    value = point[name]
    return value["nominal"] if isinstance(value, dict) else value


def pareto_figure(plt, sweep, done):
    first, second = (sweep["objectives"] + ["energy_j"])[:2]
    (xname, xunit), (yname, yunit) = (UNITS.get(n, (n, 1)) for n in (first, second))
    figure, ax = plt.subplots(figsize=(6.4, 4.4), layout="constrained")
    ax.scatter([xunit * figure_of(p, first) for p in done], [yunit * figure_of(p, second) for p in done], s=12,
               color="#8aa4c2", label="points")
    front = set(sweep["pareto"])
    line = sorted((figure_of(p, first), figure_of(p, second)) for p in done if p["index"] in front)
    ax.plot([xunit * x for x, _ in line], [yunit * y for _, y in line], color="#c2541b", marker="o", markersize=4,
            linewidth=1, label="front")
    reference = sweep["reference"]
    ax.scatter([xunit * figure_of(reference, first)], [yunit * figure_of(reference, second)], marker="*", s=90,
               color="black", label="reference")
    ax.set_xlabel(xname)
    ax.set_ylabel(yname)
    ax.legend(fontsize=8)
    return figure


def tornado_figure(plt, sweep):
    effects = [e for e in sweep["effects"] if e["levels"]][:20][::-1]
    figure, ax = plt.subplots(figsize=(6.8, 1.2 + 0.36 * len(effects)), layout="constrained")
    for i, effect in enumerate(effects):
        levels = effect["levels"]
        times = [1e3 * level["mean_time_s"] for level in levels]
        ax.barh(i, max(times) - min(times), left=min(times), color="#8aa4c2", height=0.6)
        for level, time in ((levels[times.index(min(times))], min(times)), (levels[times.index(max(times))], max(times))):
            ax.annotate(word(level["value"]), (time, i), fontsize=7, va="center",
                        ha="right" if time == min(times) else "left")
    ax.set_yticks(range(len(effects)), [short(e["path"]) for e in effects], fontsize=8)
    ax.margins(x=0.15)
    ax.set_xlabel("mean time of the points at a level (ms)")
    return figure


def heat_figure(plt, heat):
    values = [[float("nan") if v is None else 1e3 * v for v in row] for row in heat["mean_time_s"]]
    figure, ax = plt.subplots(figsize=(2.2 + 0.7 * len(heat["columns"]), 1.6 + 0.45 * len(heat["rows"])),
                              layout="constrained")
    image = ax.imshow(values, aspect="auto", cmap="viridis_r")
    for r, row in enumerate(values):
        for c, v in enumerate(row):
            if v == v:
                ax.text(c, r, f"{v:.1f}", ha="center", va="center", fontsize=7, color="white",
                        bbox={"facecolor": "black", "alpha": 0.35, "pad": 1, "linewidth": 0})
    ax.set_xticks(range(len(heat["columns"])), [word(v) for v in heat["columns"]], fontsize=7, rotation=30)
    ax.set_yticks(range(len(heat["rows"])), [word(v) for v in heat["rows"]], fontsize=7)
    ax.set_xlabel(short(heat["across"]))
    ax.set_ylabel(short(heat["down"]))
    figure.colorbar(image, label="mean time (ms)")
    return figure


def positions(values):
    """Each value's height on its axis: numbers by size, anything else in the order of appearance."""
    numbers = []
    for v in values:
        head = v.split(" ")[0] if isinstance(v, str) else v
        try:
            numbers.append(float(head) if not isinstance(head, bool) else float(head))
        except (TypeError, ValueError):
            seen = list(dict.fromkeys(word(x) for x in values))
            numbers = [seen.index(word(x)) for x in values]
            break
    low, high = min(numbers), max(numbers)
    return [0.5 if high == low else (n - low) / (high - low) for n in numbers], low, high


def parallel_figure(plt, sweep, done):
    done = done[:: max(1, len(done) // MOST_LINES)]
    paths = [e["path"] for e in sweep["effects"]][:10]
    columns = [positions([p["parameters"][path] for p in done])[0] for path in paths]
    times = [1e3 * p["time_s"] for p in done]
    columns.append(positions(times)[0])
    figure, ax = plt.subplots(figsize=(1.6 + 1.1 * len(columns), 4.2), layout="constrained")
    fast = sorted(times)[max(0, len(times) // 10 - 1)]
    order = sorted(range(len(done)), key=lambda i: -times[i])
    for i in order:
        quick = times[i] <= fast
        ax.plot(range(len(columns)), [c[i] for c in columns], color="#c2541b" if quick else "#8aa4c2",
                alpha=0.8 if quick else 0.25, linewidth=1)
    ax.set_xticks(range(len(columns)), [short(p) for p in paths] + ["time (ms)"], fontsize=7, rotation=25, ha="right")
    ax.set_yticks([0, 1], ["lowest", "highest"], fontsize=8)
    ax.text(len(columns) - 0.95, 0, f"{min(times):.1f}", fontsize=7)
    ax.text(len(columns) - 0.95, 1, f"{max(times):.1f}", fontsize=7)
    return figure


def attribution_figure(plt, attribution):
    names = attribution["proposals"]
    order = sorted(range(len(names)), key=lambda i: attribution["shapley_s"][i])
    figure, panes = plt.subplots(1, 2, figsize=(11, 1.6 + 0.4 * len(names)), layout="constrained")
    panes[0].barh(range(len(order)), [1e3 * attribution["shapley_s"][i] for i in order], color="#2f6fb5")
    panes[0].set_yticks(range(len(order)), [names[i] for i in order], fontsize=8)
    panes[0].set_xlabel("Shapley value: time saved (ms)")
    order = order[::-1]
    pairs = [[1e3 * attribution["interactions_s"][i][j] for j in order] for i in order]
    most = max((abs(v) for row in pairs for v in row), default=0) or 1
    image = panes[1].imshow(pairs, cmap="RdBu", vmin=-most, vmax=most)
    for r, row in enumerate(pairs):
        for c, v in enumerate(row):
            if r != c:
                panes[1].text(c, r, f"{v:.1f}", ha="center", va="center", fontsize=7)
    panes[1].set_xticks(range(len(order)), [names[i] for i in order], fontsize=7, rotation=35, ha="right")
    panes[1].set_yticks(range(len(order)), [names[i] for i in order], fontsize=7)
    panes[1].set_title("interaction (ms): below zero, the two do the same work twice", fontsize=9)
    figure.colorbar(image, ax=panes[1])
    return figure


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    plt = plot_file.pyplot()
    if plt is None:
        return 3
    try:
        sweep = plot_file.read_document(arguments[0], SCHEMA)
        done = [p for p in sweep["points"] if p["status"] == "done"]
    except (OSError, ValueError, KeyError, TypeError):
        print(f"{arguments[0]} is no sweep of tessera", file=sys.stderr)
        return 2
    folder = arguments[1]
    if done:
        plot_file.save(plt, pareto_figure(plt, sweep, done), folder, "pareto")
    if done and sweep["effects"]:
        plot_file.save(plt, tornado_figure(plt, sweep), folder, "tornado")
        plot_file.save(plt, parallel_figure(plt, sweep, done), folder, "parallel_coordinates")
    if done and sweep["heat_map"]:
        plot_file.save(plt, heat_figure(plt, sweep["heat_map"]), folder, "heat_map")
    if sweep["attribution"]:
        plot_file.save(plt, attribution_figure(plt, sweep["attribution"]), folder, "attribution")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
