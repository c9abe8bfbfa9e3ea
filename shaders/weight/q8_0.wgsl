// Q8_0: d * q, q a signed byte, one d for 32 weights.

fn eight_bytes(d: f32, at: u32) -> Eight {
    return Eight(d * signed_bytes(quants[at]), d * signed_bytes(quants[at + 1u]));
}

fn weight_8(index: u32) -> Eight {
    let block = index / 4u;
    return eight_bytes(half_word(scales[block / 2u], block), index * 2u);
}

fn weight_32(index: u32) -> Run {
    let block = index / 4u;
    let d = half_word(scales[block / 2u], block);
    let at = index * 2u;
    return Run(eight_bytes(d, at), eight_bytes(d, at + 2u), eight_bytes(d, at + 4u), eight_bytes(d, at + 6u));
}
