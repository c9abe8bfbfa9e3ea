//! The kernel table: WGSL text, bindings, parameters, grids, and the scalar function that defines each kernel.
//!
//! A kernel is a triad with one name: the file stem in `shaders/`, the entry point, the static here, the label in
//! traces and the name in tests are the same word. This crate knows no GPU: [`KERNELS`] is data, and what is in it is
//! proven by one test against naga and one against each device ([`Kernel::cases`]).

mod advance;
mod attend;
mod attend_step;
mod case;
mod embed;
mod format;
mod geglu;
mod head_sums;
mod keep;
mod label_logits;
mod label_scores;
mod matmul;
mod matvec;
mod norm_add;
mod norm_best;
mod norm_geglu;
mod norm_matvec;
mod norm_rope;
mod residual;
mod rms_norm;
mod variant;
mod vocab_stats;

pub use advance::{AdvanceParams, FAULT};
pub use attend::{AttendParams, RowSight};
pub use attend_step::AttendStepParams;
pub use case::{Buffer, Case, Role, Values};
pub use embed::EmbedParams;
pub use format::{Format, NotWholeBlocks, Packed};
pub use geglu::GegluParams;
pub use head_sums::{HeadSumsParams, SUMS_WORDS};
pub use keep::KeepParams;
pub use label_logits::LabelLogitsParams;
pub use label_scores::{LabelScoresParams, LabelTree};
pub use matmul::MatmulParams;
pub use norm_add::NormAddParams;
pub use norm_best::NormBestParams;
pub use norm_geglu::NormGegluParams;
pub use norm_matvec::NormMatvecParams;
pub use norm_rope::NormRopeParams;
pub use residual::{Few, n_normed};
pub use rms_norm::RmsNormParams;
pub use variant::{Compiler, Precision, Product, Reduce, Tier, Variant};
pub use vocab_stats::{N_TOP, STATS_WORDS, VocabStatsParams};

/// Words of a row's entry in the `rows` buffer: what `embed`, `keep` and `attend` read of a row.
pub const ROW_WORDS: u32 = 9;
/// Words of a word of parameters that a uniform buffer is a multiple of: 16 bytes.
const PARAM_UNIT: usize = 4;

/// How a binding is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Read only.
    Read,
    /// Written, possibly read.
    Write,
}

/// One storage buffer of a kernel; its binding is its place in the list plus one, after the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Name of the variable in WGSL.
    pub name: &'static str,
    /// How it is used.
    pub access: Access,
}

/// What a kernel is composed with.
#[expect(clippy::struct_excessive_bools, reason = "each names one fragment that a kernel is composed with")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// `weight_8` of a format.
    pub weight: bool,
    /// `reduce_add`, through workgroup memory or subgroups.
    pub reduce: bool,
    /// `Kept`, the type of keys and values.
    pub precision: bool,
    /// `row_sum`, a sum over the workgroup.
    pub row_sum: bool,
    /// `norm_rows`, the normed residual stream.
    pub residual: bool,
    /// `four_outputs`, rows times weights.
    pub product: bool,
}

impl Needs {
    /// The kernel's own file is all.
    pub const NOTHING: Self =
        Self { weight: false, reduce: false, precision: false, row_sum: false, residual: false, product: false };
    /// A product that begins with the normed residual stream.
    pub const NORMED_PRODUCT: Self =
        Self { weight: true, reduce: true, row_sum: true, residual: true, product: true, ..Self::NOTHING };
}

/// A row of the table.
#[derive(Debug)]
pub struct Kernel {
    /// File stem, entry point, label.
    pub name: &'static str,
    /// The kernel's own file.
    pub wgsl: &'static str,
    /// What else it is composed with.
    pub needs: Needs,
    /// Fields of the parameters, one word each, without padding.
    pub params: &'static [&'static str],
    /// Storage buffers in the order of their bindings, from binding 1.
    pub bindings: &'static [Binding],
    /// Numbers to set when a pipeline is made; [`Variant::overrides`] says what they may be.
    pub overrides: &'static [&'static str],
    /// Seeded inputs and what the defining function makes of them.
    pub cases: fn(&Variant) -> Vec<Case>,
}

/// Every kernel.
pub static KERNELS: &[&Kernel] = &[
    &embed::EMBED,
    &rms_norm::RMS_NORM,
    &matmul::MATMUL,
    &matvec::MATVEC,
    &norm_matvec::NORM_MATVEC,
    &norm_rope::NORM_ROPE,
    &keep::KEEP,
    &attend::ATTEND,
    &attend_step::ATTEND_STEP,
    &norm_add::NORM_ADD,
    &geglu::GEGLU,
    &norm_geglu::NORM_GEGLU,
    &label_logits::LABEL_LOGITS,
    &head_sums::HEAD_SUMS,
    &label_scores::LABEL_SCORES,
    &vocab_stats::VOCAB_STATS,
    &norm_best::NORM_BEST,
    &advance::ADVANCE,
];

/// The kernel of this name.
pub fn kernel(name: &str) -> Option<&'static Kernel> {
    KERNELS.iter().copied().find(|k| k.name == name)
}

const fn read(name: &'static str) -> Binding {
    Binding { name, access: Access::Read }
}

const fn write(name: &'static str) -> Binding {
    Binding { name, access: Access::Write }
}

/// Parameters as the words of a uniform buffer, padded to 16 bytes.
fn padded(words: &[u32]) -> Vec<u32> {
    let mut words = words.to_vec();
    words.resize(words.len().next_multiple_of(PARAM_UNIT), 0);
    words
}
