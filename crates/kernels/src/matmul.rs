//! `matmul`: packed weights times many rows.

use crate::case::{Buffer, Case, SUM_REASON, Seeded, UNIT};
use crate::{Few, Format, Kernel, Needs, Variant, padded, read, write};

/// The kernel.
pub static MATMUL: Kernel = Kernel {
    name: "matmul",
    wgsl: include_str!("../../../shaders/matmul.wgsl"),
    needs: Needs { weight: true, reduce: false, product: true, ..Needs::NOTHING },
    params: &["n_rows", "n_out", "groups", "first", "stride", "x_first"],
    bindings: &[read("quants"), read("scales"), read("x"), write("y")],
    overrides: &[],
    cases,
};

/// Rows and outputs that one workgroup of [`MATMUL`] computes.
const TILE: u32 = 32;
/// Most workgroups in one direction of a grid (the WebGPU specification's default limit).
const MOST_GROUPS: u32 = 65_535;

/// Parameters of [`MATMUL`] and of `matvec`.
#[derive(Clone, Copy, Debug)]
pub struct MatmulParams {
    /// Rows of x.
    pub n_rows: u32,
    /// Rows of the matrix.
    pub n_out: u32,
    /// Groups of eight columns.
    pub groups: u32,
    /// Column of y where the first output goes.
    pub first: u32,
    /// Columns of y.
    pub stride: u32,
    /// Row of x that is the first of y.
    pub x_first: u32,
}

impl MatmulParams {
    /// Words of the uniform buffer.
    pub fn words(&self) -> Vec<u32> {
        padded(&[self.n_rows, self.n_out, self.groups, self.first, self.stride, self.x_first, 0, 0])
    }

    /// Workgroups of `matmul`.
    pub fn grid(&self) -> [u32; 3] {
        let [x, z] = folded(self.n_out.div_ceil(TILE));
        [x, self.n_rows.div_ceil(TILE), z]
    }

    /// Workgroups of `matvec`: four outputs to a group of lanes.
    pub fn vector_grid(&self, few: &Few) -> [u32; 3] {
        let [x, z] = folded(self.n_out.div_ceil(few.workgroup / few.lanes * 4));
        [x, self.n_rows.div_ceil(few.rows), z]
    }
}

/// `n` workgroups over two directions.
fn folded(n: u32) -> [u32; 2] {
    let z = n.div_ceil(MOST_GROUPS);
    [n.div_ceil(z), z]
}

/// The definition, and the largest sum of absolute products: x `[n_rows, cols]`, w `[n_out, cols]`.
pub(crate) fn matmul(params: &MatmulParams, x: &[f32], w: &[f32], y: &mut [f32]) -> f64 {
    let cols = params.groups as usize * 8;
    let mut largest: f64 = 0.0;
    for (x, y) in x.chunks_exact(cols).skip(params.x_first as usize).zip(y.chunks_exact_mut(params.stride as usize)) {
        for (w, y) in w.chunks_exact(cols).zip(&mut y[params.first as usize..]) {
            let products = x.iter().zip(w).map(|(&x, &w)| f64::from(x) * f64::from(w));
            largest = largest.max(products.clone().map(f64::abs).sum());
            *y = products.sum::<f64>() as f32;
        }
    }
    largest
}

/// Shapes `(n_rows, n_out, cols, first, stride)`: no power of two, a tail in every direction, an offset in y.
pub(crate) const SHAPES: [(u32, u32, u32, u32, u32); 3] =
    [(1, 37, 96, 0, 37), (5, 35, 160, 3, 40), (33, 66, 64, 0, 66)];

/// Cases of `matmul` and `matvec`, which differ in their grid alone.
pub(crate) fn product_cases(
    variant: &Variant,
    seed: u64,
    shapes: &[(u32, u32, u32, u32, u32)],
    grid: impl Fn(&MatmulParams) -> [u32; 3],
) -> Vec<Case> {
    let format = variant.format.unwrap_or(Format::F32);
    let mut random = Seeded::new(seed);
    shapes
        .iter()
        .map(|&(n_rows, n_out, cols, first, stride)| {
            let cols = cols.next_multiple_of(format.block_len() as u32);
            let (packed, w) = random.matrix(format, n_out as usize, cols as usize);
            // Some shapes begin at another row than the first.
            let x_first = first;
            let x = random.floats(((x_first + n_rows) * cols) as usize);
            let params = MatmulParams { n_rows, n_out, groups: cols / 8, first, stride, x_first };
            let mut y = vec![0.0; (n_rows * stride) as usize];
            let largest = matmul(&params, &x, &w, &mut y);
            Case {
                what: format!("{n_rows} rows, {n_out} outputs of {cols}"),
                params: params.words(),
                buffers: vec![
                    Buffer::input(packed.quants),
                    Buffer::input(packed.scales),
                    Buffer::floats(&x),
                    Buffer::output(&y),
                ],
                grid: grid(&params),
                tolerance: f64::from(cols + 8) * UNIT * largest,
                reason: SUM_REASON,
            }
        })
        .collect()
}

fn cases(variant: &Variant) -> Vec<Case> {
    product_cases(variant, 4, &SHAPES, MatmulParams::grid)
}
