//! This project's engine in a browser, for `drive_browser.py`, which takes the time around each call.

use std::rc::Rc;

use engine::gpu::{Device, Gpu, GpuOptions, Software};
use engine::{Cpu, CpuMode, Engine, LoadOptions, Residency};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;
use weights::{MemorySource, open_gguf};

use crate::ours::{computed, written};

/// A model on the processor or on the GPU.
#[wasm_bindgen]
pub struct Subject {
    engine: On,
    device: String,
    round: u64,
}

enum On {
    Cpu(Engine<Cpu>),
    Gpu(Engine<Gpu>),
}

fn said(error: impl std::fmt::Display) -> JsError {
    JsError::new(&error.to_string())
}

#[wasm_bindgen]
impl Subject {
    /// Loads a GGUF file; `device` is `cpu` or `gpu`, a software one too.
    pub async fn load(bytes: Vec<u8>, device: String) -> Result<Subject, JsError> {
        let weights = Rc::new(open_gguf(Rc::new(MemorySource::new("model".to_owned(), bytes))).map_err(said)?);
        let options = LoadOptions { context_tokens: Some(2_048.min(weights.config.context)) };
        let (engine, device) = if device == "gpu" {
            let options_gpu = GpuOptions { software: Software::Allowed, ..GpuOptions::default() };
            let device = Device::open(options_gpu).await.map_err(said)?;
            let name = format!("{}, {}", device.facts().name, device.facts().tier.name());
            let backend = Gpu::new(device, weights.config.clone()).map_err(said)?;
            (On::Gpu(Engine::load(backend, &weights, options, &mut |_| ()).map_err(said)?), name)
        } else {
            let backend = Cpu::new(weights.config.clone(), CpuMode::Fast, Residency::Memory);
            (On::Cpu(Engine::load(backend, &weights, options, &mut |_| ()).map_err(said)?), "wasm".to_owned())
        };
        Ok(Self { engine, device, round: 0 })
    }

    /// What computes.
    pub fn device(&self) -> String {
        self.device.clone()
    }

    /// A prompt of `n` tokens, to the logits of its last.
    pub async fn prompt(&mut self, n: usize) -> Result<(), JsError> {
        self.round += 1;
        match &mut self.engine {
            On::Cpu(engine) => computed(engine, n, self.round).await,
            On::Gpu(engine) => computed(engine, n, self.round).await,
        }
        .map_err(said)
    }

    /// `n` tokens, one after the other, each the most likely one.
    pub async fn decode(&mut self, n: usize) -> Result<(), JsError> {
        match &mut self.engine {
            On::Cpu(engine) => written(engine, n).await,
            On::Gpu(engine) => written(engine, n).await,
        }
        .map_err(said)
    }
}
