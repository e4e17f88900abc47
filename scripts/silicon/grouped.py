#!/usr/bin/python3
"""What a grouped product of PyTorch (CUTLASS) costs beside its arithmetic: periods of small products in a replayed graph.

    grouped.py OUT.json                     measures; needs PyTorch and an NVIDIA GPU of compute capability 9.0
    grouped.py --run KIND G ROWS N K        a few calls of one product, for a profiler
"""

import json
import sys

CALLS, REPLAYS = 30, 7
WALKS = [  # groups, rows of each, columns, depth, inputs in turn
    *((g, 64, 128, 128, 1) for g in (1, 2, 4, 8, 16, 32, 66, 132, 264)),
    *((4, 64, n, 128, 1) for n in (1024, 4096, 8192, 16384)),
    *((g, 256, n, 128, 1) for g in (4, 32) for n in (128, 1024, 4096)),
    *((4, 64, 3968, k, 1) for k in (512, 1024, 2048, 4096)),
    *((4, rows, 3968, k, 8) for rows in (64, 128) for k in (1024, 3072, 6144)),
    *((4, 256, 3968, k, 2) for k in (512, 1024, 2048, 4096)),
    *((4, 256, n, 1024, 2) for n in (7936, 11904)),
    *((8, rows, 4096, 2048, 2) for rows in (528, 592)),
]


def product(torch, kind, groups, rows, n, k):
    offsets = torch.arange(rows, rows * groups + 1, rows, dtype=torch.int32, device="cuda")
    a = torch.randn(rows * groups, k, device="cuda", dtype=torch.bfloat16)
    b = torch.randn(groups, n, k, device="cuda", dtype=torch.bfloat16)
    if kind == "bf16":
        return lambda: torch._grouped_mm(a, b.transpose(-2, -1), offs=offsets)
    a, b = a.to(torch.float8_e4m3fn), b.to(torch.float8_e4m3fn)
    scales = torch.ones(rows * groups, device="cuda"), torch.ones(groups, n, device="cuda")
    return lambda: torch._scaled_grouped_mm(a, b.transpose(-2, -1), *scales, offs=offsets, out_dtype=torch.bfloat16,
                                            use_fast_accum=True)


def period(torch, products):
    """us of a call: the median over replays of a graph of CALLS calls."""
    for call in products:
        call()
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        for i in range(CALLS):
            products[i % len(products)]()
    times = []
    for _ in range(REPLAYS + 1):
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()
        graph.replay()
        end.record()
        torch.cuda.synchronize()
        times.append(begin.elapsed_time(end) * 1e3 / CALLS)
    return sorted(times[1:])[REPLAYS // 2]


def main():
    if len(sys.argv) not in (2, 7):
        sys.exit(__doc__)
    import torch  # pylint: disable=import-outside-toplevel

    if sys.argv[1] == "--run":
        call = product(torch, sys.argv[2], *map(int, sys.argv[3:7]))
        for _ in range(3):
            call()
        torch.cuda.synchronize()
        return
    items = []
    for kind in ("bf16", "fp8"):
        for groups, rows, n, k, sets in WALKS:
            us = period(torch, [product(torch, kind, groups, rows, n, k) for _ in range(sets)])
            items.append({"kind": kind, "G": groups, "rows": rows, "N": n, "K": k, "sets": sets, "us": round(us, 3)})
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        json.dump({"items": items}, out, indent=1)


if __name__ == "__main__":
    main()
