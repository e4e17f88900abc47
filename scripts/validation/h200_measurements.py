#!/usr/bin/python3
"""Makes tests/validation/h200/*.json: what `tessera validate` needs of measurements taken on an H200.

Takes the folder with kernels.json, deepgemm.json, flashmla.json, layer.json and micro.json as the measuring programs
wrote them and keeps, in the same form, shapes, launches, measured times and clocks.

    h200_measurements.py FOLDER tests/validation/h200
"""

import json
import math
import random
import sys
from pathlib import Path

CASE = ("id", "section", "family", "variant", "dtype", "shape", "role", "layer", "expert", "out", "row_stride", "sizes",
        "us", "sm_mhz", "cold_l2", "bytes", "carve", "tile", "kernels", "part", "tokens", "experts", "ops",
        "energy", "repeats", "gemm", "gemm_shape", "copy", "gemm_alone_us", "copy_alone_us", "copy_alone_gbs",
        "gemm_with_copy_us", "gemm_slowdown", "copy_with_gemm_us", "copy_slowdown", "copy_with_gemm_gbs")
KERNEL = ("op", "name", "grid", "block", "smem")
ROW = ("id", "grp", "kind", "backend", "sms", "m", "n", "k", "ms", "ks", "groups", "kpg", "maxm", "b", "kv", "s_q",
       "h_q", "varlen", "topk", "s", "dq", "dv", "h", "causal", "cfg", "sm_mhz", "us_graph")
CONFIGURATION = ("block_m", "block_n", "block_k", "cluster_m", "cluster_n", "num_stages")
# Of an item of micro.json everything is kept but what other fields tell as well, notes, and long lists.
ITEM_WITHOUT = {"GBps_event", "unique_tile_GBps", "ideal_mma_cycles_per_kblock", "note", "passes",
                "ffma_cycles_per_kblock", "ideal_cycles_per_instruction", "ns_per_instruction_per_sm", "ns_per_kblock",
                "near_ns", "far_ns", "copy_alone_progress_ns", "copy_both_progress_ns", "nvml", "sm_ghz_min_over_sms",
                "sm_ghz_max_over_sms", "nvml_ms", "free_mem", "cycles_first_access", "lane_ops_per_ns",
                "flop_per_clk_per_sm"}
RATES = ("GBps", "delivered_GBps", "bytes_per_clk_per_sm", "values_per_clk_per_sm", "cycles_per_kblock")
ONLY_MEDIAN = {"sm_ghz", "ns", "a_alone_sm_ghz", "a_both_sm_ghz", "b_alone_sm_ghz", "b_both_sm_ghz", "kernel_alone_sm_ghz",
               "kernel_both_sm_ghz", "tflops", "ns_event"}
MAPS = {"A.l2_sm_mean", "A.l2_line_by_sm", "J.gpc_groups"}  # lists of SMs that are the measurement
LONGEST_LIST = 24
SAME = 2e-3  # minimum and maximum of repeats are dropped where they lie this close to the median


def pick(value, keys):
    return {k: value[k] for k in keys if k in value}


def median(value):
    return {"med": value["med"]} if isinstance(value, dict) and "med" in value else value


def rounded(value):
    value = float(f"{value:.6g}") if isinstance(value, float) else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def spread(name, value):
    """Median, minimum and maximum of an item's repeats; the median alone where they agree or only convert another."""
    if not isinstance(value, dict) or value.get("med") is None:
        return [rounded(v) for v in value] if isinstance(value, list) else rounded(value)
    low, med, high = (value[k] for k in ("min", "med", "max"))
    if name in ONLY_MEDIAN or max(high - med, med - low) <= SAME * abs(med):
        return {"med": rounded(med)}
    return {"med": rounded(med), "min": rounded(low), "max": rounded(high)}


def item(i):
    without = {k for k, v in i.items() if isinstance(v, list) and len(v) > LONGEST_LIST and i["id"] not in MAPS} | ITEM_WITHOUT
    if any(k in i for k in RATES):  # what the rate was computed from
        without |= {"cycles", "ns_event"} if "ns" in i and i["id"] != "G.atomics" else set()
        without |= {"ns"} if i["id"][0] not in "BC" else set()
    return {k: spread(k, v) for k, v in i.items() if k not in without}


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


def uneven_groups():
    """Rows of the groups that the measuring program calls skewed, as it draws them, by their count and sum."""
    draws = random.Random(7)
    for groups, mean in ((8, 1024), (32, 256), (32, 1024)):
        weights = [math.exp(draws.gauss(0, 0.8)) for _ in range(groups)]
        sizes = [max(16, round(w / sum(weights) * groups * mean / 16) * 16) for w in weights]
        yield (groups, sum(sizes)), sizes


def told_apart(cases):
    """The records keep neither the sizes of uneven groups nor the slow accumulation: of one shape, the program measures
    even groups first, then uneven ones, then even ones with slow accumulation."""
    uneven, seen = dict(uneven_groups()), {}
    for c in cases:
        shape = c["shape"]
        if c["family"] == "grouped_gemm" and shape["N"] == 4096 and shape["K"] == 7168:
            even = shape["M"] % shape["G"] == 0
            turn = seen[c["dtype"], shape["G"], shape["M"]] = seen.get((c["dtype"], shape["G"], shape["M"]), 0 if even else 1) + 1
            if turn == 2:
                c = {**c, "sizes": uneven[shape["G"], shape["M"]]}
            elif turn == 3:
                c = {**c, "fast_accum": False}
        yield c


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
    write(target / "kernels.json", about, "cases", list(told_apart(map(case, kernels["cases"]))))
    write(target / "layer.json", about, "cases", [case(c) for c in layer["cases"]])
    for name in ("deepgemm.json", "flashmla.json"):
        write(target / name, about, "rows", [row(r) for r in read(name)["rows"]])
    sections = read("micro.json")["sections"]
    sections = {name: {"items": [item(i) for i in sections[name]["items"]]} for name in sorted(sections)}
    text = json.dumps({"source": about, "sections": sections}, separators=(",", ":"))
    (target / "micro.json").write_text(text.replace('{"id"', '\n{"id"') + "\n")



if __name__ == "__main__":
    main()
