// Q4_1: d * q + m, q of 4 bits, one d and m for 32 weights.

fn weight_8(index: u32) -> Eight {
    let dm = unpack2x16float(scales[index / 4u]);
    let q = nibbles(quants[index]);
    return Eight(dm.x * q.lo + dm.y, dm.x * q.hi + dm.y);
}
