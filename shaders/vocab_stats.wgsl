// Of each row and each chunk of columns of x `[n_rows, cols]`: the largest value, the sum of exp(value - largest), how
// many values are not finite, and the eight largest values with their columns, largest first, equals by lower column.
// A few numbers per chunk, which the host combines: log-sum-exp, argmax and top-k of a row in one pass.
//
// One workgroup reads one chunk of one row. y is `[n_rows, n_chunks, 20]` words.

struct Params {
    n_rows: u32,
    cols: u32,
    // Columns of a chunk.
    chunk: u32,
    n_chunks: u32,
    // The row of y that is the first of x.
    first: u32,
    _pad0: u32,
    _pad1: u32,
    _pad2: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

override WORKGROUP: u32 = 64u;

const LOWEST: f32 = -3.4e38;
const N_TOP: u32 = 8u;
const NONE: u32 = 0xffffffffu;

var<workgroup> values: array<f32, WORKGROUP>;
var<workgroup> columns: array<u32, WORKGROUP>;
var<workgroup> sums: array<f32, WORKGROUP>;
var<workgroup> faults: array<u32, WORKGROUP>;

// Whether (a, i) comes before (b, j).
fn before(a: f32, i: u32, b: f32, j: u32) -> bool {
    return a > b || (a == b && i < j);
}

fn is_finite(value: f32) -> bool {
    // By the bits: WGSL lets a compiler assume that nothing is infinite or no number.
    return (bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u;
}

@compute @workgroup_size(WORKGROUP)
fn vocab_stats(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let row = group.y;
    let chunk = group.x;
    let first = chunk * params.chunk;
    let end = min(first + params.chunk, params.cols);
    let start = row * params.cols;
    let to = ((params.first + row) * params.n_chunks + chunk) * (4u + 2u * N_TOP);

    var last = 3.4e38;
    var last_column = 0u;
    var largest = 0.0;
    for (var rank = 0u; rank < N_TOP; rank++) {
        var best = LOWEST;
        var best_column = NONE;
        for (var c = first + local; c < end; c += WORKGROUP) {
            let value = x[start + c];
            let is_left = rank == 0u || before(last, last_column, value, c);
            if is_finite(value) && is_left && before(value, c, best, best_column) {
                best = value;
                best_column = c;
            }
        }
        values[local] = best;
        columns[local] = best_column;
        workgroupBarrier();
        for (var step = WORKGROUP / 2u; step > 0u; step /= 2u) {
            if local < step && before(values[local + step], columns[local + step], values[local], columns[local]) {
                values[local] = values[local + step];
                columns[local] = columns[local + step];
            }
            workgroupBarrier();
        }
        last = values[0];
        last_column = columns[0];
        if rank == 0u {
            largest = last;
        }
        workgroupBarrier();
        if local == 0u {
            y[to + 4u + 2u * rank] = last_column;
            y[to + 5u + 2u * rank] = bitcast<u32>(last);
        }
    }

    var sum = 0.0;
    var fault = 0u;
    for (var c = first + local; c < end; c += WORKGROUP) {
        let value = x[start + c];
        if is_finite(value) {
            sum += exp(value - largest);
        } else {
            fault += 1u;
        }
    }
    sums[local] = sum;
    faults[local] = fault;
    workgroupBarrier();
    for (var step = WORKGROUP / 2u; step > 0u; step /= 2u) {
        if local < step {
            sums[local] += sums[local + step];
            faults[local] += faults[local + step];
        }
        workgroupBarrier();
    }
    if local == 0u {
        y[to] = bitcast<u32>(largest);
        y[to + 1u] = bitcast<u32>(sums[0]);
        y[to + 2u] = faults[0];
        y[to + 3u] = 0u;
    }
}
