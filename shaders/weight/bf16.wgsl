// bf16: two weights per word, each the upper half of an f32.

fn brain_pair(word: u32) -> vec2<f32> {
    return bitcast<vec2<f32>>(vec2<u32>(word << 16u, word & 0xffff0000u));
}

fn weight_8(index: u32) -> Eight {
    let at = index * 4u;
    return Eight(
        vec4<f32>(brain_pair(quants[at]), brain_pair(quants[at + 1u])),
        vec4<f32>(brain_pair(quants[at + 2u]), brain_pair(quants[at + 3u])),
    );
}
