// Q4_0: d * (q - 8), q of 4 bits, one d for 32 weights.

fn weight_8(index: u32) -> Eight {
    let block = index / 4u;
    let d = half_word(scales[block / 2u], block);
    let q = nibbles(quants[index]);
    return Eight(d * (q.lo - 8.0), d * (q.hi - 8.0));
}
