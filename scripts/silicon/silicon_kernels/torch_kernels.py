"""Runs one case of kernels.py: period in a replayed graph, mean clock of the SMs, bytes moved, kernels that ran."""

import json
import statistics
import tempfile
from pathlib import Path

import torch
from torch.profiler import ProfilerActivity, profile

from . import casts

DEVICE = "cuda"
SECONDS = 0.25  # of replays that are timed
SEVERAL = 96  # calls in a graph: what lies between two replays shall not count
L2_TIMES = 3  # the inputs of a graph together, over the L2's size


def gemm(variant, shape):
    m, n, k = shape["M"], shape["N"], shape["K"]
    a = torch.randn(m, k, device=DEVICE, dtype=torch.bfloat16)
    b = torch.randn(n, k, device=DEVICE, dtype=torch.bfloat16)
    if variant == "bf16_tn":
        return lambda: torch.mm(a, b.t()), 2 * (m * k + n * k + m * n)
    a, b = a.to(torch.float8_e4m3fn), b.to(torch.float8_e4m3fn)
    scale_a, scale_b = (torch.ones((), device=DEVICE) for _ in range(2))
    fast = variant == "fp8_tensor_fast"
    return (lambda: torch._scaled_mm(a, b.t(), scale_a, scale_b, out_dtype=torch.bfloat16, use_fast_accum=fast),
            m * k + n * k + 2 * m * n + 8)


def cast(family, shape):
    if family == "mem_copy":
        words = shape["bytes"] // 4
        x = torch.randint(-2**31, 2**31 - 1, (words,), device=DEVICE, dtype=torch.int32)
        y = torch.empty_like(x)
        return lambda: casts.copy_flat[(words // 4096,)](x, y, 4096, num_warps=8), 2 * shape["bytes"]
    t, w = shape["T"], shape["W"]
    x = torch.randn(t, w, device=DEVICE, dtype=torch.bfloat16)
    q = torch.empty(t * w, device=DEVICE, dtype=torch.float8_e4m3fn)
    s = torch.empty(t * w // casts.GROUP, device=DEVICE)
    moved = 3 * t * w + 4 * s.numel()
    if family == "cast_1x128":
        return lambda: casts.cast_1x128[(w // 128, t // 64)](x, q, s, w, 64, num_warps=8), moved
    return lambda: casts.cast_t_128x1[(w // 64, t // 128)](x, q, s, t, w, 64, num_warps=8), moved


def clock_mhz(before, after):
    """Mean over the SMs of their cycles per microsecond between two stamps."""
    first = {int(sm): (int(c), int(t)) for c, t, sm in before.tolist()}
    rates = [(int(c) - first[int(sm)][0]) / (int(t) - first[int(sm)][1])
             for c, t, sm in after.tolist() if int(sm) in first and int(t) > first[int(sm)][1]]
    return 1000 * statistics.mean(rates)


def profiled(call):
    """(name, grid, block, shared memory) of the kernels of one call."""
    torch.cuda.synchronize()
    with profile(activities=[ProfilerActivity.CUDA]) as p:
        call()
        torch.cuda.synchronize()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.json"
        p.export_chrome_trace(str(path))
        events = json.loads(path.read_text())["traceEvents"]
    kernels = sorted((e for e in events if e.get("cat") == "kernel"), key=lambda e: e["ts"])
    return [(e["name"], e["args"]["grid"], e["args"]["block"], e["args"]["shared memory"]) for e in kernels]


def captured(calls):
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        for call in calls:
            call()
    return graph


def run(family, variant, shape):
    """(us, SM MHz, bytes, kernels) of one case."""
    call, moved = gemm(variant, shape) if family == "gemm" else cast(family, shape)
    l2 = torch.cuda.get_device_properties(0).L2_cache_size
    copies = min(24, 1 + L2_TIMES * l2 // moved)
    calls = [call] + [(gemm(variant, shape) if family == "gemm" else cast(family, shape))[0] for _ in range(copies - 1)]
    for one in calls:
        one()
    kernels = profiled(call)
    calls *= max(1, SEVERAL // len(calls))
    graph, count = captured(calls), len(calls)
    sms = torch.cuda.get_device_properties(0).multi_processor_count
    stamps = [torch.zeros(sms, 3, device=DEVICE, dtype=torch.int64) for _ in range(2)]
    events = [torch.cuda.Event(enable_timing=True) for _ in range(2)]

    def timed(replays):
        casts.stamp[(sms,)](stamps[0], num_warps=1)
        events[0].record()
        for _ in range(replays):
            graph.replay()
        events[1].record()
        casts.stamp[(sms,)](stamps[1], num_warps=1)
        torch.cuda.synchronize()
        return events[0].elapsed_time(events[1]) * 1000 / replays / count

    first = timed(3)
    us = timed(max(3, int(SECONDS * 1e6 / (first * count))))
    return us, clock_mhz(*stamps), moved, kernels
