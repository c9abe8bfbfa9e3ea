// As strided, for devices that pay for every word that an invocation loads: each invocation of a subgroup loads four
// columns of x and spreads them over the others, which compute other outputs of the same rows. SPREAD is the size of a
// subgroup, 4 or 8, and LANES is 1. The order of the sums is that of strided with one lane.

override SPREAD: u32 = 4u;

struct Sums {
    row0: vec4<f32>,
    row1: vec4<f32>,
    row2: vec4<f32>,
    row3: vec4<f32>,
}

// 32 columns of a row.
struct Columns {
    a_lo: vec4<f32>,
    a_hi: vec4<f32>,
    b_lo: vec4<f32>,
    b_hi: vec4<f32>,
    c_lo: vec4<f32>,
    c_hi: vec4<f32>,
    d_lo: vec4<f32>,
    d_hi: vec4<f32>,
}

// Columns `first * 4..` of a row, which the subgroup loads together.
fn columns(row: u32, first: u32, local: u32) -> Columns {
    let mine = x_quarter(row, first + local % SPREAD);
    if SPREAD == 8u {
        return Columns(
            subgroupBroadcast(mine, 0u),
            subgroupBroadcast(mine, 1u),
            subgroupBroadcast(mine, 2u),
            subgroupBroadcast(mine, 3u),
            subgroupBroadcast(mine, 4u),
            subgroupBroadcast(mine, 5u),
            subgroupBroadcast(mine, 6u),
            subgroupBroadcast(mine, 7u),
        );
    }
    let other = x_quarter(row, first + 4u + local % SPREAD);
    return Columns(
        subgroupBroadcast(mine, 0u),
        subgroupBroadcast(mine, 1u),
        subgroupBroadcast(mine, 2u),
        subgroupBroadcast(mine, 3u),
        subgroupBroadcast(other, 0u),
        subgroupBroadcast(other, 1u),
        subgroupBroadcast(other, 2u),
        subgroupBroadcast(other, 3u),
    );
}

fn run_sum(before: f32, x: Columns, w: Run) -> f32 {
    var sum = before + (dot(x.a_lo, w.a.lo) + dot(x.a_hi, w.a.hi));
    sum += dot(x.b_lo, w.b.lo) + dot(x.b_hi, w.b.hi);
    sum += dot(x.c_lo, w.c.lo) + dot(x.c_hi, w.c.hi);
    sum += dot(x.d_lo, w.d.lo) + dot(x.d_hi, w.d.hi);
    return sum;
}

fn four_outputs(w_at: vec4<u32>, rows: vec4<u32>, lane: u32, local: u32) -> Sums {
    var sums = Sums(vec4<f32>(0.0), vec4<f32>(0.0), vec4<f32>(0.0), vec4<f32>(0.0));
    let whole = params.groups / 4u * 4u;
    for (var g = 0u; g < whole; g += 4u) {
        let x0 = columns(rows.x, g * 2u, local);
        var x1 = x0;
        var x2 = x0;
        var x3 = x0;
        if ROWS > 1u {
            x1 = columns(rows.y, g * 2u, local);
        }
        if ROWS > 2u {
            x2 = columns(rows.z, g * 2u, local);
            x3 = columns(rows.w, g * 2u, local);
        }
        let w0 = weight_32(w_at.x + g);
        sums.row0.x = run_sum(sums.row0.x, x0, w0);
        if ROWS > 1u {
            sums.row1.x = run_sum(sums.row1.x, x1, w0);
        }
        if ROWS > 2u {
            sums.row2.x = run_sum(sums.row2.x, x2, w0);
            sums.row3.x = run_sum(sums.row3.x, x3, w0);
        }
        let w1 = weight_32(w_at.y + g);
        sums.row0.y = run_sum(sums.row0.y, x0, w1);
        if ROWS > 1u {
            sums.row1.y = run_sum(sums.row1.y, x1, w1);
        }
        if ROWS > 2u {
            sums.row2.y = run_sum(sums.row2.y, x2, w1);
            sums.row3.y = run_sum(sums.row3.y, x3, w1);
        }
        let w2 = weight_32(w_at.z + g);
        sums.row0.z = run_sum(sums.row0.z, x0, w2);
        if ROWS > 1u {
            sums.row1.z = run_sum(sums.row1.z, x1, w2);
        }
        if ROWS > 2u {
            sums.row2.z = run_sum(sums.row2.z, x2, w2);
            sums.row3.z = run_sum(sums.row3.z, x3, w2);
        }
        let w3 = weight_32(w_at.w + g);
        sums.row0.w = run_sum(sums.row0.w, x0, w3);
        if ROWS > 1u {
            sums.row1.w = run_sum(sums.row1.w, x1, w3);
        }
        if ROWS > 2u {
            sums.row2.w = run_sum(sums.row2.w, x2, w3);
            sums.row3.w = run_sum(sums.row3.w, x3, w3);
        }
    }
    // What is left of the columns.
    for (var g = whole; g < params.groups; g++) {
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
