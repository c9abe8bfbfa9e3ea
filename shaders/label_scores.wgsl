// The logarithm of each label's probability: over the edges of its path the logit less the softmax's denominator, which
// is over the vocabulary (the chunks of head_sums) where there are chunks, or else over the edge and its siblings.
//
// One invocation computes one label, so a batch of labels is read back as one number each. A logit or denominator that is
// not finite makes a score that is no number.

struct Params {
    n_labels: u32,
    // Chunks of a row in `sums`; 0 where probabilities are among siblings.
    n_chunks: u32,
    _pad0: u32,
    _pad1: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// Per label its last edge; then per edge its parent or NONE, its row of `sums`, where in this array the list of it and
// its siblings begins, and that list's length; then the lists.
@group(0) @binding(1) var<storage, read> tree: array<u32>;
@group(0) @binding(2) var<storage, read> logits: array<f32>;
@group(0) @binding(3) var<storage, read> sums: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read_write> y: array<u32>;

override WORKGROUP: u32 = 64u;

const LOWEST: f32 = -3.4e38;
const NONE: u32 = 0xffffffffu;
const NO_NUMBER: u32 = 0x7fc00000u;

// By the bits: WGSL lets a compiler assume that nothing is infinite or no number.
fn is_finite(value: f32) -> bool {
    return (bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u;
}

struct Denominator {
    largest: f32,
    sum: f32,
    faults: u32,
}

fn over_vocabulary(row: u32) -> Denominator {
    let first = row * params.n_chunks;
    var largest = LOWEST;
    for (var i = 0u; i < params.n_chunks; i++) {
        largest = max(largest, bitcast<f32>(sums[first + i].x));
    }
    var sum = 0.0;
    var faults = 0u;
    for (var i = 0u; i < params.n_chunks; i++) {
        let chunk = sums[first + i];
        sum += bitcast<f32>(chunk.y) * exp(bitcast<f32>(chunk.x) - largest);
        faults += chunk.z;
    }
    return Denominator(largest, sum, faults);
}

fn over_siblings(list: u32, n: u32) -> Denominator {
    var largest = LOWEST;
    var faults = 0u;
    for (var i = 0u; i < n; i++) {
        let logit = logits[tree[list + i]];
        if is_finite(logit) {
            largest = max(largest, logit);
        } else {
            faults += 1u;
        }
    }
    var sum = 0.0;
    for (var i = 0u; i < n; i++) {
        sum += exp(logits[tree[list + i]] - largest);
    }
    return Denominator(largest, sum, faults);
}

@compute @workgroup_size(WORKGROUP)
fn label_scores(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.n_labels {
        return;
    }
    var edge = tree[id.x];
    var score = 0.0;
    var faults = 0u;
    while edge != NONE {
        let at = params.n_labels + edge * 4u;
        var below: Denominator;
        if params.n_chunks > 0u {
            below = over_vocabulary(tree[at + 1u]);
        } else {
            below = over_siblings(tree[at + 2u], tree[at + 3u]);
        }
        let logit = logits[edge];
        if is_finite(logit) {
            score += (logit - below.largest) - log(below.sum);
        } else {
            faults += 1u;
        }
        faults += below.faults;
        edge = tree[at];
    }
    y[id.x] = select(NO_NUMBER, bitcast<u32>(score), faults == 0u && is_finite(score));
}
