// Four outputs of up to four rows: sums over the groups of eight columns lane, lane + LANES, ... in this order.
//
// The kernel declares `x_quarter(row, c)`, four columns of a row of x; LANES; ROWS, of which there are 1, 2 or 4; and
// `params.groups`. `w_at` is the first group of each output.

struct Sums {
    row0: vec4<f32>,
    row1: vec4<f32>,
    row2: vec4<f32>,
    row3: vec4<f32>,
}

fn four_outputs(w_at: vec4<u32>, rows: vec4<u32>, lane: u32, local: u32) -> Sums {
    var sums = Sums(vec4<f32>(0.0), vec4<f32>(0.0), vec4<f32>(0.0), vec4<f32>(0.0));
    for (var g = lane; g < params.groups; g += LANES) {
        let w0 = weight_8(w_at.x + g);
        let w1 = weight_8(w_at.y + g);
        let w2 = weight_8(w_at.z + g);
        let w3 = weight_8(w_at.w + g);
        let c = g * 2u;
        sums.row0 += product(x_quarter(rows.x, c), x_quarter(rows.x, c + 1u), w0, w1, w2, w3);
        if ROWS > 1u {
            sums.row1 += product(x_quarter(rows.y, c), x_quarter(rows.y, c + 1u), w0, w1, w2, w3);
        }
        if ROWS > 2u {
            sums.row2 += product(x_quarter(rows.z, c), x_quarter(rows.z, c + 1u), w0, w1, w2, w3);
            sums.row3 += product(x_quarter(rows.w, c), x_quarter(rows.w, c + 1u), w0, w1, w2, w3);
        }
    }
    return sums;
}
