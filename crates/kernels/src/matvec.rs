//! `matvec`: packed weights times the few rows of a decode step.

use crate::matmul::{SHAPES, product_cases};
use crate::{Case, Few, Kernel, Needs, Variant, read, write};

/// The kernel.
pub static MATVEC: Kernel = Kernel {
    name: "matvec",
    wgsl: include_str!("../../../shaders/matvec.wgsl"),
    needs: Needs { weight: true, reduce: true, product: true, ..Needs::NOTHING },
    params: &["n_rows", "n_out", "groups", "first", "stride", "x_first"],
    bindings: &[read("quants"), read("scales"), read("x"), write("y")],
    overrides: &["WORKGROUP", "LANES", "ROWS"],
    cases,
};

fn cases(variant: &Variant) -> Vec<Case> {
    let few = Few::of(variant);
    product_cases(variant, 5, &SHAPES[..2], |params| params.vector_grid(&few))
}
