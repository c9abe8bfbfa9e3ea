// Sums over groups of LANES neighbouring invocations of a subgroup. LANES is at most the subgroup's size.

fn reduce_add(value: f32, local: u32) -> f32 {
    var sum = value;
    for (var step = LANES / 2u; step > 0u; step /= 2u) {
        sum += subgroupShuffleXor(sum, step);
    }
    return sum;
}

fn reduce_add4(value: vec4<f32>, local: u32) -> vec4<f32> {
    var sum = value;
    for (var step = LANES / 2u; step > 0u; step /= 2u) {
        sum += subgroupShuffleXor(sum, step);
    }
    return sum;
}
