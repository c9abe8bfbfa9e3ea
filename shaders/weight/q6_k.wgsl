// Q6_K: d * scale * (q - 32), q of 6 bits, 256 weights with a signed scale for each 16; per run of 32 four words of
// low bits, then two of upper ones.

fn weight_8(index: u32) -> Eight {
    let head = index / 32u * 5u;
    let run = index / 4u;
    let group = index % 4u;
    let sixteenth = index % 32u / 2u;
    let packed = scales[head + 1u + sixteenth / 4u] << (24u - 8u * (sixteenth % 4u));
    let d = unpack2x16float(scales[head]).x * f32(bitcast<i32>(packed) >> 24u);
    let q = nibbles(quants[run * 6u + group]);
    let upper = bit_pairs(quants[run * 6u + 4u + group / 2u] >> (16u * (group % 2u)));
    return Eight(d * (q.lo + 16.0 * upper.lo - 32.0), d * (q.hi + 16.0 * upper.hi - 32.0));
}
