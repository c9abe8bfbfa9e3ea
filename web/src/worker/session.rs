//! A model on a device, ready to answer.

use std::rc::Rc;

use classifier::Head;
use engine::gpu::{Device, Gpu, GpuError};
use engine::{
    Bound, Cpu, CpuMode, Engine, GOLDEN_PROMPTS, LoadOptions, Precision, Reference, Residency, SelfTest, Tier,
    self_test,
};
use probes::{GenerateAnswer, GenerateQuery, LabelAnswer, LabelQuery, Labelled, Subject};
use trial::{Classifier, ClassifyError, DemoModel, EngineSubject, Gate, Text, Way};
use weights::{Hashes, MemorySource, Weights, hash_files, open_gguf};

use super::{DEVICES, control, device, fetched, models, scope};
use crate::message::{Computer, GateChoice, ModelSource, Stage};
use crate::source;
use crate::storage::{self, Folder, Missing};

/// How the CPU computes here: prompts in f32, single steps with activations of 8 bits.
const CPU_MODE: CpuMode = CpuMode::Fast;

/// What computes, after its own test.
#[derive(Clone)]
pub enum Computes {
    /// A GPU.
    Gpu(Rc<Device>),
    /// The CPU, in WebAssembly.
    Cpu,
}

/// An engine on either.
pub enum Loaded {
    /// On the GPU.
    Gpu(Box<Engine<Gpu>>),
    /// On the CPU.
    Cpu(Box<Engine<Cpu>>),
}

/// A model's file, open and hashed.
#[derive(Clone)]
pub struct Opened {
    /// Its header.
    pub weights: Rc<Weights>,
    /// Its identity.
    pub hashes: Hashes,
    /// Its name on a card.
    pub id: String,
    /// Whether it is a demonstration model of ours.
    pub demo: DemoModel,
}

impl Computes {
    /// In words, for the reader and for the journal.
    pub fn words(&self) -> String {
        match self {
            Self::Gpu(device) => format!("WebGPU, tier {}, {}", device.facts().tier.name(), device.facts().name),
            Self::Cpu => "the CPU, in WebAssembly".to_owned(),
        }
    }

    /// As the command has it.
    pub fn arguments(&self) -> String {
        match self {
            Self::Gpu(device) => format!("--device gpu --tier {}", device.facts().tier.name()),
            Self::Cpu => "--device cpu --cpu-mode fast".to_owned(),
        }
    }

    /// Type of keys and values in the cache.
    pub fn kv_dtype(&self) -> &'static str {
        match self {
            Self::Gpu(device) if device.facts().tier.precision == Precision::F16 => "f16",
            _ => "f32",
        }
    }

    fn bound(&self, hidden: usize) -> Bound {
        match self {
            Self::Gpu(device) if device.facts().tier.precision == Precision::F16 => Bound::f16(hidden),
            Self::Gpu(_) => Bound::float(hidden),
            Self::Cpu => Bound::rounded(hidden),
        }
    }

    /// Whether nothing has gone wrong on the device since it was opened.
    pub fn alive(&self) -> bool {
        match self {
            Self::Gpu(device) => device.check().is_ok(),
            Self::Cpu => true,
        }
    }

    /// The frozen model against its goldens.
    pub async fn test(&self) -> Result<SelfTest, engine::Error> {
        match self {
            Self::Gpu(device) => {
                let on = Rc::clone(device);
                self_test(device.facts().tier.precision, |config| Ok(Gpu::new(on, config)?)).await
            }
            Self::Cpu => self_test(Precision::F32, |config| Ok(Cpu::new(config, CPU_MODE, Residency::Memory))).await,
        }
    }

    /// Brings a model to it.
    pub fn load(&self, weights: &Rc<Weights>) -> Result<Loaded, engine::Error> {
        let options = LoadOptions::default();
        Ok(match self {
            Self::Gpu(device) => {
                let backend = Gpu::new(Rc::clone(device), weights.config.clone())?;
                Loaded::Gpu(Box::new(Engine::load(backend, weights, options, &mut |_| ())?))
            }
            Self::Cpu => {
                let backend = Cpu::new(weights.config.clone(), CPU_MODE, Residency::Memory);
                Loaded::Cpu(Box::new(Engine::load(backend, weights, options, &mut |_| ())?))
            }
        })
    }
}

/// Finds what computes rightly: the best tier that passes its self-test, then safer ones, then the CPU. `told` hears why
/// it was not the best. A tier that was asked for by name is taken as it is, and its gate then fails.
pub async fn choose(wanted: Computer, told: &impl Fn(String)) -> Result<(Computes, SelfTest), String> {
    let first = match wanted {
        Computer::Cpu => return on_cpu().await,
        Computer::Tier(tier) => {
            let device = device(Some(tier)).await.map_err(|e| e.to_string())?;
            let computes = Computes::Gpu(device);
            let tested = computes.test().await.map_err(|e| e.to_string())?;
            return Ok((computes, tested));
        }
        Computer::Auto => device(None).await,
    };
    let first = match first {
        Ok(device) => device,
        Err(GpuError::NoAdapter { why }) => {
            told(format!("This browser gives no GPU ({why}), so the CPU computes, in WebAssembly."));
            return on_cpu().await;
        }
        Err(error) => {
            told(format!("The GPU cannot be used ({error}), so the CPU computes, in WebAssembly."));
            return on_cpu().await;
        }
    };
    let best = first.facts().tier;
    let tiers: Vec<Tier> = first.facts().tiers.iter().rev().copied().skip_while(|tier| *tier != best).collect();
    for tier in tiers {
        let opened = if tier == best { Ok(Rc::clone(&first)) } else { device(Some(tier)).await };
        let why = match opened {
            Ok(device) => {
                let computes = Computes::Gpu(device);
                match computes.test().await {
                    Ok(tested) if tested.passed() => return Ok((computes, tested)),
                    Ok(tested) => {
                        let worst = tested.first_failure().map_or_else(String::new, |f| format!(" at {}", f.what));
                        format!("computes wrong numbers{worst}")
                    }
                    Err(error) => format!("fails ({error})"),
                }
            }
            Err(error) => format!("cannot be opened ({error})"),
        };
        told(format!("The GPU's tier {} {why}: it is not used.", tier.name()));
    }
    told("No tier of the GPU passes its self-test, so the CPU computes, in WebAssembly.".to_owned());
    on_cpu().await
}

async fn on_cpu() -> Result<(Computes, SelfTest), String> {
    let tested = Computes::Cpu.test().await.map_err(|e| e.to_string())?;
    Ok((Computes::Cpu, tested))
}

/// Opens a model of this site's, one that the user chose, or one that this browser keeps, wherever it came from. Only its header is read.
pub async fn open(model: ModelSource) -> Result<Rc<Weights>, String> {
    match model {
        ModelSource::Here(name) => {
            let bytes = fetched(&scope(), &format!("models/{name}")).await?;
            Ok(Rc::new(open_gguf(Rc::new(MemorySource::new(name, bytes))).map_err(|e| e.to_string())?))
        }
        ModelSource::Chosen(files) => {
            source::open_model(files.into_iter().map(|f| f.file).collect()).map_err(|e| e.to_string())
        }
        ModelSource::Stored(name) => {
            let models = storage::folder(Folder::Models, Missing::Make).await?;
            let file = storage::open(&models, &storage::safe_name(&name)).await;
            let file = file.map_err(|why| format!("{name}: {why}"))?;
            source::open_model(vec![file]).map_err(|e| e.to_string())
        }
        ModelSource::Pulled(what) => models::open(&what).await.map_err(|why| format!("{what}: {why}")),
    }
}

/// The same with its hashes. `told` hears the bytes read and all bytes.
pub async fn open_hashed(model: ModelSource, told: &impl Fn(Stage, u64, u64)) -> Result<Opened, String> {
    let here = matches!(model, ModelSource::Here(_));
    told(Stage::Read, 0, 0);
    let weights = open(model).await?;
    let total: u64 = weights.files().iter().map(|f| f.len_bytes()).sum();
    control::turn().await;
    let mut last = 0;
    let hashes = hash_files(weights.files(), &mut |done| {
        if done >= last + (8 << 20) {
            last = done;
            told(Stage::Read, done, total);
        }
    });
    let hashes = hashes.map_err(|e| e.to_string())?;
    let file = weights.files().first().map_or("model", |f| f.name());
    let stem = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = stem.strip_suffix(".gguf").unwrap_or(stem).to_owned();
    let (demo, id) = if here { (DemoModel::Yes, format!("sweetspot-{stem}")) } else { (DemoModel::No, stem) };
    Ok(Opened { weights, hashes, id, demo })
}

/// The exact reference, computed here on the CPU: nobody else's can be believed.
pub async fn reference(opened: &Opened, told: &impl Fn(Stage, u64, u64)) -> Result<Reference, String> {
    let backend = Cpu::new(opened.weights.config.clone(), CpuMode::Exact, Residency::Stream);
    let exact = Engine::load(backend, &opened.weights, LoadOptions::default(), &mut |_| ());
    let mut exact = exact.map_err(|e| e.to_string())?;
    let total = GOLDEN_PROMPTS.len() as u64;
    told(Stage::Reference, 0, total);
    let mut step = |done: usize| told(Stage::Reference, done as u64, total);
    let weights = opened.hashes.weights_sha256.clone();
    Reference::compute(&mut exact, weights, &mut step).await.map_err(|e| e.to_string())
}

impl Loaded {
    /// The gates, before any score.
    pub async fn gate(
        &mut self,
        computes: &Computes,
        tested: SelfTest,
        reference: Option<&Reference>,
    ) -> Result<Gate, engine::Error> {
        let bytes = |r: &Reference| cards::sha256_hex(&serde_json::to_vec(r).unwrap_or_default());
        let reference = reference.map(|r| (r, bytes(r)));
        match self {
            Self::Gpu(engine) => {
                let bound = computes.bound(engine.config.hidden);
                trial::gate(engine, tested, reference, bound).await
            }
            Self::Cpu(engine) => {
                let bound = computes.bound(engine.config.hidden);
                trial::gate(engine, tested, reference, bound).await
            }
        }
    }
}

/// Whether the exact reference is computed at all.
pub fn wants_reference(choice: GateChoice) -> bool {
    choice == GateChoice::Full
}

/// Whether a device has gone, so that another may be opened.
pub fn is_lost(error: &engine::Error) -> bool {
    matches!(error, engine::Error::Gpu(GpuError::Lost { .. } | GpuError::OutOfMemory | GpuError::Internal { .. }))
}

/// Opens the same tier once more, after its device was lost.
pub async fn reopen(tier: Tier) -> Result<Computes, String> {
    DEVICES.take();
    device(Some(tier)).await.map(Computes::Gpu).map_err(|e| e.to_string())
}

/// A subject that lets messages in before each pass, and waits while it is paused.
pub struct Paced<'a> {
    /// What answers.
    pub loaded: &'a mut Loaded,
    /// Hears that it waits, and that it goes on.
    pub waits: &'a dyn Fn(control::State),
}

impl Paced<'_> {
    async fn turn(&self) {
        control::turn().await;
        if control::state() == control::State::Paused {
            (self.waits)(control::State::Paused);
            while control::state() == control::State::Paused {
                control::wait(50).await;
            }
            (self.waits)(control::State::Going);
        }
    }
}

impl Subject for Paced<'_> {
    type Error = engine::Error;

    async fn score(&mut self, queries: &[LabelQuery]) -> Result<Vec<LabelAnswer>, engine::Error> {
        self.turn().await;
        score(self.loaded, queries).await
    }

    async fn generate(&mut self, queries: &[GenerateQuery]) -> Result<Vec<GenerateAnswer>, engine::Error> {
        self.turn().await;
        match self.loaded {
            Loaded::Gpu(engine) => EngineSubject::new(engine).generate(queries).await,
            Loaded::Cpu(engine) => EngineSubject::new(engine).generate(queries).await,
        }
    }
}

/// Labels by a head on final hidden states.
pub async fn label(loaded: &mut Loaded, head: &Head, texts: &[&str]) -> Result<Vec<Labelled>, ClassifyError> {
    let way = Way::Head(Box::new(head.clone()));
    let texts: Vec<Text<'_>> = texts.iter().map(|text| Text { text, options: &[] }).collect();
    let found = match loaded {
        Loaded::Gpu(engine) => Classifier::new(engine, way).await?.classify(&texts).await?,
        Loaded::Cpu(engine) => Classifier::new(engine, way).await?.classify(&texts).await?,
    };
    Ok(found.into_iter().map(|text| text.labelled).collect())
}

/// Label scores, exact, through the model's chat template.
pub async fn score(loaded: &mut Loaded, queries: &[LabelQuery]) -> Result<Vec<LabelAnswer>, engine::Error> {
    match loaded {
        Loaded::Gpu(engine) => EngineSubject::new(engine).score(queries).await,
        Loaded::Cpu(engine) => EngineSubject::new(engine).score(queries).await,
    }
}
