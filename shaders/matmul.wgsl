// y[r, first + o] = sum_c x[r, c] * weight[o, c]: x `[n_rows, cols]`, a packed matrix `[n_out, cols]`, y `[n_rows, stride]`.
//
// One invocation computes four rows by four outputs in registers and needs no barrier; a workgroup of 8 by 8 computes
// 32 by 32. The sum of an output runs over the columns in order, whatever the other rows are.

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

const LANES: u32 = 1u;
const ROWS: u32 = 4u;

// Four columns of a row of x.
fn x_quarter(row: u32, c: u32) -> vec4<f32> {
    return x[(params.x_first + row) * params.groups * 2u + c];
}

fn put(row: u32, out: u32, sums: vec4<f32>) {
    if row >= params.n_rows || out >= params.n_out {
        return;
    }
    let at = row * params.stride + params.first + out;
    let left = params.n_out - out;
    y[at] = sums.x;
    if left > 1u {
        y[at + 1u] = sums.y;
    }
    if left > 2u {
        y[at + 2u] = sums.z;
    }
    if left > 3u {
        y[at + 3u] = sums.w;
    }
}

@compute @workgroup_size(8, 8)
fn matmul(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) n_groups: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
) {
    // Outputs run over x and z of the grid, so that no direction passes 65,535.
    let out = ((group.z * n_groups.x + group.x) * 8u + local.x) * 4u;
    let row = (group.y * 8u + local.y) * 4u;
    // Past the end the last one is computed again and not written: invocations may share what they load.
    let w_at = min(vec4<u32>(out, out + 1u, out + 2u, out + 3u), vec4<u32>(params.n_out - 1u)) * params.groups;
    let r = min(vec4<u32>(row, row + 1u, row + 2u, row + 3u), vec4<u32>(params.n_rows - 1u));
    let sums = four_outputs(w_at, r, 0u, local.x);
    put(row, out, sums.row0);
    put(row + 1u, out, sums.row1);
    put(row + 2u, out, sums.row2);
    put(row + 3u, out, sums.row3);
}
