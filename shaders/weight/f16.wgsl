// f16: two weights per word. Read without the device's f16: the unpacking is part of every WGSL.

fn weight_8(index: u32) -> Eight {
    let at = index * 4u;
    return Eight(
        vec4<f32>(unpack2x16float(quants[at]), unpack2x16float(quants[at + 1u])),
        vec4<f32>(unpack2x16float(quants[at + 2u]), unpack2x16float(quants[at + 3u])),
    );
}
