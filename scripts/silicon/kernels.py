"""GEMMs of the library and Triton casts on one GPU, as cases in the form that `tessera validate --data FILE` reads.

    kernels.py OUT.json [--list] [--only FAMILY]      needs PyTorch and Triton

A case's us is the period in a replayed graph over more inputs than the L2 holds (gap included); sm_mhz is the mean SM
clock while it ran, from the SMs' own counters; tile, grid, block and shared memory come from the kernel that ran.
"""

import argparse
import json
import re
import sys
from pathlib import Path

GEMM_SHAPES = ((4096, 2112, 7168), (4096, 7168, 2048), (4096, 4096, 7168), (8192, 8192, 8192), (64, 7168, 2048),
               (128, 4096, 7168))
CAST_SHAPES = ((4096, 7168), (4096, 2048), (32768, 7168))
GEMMS = ("bf16_tn", "fp8_tensor_fast", "fp8_tensor")
CASTS = ("cast_1x128", "cast_128x1_transpose", "mem_copy")


def listing():
    """(family, variant, shape) of every case, without a GPU."""
    for variant in GEMMS:
        for m, n, k in GEMM_SHAPES:
            yield "gemm", variant, {"M": m, "N": n, "K": k}
    for family in CASTS:
        for t, w in CAST_SHAPES:
            yield family, None, {"bytes": 2 * t * w} if family == "mem_copy" else {"T": t, "W": w}


def tile_of(name):
    """Tile, stages and cluster as cuBLASLt writes them into a kernel's name; None for other kernels."""
    match = re.search(r"nvjet_\w*?_(\d+)x(\d+)_(\d+)x(\d+)_(\d+)x(\d+)_", name)
    if not match:
        return None
    m, n, k, stages, cluster_m, cluster_n = map(int, match.groups())
    return {"m": m, "n": n, "k": k, "stages": stages, "cluster_m": cluster_m, "cluster_n": cluster_n}


def case(family, variant, shape, us, mhz, moved, kernels):
    """One case; kernels: (name, grid, block, shared memory) as a profiler shows them."""
    out = {"section": "gemm" if family == "gemm" else "quant", "family": family}
    if variant:
        out["variant"] = variant
    out.update(dtype="bf16" if (variant or "").startswith("bf16") else "fp8" if variant else "bf16/fp8", shape=shape,
               us=round(us, 4), sm_mhz=round(mhz, 1), cold_l2=True, bytes=moved)
    tile = next((tile_of(k[0]) for k in kernels if tile_of(k[0])), None)
    if tile:
        out["tile"] = tile
    out["kernels"] = [{"name": n[:60], "grid": g, "block": b, "smem": s} for n, g, b, s in kernels]
    return out


def write(path, source, cases):
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    path.write_text(f'{{"source": {json.dumps(source)},\n"cases": [\n{lines}\n]}}\n')


def measure(only):
    """Yields the cases; a library that refuses one says so on stderr."""
    from silicon_kernels import torch_kernels  # noqa: PLC0415  (PyTorch is needed only here)

    for family, variant, shape in listing():
        if only and family != only:
            continue
        try:
            yield case(family, variant, shape, *torch_kernels.run(family, variant, shape))
        except (RuntimeError, ValueError, NotImplementedError) as error:
            print(f"{family} {variant or ''} {shape}: {str(error).splitlines()[0]}", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--only")
    parser.add_argument("--source", default="own run")
    args = parser.parse_args()
    if args.list:
        for family, variant, shape in listing():
            print(family, variant or "-", " ".join(f"{k}={v}" for k, v in shape.items()))
        return
    if not args.out:
        parser.error("name a file to write")
    write(args.out, args.source, measure(args.only))


if __name__ == "__main__":
    main()
