//! Weight formats as the shaders read them: quants and scales as separate, aligned words.
//!
//! A format is one row of everything here, one file `shaders/weight/<name>.wgsl`, and nothing else. A matrix is cut
//! into groups of eight consecutive weights of a row; every format's file defines the same function,
//! `weight_8(row, group)`, and [`Format::weight_8`] is its definition in Rust.

use half::f16;

/// A format that shaders multiply without unpacking the matrix first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A word per weight.
    F32,
    /// Two weights per word.
    F16,
    /// Two weights per word.
    Bf16,
    /// 4 bits and half a word of scale per 32.
    Q4_0,
    /// 4 bits and a word of scale and minimum per 32.
    Q4_1,
    /// 5 bits and half a word of scale per 32.
    Q5_0,
    /// 5 bits and a word of scale and minimum per 32.
    Q5_1,
    /// 8 bits and half a word of scale per 32.
    Q8_0,
    /// 4 bits and five words of scales and minimums per 256.
    Q4K,
    /// 5 bits and five words of scales and minimums per 256.
    Q5K,
    /// 6 bits and five words of scales per 256.
    Q6K,
}

/// A matrix as shaders read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packed {
    /// Weights, in groups of eight of a row, rows one after another.
    pub quants: Vec<u32>,
    /// What weights are multiplied by and what is added; one zero where the format has none.
    pub scales: Vec<u32>,
}

/// Bytes that are no whole blocks of a format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected whole blocks of {block_bytes} bytes of {format}, found {found} bytes")]
pub struct NotWholeBlocks {
    format: &'static str,
    block_bytes: usize,
    found: usize,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 11] = [
        Self::F32,
        Self::F16,
        Self::Bf16,
        Self::Q4_0,
        Self::Q4_1,
        Self::Q5_0,
        Self::Q5_1,
        Self::Q8_0,
        Self::Q4K,
        Self::Q5K,
        Self::Q6K,
    ];

    /// Stem of the file in `shaders/weight/`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::Bf16 => "bf16",
            Self::Q4_0 => "q4_0",
            Self::Q4_1 => "q4_1",
            Self::Q5_0 => "q5_0",
            Self::Q5_1 => "q5_1",
            Self::Q8_0 => "q8_0",
            Self::Q4K => "q4_k",
            Self::Q5K => "q5_k",
            Self::Q6K => "q6_k",
        }
    }

    /// WGSL of `weight_8`.
    pub const fn wgsl(self) -> &'static str {
        match self {
            Self::F32 => include_str!("../../../shaders/weight/f32.wgsl"),
            Self::F16 => include_str!("../../../shaders/weight/f16.wgsl"),
            Self::Bf16 => include_str!("../../../shaders/weight/bf16.wgsl"),
            Self::Q4_0 => include_str!("../../../shaders/weight/q4_0.wgsl"),
            Self::Q4_1 => include_str!("../../../shaders/weight/q4_1.wgsl"),
            Self::Q5_0 => include_str!("../../../shaders/weight/q5_0.wgsl"),
            Self::Q5_1 => include_str!("../../../shaders/weight/q5_1.wgsl"),
            Self::Q8_0 => include_str!("../../../shaders/weight/q8_0.wgsl"),
            Self::Q4K => include_str!("../../../shaders/weight/q4_k.wgsl"),
            Self::Q5K => include_str!("../../../shaders/weight/q5_k.wgsl"),
            Self::Q6K => include_str!("../../../shaders/weight/q6_k.wgsl"),
        }
    }

    /// Whether the format's file has a shorter way to 32 weights than four times eight.
    pub const fn has_run(self) -> bool {
        matches!(self, Self::Q4_0 | Self::Q8_0)
    }

    /// Weights of a block of the file; groups of eight are the smallest that is read.
    pub const fn block_len(self) -> usize {
        match self {
            Self::F32 | Self::F16 | Self::Bf16 => 8,
            Self::Q4_0 | Self::Q4_1 | Self::Q5_0 | Self::Q5_1 | Self::Q8_0 => 32,
            Self::Q4K | Self::Q5K | Self::Q6K => 256,
        }
    }

    /// Bytes of such a block in the file.
    pub const fn block_bytes(self) -> usize {
        match self {
            Self::F32 => 32,
            Self::F16 | Self::Bf16 => 16,
            Self::Q4_0 => 18,
            Self::Q4_1 => 20,
            Self::Q5_0 => 22,
            Self::Q5_1 => 24,
            Self::Q8_0 => 34,
            Self::Q4K => 144,
            Self::Q5K => 176,
            Self::Q6K => 210,
        }
    }

    /// Words of `quants` per block.
    pub const fn quant_words(self) -> usize {
        match self {
            Self::F32 | Self::Q8_0 => 8,
            Self::F16 | Self::Bf16 | Self::Q4_0 | Self::Q4_1 => 4,
            Self::Q5_0 | Self::Q5_1 => 5,
            Self::Q4K => 32,
            Self::Q5K => 40,
            Self::Q6K => 48,
        }
    }

    /// Words of `scales` that so many blocks take. An even number of blocks ends at a whole word.
    pub const fn scale_words(self, n_blocks: usize) -> usize {
        match self {
            Self::F32 | Self::F16 | Self::Bf16 => 0,
            Self::Q4_0 | Self::Q5_0 | Self::Q8_0 => n_blocks.div_ceil(2),
            Self::Q4_1 | Self::Q5_1 => n_blocks,
            Self::Q4K | Self::Q5K | Self::Q6K => 5 * n_blocks,
        }
    }

    /// Rearranges whole blocks of a file.
    pub fn pack(self, bytes: &[u8]) -> Result<Packed, NotWholeBlocks> {
        let block_bytes = self.block_bytes();
        if !bytes.len().is_multiple_of(block_bytes) {
            return Err(NotWholeBlocks { format: self.name(), block_bytes, found: bytes.len() });
        }
        let mut packed = Packed::default();
        packed.quants.reserve(bytes.len() / block_bytes * self.quant_words());
        for (index, block) in bytes.chunks_exact(block_bytes).enumerate() {
            self.pack_block(index, block, &mut packed);
        }
        if packed.scales.is_empty() {
            packed.scales.push(0);
        }
        Ok(packed)
    }

    fn pack_block(self, index: usize, block: &[u8], packed: &mut Packed) {
        let Packed { quants, scales } = packed;
        match self {
            Self::F32 | Self::F16 | Self::Bf16 => quants.extend(words(block)),
            Self::Q4_0 => {
                half_word(index, block, scales);
                quants.extend(nibbles_in_order(&block[2..18]));
            }
            Self::Q4_1 => {
                scales.extend(words(&block[..4]));
                quants.extend(nibbles_in_order(&block[4..20]));
            }
            Self::Q5_0 => {
                half_word(index, block, scales);
                quants.extend(nibbles_in_order(&block[6..22]));
                quants.extend(words(&block[2..6]));
            }
            Self::Q5_1 => {
                scales.extend(words(&block[..4]));
                quants.extend(nibbles_in_order(&block[8..24]));
                quants.extend(words(&block[4..8]));
            }
            Self::Q8_0 => {
                half_word(index, block, scales);
                quants.extend(words(&block[2..34]));
            }
            Self::Q4K => {
                scales.extend(k_scales(&block[..16]));
                for run in 0..8 {
                    quants.extend(nibble_words(&k_nibbles(&block[16..], run)));
                }
            }
            Self::Q5K => {
                scales.extend(k_scales(&block[..16]));
                for run in 0..8 {
                    quants.extend(nibble_words(&k_nibbles(&block[48..], run)));
                    quants.push(bits(&block[16..48], |high| u32::from(high >> run & 1), 1).next().unwrap_or(0));
                }
            }
            Self::Q6K => {
                scales.push(u32::from(u16::from_le_bytes([block[208], block[209]])));
                scales.extend(words(&block[192..208]));
                for run in 0..8 {
                    let (half, quarter) = (run / 4, run % 4);
                    let low = &block[half * 64 + 32 * (quarter % 2)..][..32];
                    let nibbles: Vec<u8> = low.iter().map(|b| if quarter < 2 { b & 15 } else { b >> 4 }).collect();
                    quants.extend(nibble_words(&nibbles));
                    let high = &block[128 + half * 32..][..32];
                    quants.extend(bits(high, |byte| u32::from(byte >> (2 * quarter) & 3), 2));
                }
            }
        }
    }

    /// Eight consecutive weights: the definition of `weight_8`. `index` counts groups over all rows; `None` outside.
    pub fn weight_8(self, packed: &Packed, index: usize) -> Option<[f32; 8]> {
        let quant = |at: usize| packed.quants.get(at).copied();
        let scale = |at: usize| packed.scales.get(at).copied();
        // Runs of 32 weights are four groups; blocks of 256 are 32.
        let (run, in_run, block) = (index / 4, index % 4, index / 32);
        let half = || scale(run / 2).map(|word| f16_of(word >> (16 * (run % 2))));
        let pair = |word: u32| (f16_of(word), f16_of(word >> 16));
        Some(match self {
            Self::F32 => packed.quants.get(index * 8..)?.first_chunk::<8>()?.map(f32::from_bits),
            Self::F16 | Self::Bf16 => {
                let mut values = [0.0; 8];
                for (j, value) in values.iter_mut().enumerate() {
                    let part = quant(index * 4 + j / 2)? >> (16 * (j % 2));
                    *value = if self == Self::F16 { f16_of(part) } else { f32::from_bits(part << 16) };
                }
                values
            }
            Self::Q4_0 => {
                let (d, q) = (half()?, nibbles(quant(index)?));
                q.map(|q| d * (q - 8.0))
            }
            Self::Q4_1 => {
                let ((d, m), q) = (pair(scale(run)?), nibbles(quant(index)?));
                q.map(|q| d * q + m)
            }
            Self::Q5_0 => {
                let d = half()?;
                fives(quant(run * 5 + in_run)?, quant(run * 5 + 4)?, in_run).map(|q| d * (q - 16.0))
            }
            Self::Q5_1 => {
                let (d, m) = pair(scale(run)?);
                fives(quant(run * 5 + in_run)?, quant(run * 5 + 4)?, in_run).map(|q| d * q + m)
            }
            Self::Q8_0 => {
                let d = half()?;
                let (low, high) = (quant(index * 2)?.to_le_bytes(), quant(index * 2 + 1)?.to_le_bytes());
                std::array::from_fn(|j| d * f32::from(if j < 4 { low[j] } else { high[j - 4] }.cast_signed()))
            }
            Self::Q4K | Self::Q5K => {
                let (d, dmin) = pair(scale(block * 5)?);
                let run_of_block = run % 8;
                let pair = scale(block * 5 + 1 + run_of_block / 2)? >> (16 * (run_of_block % 2));
                let (d, m) = (d * (pair & 255) as f32, dmin * (pair >> 8 & 255) as f32);
                let q = if self == Self::Q4K {
                    nibbles(quant(index)?)
                } else {
                    fives(quant(run * 5 + in_run)?, quant(run * 5 + 4)?, in_run)
                };
                q.map(|q| d * q - m)
            }
            Self::Q6K => {
                let low = nibbles(quant(run * 6 + in_run)?);
                let high = quant(run * 6 + 4 + in_run / 2)? >> (16 * (in_run % 2));
                let sixteenth = index % 32 / 2;
                let d = f16_of(scale(block * 5)?);
                let d = d * f32::from(scale(block * 5 + 1 + sixteenth / 4)?.to_le_bytes()[sixteenth % 4].cast_signed());
                std::array::from_fn(|j| d * (low[j] + 16.0 * (high >> (2 * j) & 3) as f32 - 32.0))
            }
        })
    }
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b))
}

/// The f16 at the head of a block, two blocks to a word.
fn half_word(index: usize, block: &[u8], scales: &mut Vec<u32>) {
    let d = u32::from(u16::from_le_bytes([block[0], block[1]]));
    match scales.last_mut() {
        Some(last) if index % 2 == 1 => *last |= d << 16,
        _ => scales.push(d),
    }
}

/// Value j is the low nibble of byte j, value j + 16 the high one: eight consecutive values to a word.
fn nibbles_in_order(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let values: Vec<u8> = bytes.iter().map(|b| b & 15).chain(bytes.iter().map(|b| b >> 4)).collect();
    nibble_words(&values)
}

fn nibble_words(values: &[u8]) -> impl Iterator<Item = u32> + use<> {
    let words: Vec<u32> =
        values.chunks(8).map(|eight| eight.iter().rev().fold(0, |word, &q| word << 4 | u32::from(q))).collect();
    words.into_iter()
}

/// The 32 values of a run of a K block: nibbles of 32 bytes, low for even runs and high for odd ones.
fn k_nibbles(bytes: &[u8], run: usize) -> Vec<u8> {
    bytes[run / 2 * 32..][..32].iter().map(|b| if run.is_multiple_of(2) { b & 15 } else { b >> 4 }).collect()
}

/// `width` bits of each of 32 bytes, the first lowest: as many words as they fill.
fn bits(bytes: &[u8], part: impl Fn(u8) -> u32, width: usize) -> impl Iterator<Item = u32> {
    let per_word = 32 / width;
    let words: Vec<u32> = bytes
        .chunks(per_word)
        .map(|chunk| chunk.iter().enumerate().fold(0, |word, (j, &b)| word | part(b) << (j * width)))
        .collect();
    words.into_iter()
}

/// `d` and `dmin`, then per run its 6-bit scale and minimum as two bytes, two runs to a word.
///
/// Unpacks the 12 bytes of scales as `get_scale_min_k4` in `ggml-quants.c` of <https://github.com/ggml-org/ggml> does.
fn k_scales(head: &[u8]) -> [u32; 5] {
    let (d, packed) = (u32::from_le_bytes([head[0], head[1], head[2], head[3]]), &head[4..16]);
    let pair = |run: usize| -> u32 {
        let (scale, min) = if run < 4 {
            (packed[run] & 63, packed[run + 4] & 63)
        } else {
            (packed[run + 4] & 15 | packed[run - 4] >> 6 << 4, packed[run + 4] >> 4 | packed[run] >> 6 << 4)
        };
        u32::from(scale) | u32::from(min) << 8
    };
    std::array::from_fn(|i| if i == 0 { d } else { pair(2 * i - 2) | pair(2 * i - 1) << 16 })
}

/// The f16 in the low half of a word.
fn f16_of(word: u32) -> f32 {
    f16::from_bits(word as u16).to_f32()
}

fn nibbles(word: u32) -> [f32; 8] {
    std::array::from_fn(|j| (word >> (4 * j) & 15) as f32)
}

/// Nibbles with their fifth bits; `high` holds those of 32 weights.
fn fives(word: u32, high: u32, in_run: usize) -> [f32; 8] {
    let high = high >> (8 * in_run);
    std::array::from_fn(|j| ((word >> (4 * j) & 15) | (high >> j & 1) << 4) as f32)
}
