//! The self-test: a small random model, frozen in the engine, against its goldens, layer by layer.

use std::rc::Rc;

use kernels::Precision;
use safetensors::SafeTensors;
use weights::{Config, MemorySource, open_gguf};

use crate::reference::Bound;
use crate::{Engine, Error, LoadOptions, Ops, Taps, Want};

/// A random model of mixed formats: 7 layers, one of them global, window 8. Made by `goldens/make.py`.
static MODEL: &[u8] = include_bytes!("../data/selftest.gguf");
/// Its hidden states and logits, computed by transformers in f32 from the dequantised weights.
static GOLDENS: &[u8] = include_bytes!("../data/selftest.safetensors");

/// One comparison of the self-test.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What was compared: `sequence 1, layer.3`.
    pub what: String,
    /// Largest absolute difference.
    pub max_abs: f64,
    /// Largest difference allowed.
    pub bound: f64,
}

impl Finding {
    /// Whether the difference is allowed; a NaN never is.
    pub fn passed(&self) -> bool {
        self.max_abs <= self.bound
    }
}

/// The outcome of a self-test.
#[derive(Clone, Debug, PartialEq)]
pub struct SelfTest {
    /// All comparisons, in the order of computation.
    pub findings: Vec<Finding>,
}

impl SelfTest {
    /// Whether every comparison passed.
    pub fn passed(&self) -> bool {
        !self.findings.is_empty() && self.findings.iter().all(Finding::passed)
    }

    /// The first comparison that failed, which names the layer at fault.
    pub fn first_failure(&self) -> Option<&Finding> {
        self.findings.iter().find(|f| !f.passed())
    }
}

/// Runs the frozen model on a backend that keeps keys and values in `precision`.
pub async fn self_test<O: Ops>(
    precision: Precision,
    backend: impl FnOnce(Config) -> Result<O, Error>,
) -> Result<SelfTest, Error> {
    let weights = Rc::new(open_gguf(Rc::new(MemorySource::new("selftest.gguf", MODEL)))?);
    let mut engine = Engine::load(backend(weights.config.clone())?, &weights, LoadOptions::default(), &mut |_| ())?;
    let goldens = SafeTensors::deserialize(GOLDENS).map_err(|e| Error::Reference(format!("self-test goldens: {e}")))?;
    let hidden = engine.config.hidden;
    let bound = match precision {
        Precision::F32 => Bound::float(hidden).limit(),
        Precision::F16 => Bound::f16(hidden).limit(),
    };
    let mut findings = Vec::new();
    for sequence in 0.. {
        let Ok(ids) = goldens.tensor(&format!("ids.{sequence}")) else { break };
        let ids: Vec<u32> = words(ids.data()).map(u32::from_le_bytes).collect();
        let mut taps = Taps::default();
        let logits = engine.logits(&ids, Want::All, Some(&mut taps)).await?;
        let mut compare = |golden: String, what: String, found: &[f32], bound_of: fn(f64, f64) -> f64| {
            let expected = goldens.tensor(&golden).map_err(|e| Error::Reference(format!("self-test goldens: {e}")))?;
            let expected: Vec<f32> = words(expected.data()).map(f32::from_le_bytes).collect();
            let largest = expected.iter().fold(0f32, |a, x| a.max(x.abs()));
            findings.push(Finding {
                what: format!("sequence {sequence}, {what}"),
                max_abs: max_abs_difference(&expected, found),
                bound: bound_of(bound, f64::from(largest)),
            });
            Ok::<(), Error>(())
        };
        // Hidden states grow with depth, and floats round in proportion: the row, or a share of the layer's largest value.
        // f32 has 24 bits; keys and values in f16 have 11.
        let relative: fn(f64, f64) -> f64 = match precision {
            Precision::F32 => |bound, largest| bound.max(1e-5 * largest),
            Precision::F16 => |bound, largest| bound.max(largest / 1024.0),
        };
        for (name, found) in &taps.taken {
            let golden = match name.strip_prefix("layer.") {
                Some(layer) => format!("h.{sequence}.{}", layer.parse::<usize>().map_or(0, |l| l + 1)),
                None if name == "embed" => format!("h.{sequence}.0"),
                None => format!("normed.{sequence}"),
            };
            compare(golden, name.clone(), found, relative)?;
        }
        compare(format!("logits.{sequence}"), "logits".to_owned(), &logits.values, |bound, _| bound)?;
    }
    Ok(SelfTest { findings })
}

/// Largest absolute difference; infinite where lengths differ or a value is NaN.
fn max_abs_difference(expected: &[f32], found: &[f32]) -> f64 {
    if expected.len() != found.len() || found.iter().any(|x| x.is_nan()) {
        return f64::INFINITY;
    }
    expected.iter().zip(found).map(|(a, b)| f64::from((a - b).abs())).fold(0.0, f64::max)
}

fn words(bytes: &[u8]) -> impl Iterator<Item = [u8; 4]> + '_ {
    bytes.as_chunks::<4>().0.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nan_or_a_missing_value_is_an_infinite_difference() {
        assert!(max_abs_difference(&[1.0], &[f32::NAN]).is_infinite());
        assert!(max_abs_difference(&[1.0], &[]).is_infinite());
        assert!(!Finding { what: String::new(), max_abs: f64::NAN, bound: 1.0 }.passed());
    }
}
