"""Periods of Triton programs and framework kernels in a replayed graph: one thread block, about one an SM, whole shapes.

usage: alone.py PROGRAMS > records      (one JSON object a line)
PROGRAMS is the folder with the measured set's Triton programs (kern.py). What a block takes alone follows from the period
less that of `nop` with as many blocks; see README.md.
"""
import json
import statistics
import sys

import torch

sys.path.insert(0, sys.argv[1])
import kern as K  # noqa: E402

D = "cuda"
BF, F32, I32, I8, F8 = torch.bfloat16, torch.float32, torch.int32, torch.int8, torch.float8_e4m3fn
NODES, WARM_UP, REPEATS = 128, 3, 5
T, W, INNER, HEADS = 2048, 7168, 2048, 128


def random(rows, cols):
    return torch.randn(rows, cols, device=D, dtype=F32).to(BF)


def period(calls, nodes=NODES):
    """Microseconds between launches of `calls` in turn."""
    for call in calls[:2]:
        call()
    torch.cuda.synchronize()
    graph, stream = torch.cuda.CUDAGraph(), torch.cuda.Stream()
    with torch.cuda.graph(graph, stream=stream):
        for i in range(nodes):
            calls[i % len(calls)]()
    begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    for _ in range(WARM_UP):
        graph.replay()
    us = []
    for _ in range(REPEATS):
        begin.record()
        graph.replay()
        end.record()
        end.synchronize()
        us.append(begin.elapsed_time(end) * 1e3 / nodes)
    return round(statistics.median(us), 4)


def report(**record):
    print(json.dumps(record), flush=True)


def blocks(name, kernel, arguments, grid, **options):
    """One block of a program, and a grid of about one an SM."""
    one = tuple(1 for _ in grid)
    launch = lambda g: period([lambda: kernel[g](*arguments, **options)])  # noqa: E731
    report(id=name, us_one_block=launch(one), us_one_block_an_sm=launch(grid), grid=grid)


def casts():
    x, q = random(T, W), torch.empty(T, W, device=D, dtype=F8)
    s, turned = torch.rand(T * W // 128, device=D) + 0.5, torch.empty(W, T, device=D, dtype=I8)
    narrow = x.to(F8)
    grid = (56, 2)
    for rows, warps in ((16, 4), (32, 4), (64, 8)):
        blocks("cast_1x128 BT=%d" % rows, K.cast_1x128, (x, q, s, T, W), grid, BT=rows, num_warps=warps)
    for cols in (32, 64, 128):
        blocks("cast_t BC=%d" % cols, K.cast_t_128x1, (x, turned, s, T, W), grid, BC=cols, num_warps=8)
        blocks("requant_t BC=%d" % cols, K.requant_t, (narrow, s, turned, s, T, W), grid, BC=cols, num_warps=8)
    for warps in (8, 16):
        blocks("cast_128x128 w=%d" % warps, K.cast_128x128, (x, q, s, W), grid, num_warps=warps)
    for side, warps in ((128, 8), (64, 4)):
        blocks("transpose_u8 BR=%d" % side, K.transpose_u8, (q.view(I8), turned, T, W), grid, BR=side, BC=side,
               num_warps=warps)


def rows_and_elements():
    gate_up, dy, d_gate_up = random(T, 2 * INNER), random(T, INNER), torch.empty(T, 2 * INNER, device=D, dtype=BF)
    q, s = torch.empty(T, INNER, device=D, dtype=F8), torch.empty(T * INNER // 128, device=D)
    for rows, warps in ((16, 4), (32, 8)):
        blocks("swiglu_cast BT=%d" % rows, K.swiglu_cast, (gate_up, q, s, T, INNER), (16, 8), BT=rows, num_warps=warps)
    for rows, cols, warps in ((8, 256, 4), (4, 2048, 8)):
        blocks("swiglu_bwd BT=%d" % rows, K.swiglu_bwd, (gate_up, dy, d_gate_up, INNER),
               (INNER // cols, 128 * cols // INNER), BT=rows, BC=cols, num_warps=warps)
    x, y, weight = random(T, W), torch.empty(T, W, device=D, dtype=BF), random(1, W)[0].contiguous()
    for width in (7168, 1536, 512):
        padded = 1 << (width - 1).bit_length()
        for rows, warps in ((1, 8), (1, 4), (4, 4)):
            if rows * padded <= 16384:
                blocks("rmsnorm W=%d BT=%d w=%d" % (width, rows, warps), K.rmsnorm_fwd, (x, weight, y, 1e-6), (132,),
                       W=width, BW=padded, BT=rows, num_warps=warps)
    for size, warps in ((2048, 4), (8192, 8)):
        blocks("add_flat B=%d" % size, K.add_flat, (x, x, y), (132,), BLOCK=size, num_warps=warps)
    logits, bias = torch.randn(T, 256, device=D), torch.randn(256, device=D) * 0.01
    ids, weights = torch.empty(T, 8, device=D, dtype=I32), torch.empty(T, 8, device=D)
    for rows, warps in ((1, 1), (4, 4), (16, 8)):
        blocks("router_topk BT=%d" % rows, K.router_topk, (logits, bias, ids, weights), (128,), BT=rows,
               num_warps=warps)


def ropes():
    cos, sin = torch.randn(4096, 32, device=D), torch.randn(4096, 32, device=D)
    for tokens in (128, 512):
        for pitch, offset in ((192, 128), (128, 0), (64, 0)):
            for sets in (1, 24):
                heads = [random(tokens, HEADS * pitch) for _ in range(sets)]
                calls = [lambda q=q: K.rope_inplace[(4, tokens)](q, cos, sin, HEADS * pitch, HS=pitch, OFF=offset, BH=32,
                                                                num_warps=4) for q in heads]
                report(op="rope", T=tokens, HS=pitch, OFF=offset, sets=sets, us=period(calls, 96))


def softmaxes():
    for cols, counts in ((1024, (4, 528, 1056, 5280)), (512, (4, 528, 5280)), (8192, (1, 132, 264, 528))):
        for rows in counts:
            x = random(rows, cols)
            report(op="softmax", rows=rows, cols=cols, us=period([lambda x=x: torch.softmax(x, -1)], 96))


def gathers():
    for tokens, rows, width in ((512, 4096, 7168), (512, 4096, 1792), (512, 1056, 7168), (4096, 4096, 7168)):
        x, y = random(tokens, width), torch.empty(rows, width, device=D, dtype=BF)
        ids = torch.randint(0, tokens, (rows,), device=D)
        short = ids.to(I32)
        padded = 1 << (width - 1).bit_length()
        report(op="index_select", T=tokens, rows=rows, W=width, us=period([lambda: torch.index_select(x, 0, ids)], 24))
        report(op="gather_rows", T=tokens, rows=rows, W=width,
               us=period([lambda: K.gather_rows[(rows,)](x, short, y, W=width, BW=padded, num_warps=8)], 24))


if __name__ == "__main__":
    words = torch.zeros(4096, dtype=I32, device=D)
    for count in (1, 4, 8, 16):
        blocks("nop w=%d" % count, K.nop_kernel, (words,), (132,), num_warps=count)
    casts()
    rows_and_elements()
    ropes()
    softmaxes()
    gathers()
