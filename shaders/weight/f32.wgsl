// f32: a word per weight.

fn weight_8(index: u32) -> Eight {
    let at = index * 8u;
    return Eight(
        bitcast<vec4<f32>>(vec4<u32>(quants[at], quants[at + 1u], quants[at + 2u], quants[at + 3u])),
        bitcast<vec4<f32>>(vec4<u32>(quants[at + 4u], quants[at + 5u], quants[at + 6u], quants[at + 7u])),
    );
}
