// Sums over the whole workgroup: groups of LANES first, then the groups in order, so that every invocation has the same
// bits. Every invocation of the workgroup must call it.

var<workgroup> shares: array<f32, WORKGROUP>;

fn row_sum(value: f32, local: u32) -> f32 {
    let share = reduce_add(value, local);
    if local % LANES == 0u {
        shares[local / LANES] = share;
    }
    workgroupBarrier();
    var sum = 0.0;
    for (var i = 0u; i < WORKGROUP / LANES; i++) {
        sum += shares[i];
    }
    workgroupBarrier();
    return sum;
}
