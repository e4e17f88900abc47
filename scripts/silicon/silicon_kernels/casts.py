"""Triton casts from BF16 to E4M3 with scales of 128 values, and a stamp of every SM's clock."""

import triton
import triton.language as tl

GROUP = 128
LARGEST = tl.constexpr(448.0)
SMALLEST = tl.constexpr(1e-4)


@triton.jit
def cast_1x128(x, q, s, width, ROWS: tl.constexpr):
    """ROWS x 128 values a block; a scale per row and 128 columns."""
    row = tl.program_id(1) * ROWS + tl.arange(0, ROWS)
    column = tl.program_id(0) * 128 + tl.arange(0, 128)
    at = row[:, None] * width + column[None, :]
    value = tl.load(x + at).to(tl.float32)
    scale = tl.maximum(tl.max(tl.abs(value), 1), SMALLEST) / LARGEST
    tl.store(q + at, (value / scale[:, None]).to(tl.float8e4nv))
    tl.store(s + row * (width // 128) + tl.program_id(0), scale)


@triton.jit
def cast_t_128x1(x, q, s, tokens, width, COLUMNS: tl.constexpr):
    """128 x COLUMNS values a block, written transposed; a scale per column and 128 rows."""
    row = tl.program_id(1) * 128 + tl.arange(0, 128)
    column = tl.program_id(0) * COLUMNS + tl.arange(0, COLUMNS)
    value = tl.load(x + row[:, None] * width + column[None, :]).to(tl.float32)
    scale = tl.maximum(tl.max(tl.abs(value), 0), SMALLEST) / LARGEST
    turned = tl.trans((value / scale[None, :]).to(tl.float8e4nv))
    tl.store(q + column[:, None] * tokens + row[None, :], turned)
    tl.store(s + tl.program_id(1) * width + column, scale)


@triton.jit
def copy_flat(x, y, COUNT: tl.constexpr):
    at = tl.program_id(0).to(tl.int64) * COUNT + tl.arange(0, COUNT)
    tl.store(y + at, tl.load(x + at))


@triton.jit
def stamp(out):
    """Clock, nanoseconds and number of the SM that this block runs on."""
    at = tl.program_id(0) + tl.arange(0, 1)
    clock = tl.inline_asm_elementwise("mov.u64 $0, %clock64;", "=l,r", [at], tl.int64, is_pure=False, pack=1)
    time = tl.inline_asm_elementwise("mov.u64 $0, %globaltimer;", "=l,r", [at], tl.int64, is_pure=False, pack=1)
    sm = tl.inline_asm_elementwise("mov.u32 $0, %smid;", "=r,r", [at], tl.int32, is_pure=False, pack=1)
    tl.store(out + at * 3, clock)
    tl.store(out + at * 3 + 1, time)
    tl.store(out + at * 3 + 2, sm.to(tl.int64))
