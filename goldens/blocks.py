#!/usr/bin/env python3
"""Makes crates/weights/tests/data/blocks.json: random blocks of every weight format and the f32 values they mean.

The values are those of PyPI gguf's own numpy decoders; the crate's decoders must equal them bit for bit.
Versions: requirements.txt. Needs numpy and gguf only.
"""

import json
from pathlib import Path

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as Q
from gguf.quants import dequantize

OUT = Path(__file__).parent.parent / "crates" / "weights" / "tests" / "data" / "blocks.json"

# Where a block's f16 scales lie. They are drawn as finite numbers: an infinite scale times zero is a NaN, whose bits
# differ from machine to machine. Everything else in a block is any bits.
SCALES = {
    Q.Q4_0: (0,), Q.Q4_1: (0, 2), Q.Q5_0: (0,), Q.Q5_1: (0, 2), Q.Q8_0: (0,),
    Q.Q4_K: (0, 2), Q.Q5_K: (0, 2), Q.Q6_K: (208,),
}
FLOATS = {Q.F32: "<u4", Q.F16: "<u2", Q.BF16: "<u2"}

# Corners of f16 scales: zero, minus zero, smallest and largest subnormal, smallest normal, one, minus one, largest.
CORNERS = (0x0000, 0x8000, 0x0001, 0x03FF, 0x0400, 0x3C00, 0xBC00, 0x7BFF)


def finite_f16(rng):
    """Bits of a random finite f16, any exponent."""
    return (int(rng.integers(0, 2)) << 15) | int(rng.integers(0, 0x7C00))


def quantised(kind, rng):
    """Random blocks, the first of them with the corner scales, then one of all zero and one of all one bits."""
    length, size = GGML_QUANT_SIZES[kind]
    count = 6 if length > 32 else len(CORNERS) + 8
    blocks = rng.integers(0, 256, (count, size), dtype=np.uint8)
    blocks[count - 2], blocks[count - 1] = 0x00, 0xFF
    for i in range(count - 1):
        for at in SCALES[kind]:
            bits = CORNERS[(i + at) % len(CORNERS)] if i < 4 else finite_f16(rng)
            blocks[i, at : at + 2] = np.frombuffer(np.uint16(bits).tobytes(), np.uint8)
    for at in SCALES[kind]:
        blocks[count - 1, at : at + 2] = (0xFF, 0x7B)
    return blocks.reshape(1, -1)


def floats(kind, rng):
    """Random bits without NaN, after zeros, infinities and subnormals."""
    dtype = np.dtype(FLOATS[kind])
    exponent = {Q.F32: 0x7F800000, Q.F16: 0x7C00, Q.BF16: 0x7F80}[kind]
    sign = 1 << (8 * dtype.itemsize - 1)
    corners = np.array([0, sign, 1, sign | 1, exponent, sign | exponent, exponent - 1], dtype)
    rest = rng.integers(0, 2 * sign, 57, dtype=np.uint64).astype(dtype)
    return np.concatenate([corners, rest[(rest & exponent) != exponent]]).view(np.uint8).reshape(1, -1)


def main():
    """Writes one entry per format."""
    rng = np.random.Generator(np.random.Philox(20261121))
    entries = []
    for kind in [Q.F32, Q.F16, Q.BF16, Q.Q4_0, Q.Q4_1, Q.Q5_0, Q.Q5_1, Q.Q8_0, Q.Q4_K, Q.Q5_K, Q.Q6_K]:
        data = floats(kind, rng) if kind in FLOATS else quantised(kind, rng)
        view = data.view("<f4") if kind == Q.F32 else data.view("<f2") if kind == Q.F16 else data
        with np.errstate(all="ignore"):
            values = np.ascontiguousarray(dequantize(view, kind), np.dtype("<f4")).reshape(-1)
        assert not np.isnan(values).any(), kind
        entries.append({"dtype": kind.name, "bytes": data.tobytes().hex(), "values": values.tobytes().hex()})
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(entries, indent=1) + "\n")
    print(OUT.name, OUT.stat().st_size, "bytes")


main()
