#!/usr/bin/python3
"""Makes tests/validation/h200/*.json: what `tessera validate` needs of measurements taken on an H200.

Takes the folder with kernels.json, deepgemm.json, flashmla.json, layer.json and micro.json as the measuring programs
wrote them and keeps, in the same form, shapes, launches, measured times and clocks.

    h200_measurements.py FOLDER tests/validation/h200
"""

import json
import sys
from pathlib import Path

CASE = ("id", "section", "family", "variant", "dtype", "shape", "role", "layer", "expert", "out", "row_stride", "sizes",
        "us", "sm_mhz", "cold_l2", "bytes", "carve", "tile", "kernels", "part", "tokens", "experts", "ops")
KERNEL = ("op", "name", "grid", "block", "smem")
ROW = ("id", "grp", "kind", "backend", "sms", "m", "n", "k", "ms", "ks", "groups", "kpg", "maxm", "b", "kv", "s_q",
       "h_q", "varlen", "topk", "s", "dq", "dv", "h", "causal", "cfg", "sm_mhz", "us_graph")
CONFIGURATION = ("block_m", "block_n", "block_k", "cluster_m", "cluster_n", "num_stages")
ITEM = ("id", "kernel", "rows", "cols", "mode", "method", "pattern", "bytes", "working_set", "sms", "threads", "unroll",
        "bytes_in_flight_per_sm", "ns", "GBps", "ns_event", "sm_ghz", "empty_kernel_ns_event")


def pick(value, keys):
    return {k: value[k] for k in keys if k in value}


def median(value):
    return {"med": value["med"]} if isinstance(value, dict) and "med" in value else value


def case(c):
    out = pick(c, CASE)
    if "kernels" in out:
        out["kernels"] = [pick(k, KERNEL) for k in out["kernels"] if "grid" in k]
    if "ops" in out:
        out["ops"] = [pick(o, CASE) for o in out["ops"]]
    return out


def row(r):
    out = pick(r, ROW)
    out["us_graph"] = median(out.get("us_graph"))
    if "cfg" in out:
        out["cfg"] = pick(out["cfg"], CONFIGURATION)
    return out


def write(path, source, key, entries):
    lines = ",\n".join(json.dumps(e, separators=(",", ":")) for e in entries)
    path.write_text(f'{{"source": {json.dumps(source)},\n"{key}": [\n{lines}\n]}}\n')


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    read = lambda name: json.loads((source / name).read_text())
    kernels, layer = read("kernels.json"), read("layer.json")
    about = f"{kernels['meta']['device']}, measured {kernels['meta']['measured']}"
    write(target / "kernels.json", about, "cases", [case(c) for c in kernels["cases"]])
    write(target / "layer.json", about, "cases", [case(c) for c in layer["cases"]])
    for name in ("deepgemm.json", "flashmla.json"):
        write(target / name, about, "rows", [row(r) for r in read(name)["rows"]])
    sections = {}
    for name in ("B", "C", "I"):
        items = [i for i in read("micro.json")["sections"][name]["items"] if "GBps" in i]
        sections[name] = {"items": [{k: median(v) for k, v in pick(i, ITEM).items()} for i in items]}
    text = json.dumps({"source": about, "sections": sections}, separators=(",", ":")).replace('{"id"', '\n{"id"')
    (target / "micro.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
