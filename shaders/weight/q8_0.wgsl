// Q8_0: d * q, q a signed byte, one d for 32 weights.

fn weight_8(index: u32) -> Eight {
    let block = index / 4u;
    let d = half_word(scales[block / 2u], block);
    let at = index * 2u;
    return Eight(d * signed_bytes(quants[at]), d * signed_bytes(quants[at + 1u]));
}
