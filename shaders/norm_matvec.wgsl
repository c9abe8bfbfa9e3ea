// y[r, first + o] = sum_c n[r, c] * weight[o, c] with n the normed residual stream (norm/residual.wgsl): the norm after
// the block before, the residual, the norm before this product and the product, for the few rows of a decode step.
//
// LANES invocations share four outputs of ROWS rows (1, 2 or 4), as in matvec; a workgroup computes `tiles` times
// WORKGROUP / LANES * 4 outputs. The first one of a row writes the residual stream to `sum`.

struct Params {
    n_rows: u32,
    n_out: u32,
    // Groups of eight columns.
    groups: u32,
    // Where the matrix's first output goes in a row of y, and the width of such a row.
    first: u32,
    stride: u32,
    // 1 where z is to be normed and added.
    adds: u32,
    eps: f32,
    tiles: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> quants: array<u32>;
@group(0) @binding(2) var<storage, read> scales: array<u32>;
@group(0) @binding(3) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> z_gain: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> gain: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> sum: array<vec4<f32>>;
@group(0) @binding(8) var<storage, read_write> y: array<f32>;

override WORKGROUP: u32 = 64u;
override LANES: u32 = 8u;
override ROWS: u32 = 1u;

fn put(row: u32, out: u32, sums: vec4<f32>) {
    if row >= params.n_rows {
        return;
    }
    let at = row * params.stride + params.first + out;
    for (var i = 0u; i < 4u; i++) {
        if out + i < params.n_out {
            y[at + i] = sums[i];
        }
    }
}

@compute @workgroup_size(WORKGROUP)
fn norm_matvec(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let row = group.y * ROWS;
    let lane = local % LANES;
    let slots = vec4<u32>(0u, 1u, 2u, 3u);
    norm_rows(row, local, group.x == 0u);
    for (var tile = 0u; tile < params.tiles; tile++) {
        let out = ((group.x * params.tiles + tile) * (WORKGROUP / LANES) + local / LANES) * 4u;
        // Past the end the last one is computed again and not written: every invocation takes part in the sums.
        let w_at = min(vec4<u32>(out, out + 1u, out + 2u, out + 3u), vec4<u32>(params.n_out - 1u)) * params.groups;
        let sums = four_outputs(w_at, slots, lane, local);
        let total0 = reduce_add4(sums.row0, local);
        if lane == 0u {
            put(row, out, total0);
        }
        if ROWS > 1u {
            let total1 = reduce_add4(sums.row1, local);
            if lane == 0u {
                put(row + 1u, out, total1);
            }
        }
        if ROWS > 2u {
            let total2 = reduce_add4(sums.row2, local);
            let total3 = reduce_add4(sums.row3, local);
            if lane == 0u {
                put(row + 2u, out, total2);
                put(row + 3u, out, total3);
            }
        }
    }
}
