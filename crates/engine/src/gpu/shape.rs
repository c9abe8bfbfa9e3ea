//! The static table: how a kernel is laid out on a kind of device. Whatever it says, the order of a row's sums depends
//! on the device alone, never on how many rows there are.

use kernels::{Few, Product, Reduce, n_normed};

use super::device::GpuFacts;

/// How products of few rows are laid out.
#[derive(Clone, Copy, Debug)]
struct Layout {
    workgroup: u32,
    lanes: u32,
    /// Workgroups of a row that keep the device busy, for the matrices of a layer and for the head.
    workgroups: [u32; 2],
}

/// A real GPU: lanes that read neighbouring words, and as many workgroups as there is work for. 16 lanes divide the
/// columns of both Gemma 3 models without a rest. A workgroup covers at least 32 outputs, so that the norms that each
/// of them repeats are less than the weights it reads.
const HARDWARE: Layout = Layout { workgroup: 128, lanes: 16, workgroups: [128, 2_048] };

/// The CPU in disguise: nothing is gained by neighbouring lanes, and a barrier costs as much as a product; a few
/// workgroups for each core.
const SOFTWARE: Layout = Layout { workgroup: 16, lanes: 1, workgroups: [8, 64] };

/// Which matrices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Those of a layer.
    Layer,
    /// The head.
    Head,
}

/// The layout of a product of `n_rows` rows without norms.
pub fn few(facts: &GpuFacts, n_rows: u32, of: Of) -> Few {
    let layout = if facts.software { SOFTWARE } else { HARDWARE };
    let lanes = match facts.tier.reduce {
        Reduce::Workgroup => layout.lanes,
        Reduce::Subgroup => layout.lanes.min(facts.subgroup_sizes.0),
    };
    let rows = match n_rows {
        0 | 1 => 1,
        2 => 2,
        _ => 4,
    };
    let [layer, head] = layout.workgroups;
    let workgroups = if of == Of::Head { head } else { layer };
    Few { workgroup: layout.workgroup, lanes, rows, workgroups }
}

/// The same with the normed rows in the memory of the workgroup: as many rows as it holds, or nothing.
pub fn few_normed(facts: &GpuFacts, n_rows: u32, cols: u32, of: Of) -> Option<Few> {
    let few = few(facts, n_rows, of);
    // Sums of the lanes and of the row take at most 24 bytes for each invocation, the best of the lanes 32.
    let fits = |few: &Few| n_normed(cols, few) * 16 + few.workgroup * 56 <= facts.max_workgroup_bytes;
    [4, 2, 1].into_iter().filter(|&rows| rows <= few.rows).map(|rows| Few { rows, ..few }).find(fits)
}

/// How products load what they multiply, and the number that goes with it. A device that is the CPU in disguise loads
/// word by word; with subgroups of 4 or 8 it need not load the same word for each invocation.
pub fn product(facts: &GpuFacts) -> (Product, Option<(&'static str, u32)>) {
    match spread_size(facts) {
        Some(size) if facts.software => (Product::Spread, Some(("SPREAD", size))),
        _ => (Product::Strided, None),
    }
}

/// The size of a subgroup, where products can be spread over it.
pub fn spread_size(facts: &GpuFacts) -> Option<u32> {
    let (least, most) = facts.subgroup_sizes;
    (facts.tier.reduce == Reduce::Subgroup && least == most && [4, 8].contains(&least)).then_some(least)
}

/// The numbers of a kernel that is laid out so.
pub fn numbers(few: &Few) -> [(&'static str, u32); 3] {
    [("WORKGROUP", few.workgroup), ("LANES", few.lanes), ("ROWS", few.rows)]
}
