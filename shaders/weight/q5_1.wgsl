// Q5_1: d * q + m, q of 5 bits, one d and m for 32 weights; four words of low bits, then one of fifth bits.

fn weight_8(index: u32) -> Eight {
    let block = index / 4u;
    let group = index % 4u;
    let dm = unpack2x16float(scales[block]);
    let q = nibbles(quants[block * 5u + group]);
    let fifth = single_bits(quants[block * 5u + 4u] >> (8u * group));
    return Eight(dm.x * (q.lo + 16.0 * fifth.lo) + dm.y, dm.x * (q.hi + 16.0 * fifth.hi) + dm.y);
}
