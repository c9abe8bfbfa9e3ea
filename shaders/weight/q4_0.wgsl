// Q4_0: d * (q - 8), q of 4 bits, one d for 32 weights.

fn four_bits(d: f32, word: u32) -> Eight {
    let q = nibbles(word);
    return Eight(d * (q.lo - 8.0), d * (q.hi - 8.0));
}

fn weight_8(index: u32) -> Eight {
    let block = index / 4u;
    return four_bits(half_word(scales[block / 2u], block), quants[index]);
}

fn weight_32(index: u32) -> Run {
    let block = index / 4u;
    let d = half_word(scales[block / 2u], block);
    return Run(
        four_bits(d, quants[index]),
        four_bits(d, quants[index + 1u]),
        four_bits(d, quants[index + 2u]),
        four_bits(d, quants[index + 3u]),
    );
}
