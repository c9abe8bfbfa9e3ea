// The best output of each row and workgroup: argmax over o of sum_c n[r, c] * weight[o, c], with n the normed residual
// stream (norm/residual.wgsl). Equals go to the lower output. So greedy decoding needs no logits in memory.
//
// LANES invocations share four outputs of ROWS rows (1, 2 or 4), as in norm_matvec; a workgroup goes over `tiles` times
// WORKGROUP / LANES * 4 outputs and writes one pair of output and value per row. A value that is not finite makes the
// pair (FAULT, 3.4e38).

struct Params {
    n_rows: u32,
    n_out: u32,
    // Groups of eight columns.
    groups: u32,
    // Number of the matrix's first output: of a table in shards each is a dispatch.
    first: u32,
    // Pairs of a row, and the place of this dispatch's first.
    n_pairs: u32,
    first_pair: u32,
    // 1 where z is to be normed and added.
    adds: u32,
    eps: f32,
    tiles: u32,
    _pad0: u32,
    _pad1: u32,
    _pad2: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> quants: array<u32>;
@group(0) @binding(2) var<storage, read> scales: array<u32>;
@group(0) @binding(3) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> z_gain: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> gain: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> sum: array<vec4<f32>>;
@group(0) @binding(8) var<storage, read_write> pairs: array<vec2<u32>>;

override WORKGROUP: u32 = 64u;
override LANES: u32 = 8u;
override ROWS: u32 = 1u;

const LOWEST: f32 = -3.4e38;
const HIGHEST: f32 = 3.4e38;
const NONE: u32 = 0xffffffffu;
const FAULT: u32 = 0xfffffffeu;

struct Best {
    output: u32,
    value: f32,
}

// Per group of lanes and row its best.
var<workgroup> outputs: array<vec4<u32>, WORKGROUP>;
var<workgroup> values: array<vec4<f32>, WORKGROUP>;

fn better(a: Best, b: Best) -> Best {
    if b.value > a.value || (b.value == a.value && b.output < a.output) {
        return b;
    }
    return a;
}

fn consider(best: Best, out: u32, sums: vec4<f32>) -> Best {
    var now = best;
    for (var i = 0u; i < 4u; i++) {
        // By the bits: WGSL lets a compiler assume that nothing is infinite or no number.
        let is_finite = (bitcast<u32>(sums[i]) & 0x7f800000u) != 0x7f800000u;
        if out + i < params.n_out {
            if is_finite {
                now = better(now, Best(params.first + out + i, sums[i]));
            } else {
                now = Best(FAULT, HIGHEST);
            }
        }
    }
    return now;
}

fn put(row: u32, pair: u32, slot: u32) {
    if row >= params.n_rows {
        return;
    }
    var best = Best(NONE, LOWEST);
    for (var i = 0u; i < WORKGROUP / LANES; i++) {
        best = better(best, Best(outputs[i][slot], values[i][slot]));
    }
    pairs[row * params.n_pairs + params.first_pair + pair] = vec2<u32>(best.output, bitcast<u32>(best.value));
}

@compute @workgroup_size(WORKGROUP)
fn norm_best(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let row = group.y * ROWS;
    let lane = local % LANES;
    let slots = vec4<u32>(0u, 1u, 2u, 3u);
    norm_rows(row, local, group.x == 0u);
    var best0 = Best(NONE, LOWEST);
    var best1 = best0;
    var best2 = best0;
    var best3 = best0;
    for (var tile = 0u; tile < params.tiles; tile++) {
        let out = ((group.x * params.tiles + tile) * (WORKGROUP / LANES) + local / LANES) * 4u;
        let w_at = min(vec4<u32>(out, out + 1u, out + 2u, out + 3u), vec4<u32>(params.n_out - 1u)) * params.groups;
        let sums = four_outputs(w_at, slots, lane, local);
        best0 = consider(best0, out, reduce_add4(sums.row0, local));
        if ROWS > 1u {
            best1 = consider(best1, out, reduce_add4(sums.row1, local));
        }
        if ROWS > 2u {
            best2 = consider(best2, out, reduce_add4(sums.row2, local));
            best3 = consider(best3, out, reduce_add4(sums.row3, local));
        }
    }
    if lane == 0u {
        outputs[local / LANES] = vec4<u32>(best0.output, best1.output, best2.output, best3.output);
        values[local / LANES] = vec4<f32>(best0.value, best1.value, best2.value, best3.value);
    }
    workgroupBarrier();
    if local < ROWS {
        put(row + local, group.x, local);
    }
}
