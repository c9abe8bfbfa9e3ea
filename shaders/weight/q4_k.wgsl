// Q4_K: d * scale * q - dmin * minimum, q of 4 bits, 256 weights in eight runs with a scale and a minimum each.

fn weight_8(index: u32) -> Eight {
    let head = index / 32u * 5u;
    let run = index / 4u % 8u;
    let d = unpack2x16float(scales[head]);
    let pair = scales[head + 1u + run / 2u] >> (16u * (run % 2u));
    let scale = d.x * f32(pair & 255u);
    let minimum = d.y * f32((pair >> 8u) & 255u);
    let q = nibbles(quants[index]);
    return Eight(scale * q.lo - minimum, scale * q.hi - minimum);
}
