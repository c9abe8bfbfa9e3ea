//! From command-line choices to a loaded model.

use std::path::Path;
use std::rc::Rc;

use anyhow::bail;
use engine::gpu::{Gpu, GpuError, GpuOptions, Software};
use engine::{Cpu, Engine, LoadOptions, Ops, Residency, SelfTest, self_test};
use weights::Weights;

use crate::args::{ComputeArgs, CpuMode, Device};
use crate::{output, sources};

/// Working memory beside the weights: dequantised blocks, activations of a pass, logits and the tokenizer.
const WORKING_BYTES: u64 = 300 << 20;

/// What computes, and how its self-test went.
pub enum Chosen {
    /// The CPU.
    Cpu(engine::CpuMode),
    /// A GPU that passed.
    Gpu(Rc<engine::gpu::Device>, SelfTest),
}

/// What is done with a loaded model, whatever computes it.
pub trait Job {
    /// What comes out.
    type Output;

    /// Does it.
    fn run<O: Ops>(self, engine: Engine<O>) -> anyhow::Result<Self::Output>;
}

/// Opens and loads a model, and does something with it.
pub fn with_model<J: Job>(path: &Path, compute: &ComputeArgs, job: J) -> anyhow::Result<J::Output> {
    let weights = sources::open_model(path)?;
    let chosen = choose(compute)?;
    with_weights(&weights, &chosen, compute.context, job)
}

/// Loads opened weights, and does something with the model.
pub fn with_weights<J: Job>(
    weights: &Rc<Weights>,
    chosen: &Chosen,
    context_tokens: Option<usize>,
    job: J,
) -> anyhow::Result<J::Output> {
    match chosen {
        Chosen::Cpu(mode) => {
            check_memory(weights.tensor_bytes().saturating_add(WORKING_BYTES), available_bytes())?;
            let backend = Cpu::new(weights.config.clone(), *mode, Residency::Memory);
            job.run(load(backend, weights, context_tokens)?)
        }
        Chosen::Gpu(device, _) => {
            let backend = Gpu::new(Rc::clone(device), weights.config.clone())?;
            job.run(load(backend, weights, context_tokens)?)
        }
    }
}

fn load<O: Ops>(backend: O, weights: &Rc<Weights>, context_tokens: Option<usize>) -> anyhow::Result<Engine<O>> {
    let bar = output::bytes_bar(weights.tensor_bytes(), "loading");
    let engine = Engine::load(backend, weights, LoadOptions { context_tokens }, &mut |b| bar.set_position(b))?;
    bar.finish_and_clear();
    Ok(engine)
}

/// The GPU if it is asked for, or if there is one that is no CPU in disguise and passes its self-test.
pub fn choose(compute: &ComputeArgs) -> anyhow::Result<Chosen> {
    let cpu = Chosen::Cpu(cpu_mode(compute));
    let software = match compute.device {
        Device::Cpu => return Ok(cpu),
        Device::Gpu => Software::Allowed,
        Device::Auto => Software::Refused,
    };
    let options = GpuOptions { tier: compute.tier.map(Into::into), software, ..GpuOptions::default() };
    match open_gpu(options) {
        Ok(gpu) => Ok(gpu),
        Err(error) if compute.device == Device::Gpu => Err(error),
        // Without a GPU there is nothing to tell; one that is not right is worth a line.
        Err(error) => {
            let absent = error.downcast_ref::<GpuError>();
            if !matches!(absent, Some(GpuError::NoAdapter { .. } | GpuError::OnlySoftware { .. })) {
                eprintln!("note: {}; computing on the CPU", output::sentence(&error));
            }
            Ok(cpu)
        }
    }
}

/// Opens a GPU and runs the frozen model on it.
fn open_gpu(options: GpuOptions) -> anyhow::Result<Chosen> {
    let device = pollster::block_on(engine::gpu::Device::open(options))?;
    let tested = test_gpu(&device)?;
    if let Some(failure) = tested.first_failure() {
        bail!(
            "the GPU {} computes wrongly (self-test, {}: difference {:.1e}, allowed {:.1e}): use --device cpu and update its driver",
            device.facts().name,
            failure.what,
            failure.max_abs,
            failure.bound
        );
    }
    Ok(Chosen::Gpu(device, tested))
}

/// Runs the frozen model on a GPU.
pub fn test_gpu(device: &Rc<engine::gpu::Device>) -> anyhow::Result<SelfTest> {
    let precision = device.facts().tier.precision;
    Ok(pollster::block_on(self_test(precision, |config| Ok(Gpu::new(Rc::clone(device), config)?)))?)
}

/// The engine's name for the chosen mode.
pub fn cpu_mode(compute: &ComputeArgs) -> engine::CpuMode {
    match compute.cpu_mode {
        CpuMode::Exact => engine::CpuMode::Exact,
        CpuMode::Fast => engine::CpuMode::Fast,
    }
}

/// Memory that a process can still get, in bytes.
pub fn available_bytes() -> u64 {
    let mut system = sysinfo::System::new();
    system.refresh_memory();
    system.available_memory()
}

/// Refuses a model that would not fit, before anything of it is read.
fn check_memory(needed_bytes: u64, available_bytes: u64) -> anyhow::Result<()> {
    if needed_bytes > available_bytes {
        bail!(
            "not enough memory: the model needs about {} MiB, and {} MiB are available: close other programs or take a smaller file",
            needed_bytes >> 20,
            available_bytes >> 20
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check_memory;

    #[test]
    fn a_model_beyond_the_memory_is_refused() {
        assert!(check_memory(1 << 30, 2 << 30).is_ok());
        let error = check_memory(3 << 30, 2 << 30).unwrap_err().to_string();
        assert_eq!(
            error,
            "not enough memory: the model needs about 3072 MiB, and 2048 MiB are available: close other programs or take a smaller file"
        );
        assert!(check_memory(u64::MAX, 2 << 30).is_err());
    }
}
