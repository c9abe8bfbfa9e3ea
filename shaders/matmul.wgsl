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

// One group of eight columns of a row of x against four outputs.
fn product(row: u32, g: u32, w0: Eight, w1: Eight, w2: Eight, w3: Eight) -> vec4<f32> {
    let at = ((params.x_first + row) * params.groups + g) * 2u;
    let lo = x[at];
    let hi = x[at + 1u];
    return vec4<f32>(
        dot(lo, w0.lo) + dot(hi, w0.hi),
        dot(lo, w1.lo) + dot(hi, w1.hi),
        dot(lo, w2.lo) + dot(hi, w2.hi),
        dot(lo, w3.lo) + dot(hi, w3.hi),
    );
}

fn put(row: u32, out: u32, sums: vec4<f32>) {
    if row >= params.n_rows {
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
    if out >= params.n_out || row >= params.n_rows {
        return;
    }
    // Past the end the last one is computed again and not written.
    let last_out = params.n_out - 1u;
    let last_row = params.n_rows - 1u;
    let w_at = vec4<u32>(out, min(out + 1u, last_out), min(out + 2u, last_out), min(out + 3u, last_out)) * params.groups;
    let r = vec4<u32>(row, min(row + 1u, last_row), min(row + 2u, last_row), min(row + 3u, last_row));
    var sums0 = vec4<f32>(0.0);
    var sums1 = vec4<f32>(0.0);
    var sums2 = vec4<f32>(0.0);
    var sums3 = vec4<f32>(0.0);
    for (var g = 0u; g < params.groups; g++) {
        let w0 = weight_8(w_at.x + g);
        let w1 = weight_8(w_at.y + g);
        let w2 = weight_8(w_at.z + g);
        let w3 = weight_8(w_at.w + g);
        sums0 += product(r.x, g, w0, w1, w2, w3);
        sums1 += product(r.y, g, w0, w1, w2, w3);
        sums2 += product(r.z, g, w0, w1, w2, w3);
        sums3 += product(r.w, g, w0, w1, w2, w3);
    }
    put(row, out, sums0);
    put(row + 1u, out, sums1);
    put(row + 2u, out, sums2);
    put(row + 3u, out, sums3);
}
