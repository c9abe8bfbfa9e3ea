// 32 consecutive weights of a row from the group `index` on, for formats that have no shorter way to them.

fn weight_32(index: u32) -> Run {
    return Run(weight_8(index), weight_8(index + 1u), weight_8(index + 2u), weight_8(index + 3u));
}
