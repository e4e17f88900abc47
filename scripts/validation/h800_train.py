#!/usr/bin/env python3
"""Condenses the analysed training trace into the data set of `tessera validate --set h800-train`.

Input: the per-kernel table (CSV) and the operator graph (JSON) of DeepSeek's published profile
(github.com/deepseek-ai/profile-data, train.json). Output: durations by role and iteration with class totals
(workloads/deepseek_v3/h800_train/measured.json), and operators with shapes, bytes and dependencies
(tests/validation/h800_train/graph.json).

    h800_train.py KERNELS.csv GRAPH.json MEASURED_OUT.json GRAPH_OUT.json
"""
import csv
import json
import pathlib
import re
import sys

SOURCE = ("github.com/deepseek-ai/profile-data, train.json (PyTorch profiler, rank 0 of 64, H800, 4096 tokens), "
          "kernels assigned to operators by annotation, order, grid and shared-memory size")
ITERATIONS = 4
GROUP_WALL = "gemm_fp8_wgrad"  # kernels of one role overlap on two streams: only their common wall time counts


def role_of(name):
    """The operator's name without the analysis' remarks: no remark in brackets, no expert index."""
    name = re.sub(r"\(.*?\)", "", name).replace(":", "_").replace("topk8", "topk")
    return re.sub(r"(_wgrad)_e\d+$|_redundant$|_x4$", r"\1", name)


def wall(rows):
    return max(int(r["start_us"]) + int(r["dur_us"]) for r in rows) - min(int(r["start_us"]) for r in rows)


def kernels(rows):
    """One entry per (region, role): durations by iteration, in order of occurrence."""
    table = {}
    for r in sorted(rows, key=lambda r: (int(r["iteration"]), r["role"] if "_wgrad_e" in r["role"] else "",
                                         int(r["start_us"]))):
        key = (r["region"], role_of(r["role"]))
        table.setdefault(key, {"class": r["class"], "rows": [[] for _ in range(ITERATIONS)]})
        table[key]["rows"][int(r["iteration"])].append(r)
    for (region, role), entry in table.items():
        out = {"region": region, "role": role, "class": entry["class"],
               "us": [[int(r["dur_us"]) for r in rows] for rows in entry["rows"]]}
        if entry["class"] == GROUP_WALL and any(len(u) > 1 for u in out["us"]):
            out["wall_us"] = [wall(rows) for rows in entry["rows"]]
        yield out


def class_totals(entries):
    totals = {}
    for e in entries:
        us = sum(e["wall_us"]) if "wall_us" in e else sum(sum(u) for u in e["us"])
        total = totals.setdefault(e["class"], {"class": e["class"], "events": 0, "us": 0})
        total["events"] += sum(len(u) for u in e["us"])
        total["us"] += us
    return sorted(totals.values(), key=lambda t: -t["us"])


def per_iteration(value):
    return value if isinstance(value, list) else [value] * ITERATIONS


def number_or_name(value):
    """M, N, K as the graph gives them: a number, a symbol (R_F, U_B, ...), or nothing."""
    return value if value != "" else None


def operators(graph):
    for op in graph["ops"]:
        prefix, name = op["id"].split(".", 1)
        yield {"id": f"{prefix}.{role_of(name)}", "region": op["region"], "class": op["cls"], "pass": op["pass_"],
               "streams": op["streams"], "sms": op["sms"], "ctas": op["ctas"], "kernels": op["n_kernels"],
               "m": number_or_name(op["M"]), "n": number_or_name(op["N"]), "k": number_or_name(op["K"]),
               "groups": number_or_name(op["groups"]), "flops": per_iteration(op["flops"]),
               "bytes_read": per_iteration(op["bytes_read"]), "bytes_written": per_iteration(op["bytes_written"]),
               "depends_on": [rename(d) for d in op["depends_on"]],
               "waits_for": [rename(d) for d in op["stream_sync"]]}


def rename(dependency):
    previous, _, rest = dependency.rpartition(":")
    prefix, name = rest.split(".", 1)
    return (previous + ":" if previous else "") + f"{prefix}.{role_of(name)}"


def write(path, head, lists):
    """One list item a line, so that a change of one kernel is a change of one line."""
    lines = [f'  "{k}": {json.dumps(v)}' for k, v in head.items()]
    for name, items in lists.items():
        body = ",\n".join("    " + json.dumps(i) for i in items)
        lines.append(f'  "{name}": [\n{body}\n  ]')
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
    graph = json.load(open(sys.argv[2], encoding="utf-8"))
    entries = list(kernels(rows))
    write(pathlib.Path(sys.argv[3]),
          {"schema": "tessera.measured-timeline/1", "source": SOURCE, "resolution_us": 1, "wall_us": wall(rows)},
          {"classes": class_totals(entries), "kernels": entries})
    write(pathlib.Path(sys.argv[4]),
          {"schema": "tessera.measured-graph/1", "source": SOURCE, "tokens": graph["meta"]["tokens"],
           "rows": {k: v for k, v in graph["rows"].items() if k != "meaning"}},
          {"operators": operators(graph)})


if __name__ == "__main__":
    main()
