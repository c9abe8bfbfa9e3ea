// Of each row of x and each chunk of the head's outputs: the largest logit, the sum of exp(logit - largest), and how many
// logits are not finite; logits are sum_c x[r, c] * weight[o, c]. So the softmax's denominator needs no logits in memory:
// it is summed online (Milakov and Gimelshein, arXiv 1805.02867).
//
// A workgroup of 8 by 8 goes over one chunk for 32 rows, each invocation with four rows by four outputs in registers as
// in matmul. y is `[n_rows, n_chunks, 4]` words. The order of a row's sums depends on the chunk alone.

struct Params {
    n_rows: u32,
    n_out: u32,
    // Groups of eight columns.
    groups: u32,
    // Outputs of a chunk, a multiple of 32.
    chunk: u32,
    // Chunks of a row in y, and the place of this dispatch's first: of a table in shards each is a dispatch.
    n_chunks: u32,
    first_chunk: u32,
    _pad0: u32,
    _pad1: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> quants: array<u32>;
@group(0) @binding(2) var<storage, read> scales: array<u32>;
@group(0) @binding(3) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> y: array<vec4<u32>>;

const LOWEST: f32 = -3.4e38;

// Of one row so far.
struct Powers {
    largest: f32,
    sum: f32,
    faults: u32,
}

var<workgroup> all: array<Powers, 256>;

const LANES: u32 = 1u;
const ROWS: u32 = 4u;

// Four columns of a row of x.
fn x_quarter(row: u32, c: u32) -> vec4<f32> {
    return x[row * params.groups * 2u + c];
}

fn joined(a: Powers, b: Powers) -> Powers {
    let largest = max(a.largest, b.largest);
    let sum = a.sum * exp(a.largest - largest) + b.sum * exp(b.largest - largest);
    return Powers(largest, sum, a.faults + b.faults);
}

// With four more logits, of which the first `n` count.
fn consider(before: Powers, logits: vec4<f32>, n: u32) -> Powers {
    var counted = vec4<bool>(n > 0u, n > 1u, n > 2u, n > 3u);
    // By the bits: WGSL lets a compiler assume that nothing is infinite or no number.
    let is_finite = (bitcast<vec4<u32>>(logits) & vec4<u32>(0x7f800000u)) != vec4<u32>(0x7f800000u);
    let faults = select(vec4<u32>(0u), vec4<u32>(1u), counted & !is_finite);
    counted = counted & is_finite;
    let values = select(vec4<f32>(LOWEST), logits, counted);
    let largest = max(max(values.x, values.y), max(values.z, values.w));
    let powers = select(vec4<f32>(0.0), exp(values - largest), counted);
    let sum = powers.x + powers.y + powers.z + powers.w;
    return joined(before, Powers(largest, sum, faults.x + faults.y + faults.z + faults.w));
}

@compute @workgroup_size(8, 8)
fn head_sums(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
    let first_row = (group.y * 8u + local.y) * 4u;
    // Past the end the last one is computed again and not written: every invocation takes part in the sums.
    let r = min(vec4<u32>(first_row, first_row + 1u, first_row + 2u, first_row + 3u), vec4<u32>(params.n_rows - 1u));
    let first = group.x * params.chunk;
    let end = min(first + params.chunk, params.n_out);
    var row0 = Powers(LOWEST, 0.0, 0u);
    var row1 = row0;
    var row2 = row0;
    var row3 = row0;
    for (var tile = first; tile < end; tile += 32u) {
        let out = tile + local.x * 4u;
        let w_at = min(vec4<u32>(out, out + 1u, out + 2u, out + 3u), vec4<u32>(params.n_out - 1u)) * params.groups;
        let sums = four_outputs(w_at, r, 0u, local.x);
        let n = end - min(out, end);
        row0 = consider(row0, sums.row0, n);
        row1 = consider(row1, sums.row1, n);
        row2 = consider(row2, sums.row2, n);
        row3 = consider(row3, sums.row3, n);
    }
    let at = local.y * 32u + local.x;
    all[at] = row0;
    all[at + 8u] = row1;
    all[at + 16u] = row2;
    all[at + 24u] = row3;
    workgroupBarrier();
    let mine = local.y * 8u + local.x;
    let row = group.y * 32u + mine;
    if mine < 32u && row < params.n_rows {
        var whole = all[mine * 8u];
        for (var i = 1u; i < 8u; i++) {
            whole = joined(whole, all[mine * 8u + i]);
        }
        let to = row * params.n_chunks + params.first_chunk + group.x;
        y[to] = vec4<u32>(bitcast<u32>(whole.largest), bitcast<u32>(whole.sum), whole.faults, 0u);
    }
}
