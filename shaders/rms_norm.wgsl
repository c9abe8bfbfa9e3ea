// y[r, c] = x[s, c] / sqrt(mean_c(x[s, c]^2) + eps) * gain[c] with s = source(r), `[n_rows, cols]`
// (Zhang and Sennrich, "Root Mean Square Layer Normalization", arXiv 1910.07467).
//
// One workgroup of LANES invocations computes a row.

struct Params {
    n_rows: u32,
    // Columns, a multiple of four.
    cols: u32,
    eps: f32,
    // 1 where `source` names the row of x for each row of y, 0 where they are the same.
    gathers: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<u32>;
@group(0) @binding(2) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> gain: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> y: array<vec4<f32>>;

override WORKGROUP: u32 = 64u;
override LANES: u32 = WORKGROUP;

@compute @workgroup_size(WORKGROUP)
fn rms_norm(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let width = params.cols / 4u;
    let row = group.x;
    var from_row = row;
    if params.gathers == 1u {
        from_row = source[row];
    }
    var squares = 0.0;
    for (var c = local; c < width; c += LANES) {
        let value = x[from_row * width + c];
        squares += dot(value, value);
    }
    let mean = reduce_add(squares, local) / f32(params.cols);
    let factor = inverseSqrt(mean + params.eps);
    for (var c = local; c < width; c += LANES) {
        y[row * width + c] = x[from_row * width + c] * factor * gain[c];
    }
}
