//! What the engine's test suites share.

#![allow(dead_code, reason = "each suite uses a part")]

use std::fmt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use engine::gpu::{Device, Gpu, GpuError, GpuOptions, Software};
use engine::{Cpu, CpuMode, Engine, LoadOptions, Ops, Residency, Taps, Want};
use kernels::{Precision, Tier};
use testkit::golden::{Golden, argmax, max_abs_difference, rms_difference, top_margin};
use testkit::tolerance::{f16_row, float_row, hidden_row};
use weights::Weights;

/// A model and its golden, relative to a root.
pub struct Case {
    pub model: PathBuf,
    pub golden: PathBuf,
    /// The allowed multiple of the logits' row: 10 for the model whose residual reaches 208,000.
    pub factor: f64,
}

/// The repository's own goldens.
pub fn own() -> Vec<Case> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../goldens/data"));
    let mut cases: Vec<Case> = std::fs::read_dir(root)
        .expect("the repository's goldens")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "safetensors"))
        .map(|golden| {
            let stem = golden.file_stem().expect("a name").to_string_lossy().into_owned();
            let gguf = root.join(format!("{stem}.gguf"));
            let model = if gguf.exists() { gguf } else { root.join(&stem) };
            Case { model, golden, factor: if stem.contains("hot") { 10.0 } else { 1.0 } }
        })
        .collect();
    cases.sort_by(|a, b| a.model.cmp(&b.model));
    assert!(cases.len() >= 4, "expected at least 4 golden models under {}, found {}", root.display(), cases.len());
    cases
}

/// The shared ones, where they are.
pub fn shared() -> Vec<Case> {
    let (Some(models), Some(goldens)) = (testkit::shared("oracles/models"), testkit::shared("oracles/goldens")) else {
        return vec![];
    };
    let names = [
        ("tiny", "tiny"),
        ("tiny4", "tiny4"),
        ("tinyk", "tinyk"),
        ("tinyhot", "tinyhot"),
        ("gguf/tiny-f32.gguf", "tiny"),
        ("gguf/tiny-Q4_0.gguf", "tiny-Q4_0"),
        ("gguf/tiny-Q5_0.gguf", "tiny-Q5_0"),
        ("gguf/tiny-Q8_0.gguf", "tiny-Q8_0"),
        ("gguf/tinyhot-Q8_0.gguf", "tinyhot-Q8_0"),
        ("gguf/tinyk-BF16.gguf", "tinyk-BF16"),
        ("gguf/tinyk-Q4_0.gguf", "tinyk-Q4_0"),
        ("gguf/tinyk-Q4_1.gguf", "tinyk-Q4_1"),
        ("gguf/tinyk-Q4_K_M.gguf", "tinyk-Q4_K_M"),
        ("gguf/tinyk-Q5_0.gguf", "tinyk-Q5_0"),
        ("gguf/tinyk-Q5_1.gguf", "tinyk-Q5_1"),
        ("gguf/tinyk-Q5_K_M.gguf", "tinyk-Q5_K_M"),
        ("gguf/tinyk-Q6_K.gguf", "tinyk-Q6_K"),
        ("gguf/tinyk-Q8_0.gguf", "tinyk-Q8_0"),
    ];
    names
        .into_iter()
        .map(|(model, golden)| Case {
            model: models.join(model),
            golden: goldens.join(format!("{golden}.safetensors")),
            factor: if model.contains("hot") { 10.0 } else { 1.0 },
        })
        .collect()
}

/// A model loaded for a test.
pub struct Fixture<O: Ops = Cpu> {
    pub engine: Engine<O>,
}

impl Fixture {
    pub fn open(path: &Path, mode: CpuMode, residency: Residency) -> Self {
        let weights = testkit::source::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        Self::load(&weights, mode, residency)
    }

    pub fn load(weights: &Rc<Weights>, mode: CpuMode, residency: Residency) -> Self {
        Self::with(Cpu::new(weights.config.clone(), mode, residency), weights)
    }
}

impl Fixture<Gpu> {
    pub fn on(device: &Rc<Device>, path: &Path) -> Self {
        let weights = testkit::source::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let gpu = Gpu::new(Rc::clone(device), weights.config.clone()).unwrap_or_else(|e| panic!("{e}"));
        Self::with(gpu, &weights)
    }
}

impl<O: Ops> Fixture<O> {
    pub fn with(backend: O, weights: &Rc<Weights>) -> Self {
        let engine = Engine::load(backend, weights, LoadOptions::default(), &mut |_| ());
        Self { engine: engine.unwrap_or_else(|e| panic!("{e}")) }
    }

    /// Logits of all positions.
    pub fn logits(&mut self, ids: &[u32]) -> Vec<f32> {
        pollster::block_on(self.engine.logits(ids, Want::All, None)).unwrap_or_else(|e| panic!("{e}")).values
    }
}

/// Tiers of the device here; nothing without a device, which is said, and which `REQUIRE_GPU=1` makes a failure.
pub fn gpu_tiers() -> Option<Vec<Tier>> {
    Some(device(GpuOptions::default())?.facts().tiers.clone())
}

/// The device here, held to a tier.
pub fn gpu(tier: Tier) -> Option<Rc<Device>> {
    device(GpuOptions { tier: Some(tier), ..Default::default() })
}

/// The device here, a software one too.
pub fn device(options: GpuOptions) -> Option<Rc<Device>> {
    match pollster::block_on(Device::open(GpuOptions { software: Software::Allowed, ..options })) {
        Ok(device) => Some(device),
        Err(GpuError::NoAdapter { why }) => {
            let required = std::env::var_os("REQUIRE_GPU").is_some_and(|v| v == "1");
            assert!(!required, "REQUIRE_GPU=1, but there is no adapter: {why}");
            eprintln!("skipped: no adapter");
            None
        }
        Err(error) => panic!("{error}"),
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
pub fn forward_differences<O: Ops>(fixture: &mut Fixture<O>, golden: &Golden, factor: f64) -> Report {
    differences(fixture, golden, factor, &Rows::float())
}

/// What may differ by how much.
pub struct Rows {
    /// The row for a model of this hidden size and so many tokens.
    pub row: fn(usize, usize) -> f64,
    /// The allowed multiple of the row for hidden states.
    pub hidden: f64,
    /// What a hidden state may differ by instead, as a share of its layer's largest value.
    pub share: f64,
    /// Shortest and longest sequence that is run, in tokens.
    pub tokens: std::ops::RangeInclusive<usize>,
}

impl Rows {
    /// f32 everywhere, sequences of any length.
    pub fn float() -> Self {
        Self { row: float_row, hidden: 1.0, share: 1e-5, tokens: 1..=usize::MAX }
    }

    /// Those of a tier. Hidden states: f32 rounds to 24 bits; keys and values in f16 to 11, which attention passes on,
    /// and which a residual far beyond f16 makes as much larger (`factor`) as it makes the logits'.
    pub fn of(tier: Tier, factor: f64) -> Self {
        match tier.precision {
            Precision::F32 => Self::float(),
            Precision::F16 => Self { row: f16_row, hidden: factor, share: factor / 1024.0, ..Self::float() },
        }
    }
}

/// As [`forward_differences`], with other tolerances.
pub fn differences<O: Ops>(fixture: &mut Fixture<O>, golden: &Golden, factor: f64, rows: &Rows) -> Report {
    let mut report = Report::default();
    let hidden = fixture.engine.config.hidden;
    for (n, ids) in golden.sequences().iter().enumerate().filter(|(_, ids)| rows.tokens.contains(&ids.len())) {
        let row = (rows.row)(hidden, ids.len());
        let hidden_row = (row * rows.hidden, rows.share);
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
                report.hidden(&full, &expected, found, hidden_row);
            } else if let Some(expected) = golden.values(&last) {
                report.hidden(&last, &expected, &found[found.len() - hidden..], hidden_row);
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
    fn hidden(&mut self, name: &str, expected: &[f32], found: &[f32], (row, share): (f64, f64)) {
        let (difference, bound) = (max_abs_difference(expected, found), hidden_row(row, share, expected));
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
pub fn decode_rms<O: Ops>(fixture: &mut Fixture<O>, golden: &Golden) -> Decoded {
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
