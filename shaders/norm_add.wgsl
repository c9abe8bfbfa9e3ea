// y[r, c] = x[r, c] + z[r, c] / sqrt(mean_c(z[r, c]^2) + eps) * gain[c], `[n_rows, cols]`: the norm after a block and
// the residual.
//
// One workgroup of LANES invocations computes a row.

struct Params {
    n_rows: u32,
    // Columns, a multiple of four.
    cols: u32,
    eps: f32,
    _pad: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> gain: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> y: array<vec4<f32>>;

override WORKGROUP: u32 = 64u;
override LANES: u32 = WORKGROUP;

@compute @workgroup_size(WORKGROUP)
fn norm_add(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let width = params.cols / 4u;
    let first = group.x * width;
    var squares = 0.0;
    for (var c = local; c < width; c += LANES) {
        let value = z[first + c];
        squares += dot(value, value);
    }
    let mean = reduce_add(squares, local) / f32(params.cols);
    let factor = inverseSqrt(mean + params.eps);
    for (var c = local; c < width; c += LANES) {
        y[first + c] = x[first + c] + z[first + c] * factor * gain[c];
    }
}
