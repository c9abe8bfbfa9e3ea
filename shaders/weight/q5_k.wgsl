// Q5_K: as Q4_K with q of 5 bits; per run four words of low bits, then one of fifth bits.

fn weight_8(index: u32) -> Eight {
    let head = index / 32u * 5u;
    let run = index / 4u;
    let group = index % 4u;
    let of_block = run % 8u;
    let d = unpack2x16float(scales[head]);
    let pair = scales[head + 1u + of_block / 2u] >> (16u * (of_block % 2u));
    let scale = d.x * f32(pair & 255u);
    let minimum = d.y * f32((pair >> 8u) & 255u);
    let q = nibbles(quants[run * 5u + group]);
    let fifth = single_bits(quants[run * 5u + 4u] >> (8u * group));
    return Eight(scale * (q.lo + 16.0 * fifth.lo) - minimum, scale * (q.hi + 16.0 * fifth.hi) - minimum);
}
