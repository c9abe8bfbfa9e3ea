// Sums over groups of LANES neighbouring invocations, through workgroup memory. The order of additions is that of
// the subgroup twin: a butterfly, so both give the same bits for the same LANES.
//
// Every invocation of the workgroup must call it.

var<workgroup> partial: array<f32, WORKGROUP>;
var<workgroup> partial4: array<vec4<f32>, WORKGROUP>;

fn reduce_add(value: f32, local: u32) -> f32 {
    var sum = value;
    for (var step = LANES / 2u; step > 0u; step /= 2u) {
        workgroupBarrier();
        partial[local] = sum;
        workgroupBarrier();
        sum += partial[local ^ step];
    }
    return sum;
}

// Four sums at once: one chain of barriers for all.
fn reduce_add4(value: vec4<f32>, local: u32) -> vec4<f32> {
    var sum = value;
    for (var step = LANES / 2u; step > 0u; step /= 2u) {
        workgroupBarrier();
        partial4[local] = sum;
        workgroupBarrier();
        sum += partial4[local ^ step];
    }
    return sum;
}
