// Eight consecutive weights of a row, and the parts that formats are made of.
//
// `quants` and `scales` are declared by the kernel; `weight_8(index)` by the format's file, with `index` counting
// groups of eight over all rows. A run is 32 weights, four groups.

struct Eight {
    lo: vec4<f32>,
    hi: vec4<f32>,
}

// 32 weights: what `weight_32(index)` gives, with `index` counting groups of eight.
struct Run {
    a: Eight,
    b: Eight,
    c: Eight,
    d: Eight,
}

// Eight 4-bit values, the first in the lowest bits.
fn nibbles(word: u32) -> Eight {
    let shifts = vec4<u32>(0u, 4u, 8u, 12u);
    let lo = (vec4<u32>(word) >> shifts) & vec4<u32>(15u);
    let hi = (vec4<u32>(word >> 16u) >> shifts) & vec4<u32>(15u);
    return Eight(vec4<f32>(lo), vec4<f32>(hi));
}

// Eight 1-bit values in the lowest byte.
fn single_bits(word: u32) -> Eight {
    let shifts = vec4<u32>(0u, 1u, 2u, 3u);
    let lo = (vec4<u32>(word) >> shifts) & vec4<u32>(1u);
    let hi = (vec4<u32>(word >> 4u) >> shifts) & vec4<u32>(1u);
    return Eight(vec4<f32>(lo), vec4<f32>(hi));
}

// Eight 2-bit values in the lower half.
fn bit_pairs(word: u32) -> Eight {
    let shifts = vec4<u32>(0u, 2u, 4u, 6u);
    let lo = (vec4<u32>(word) >> shifts) & vec4<u32>(3u);
    let hi = (vec4<u32>(word >> 8u) >> shifts) & vec4<u32>(3u);
    return Eight(vec4<f32>(lo), vec4<f32>(hi));
}

// Four signed bytes.
fn signed_bytes(word: u32) -> vec4<f32> {
    let shifted = vec4<i32>(vec4<u32>(word) << vec4<u32>(24u, 16u, 8u, 0u));
    return vec4<f32>(shifted >> vec4<u32>(24u));
}

// The f16 of a block, two blocks to a word.
fn half_word(word: u32, block: u32) -> f32 {
    let pair = unpack2x16float(word);
    return select(pair.x, pair.y, block % 2u == 1u);
}

// Eight activations against four rows of weights.
fn product(lo: vec4<f32>, hi: vec4<f32>, w0: Eight, w1: Eight, w2: Eight, w3: Eight) -> vec4<f32> {
    return vec4<f32>(
        dot(lo, w0.lo) + dot(hi, w0.hi),
        dot(lo, w1.lo) + dot(hi, w1.hi),
        dot(lo, w2.lo) + dot(hi, w2.hi),
        dot(lo, w3.lo) + dot(hi, w3.hi),
    );
}
