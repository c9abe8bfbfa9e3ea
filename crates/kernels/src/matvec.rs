//! `matvec`: packed weights times the few rows of a decode step.

use crate::matmul::{SHAPES, product_cases};
use crate::{Case, Kernel, Needs, Variant, read, write};

/// The kernel.
pub static MATVEC: Kernel = Kernel {
    name: "matvec",
    wgsl: include_str!("../../../shaders/matvec.wgsl"),
    needs: Needs { weight: true, reduce: true, precision: false },
    params: &["n_rows", "n_out", "groups", "first", "stride", "x_first"],
    bindings: &[read("quants"), read("scales"), read("x"), write("y")],
    overrides: &["WORKGROUP", "LANES"],
    cases,
};

fn cases(variant: &Variant) -> Vec<Case> {
    let (workgroup, lanes) = (variant.number("WORKGROUP", 64), variant.number("LANES", 8));
    product_cases(variant, 5, &SHAPES[..2], |params| params.vector_grid(workgroup, lanes))
}
