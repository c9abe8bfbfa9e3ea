// y[r, first + o] = sum_c x[r, c] * weight[o, c], as matmul, for the few rows of a decode step.
//
// LANES invocations share an output and stride over its groups of eight columns; a workgroup computes WORKGROUP / LANES
// outputs of one row.

struct Params {
    n_rows: u32,
    n_out: u32,
    // Groups of eight columns.
    groups: u32,
    // Where the matrix's first output goes in a row of y, and the width of such a row.
    first: u32,
    stride: u32,
    // The row of x that is the first of y.
    x_first: u32,
    _pad0: u32,
    _pad1: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> quants: array<u32>;
@group(0) @binding(2) var<storage, read> scales: array<u32>;
@group(0) @binding(3) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

override WORKGROUP: u32 = 64u;
override LANES: u32 = 8u;

@compute @workgroup_size(WORKGROUP)
fn matvec(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) n_groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    // Outputs run over x and z of the grid, so that no direction passes 65,535.
    let out = (group.z * n_groups.x + group.x) * (WORKGROUP / LANES) + local / LANES;
    let row = group.y;
    let lane = local % LANES;
    // Past the end the last one is computed again and not written: every invocation takes part in the sum.
    let w_at = min(out, params.n_out - 1u) * params.groups;
    let x_at = (params.x_first + row) * params.groups;
    var sum = 0.0;
    for (var g = lane; g < params.groups; g += LANES) {
        let w = weight_8(w_at + g);
        sum += dot(x[(x_at + g) * 2u], w.lo) + dot(x[(x_at + g) * 2u + 1u], w.hi);
    }
    let total = reduce_add(sum, local);
    if lane == 0u && out < params.n_out {
        y[row * params.stride + params.first + out] = total;
    }
}
