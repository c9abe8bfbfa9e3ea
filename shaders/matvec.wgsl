// y[r, first + o] = sum_c x[r, c] * weight[o, c], as matmul, for the few rows of a decode step.
//
// LANES invocations share four outputs of ROWS rows (1, 2 or 4), each with some of the columns; a row has the same bits
// for every ROWS. A workgroup computes WORKGROUP / LANES * 4 outputs.

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
override ROWS: u32 = 1u;

// Four columns of a row of x.
fn x_quarter(row: u32, c: u32) -> vec4<f32> {
    return x[(params.x_first + row) * params.groups * 2u + c];
}

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
fn matvec(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) n_groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    // Outputs run over x and z of the grid, so that no direction passes 65,535.
    let out = ((group.z * n_groups.x + group.x) * (WORKGROUP / LANES) + local / LANES) * 4u;
    let row = group.y * ROWS;
    let lane = local % LANES;
    // Past the end the last one is computed again and not written: every invocation takes part in the sums.
    let w_at = min(vec4<u32>(out, out + 1u, out + 2u, out + 3u), vec4<u32>(params.n_out - 1u)) * params.groups;
    let r = min(vec4<u32>(row, row + 1u, row + 2u, row + 3u), vec4<u32>(params.n_rows - 1u));
    let sums = four_outputs(w_at, r, lane, local);
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
