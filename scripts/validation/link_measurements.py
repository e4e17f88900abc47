#!/usr/bin/python3
"""Makes tests/validation/h200_links/*.json: what `tessera validate` needs of measurements between GPUs.

Takes the folder with nvlink_*gpu.json, nccl_*gpu.json and deepep_*gpu.json as the measuring programs wrote them, keeps
medians of what was measured in the same form, and the published tables of DeepEP out of a file of facts.

    link_measurements.py FOLDER FACTS.json tests/validation/h200_links
"""

import json
import random
import sys
from pathlib import Path

BOARD = {"power_w", "nvml_sm_mhz", "nvml_mem_mhz", "throttle_bits", "temp_c"}
WITHOUT = BOARD | {"wrong_words", "host_enqueue_ns", "host_ns_per_row", "iters", "algbw", "busbw", "err", "seconds",
                   "ns_per_copy", "sum_gbps", "t_comp_mean_block_ns", "t_comp_mean_gpu_ns", "t_total_ns", "tflops",
                   "gbps_nvl", "gbps_remote", "gbps_nvl_b2b", "remote_recv", "remote_send", "env", "nvls_lines", "via",
                   "wall_seconds", "exit", "errors", "init_seconds", "comm_slowdown", "busbw_alone", "busbw_beside",
                   "smid", "min_over_ranks_med"}
ONE_OF = {("C", "ns"), ("D", "ns_per_copy"), ("F", "remote_gbps"), ("F", "read_gbps"), ("F", "ns_per_row")}
GPU = ("gpu", "name", "sms", "l2_bytes", "copy_engines", "nvlinks_up")
EXPERTS, TOP_K, GROUPS_PER_TOKEN, NODE_RANKS = 256, 8, 4, 8


def rounded(value):
    value = float(f"{value:.5g}") if isinstance(value, float) else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def compact(value):
    if isinstance(value, dict):
        if "med" in value:
            return {"med": rounded(value["med"])}
        return {k: compact(v) for k, v in value.items() if k not in WITHOUT}
    if isinstance(value, list):
        return [compact(v) for v in value]
    return rounded(value)


def section(name, content):
    out = {}
    for key, value in content.items():
        if key == "gpu":
            value = [{k: g[k] for k in GPU if k in g} for g in value]
        if not isinstance(value, list) or key in ("errors", "placement"):
            continue
        out[key] = [{k: v for k, v in compact(e).items() if (name, k) not in ONE_OF} for e in value]
    return out


def nvlink(document):
    return {"sections": {name: section(name, s) for name, s in document["sections"].items()}}


def plain(document, key):
    return {key: compact(document[key])}


def routing(ranks, tokens=4000, seed=1):
    """Mean nodes and ranks per token: random scores, the best groups by their best expert, then the best experts."""
    rng = random.Random(seed)
    nodes = max(1, ranks // NODE_RANKS)
    per_node, per_rank = EXPERTS // nodes, EXPERTS // ranks
    node_sum = rank_sum = 0
    for _ in range(tokens):
        score = [rng.random() for _ in range(EXPERTS)]
        best = sorted(range(nodes), key=lambda n: -max(score[n * per_node:(n + 1) * per_node]))[:GROUPS_PER_TOKEN]
        allowed = [e for n in best for e in range(n * per_node, (n + 1) * per_node)]
        chosen = sorted(allowed, key=lambda e: -score[e])[:TOP_K]
        node_sum += len({e // per_node for e in chosen})
        rank_sum += len({e // per_rank for e in chosen})
    return round(node_sum / tokens, 3), round(rank_sum / tokens, 3)


def published(facts):
    rows = []
    for release in ("v1a", "v1b"):
        for name, (dispatch, combine) in facts[f"ep.normal_{release}"]["value"].items():
            if release == "v1b":
                continue  # kernels after the release that the other tables describe
            ranks = int(name.removesuffix("_NVL").removeprefix("EP"))
            nodes, per_token = routing(ranks)
            for op, gbps, row in (("dispatch", dispatch, 7392), ("combine", combine, 14336)):
                rows.append({"op": op, "release": release, "ranks": ranks, "tokens": 4096, "sms": 24,
                             "row_bytes": row, "nodes_per_token": nodes, "ranks_per_token": per_token, "gbps": gbps})
        for name, (dispatch, _, combine, _) in facts[f"ep.ll_{release}"]["value"].items():
            ranks = int(name.removeprefix("EP"))
            for op, us, row in (("dispatch", dispatch, 7392), ("combine", combine, 14336)):
                rows.append({"op": op, "release": release, "ranks": ranks, "tokens": 128, "row_bytes": row,
                             "nvlink": release == "v1b", "us": us})
    return {"system": "h800", "published": rows}


def write(path, document):
    path.write_text(json.dumps(document, separators=(",", ":")).replace("},{", "},\n{") + "\n")


def main(folder, facts, target):
    target = Path(target)
    target.mkdir(parents=True, exist_ok=True)
    for gpus in (2, 4):
        read = lambda name: json.loads((Path(folder) / f"{name}_{gpus}gpu.json").read_text())
        write(target / f"nvlink_{gpus}gpu.json", nvlink(read("nvlink")))
        write(target / f"nccl_{gpus}gpu.json", plain(read("nccl"), "configs"))
        write(target / f"deepep_{gpus}gpu.json", plain(read("deepep"), "rows"))
    write(target / "deepep_h800.json", published(json.loads(Path(facts).read_text())["facts"]))


if __name__ == "__main__":
    main(*sys.argv[1:])
