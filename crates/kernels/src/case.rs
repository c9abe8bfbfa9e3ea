//! Cases for the parity test: seeded inputs, and what the defining function makes of them.

use half::f16;

use crate::{Format, Packed, Precision};

/// What a buffer of a case is.
#[derive(Clone, Debug, PartialEq)]
pub enum Role {
    /// Given.
    Input,
    /// Computed: the words that must come out, within the case's tolerance.
    Output,
}

/// How words are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// As f32, within the tolerance.
    F32,
    /// As f32, but integers below 2^23, which are no normal f32, bit for bit.
    Numbers,
    /// As pairs of f16, within the tolerance and half a unit of f16.
    F16,
    /// Bit for bit.
    Words,
}

/// One buffer of a case.
#[derive(Clone, Debug)]
pub struct Buffer {
    /// Given or computed.
    pub role: Role,
    /// How it is compared.
    pub values: Values,
    /// The words given, or those expected.
    pub words: Vec<u32>,
    /// What a computed buffer holds before, where that matters; zeros elsewhere.
    pub before: Option<Vec<u32>>,
}

/// One run of a kernel with a known outcome.
#[derive(Clone, Debug)]
pub struct Case {
    /// Shapes, for a reader.
    pub what: String,
    /// Words of the parameters, padded.
    pub params: Vec<u32>,
    /// Buffers in the order of the kernel's bindings.
    pub buffers: Vec<Buffer>,
    /// Workgroups.
    pub grid: [u32; 3],
    /// Largest absolute difference allowed.
    pub tolerance: f64,
    /// Why.
    pub reason: &'static str,
}

/// Half a unit in the last place of f32 at 1.
pub const UNIT: f64 = 1.0 / (1 << 24) as f64;

/// A sum of n products in any order differs by at most n units of the sum of their absolute values
/// (Higham, "Accuracy and Stability of Numerical Algorithms", section 3.1); eight more for the weights' own arithmetic.
pub const SUM_REASON: &str = "n + 8 units of the sum of absolute products";

impl Buffer {
    pub(crate) fn input(words: Vec<u32>) -> Self {
        Self { role: Role::Input, values: Values::Words, words, before: None }
    }

    pub(crate) fn floats(values: &[f32]) -> Self {
        Self::input(to_words(values))
    }

    pub(crate) fn kept(values: &[f32], precision: Precision) -> Self {
        Self::input(keep(values, precision).0)
    }

    pub(crate) fn output(values: &[f32]) -> Self {
        Self { role: Role::Output, values: Values::F32, words: to_words(values), before: None }
    }

    pub(crate) fn kept_output(values: &[f32], precision: Precision) -> Self {
        let (words, values) = keep(values, precision);
        Self { role: Role::Output, values, words, before: None }
    }

    /// Words that must come out bit for bit.
    pub(crate) fn words_output(words: Vec<u32>) -> Self {
        Self { role: Role::Output, values: Values::Words, words, before: None }
    }

    /// What must come out where f32 and small integers are mixed.
    pub(crate) fn numbers_output(words: Vec<u32>) -> Self {
        Self { role: Role::Output, values: Values::Numbers, words, before: None }
    }

    /// The same buffer, which holds this before.
    pub(crate) fn after(mut self, before: &Self) -> Self {
        self.before = Some(before.words.clone());
        self
    }

    /// Largest difference between found words and these; infinite where one is no number.
    pub fn difference(&self, found: &[u32]) -> f64 {
        let floats = |a: f32, b: f32| {
            let difference = f64::from((a - b).abs());
            if difference.is_nan() { f64::INFINITY } else { difference }
        };
        if found.len() != self.words.len() {
            return f64::INFINITY;
        }
        let pairs = self.words.iter().zip(found);
        match self.values {
            Values::Words => pairs.map(|(a, b)| if a == b { 0.0 } else { f64::INFINITY }).fold(0.0, f64::max),
            Values::F32 => pairs.map(|(&a, &b)| floats(f32::from_bits(a), f32::from_bits(b))).fold(0.0, f64::max),
            Values::Numbers => pairs
                .map(|(&a, &b)| {
                    let is_integer = |word: u32| word < 1 << 23 || word == u32::MAX;
                    match (is_integer(a), is_integer(b)) {
                        (false, false) => floats(f32::from_bits(a), f32::from_bits(b)),
                        _ if a == b => 0.0,
                        _ => f64::INFINITY,
                    }
                })
                .fold(0.0, f64::max),
            Values::F16 => pairs
                .flat_map(|(&a, &b)| [(a, b), (a >> 16, b >> 16)])
                .map(|(a, b)| {
                    let (a, b) = (f16::from_bits(a as u16).to_f32(), f16::from_bits(b as u16).to_f32());
                    // A value next to the middle of two f16 may be rounded to either.
                    (floats(a, b) - f64::from(a.abs()) / 1024.0).max(0.0)
                })
                .fold(0.0, f64::max),
        }
    }
}

pub(crate) fn to_words(values: &[f32]) -> Vec<u32> {
    values.iter().map(|v| v.to_bits()).collect()
}

/// Values as the cache keeps them.
fn keep(values: &[f32], precision: Precision) -> (Vec<u32>, Values) {
    match precision {
        Precision::F32 => (to_words(values), Values::F32),
        Precision::F16 => {
            let bits = |v: f32| u32::from(f16::from_f32(v).to_bits());
            let pairs = values.chunks(2).map(|pair| bits(pair[0]) | pair.get(1).map_or(0, |&v| bits(v)) << 16);
            (pairs.collect(), Values::F16)
        }
    }
}

/// A value as the cache keeps it, as f32.
pub(crate) fn as_kept(value: f32, precision: Precision) -> f32 {
    match precision {
        Precision::F32 => value,
        Precision::F16 => f16::from_f32(value).to_f32(),
    }
}

/// Seeded numbers for cases (SplitMix64: Steele, Lea and Flood, 2014).
pub(crate) struct Seeded(u64);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A value in -1..1.
    pub(crate) fn float(&mut self) -> f32 {
        ((self.next() >> 40) as f32 / (1 << 23) as f32) - 1.0
    }

    pub(crate) fn floats(&mut self, n: usize) -> Vec<f32> {
        (0..n).map(|_| self.float()).collect()
    }

    /// Cosines and sines of random angles.
    pub(crate) fn rotation(&mut self, n: usize) -> Vec<[f32; 2]> {
        let mut turn = || {
            let angle = self.float() * 3.0;
            [angle.cos(), angle.sin()]
        };
        (0..n).map(|_| turn()).collect()
    }

    pub(crate) fn below(&mut self, n: u32) -> u32 {
        (self.next() % u64::from(n)) as u32
    }

    /// A packed random matrix `[rows, cols]` and its values; `cols` in whole blocks.
    pub(crate) fn matrix(&mut self, format: Format, rows: usize, cols: usize) -> (Packed, Vec<f32>) {
        let n_blocks = rows * cols / format.block_len();
        let mut bytes: Vec<u8> = (0..n_blocks * format.block_bytes()).map(|_| self.next() as u8).collect();
        for block in bytes.chunks_exact_mut(format.block_bytes()) {
            self.tame(format, block);
        }
        // Whole blocks by construction.
        let packed = format.pack(&bytes).unwrap_or_default();
        let values = (0..rows * cols / 8).flat_map(|i| format.weight_8(&packed, i).unwrap_or_default()).collect();
        (packed, values)
    }

    /// Random bits make no sensible floats: scales between 2^-6 and 2^-5, plain values between -1 and 1.
    fn tame(&mut self, format: Format, block: &mut [u8]) {
        let mut half = |at: usize| {
            let value = f16::from_f32((1.0 + self.float().abs()) / 64.0);
            block[at..at + 2].copy_from_slice(&value.to_le_bytes());
        };
        match format {
            Format::Q4_0 | Format::Q5_0 | Format::Q8_0 => half(0),
            Format::Q4_1 | Format::Q5_1 | Format::Q4K | Format::Q5K => [0, 2].into_iter().for_each(half),
            Format::Q6K => half(208),
            Format::F32 => {
                for out in block.as_chunks_mut::<4>().0 {
                    *out = self.float().to_le_bytes();
                }
            }
            Format::F16 => {
                for out in block.as_chunks_mut::<2>().0 {
                    *out = f16::from_f32(self.float()).to_le_bytes();
                }
            }
            Format::Bf16 => {
                for out in block.as_chunks_mut::<2>().0 {
                    *out = half::bf16::from_f32(self.float()).to_le_bytes();
                }
            }
        }
    }
}
