// The normed rows that a product of a decode step begins with, in workgroup memory, so that neither norm is a dispatch
// of its own: s = x + z / rms(z) * z_gain where `params.adds` is 1, or s = x; normed = s / rms(s) * gain.
//
// The kernel declares x, z, z_gain, gain and sum, and in its parameters groups, adds and eps. Every workgroup computes
// the rows that it needs; the one that is told to writes s, which the next residual starts from.

// Quarters of a row times the rows of a workgroup.
override NORMED: u32 = 256u;

var<workgroup> normed: array<vec4<f32>, NORMED>;

// Row `row` of x becomes row `slot` of `normed`. Every invocation of the workgroup must call it.
fn norm_row(row: u32, slot: u32, local: u32, writes: bool) {
    let width = params.groups * 2u;
    let first = row * width;
    let to = slot * width;
    let cols = f32(width * 4u);
    var z_factor = 0.0;
    if params.adds == 1u {
        var z_squares = 0.0;
        for (var c = local; c < width; c += WORKGROUP) {
            let value = z[first + c];
            z_squares += dot(value, value);
        }
        z_factor = inverseSqrt(row_sum(z_squares, local) / cols + params.eps);
    }
    var squares = 0.0;
    for (var c = local; c < width; c += WORKGROUP) {
        var value = x[first + c];
        if params.adds == 1u {
            value += z[first + c] * z_factor * z_gain[c];
            if writes {
                sum[first + c] = value;
            }
        }
        normed[to + c] = value;
        squares += dot(value, value);
    }
    let factor = inverseSqrt(row_sum(squares, local) / cols + params.eps);
    for (var c = local; c < width; c += WORKGROUP) {
        normed[to + c] *= factor * gain[c];
    }
}

// ROWS rows from `first_row` on; past the end the last one is computed again.
fn norm_rows(first_row: u32, local: u32, writes: bool) {
    for (var slot = 0u; slot < ROWS; slot++) {
        norm_row(min(first_row + slot, params.n_rows - 1u), slot, local, writes);
    }
    workgroupBarrier();
}

// Four columns of a normed row.
fn x_quarter(slot: u32, c: u32) -> vec4<f32> {
    return normed[slot * params.groups * 2u + c];
}
