//! Items of a card asked again on this device.

use std::ops::ControlFlow;
use std::rc::Rc;

use cards::{Card, NONCE_BYTES, Sampled, parse_samples, sha256_hex};
use data_encoding::HEXLOWER;
use engine::gpu::{Device, Gpu};
use engine::{Bound, Cpu, CpuMode, Engine, GOLDEN_PROMPTS, LoadOptions, Precision, Reference, Residency, self_test};
use probes::{Event, Settings};
use trial::{Drawn, ReplayStatement};
use weights::{Hashes, Weights, hash_files};

use super::{device, machine, post, scope, session};
use crate::message::{ModelSource, Progress, ReplayRequest, Reply};

/// Items per pass, as `sweetspot replay` has it.
const BATCH: usize = 8;

/// Runs a replay and posts its card.
pub async fn replay(request: ReplayRequest) -> Result<(), String> {
    let card = Card::parse(request.card.as_bytes()).map_err(|e| e.to_string())?;
    let samples = parse_samples(request.samples.as_bytes()).map_err(|e| e.to_string())?;
    let nonce: [u8; NONCE_BYTES] = HEXLOWER
        .decode(request.nonce.as_bytes())
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or("expected a nonce of 32 hexadecimal digits")?;
    // Probes that are scored by executing SQL are left out, and the card says so.
    let run = Sampled { card: &card, samples: &samples };
    let drawn = Drawn::new(run, nonce, request.items.map(|n| n as usize), None).map_err(|e| e.to_string())?;

    let device = device(None).await.map_err(|e| e.to_string())?;
    let tier = device.facts().tier;
    let tell = |done, total, now: &str| post(&Reply::Progress(Progress { tier, done, total, now: now.to_owned() }));
    tell(0, 1, "reading the model");
    let (weights, hashes) = open(request.model).await?;
    if hashes.weights_sha256 != card.model.weights_sha256 {
        return Err(format!(
            "the card is of the weights {}, and these are {}: choose the card's own model",
            card.model.weights_sha256, hashes.weights_sha256
        ));
    }
    let reference = reference(&weights, &hashes, &tell).await?;
    let mut engine = load(&device, &weights)?;
    let gate = gate(&device, &mut engine, &reference).await?;
    let kv_dtype = if tier.precision == Precision::F16 { "f16" } else { "f32" };
    let scope = scope();
    let statement = ReplayStatement {
        created: machine::now_utc(),
        engine: machine::program(&scope).await,
        environment: machine::machine(&scope, device.facts()),
        kv_dtype,
    };
    let (mut done, total) = (0, drawn.n_items());
    tell(done, total, "asking again");
    let mut observe = |event| {
        if let Event::ItemDone { .. } = event {
            done += 1;
            tell(done, total, "asking again");
        }
        ControlFlow::Continue(())
    };
    let made = trial::replay(&mut engine, &drawn, gate, statement, Settings::batch(BATCH), &mut observe).await;
    let made = made.map_err(|e| e.to_string())?;
    post(&Reply::Replayed(made.to_canonical_json().map_err(|e| e.to_string())?));
    Ok(())
}

/// A model with its hashes.
async fn open(model: ModelSource) -> Result<(Rc<Weights>, Hashes), String> {
    let weights = session::open(model).await?;
    let hashes = hash_files(weights.files(), &mut |_| ()).map_err(|e| e.to_string())?;
    Ok((weights, hashes))
}

/// The exact reference, computed here: a card's author could state any.
async fn reference(
    weights: &Rc<Weights>,
    hashes: &Hashes,
    tell: &impl Fn(usize, usize, &str),
) -> Result<Reference, String> {
    let backend = Cpu::new(weights.config.clone(), CpuMode::Exact, Residency::Stream);
    let mut exact = Engine::load(backend, weights, LoadOptions::default(), &mut |_| ()).map_err(|e| e.to_string())?;
    let total = GOLDEN_PROMPTS.len();
    let mut told = |done| tell(done, total, "the exact reference, on the CPU");
    Reference::compute(&mut exact, hashes.weights_sha256.clone(), &mut told).await.map_err(|e| e.to_string())
}

fn load(device: &Rc<Device>, weights: &Rc<Weights>) -> Result<Engine<Gpu>, String> {
    let backend = Gpu::new(Rc::clone(device), weights.config.clone()).map_err(|e| e.to_string())?;
    Engine::load(backend, weights, LoadOptions::default(), &mut |_| ()).map_err(|e| e.to_string())
}

/// The frozen model, and this one against its reference.
async fn gate(device: &Rc<Device>, engine: &mut Engine<Gpu>, reference: &Reference) -> Result<trial::Gate, String> {
    let precision = device.facts().tier.precision;
    let tested = self_test(precision, |config| Ok(Gpu::new(Rc::clone(device), config)?));
    let tested = tested.await.map_err(|e| e.to_string())?;
    let bound = match precision {
        Precision::F32 => Bound::float(engine.config.hidden),
        Precision::F16 => Bound::f16(engine.config.hidden),
    };
    let sha256 = sha256_hex(&serde_json::to_vec(reference).map_err(|e| e.to_string())?);
    trial::gate(engine, tested, Some((reference, sha256)), bound).await.map_err(|e| e.to_string())
}
