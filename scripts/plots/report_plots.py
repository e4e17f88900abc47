"""Draws the report's plots from a comparison's result.json.

usage: report_plots.py RESULT_JSON FOLDER [FAMILIES]

FAMILIES is JSON text that names the families of operator classes and says which class belongs to which:
{"names": ["GEMM", ...], "of": {"gemm_fp8_fwd": 0, ...}}; without it every class has a colour of its own order.
Writes speedup, waterfall, interactions and timeline as PNG and SVG into FOLDER. Exit code 3 with one line on stderr
if matplotlib is not installed, 2 if RESULT_JSON is not a comparison. The same result gives the same bytes.
"""
import json
import sys

import plot_file
from plot_file import COLOURS, GAIN, LOSS, WAIT

WATERFALL_STEPS = 12


def words(name):
    return name.replace("_", " ")


class Families:
    """Colour and name of an operator class's family."""

    def __init__(self, text, classes):
        given = json.loads(text) if text else {"names": classes, "of": {name: i for i, name in enumerate(classes)}}
        self.names, self.of = given["names"], given["of"]

    def index(self, op_class):
        return self.of.get(op_class, len(self.names) - 1)

    def colour(self, index):
        return COLOURS[index % len(COLOURS)]


def is_alone(variant):
    return variant["id"] in variant["proposals"]


def saved_ms(result, variant):
    return 1e3 * (result["baseline"]["time_s"] - variant["time_s"])


def speedup_rows(result):
    """Variants alone, best first, then all together: (id, speed-up, bound)."""
    alone = sorted((v for v in result["variants"] if is_alone(v)), key=lambda v: v["time_s"])
    together = [v for v in result["variants"] if v["id"] == "all"]
    return [(v["id"], v["speedup"], v["bound_speedup"]) for v in alone + together]


def critical_by_class(run):
    return {c["op_class"]: 1e3 * c["critical_s"] for c in run["classes"]}


def waterfall_steps(baseline, variant, most=WATERFALL_STEPS):
    """Change of the critical time per class in ms, largest first; the steps add up to the change of the wall time."""
    before, after = critical_by_class(baseline), critical_by_class(variant)
    deltas = {name: after.get(name, 0) - before.get(name, 0) for name in {**before, **after}}
    ordered = sorted(((n, d) for n, d in deltas.items() if d), key=lambda step: (-abs(step[1]), step[0]))
    steps = ordered[:most]
    rest = sum(d for _, d in ordered[most:])
    if ordered[most:]:
        steps.append(("other classes", rest))
    idle = 1e3 * (variant["time_s"] - baseline["time_s"]) - sum(d for _, d in ordered)
    if abs(idle) > 1e-9:
        steps.append(("launch gaps and idle", idle))
    return steps


def interaction_rows(result):
    """Per proposal: (slug, ms saved alone, ms lost again when left out of the full set or None)."""
    by_id = {v["id"]: v for v in result["variants"]}
    together = by_id.get("all")
    rows = []
    for v in result["variants"]:
        if not is_alone(v):
            continue
        without = by_id.get("all-but-" + v["id"])
        last = 1e3 * (without["time_s"] - together["time_s"]) if without and together else None
        rows.append((v["id"], saved_ms(result, v), last))
    return rows


def overlap_matrix(result):
    """Kernel time in ms that both of two proposals remove, class by class."""
    alone = [v for v in result["variants"] if is_alone(v)]
    removed = [{c["op_class"]: 1e3 * c["time_s"] for c in v["removed"]} for v in alone]
    return [v["id"] for v in alone], [
        [sum(min(a[c], b[c]) for c in a.keys() & b.keys()) for b in removed] for a in removed]


def draw_speedup(plt, result, _families):
    rows = speedup_rows(result)
    if not rows:
        return None
    figure, axes = plt.subplots(figsize=(8, 0.6 + 0.38 * len(rows)))
    best = max([speedup for _, speedup, _ in rows] + [1.01])
    most = 1 + 2.5 * (best - 1)  # bounds far beyond the best bar would squeeze the bars
    right = max([best] + [bound for _, _, bound in rows if bound <= most])
    for y, (name, speedup, bound) in enumerate(rows):
        colour = LOSS if speedup < 1 else COLOURS[2 if name == "all" else 0]
        axes.barh(y, speedup - 1, left=1, color=colour, height=0.6)
        if bound <= right:
            axes.plot([bound, bound], [y - 0.4, y + 0.4], color="black", linewidth=2)
        text = f"{speedup:.3f}×" + ("" if bound <= right else f"  (bound {bound:.2f}×)")
        axes.annotate(text, (max(speedup, 1) if bound > right else max(speedup, bound, 1), y), xytext=(6, 0), textcoords="offset points",
                      va="center", fontsize=9)
    axes.set_yticks(range(len(rows)), [name for name, _, _ in rows])
    axes.invert_yaxis()
    axes.axvline(1, color="grey", linewidth=1)
    axes.margins(x=0.12)
    axes.set_xlabel("speed-up over the baseline; mark: the most its bound allows")
    return figure


def draw_waterfall(plt, result, _families):
    if not result["variants"]:
        return None
    best = min(result["variants"], key=lambda v: v["time_s"])
    baseline = result["baseline"]
    steps = waterfall_steps(baseline, best)
    figure, axes = plt.subplots(figsize=(8, 0.9 + 0.34 * (len(steps) + 2)))
    at = 1e3 * baseline["time_s"]
    ends = [at, 1e3 * best["time_s"]]
    axes.barh(0, at, color=COLOURS[0], height=0.6)
    for y, (name, delta) in enumerate(steps, 1):
        axes.barh(y, delta, left=at, color=GAIN if delta < 0 else LOSS, height=0.6)
        axes.annotate(f"{delta:+.2f}", (max(at, at + delta), y), xytext=(5, 0), textcoords="offset points",
                      va="center", fontsize=8)
        at += delta
        ends.append(at)
    axes.barh(len(steps) + 1, 1e3 * best["time_s"], color=COLOURS[0], height=0.6)
    axes.set_yticks(range(len(steps) + 2), [baseline["id"], *(words(n) for n, _ in steps), best["id"]])
    axes.invert_yaxis()
    span = max(max(ends) - min(ends), 1e-9)
    axes.set_xlim(max(0, min(ends) - 0.25 * span), max(ends) + 0.12 * span)
    axes.set_xlabel("ms; the axis does not start at zero")
    return figure


def draw_interactions(plt, result, _families):
    names, overlap = overlap_matrix(result)
    rows = interaction_rows(result)
    if len(names) < 2:
        return None
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 1.6 + 0.42 * len(names)), width_ratios=[1, 1.6])
    values = [[alone, last if last is not None else float("nan")] for _, alone, last in rows]
    extent = max([abs(v) for row in values for v in row if v == v] + [1e-9])
    left.imshow(values, cmap="RdYlGn", vmin=-extent, vmax=extent, aspect="auto")
    left.set_xticks([0, 1], ["alone", "last in"])
    left.set_yticks(range(len(rows)), [name for name, _, _ in rows])
    left.set_title("ms saved", fontsize=10)
    heat = [[0 if i == j else value for j, value in enumerate(row)] for i, row in enumerate(overlap)]
    right.imshow(heat, cmap="Oranges", aspect="auto", vmin=0, vmax=max(max(map(max, heat)), 1e-9))
    right.set_xticks(range(len(names)), names, rotation=35, ha="right")
    right.set_yticks(range(len(names)), [])
    right.set_title("ms of kernel time that both remove", fontsize=10)
    for axes, table, most in ((left, values, extent), (right, overlap, max(map(max, heat)))):
        for y, row in enumerate(table):
            for x, value in enumerate(row):
                dark = abs(value) > 0.7 * most and not (axes is right and x == y)
                axes.text(x, y, f"{value:.2f}" if value == value else "", ha="center", va="center", fontsize=8,
                          color="white" if dark else "black")
    return figure


def spans_of(run):
    table = run["timeline"]["spans"]
    columns = {name: index for index, name in enumerate(table["columns"])}
    keys = ("start_s", "end_s", "waited_s", "stream", "op_class")
    return [tuple(row[columns[k]] for k in keys) for row in table["rows"]]


def draw_timeline(plt, result, families):
    runs = [result["baseline"]]
    if result["variants"]:
        runs.append(min(result["variants"], key=lambda v: v["time_s"]))
    runs = [r for r in runs if r["timeline"]["spans"]["rows"]]
    if not runs:
        return None
    figure, panels = plt.subplots(len(runs), 1, figsize=(12, 2.1 * len(runs) + 0.6), sharex=True, squeeze=False)
    used = set()
    for axes, run in zip(panels[:, 0], runs):
        streams = run["timeline"]["streams"]
        bars = {}
        for start, end, waited, stream, op_class in spans_of(run):
            lane, work = streams.index(stream), min(end, start + waited)
            if waited > 0:
                bars.setdefault((lane, WAIT), []).append((1e3 * start, 1e3 * (work - start)))
            index = families.index(op_class)
            used.add(index)
            bars.setdefault((lane, families.colour(index)), []).append((1e3 * work, 1e3 * (end - work)))
        for (lane, colour), pieces in sorted(bars.items()):
            axes.broken_barh(pieces, (lane - 0.38, 0.76), color=colour, linewidth=0)
        axes.set_yticks(range(len(streams)), streams)
        axes.invert_yaxis()
        axes.set_title(f"{run['id']}: {1e3 * run['time_s']:.1f} ms", fontsize=10, loc="left")
    panels[-1, 0].set_xlabel("ms")
    handles = [plt.Rectangle((0, 0), 1, 1, color=families.colour(i)) for i in sorted(used)]
    labels = [families.names[i] for i in sorted(used)]
    figure.legend(handles + [plt.Rectangle((0, 0), 1, 1, color=WAIT)], labels + ["waiting"], loc="lower center",
                  ncols=5, fontsize=8, frameon=False)
    figure.subplots_adjust(bottom=0.24 / len(runs) + 0.12)
    return figure


PLOTS = {"speedup": draw_speedup, "waterfall": draw_waterfall, "interactions": draw_interactions,
         "timeline": draw_timeline}


def main(arguments):
    if len(arguments) not in (2, 3):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    plt = plot_file.pyplot()
    if plt is None:
        return 3
    try:
        result = plot_file.read_document(arguments[0], "tessera.compare/1")
        families = Families(arguments[2] if len(arguments) > 2 else "",
                            [c["op_class"] for c in result["baseline"]["classes"]])
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"{arguments[0]} is not a comparison's result.json: {error}", file=sys.stderr)
        return 2
    for name, draw in PLOTS.items():
        figure = draw(plt, result, families)
        if figure is None:
            continue
        if name != "timeline":
            figure.tight_layout()
        plot_file.save(plt, figure, arguments[1], name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
