"""Triton programs and framework operators once each, for counters, launches and machine code.

usage: counters.py PROGRAMS ncu            under Nsight Compute (--profile-from-start off --nvtx), see README.md
       counters.py PROGRAMS trace FILE     profiled launches of each operator, warm
       counters.py PROGRAMS sass FILE      machine code of each Triton program
PROGRAMS is the folder with the measured set's Triton programs (kern.py).
"""
import json
import os
import sys
import tempfile

import torch

sys.path.insert(0, sys.argv[1])
import kern as K  # noqa: E402

D = "cuda"
BF, F32, I32, I8, F8 = torch.bfloat16, torch.float32, torch.int32, torch.int8, torch.float8_e4m3fn
mode = sys.argv[2]
ops = []


def add(name, f):
    ops.append((name, f))


def mk(t, w):
    return torch.randn(t, w, device=D, dtype=F32).to(BF)


T, W = 2048, 7168
x = mk(T, W); q = torch.empty(T, W, device=D, dtype=F8); s = torch.empty(T * W // 128, device=D)
qt = torch.empty(W, T, device=D, dtype=I8)
xq = x.to(F8)
for BT, nw in ((16, 4), (64, 8)):
    add("cast_1x128 BT=%d" % BT, lambda BT=BT, nw=nw: K.cast_1x128[(W // 128, T // BT)](x, q, s, T, W, BT=BT, num_warps=nw))
for BC in (64, 128):
    add("cast_t BC=%d" % BC, lambda BC=BC: K.cast_t_128x1[(W // BC, T // 128)](x, qt, s, T, W, BC=BC, num_warps=8))
    add("requant_t BC=%d" % BC, lambda BC=BC: K.requant_t[(W // BC, T // 128)](xq, s, qt, s, T, W, BC=BC, num_warps=8))
for nw in (8, 16):
    add("cast_128x128 w=%d" % nw, lambda nw=nw: K.cast_128x128[(W // 128, T // 128)](x, q, s, W, num_warps=nw))
for BR, BC, nw in ((128, 128, 8), (64, 64, 4)):
    add("transpose_u8 BR=%d" % BR, lambda BR=BR, BC=BC, nw=nw: K.transpose_u8[(W // BC, T // BR)](q.view(I8), qt, T, W, BR=BR, BC=BC, num_warps=nw))
I = 2048
gu = mk(T, 2 * I); dy = mk(T, I); dgu = torch.empty(T, 2 * I, device=D, dtype=BF)
for BT, nw in ((16, 4), (32, 8)):
    add("swiglu_cast BT=%d" % BT, lambda BT=BT, nw=nw: K.swiglu_cast[(I // 128, T // BT)](gu, q, s, T, I, BT=BT, num_warps=nw))
for BT, BC, nw in ((8, 256, 4), (4, 2048, 8)):
    add("swiglu_bwd BT=%d" % BT, lambda BT=BT, BC=BC, nw=nw: K.swiglu_bwd[(I // BC, T // BT)](gu, dy, dgu, I, BT=BT, BC=BC, num_warps=nw))
w = mk(1, 7168)[0].contiguous(); y = torch.empty(T, 7168, device=D, dtype=BF)
for Wn in (7168, 1536, 512):
    BW = 1 << (Wn - 1).bit_length()
    for BT, nw in ((1, 8), (1, 4), (4, 4)):
        if BT * BW <= 16384:
            add("rmsnorm W=%d BT=%d w=%d" % (Wn, BT, nw), lambda Wn=Wn, BT=BT, nw=nw, BW=BW: K.rmsnorm_fwd[(T // BT,)](x, w, y, 1e-6, W=Wn, BW=BW, BT=BT, num_warps=nw))
qq = mk(512, 128 * 192); cs = torch.randn(512, 32, device=D); sn = torch.randn(512, 32, device=D)
for BH, nw in ((32, 4), (128, 8)):
    add("rope BH=%d" % BH, lambda BH=BH, nw=nw: K.rope_inplace[(128 // BH, 512)](qq, cs, sn, 128 * 192, HS=192, OFF=128, BH=BH, num_warps=nw))
x2 = mk(T, W)
for B, nw in ((2048, 4), (8192, 8)):
    add("add_flat B=%d" % B, lambda B=B, nw=nw: K.add_flat[(T * W // B,)](x, x2, y, BLOCK=B, num_warps=nw))
Tr = 2048
lg = torch.randn(Tr, 256, device=D); bias = torch.randn(256, device=D) * 0.01
ix = torch.empty(Tr, 8, device=D, dtype=I32); wt = torch.empty(Tr, 8, device=D)
for BT, nw in ((1, 1), (4, 4), (16, 8)):
    add("router_topk BT=%d" % BT, lambda BT=BT, nw=nw: K.router_topk[(Tr // BT,)](lg, bias, ix, wt, BT=BT, num_warps=nw))
for dt, e in ((BF, 2), (I8, 1)):
    Tp = 1024
    xx = x[:Tp].contiguous().view(I8)[:, :W].contiguous() if e == 1 else x[:Tp].contiguous()
    yy = torch.zeros(Tp * 8, W, device=D, dtype=dt)
    pos = torch.randperm(Tp * 8, device=D).to(I32)
    idx = torch.empty(Tp * 8, device=D, dtype=I32); idx[pos.long()] = torch.arange(Tp * 8, device=D, dtype=I32) // 8
    pos = pos.view(Tp, 8).contiguous()
    add("gather_rows e=%d" % e, lambda xx=xx, idx=idx, yy=yy: K.gather_rows[(8192,)](xx, idx, yy, W=W, BW=8192, num_warps=8))
    add("scatter_rows e=%d" % e, lambda xx=xx, pos=pos, yy=yy: K.scatter_rows[(1024,)](xx, pos, yy, W=W, BW=8192, K=8, num_warps=8))
    if e == 2:
        il = idx.long()
        add("index_select", lambda xx=xx, il=il: torch.index_select(xx, 0, il))
        o = torch.empty(Tp, W, device=D, dtype=BF); w8 = torch.rand(Tp, 8, device=D)
        add("combine_rows", lambda yy=yy, pos=pos, w8=w8, o=o: K.combine_rows[(W // 1024, Tp)](yy, pos, w8, o, W, K=8, BC=1024, num_warps=4))


def router_torch(logits, bias):
    s = logits.sigmoid()
    sb = s + bias
    g = sb.view(-1, 8, 32).topk(2, -1).values.sum(-1)
    gi = g.topk(4, -1).indices
    m = torch.zeros_like(g).scatter_(1, gi, 1.0)
    keep = m.unsqueeze(-1).expand(-1, 8, 32).reshape(-1, 256) > 0
    idx = sb.masked_fill(~keep, float("-inf")).topk(8, -1).indices
    w = s.gather(1, idx)
    return idx, w / w.sum(-1, keepdim=True) * 2.5


for t in (128, 4096):
    l2 = torch.randn(t, 256, device=D)
    add("router_torch T=%d" % t, lambda l2=l2: router_torch(l2, bias))
for n in (32768, 262144):
    e = torch.randint(0, 256, (n,), device=D)
    add("sort n=%d" % n, lambda e=e: torch.sort(e, stable=True))
    e3 = e.to(I32); z = torch.ones(n, device=D, dtype=I32)
    add("count n=%d" % n, lambda e3=e3, z=z: torch.zeros(256, device=D, dtype=I32).index_add_(0, e3, z))
for r, c in ((4096, 129280), (8192, 4096), (16384, 1024), (8192, 8192)):
    if r == 4096: r = 512
    xs = torch.randn(r, c, device=D, dtype=F32).to(BF)
    add("softmax %dx%d" % (r, c), lambda xs=xs: torch.softmax(xs, -1))
buf = torch.zeros(4096, dtype=I32, device=D)
add("nop 132", lambda: K.nop_kernel[(132,)](buf, num_warps=4))


def profiled(f):
    """Kernels of one call of f, in order."""
    from torch.profiler import ProfilerActivity, profile
    path = os.path.join(tempfile.mkdtemp(), "t.json")
    with profile(activities=[ProfilerActivity.CUDA]) as p:
        f(), f()
        torch.cuda.synchronize()
    p.export_chrome_trace(path)
    kinds = ("kernel", "gpu_memcpy", "gpu_memset")
    ev = [e for e in json.load(open(path))["traceEvents"] if e.get("cat") in kinds]
    ev.sort(key=lambda e: e["ts"])
    return [{"name": e["name"][:140], "us": e["dur"], "grid": e["args"].get("grid"), "block": e["args"].get("block"),
             "regs": e["args"].get("registers per thread"), "smem": e["args"].get("shared memory")}
            for e in ev[len(ev) // 2:]]


for _, f in ops:  # compiles
    f()
torch.cuda.synchronize()
if mode == "ncu":
    torch.cuda.cudart().cudaProfilerStart()
    for n, f in ops:
        torch.cuda.nvtx.range_push(n)
        f()
        torch.cuda.nvtx.range_pop()
    torch.cuda.synchronize()
    torch.cuda.cudart().cudaProfilerStop()
elif mode == "trace":
    json.dump([{"op": n, "kernels": profiled(f)} for n, f in ops], open(sys.argv[3], "w"))
elif mode == "sass":
    with open(sys.argv[3], "w") as out:
        for n, f in ops:
            k = f()
            if hasattr(k, "asm"):
                out.write("##### %s regs %s spills %s shared %s\n" % (n, k.n_regs, k.n_spills, k.metadata.shared))
                out.write(k.asm["sass"] + "\n")
