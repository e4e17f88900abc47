#!/usr/bin/python3
"""Makes tests/validation/h200_numerics/vectors.json: a compact part of the vectors recorded on an H200.

Takes manifests (vectors.json, as numerics.cu and silicon/numerics_edges.cu write them) and keeps of each file the
first rows of its first trials, or the first conversions and those with special operands, as hexadecimal text in a
manifest of the same form.

    h200_numerics_subset.py MANIFEST... > tests/validation/h200_numerics/vectors.json
"""

import json
import struct
import sys
from pathlib import Path

TRIALS, ROWS = 2, 8     # of wgmma vectors
CONVERSIONS = 384       # records of a conversion


def wgmma(entry, data):
    size = 1 if entry["type"] in ("e4m3", "e5m2") else 2
    m, n, k = entry["m"], entry["n"], entry["k"]
    rows, trials = min(ROWS, m), min(TRIALS, entry["trials"])
    kept = b""
    for t in range(trials):
        trial = data[t * entry["trial_bytes"]:(t + 1) * entry["trial_bytes"]]
        a, b, c = m * k * size, n * k * size, m * n * 4
        kept += trial[:rows * k * size] + trial[a:a + b]
        kept += trial[a + b:a + b + rows * n * 4] + trial[a + b + c:a + b + c + rows * n * 4]
    keys = ("file", "kind", "type")
    return {**{key: entry[key] for key in keys}, "m": rows, "n": n, "k": k,
            "k_per_instruction": entry["k_per_instruction"], "trials": trials, "hex": kept.hex()}


def conversion(entry, data):
    width = 5 if "uint8" in entry["record"] else 6
    records = [data[i:i + width] for i in range(0, len(data), width)]
    special = [r for r in records if struct.unpack("<I", r[:4])[0] & 0x7F800000 == 0x7F800000]
    kept = records[:CONVERSIONS] + special[:32]
    return {"file": entry["file"], "kind": entry["kind"], "record": entry["record"], "records": len(kept),
            "hex": b"".join(kept).hex()}


def main(manifests):
    vectors = []
    for manifest in map(Path, manifests):
        for entry in json.loads(manifest.read_text())["vectors"]:
            data = (manifest.parent / entry["file"]).read_bytes()
            vectors.append((wgmma if entry["kind"] == "wgmma" else conversion)(entry, data))
    meta = {"what": "one wgmma on an NVIDIA H200: D = A*B^T + C; and conversions; a part of what was recorded",
            "architecture": "hopper", "made_by": "scripts/validation/h200_numerics_subset.py"}
    lines = ",\n".join("  " + json.dumps(v) for v in vectors)
    print("{\"meta\": " + json.dumps(meta) + ",\n\"vectors\": [\n" + lines + "\n]}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
