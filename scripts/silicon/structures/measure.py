"""Profiler durations of the kernels in structures.cu and of a framework's router kernels on one GPU.

Three contexts: `hot` (the same kernel again and again), `sequence` (a list of different kernels in order, operands
just written by the kernels before, instruction caches swept by other code since the last round) and `cold` (as
sequence, but more than the L2 is written before each kernel). Writes one JSON file; see README.md.
"""
import ctypes
import json
import os
import statistics
import sys
import tempfile

import torch
from torch.profiler import ProfilerActivity, profile

DEV = "cuda"
LIB = ctypes.CDLL(sys.argv[1])
OUT = sys.argv[2]
ROUNDS = 6
I, P = ctypes.c_int, ctypes.c_void_p


def stream():
    return P(torch.cuda.current_stream().cuda_stream)


def ptr(t):
    return P(t.data_ptr() if t is not None else 0)


def kernels(run):
    """Kernel events of run() in order of their start: name, us, grid, block, registers, shared memory."""
    torch.cuda.synchronize()
    with profile(activities=[ProfilerActivity.CUDA]) as p:
        run()
        torch.cuda.synchronize()
    path = os.path.join(tempfile.mkdtemp(), "t.json")
    p.export_chrome_trace(path)
    ev = [e for e in json.load(open(path))["traceEvents"] if e.get("cat") in ("kernel", "gpu_memcpy", "gpu_memset")]
    ev.sort(key=lambda e: e["ts"])
    out = []
    for e in ev:
        a = e.get("args", {})
        out.append({"name": e["name"][:150], "ts": e["ts"], "us": e["dur"], "grid": a.get("grid"), "block": a.get("block"),
                    "regs": a.get("registers per thread"), "smem": a.get("shared memory")})
    return out


SWEEP_A = torch.randn(2048, 2048, device=DEV, dtype=torch.bfloat16)
SWEEP_F = torch.randn(512, 512, device=DEV)
FLUSH = torch.empty(256 << 20, dtype=torch.uint8, device=DEV)
MARK = torch.zeros(7, dtype=torch.int16, device=DEV)


def sweep():
    """Other code: enough different kernels to replace an SM's instructions."""
    a, f = SWEEP_A, SWEEP_F
    torch.matmul(a, a)
    torch.matmul(f, f)
    torch.sort(f)
    torch.fft.fft(f)
    torch.softmax(a, 1)
    torch.cumsum(f, 1)
    torch.nn.functional.gelu(f)
    torch.linalg.norm(f)
    q = a.view(1, 16, 2048, 128)
    torch.nn.functional.scaled_dot_product_attention(q, q, q)


def mark():
    MARK.bitwise_not_()


def between(events):
    """Kernels between pairs of marks, one list per pair."""
    groups, open_ = [], None
    for e in events:
        if "bitwise_not" in e["name"]:
            if open_ is None:
                open_ = []
            else:
                groups.append(open_)
                open_ = None
        elif open_ is not None:
            open_.append(e)
    return groups


def summary(rounds, label):
    """Medians over rounds of the i-th kernel of each."""
    out = []
    n = min(len(r) for r in rounds)
    for i in range(n):
        us = [r[i]["us"] for r in rounds]
        e = dict(rounds[0][i])
        e.pop("ts")
        gaps = [r[i]["ts"] - r[i - 1]["ts"] - r[i - 1]["us"] for r in rounds] if i else []
        e.update(context=label, us=round(statistics.median(us), 3), us_min=min(us), us_max=max(us))
        if gaps:
            e["gap_before_us"] = round(statistics.median(gaps), 3)
        out.append(e)
    return out


def contexts(ops, label, cold=True):
    """ops: (id, function) pairs. Returns records of each op's kernels in each context."""
    for _, f in ops:
        f()
    records = []
    for context in ["hot", "sequence"] + (["cold"] if cold else []):
        per_op = {k: [] for k, _ in ops}

        def run():
            for r in range(ROUNDS):
                if context == "sequence":
                    sweep()
                    FLUSH.zero_()
                for _, f in ops:
                    if context == "cold":
                        sweep()
                        FLUSH.zero_()
                    if context == "hot":
                        f(), f()
                    mark(), f(), mark()

        groups = between(kernels(run))
        names = [k for k, _ in ops] * ROUNDS
        assert len(groups) == len(names), (len(groups), len(names))
        for k, g in zip(names, groups):
            per_op[k].append(g)
        for k, rounds in per_op.items():
            for e in summary(rounds, context):
                records.append({"section": label, "id": k, **e})
    return records


def router():
    t, e, g, k = 4096, 256, 8, 8
    logits = torch.randn(t, e, device=DEV)
    bf = torch.randn(t, e, device=DEV, dtype=torch.bfloat16)
    s = torch.sigmoid(logits)
    ids = torch.randint(0, e, (t, k), device=DEV)
    ids32 = ids.int()
    gid = torch.randint(0, g, (t, 4), device=DEV)
    gm = torch.zeros(t, g, device=DEV, dtype=torch.bool)
    mask = torch.rand(t, e, device=DEV) < 0.5
    w = torch.rand(t, k, device=DEV)
    ws = w.sum(-1, keepdim=True)
    ss = s.sum(-1, keepdim=True)
    ones = torch.ones(t, k, device=DEV)
    cnt = torch.zeros(e, device=DEV)
    one = torch.ones(1, device=DEV)
    acc = torch.zeros(7168, device=DEV)
    half = torch.zeros(7168, device=DEV, dtype=torch.bfloat16)
    sc = torch.rand(32512, 56, device=DEV)
    sc32, sc16 = torch.rand(32512, 32, device=DEV), torch.rand(31104, 16, device=DEV)
    ne = ids != 7
    fresh = torch.empty_like(s)
    return [
        ("sigmoid", lambda: torch.sigmoid(logits)), ("clone_scores", lambda: s.clone()),
        ("fill_bool", lambda: torch.zeros(t, g, device=DEV, dtype=torch.bool).fill_(True)), ("scatter_mask", lambda: gm.scatter_(1, gid, True)),
        ("expand_copy", lambda: gm.unsqueeze(-1).expand(t, g, 32).reshape(t, e)), ("masked_fill", lambda: s.masked_fill(mask, 0.0)),
        ("topk8", lambda: torch.topk(s, k, dim=-1, sorted=False)), ("gather", lambda: s.gather(1, ids)), ("sum_topk", lambda: w.sum(-1, keepdim=True)),
        ("div_topk", lambda: w / ws), ("mul_scalar", lambda: w * 2.5), ("to_long", lambda: ids32.long()),
        ("sum_scores", lambda: s.sum(-1, keepdim=True)), ("div_scores", lambda: s / ss), ("floor_div", lambda: ids // 32),
        ("ones_like", lambda: torch.ones_like(w)), ("zeros_256", lambda: torch.zeros(e, device=DEV).fill_(0.0)),
        ("scatter_add", lambda: cnt.scatter_add_(0, ids.view(-1), ones.view(-1))), ("sum_columns", lambda: s.sum(0)),
        ("mul_256", lambda: cnt * cnt), ("sum_256", lambda: cnt.sum()), ("ne", lambda: ids != 7), ("sum_bool", lambda: ne.sum()), ("mul_1", lambda: one * 0.5),
        ("add_1", lambda: one.bfloat16() + 1), ("neg", lambda: torch.neg(s)), ("mul", lambda: s * logits), ("add", lambda: s + logits),
        ("add_broadcast", lambda: s + ss), ("copy_expand", lambda: ss.expand(t, e).contiguous()), ("zeros_1m", lambda: fresh.fill_(0.25)),
        ("sigmoid_backward", lambda: torch.ops.aten.sigmoid_backward(logits, s)), ("cast_bf16", lambda: logits.bfloat16()), ("cast_fp32", lambda: bf.float()),
        ("grad_accumulate_7168", lambda: acc.add_(half)), ("arange", lambda: torch.arange(0, 2, device=DEV, dtype=torch.int32)),
        ("scale_copy_56", lambda: sc.t().contiguous()), ("scale_copy_32", lambda: sc32.t().contiguous()), ("scale_copy_16", lambda: sc16.t().contiguous()),
        ("nop_1", lambda: LIB.run_nop(I(1), stream())), ("nop_132", lambda: LIB.run_nop(I(132), stream())), ("nop_1056", lambda: LIB.run_nop(I(1056), stream())),
    ]


def structures():
    big = torch.randn(4096 * 16384, device=DEV, dtype=torch.bfloat16)
    r = torch.randn(4096 * 7168, device=DEV, dtype=torch.bfloat16)
    w = torch.ones(7168, device=DEV, dtype=torch.bfloat16)
    q = torch.empty(4096 * 16384 * 2, device=DEV, dtype=torch.uint8)
    y, z = torch.empty_like(r), torch.empty_like(r)
    s = torch.rand(4096 * 256, device=DEV) + 0.5
    names = ["cast_16B", "cast_8B", "cast_8B_divide", "cast_2B", "cast_2B_divide", "e5m6_warp", "e5m6_block"]
    ops = []

    def cast(which, cols):
        return lambda: LIB.run_cast(I(which), ptr(big), ptr(q), ptr(s), I(4096), I(cols), stream())

    for which, name in enumerate(names):
        for cols in ([512, 1536, 7168, 16384] if which < 5 else [16384]):
            ops.append((f"{name} 4096x{cols}", cast(which, cols)))
    ops.append(("e5m6_back 4096x16384", lambda: LIB.run_back(ptr(q), ptr(big), ptr(s), I(4096), I(16384), I(896), stream())))
    for cols, residual, blocks in [(7168, 0, 396), (7168, 1, 396), (1536, 0, 396), (512, 0, 924)]:
        ops.append((f"norm 4096x{cols} residual {residual} grid {blocks}",
                    lambda c=cols, d=residual, b=blocks: LIB.run_norm(I(c), I(d), ptr(big), ptr(r), ptr(w), ptr(y), ptr(z), ptr(s), I(4096), I(b), stream())))
    for cols in [4, 12, 16, 32, 56, 128]:
        ops.append((f"turn4 4096x{cols}", lambda c=cols: LIB.run_turn(ptr(s), ptr(z), I(4096), I(c), stream())))
    return ops


def held(free_sms, ops):
    """Profiler durations with all SMs but `free_sms` taken by a resident kernel."""
    flag = torch.zeros(1, dtype=torch.int32, device=DEV)
    go = torch.ones(1, dtype=torch.int32).pin_memory()
    side, release = torch.cuda.Stream(), torch.cuda.Stream()
    out = []

    def run():
        for _, f in ops:
            for _ in range(3):
                FLUSH.zero_()
                torch.cuda.synchronize()
                flag.zero_()
                torch.cuda.synchronize()
                LIB.run_hold(I(free_sms), ptr(flag), P(side.cuda_stream))
                f()
                torch.cuda.current_stream().synchronize()
                with torch.cuda.stream(release):  # by the copy engine: no SM is free
                    flag.copy_(go, non_blocking=True)
                torch.cuda.synchronize()

    ev = [e for e in kernels(run) if not any(w in e["name"] for w in ("hold_kernel", "Mem", "FillFunctor"))]
    n = len(ev) // (3 * len(ops))
    assert len(ev) == 3 * n * len(ops), (len(ev), len(ops))
    for i, (k, _) in enumerate(ops):
        rounds = [ev[(3 * i + r) * n:(3 * i + r + 1) * n] for r in range(3)]
        for e in summary(rounds, f"free SMs {free_sms}, L2 cold"):
            out.append({"section": "held", "id": k, **e})
    return out


def once():
    """Every kernel a single time, for a profiler that reads counters."""
    torch.cuda.synchronize()
    torch.cuda.cudart().cudaProfilerStart()
    for _, f in router() + structures():
        f()
    torch.cuda.synchronize()
    torch.cuda.cudart().cudaProfilerStop()


def main():
    props = torch.cuda.get_device_properties(0)
    result = {"device": props.name, "sms": props.multi_processor_count, "torch": torch.__version__, "cuda": torch.version.cuda,
              "records": []}
    st = structures()
    parts = [("router", lambda: contexts(router(), "router")), ("structures", lambda: contexts(st, "structures"))]
    large = [o for o in st if "7168" in o[0] or "16384" in o[0] or "norm" in o[0]]
    parts += [(f"held {n}", lambda n=n: held(n, large)) for n in (20, 112)]
    for name, f in parts:
        try:
            result["records"] += f()
        except Exception as error:  # one part must not lose the others
            print("FAILED", name, repr(error))
        json.dump(result, open(OUT, "w"), indent=0)
    print("cuda error", LIB.last_error())
    for r in result["records"]:
        print(f'{r["section"][:6]:6} {r["id"][:36]:36} {r["context"][:22]:22} {r["us"]:8.2f} [{r["us_min"]:.2f} {r["us_max"]:.2f}] gap {r.get("gap_before_us", "")} {r["grid"]} {r["block"]} r{r["regs"]} s{r["smem"]} {r["name"][:40]}')


if OUT == "once":
    once()
else:
    main()
