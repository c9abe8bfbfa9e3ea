//! What the engine's test suites share.

#![allow(dead_code, reason = "each suite uses a part")]

use std::fmt;
use std::path::Path;
use std::rc::Rc;

use engine::{Cpu, CpuMode, Engine, LoadOptions, Residency, Taps, Want};
use testkit::golden::{Golden, argmax, max_abs_difference, rms_difference, top_margin};
use testkit::tolerance::{float_row, hidden_row};
use weights::Weights;

/// A model loaded for a test.
pub struct Fixture {
    pub engine: Engine<Cpu>,
}

impl Fixture {
    pub fn open(path: &Path, mode: CpuMode, residency: Residency) -> Self {
        let weights = testkit::source::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        Self::load(&weights, mode, residency)
    }

    pub fn load(weights: &Rc<Weights>, mode: CpuMode, residency: Residency) -> Self {
        let backend = Cpu::new(weights.config.clone(), mode, residency);
        let engine = Engine::load(backend, weights, LoadOptions::default(), &mut |_| ());
        Self { engine: engine.unwrap_or_else(|e| panic!("{e}")) }
    }

    /// Logits of all positions.
    pub fn logits(&mut self, ids: &[u32]) -> Vec<f32> {
        pollster::block_on(self.engine.logits(ids, Want::All, None)).unwrap_or_else(|e| panic!("{e}")).values
    }
}

/// Largest differences of a whole golden file.
#[derive(Debug, Default)]
pub struct Report {
    logits: f64,
    hidden: f64,
    failures: Vec<String>,
    compared: usize,
}

impl Report {
    pub fn passed(&self) -> bool {
        self.failures.is_empty() && self.compared > 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tensors, logits {:.1e}, hidden {:.1e}", self.compared, self.logits, self.hidden)?;
        if let Some(first) = self.failures.first() {
            write!(f, ", {} failures, first: {first}", self.failures.len())?;
        }
        Ok(())
    }
}

/// Runs every sequence of a golden file and compares every tensor it holds.
pub fn forward_differences(fixture: &mut Fixture, golden: &Golden, factor: f64) -> Report {
    let mut report = Report::default();
    let hidden = fixture.engine.config.hidden;
    for (n, ids) in golden.sequences().iter().enumerate() {
        let row = float_row(hidden, ids.len());
        let mut taps = Taps::default();
        let want = if golden.values(&format!("logits.{n}")).is_some() { Want::All } else { Want::Last };
        let logits =
            pollster::block_on(fixture.engine.logits(ids, want, Some(&mut taps))).unwrap_or_else(|e| panic!("{e}"));
        for (name, found) in &taps.taken {
            let level = match name.as_str() {
                "embed" => "h.N.0".to_owned(),
                "norm" => "normed.N".to_owned(),
                layer => format!("h.N.{}", layer[6..].parse::<usize>().expect("a layer number") + 1),
            };
            let full = level.replace('N', &n.to_string());
            let last = full.replacen('h', "h_last", 1);
            if let Some(expected) = golden.values(&full) {
                report.hidden(&full, &expected, found, row);
            } else if let Some(expected) = golden.values(&last) {
                report.hidden(&last, &expected, &found[found.len() - hidden..], row);
            }
        }
        for name in [format!("logits.{n}"), format!("logits_last.{n}")] {
            if let Some(expected) = golden.values(&name) {
                report.logits(&name, &expected, &logits.values, row * factor, logits.vocab);
            }
        }
    }
    report
}

impl Report {
    fn hidden(&mut self, name: &str, expected: &[f32], found: &[f32], row: f64) {
        let (difference, bound) = (max_abs_difference(expected, found), hidden_row(row, expected));
        self.compared += 1;
        self.hidden = self.hidden.max(difference);
        if difference > bound {
            self.failures.push(format!("{name}: {difference:.2e} above {bound:.2e}"));
        }
    }

    fn logits(&mut self, name: &str, expected: &[f32], found: &[f32], row: f64, vocab: usize) {
        let difference = max_abs_difference(expected, found);
        self.compared += 1;
        self.logits = self.logits.max(difference);
        if difference > row {
            self.failures.push(format!("{name}: {difference:.2e} above {row:.2e}"));
            return;
        }
        // Top-1 must agree wherever the reference margin exceeds twice the tolerance.
        for (position, (e, f)) in expected.chunks(vocab).zip(found.chunks(vocab)).enumerate() {
            if top_margin(e) > 2.0 * row && argmax(e) != argmax(f) {
                self.failures.push(format!("{name}: another best token at position {position}"));
            }
        }
    }
}

/// What decoding token by token gave.
#[derive(Debug)]
pub struct Decoded {
    pub rms: f64,
    pub max_abs: f64,
}

/// Logits of the last position of every prefix of every sequence, each through a decode step.
pub fn decode_rms(fixture: &mut Fixture, golden: &Golden) -> Decoded {
    let vocab = fixture.engine.config.vocab;
    let (mut expected, mut found) = (Vec::new(), Vec::new());
    for (n, ids) in golden.sequences().iter().enumerate() {
        let Some(logits) = golden.values(&format!("logits.{n}")) else { continue };
        // Every prefix of the short sequences; of the long ones those beyond the window, where the past is cut.
        for len in (1..=ids.len()).filter(|len| *len <= 12 || len % 11 == 0 || *len == ids.len()) {
            let step = pollster::block_on(fixture.engine.decode_logits(&ids[..len])).unwrap_or_else(|e| panic!("{e}"));
            found.extend(step);
            expected.extend_from_slice(&logits[(len - 1) * vocab..len * vocab]);
        }
    }
    Decoded { rms: rms_difference(&expected, &found), max_abs: max_abs_difference(&expected, &found) }
}
