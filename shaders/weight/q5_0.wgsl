// Q5_0: d * (q - 16), q of 5 bits, one d for 32 weights; four words of low bits, then one of fifth bits.

fn weight_8(index: u32) -> Eight {
    let block = index / 4u;
    let group = index % 4u;
    let d = half_word(scales[block / 2u], block);
    let q = nibbles(quants[block * 5u + group]);
    let fifth = single_bits(quants[block * 5u + 4u] >> (8u * group));
    return Eight(d * (q.lo + 16.0 * fifth.lo - 16.0), d * (q.hi + 16.0 * fifth.hi - 16.0));
}
