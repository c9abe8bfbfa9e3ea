// y[r, o] = gelu(gate(o)) * up(o) with gate(o) = sum_c n[r, c] * weight[o, c], up(o) the same with row n_out + o of the
// matrix, and n the normed residual stream (norm/residual.wgsl): two norms, the residual, two products and the gate of a
// decode step. gelu in its tanh form, as in geglu.wgsl.
//
// LANES invocations share two outputs, four rows of weights, of ROWS rows (1, 2 or 4); a workgroup computes `tiles`
// times WORKGROUP / LANES * 2 outputs. The first one of a row writes the residual stream to `sum`.

struct Params {
    n_rows: u32,
    // Outputs, an even number: half of the rows of the matrix.
    n_out: u32,
    // Groups of eight columns.
    groups: u32,
    // 1 where z is to be normed and added.
    adds: u32,
    eps: f32,
    tiles: u32,
    _pad0: u32,
    _pad1: u32,
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

fn gelu(g: vec2<f32>) -> vec2<f32> {
    let inner = clamp(0.7978845608028654 * (g + 0.044715 * g * g * g), vec2<f32>(-15.0), vec2<f32>(15.0));
    return 0.5 * g * (1.0 + tanh(inner));
}

// Gates of two outputs, then their ups.
fn put(row: u32, out: u32, sums: vec4<f32>) {
    if row >= params.n_rows || out >= params.n_out {
        return;
    }
    let at = row * params.n_out + out;
    let values = gelu(sums.xy) * sums.zw;
    y[at] = values.x;
    y[at + 1u] = values.y;
}

@compute @workgroup_size(WORKGROUP)
fn norm_geglu(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let row = group.y * ROWS;
    let lane = local % LANES;
    let slots = vec4<u32>(0u, 1u, 2u, 3u);
    norm_rows(row, local, group.x == 0u);
    for (var tile = 0u; tile < params.tiles; tile++) {
        let out = ((group.x * params.tiles + tile) * (WORKGROUP / LANES) + local / LANES) * 2u;
        // Past the end the last ones are computed again and not written: every invocation takes part in the sums.
        let gate = min(out, params.n_out - 2u);
        let up = params.n_out + gate;
        let w_at = vec4<u32>(gate, gate + 1u, up, up + 1u) * params.groups;
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
