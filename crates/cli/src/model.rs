//! From command-line choices to a loaded model.

use std::path::Path;
use std::rc::Rc;

use anyhow::bail;
use engine::{Cpu, Engine, LoadOptions, Residency};
use weights::Weights;

use crate::args::{ComputeArgs, CpuMode, Device};
use crate::{output, sources};

/// Working memory beside the weights: dequantised blocks, activations of a pass, logits and the tokenizer.
const WORKING_BYTES: u64 = 300 << 20;

/// Opens and loads a model for the CPU.
pub fn load(path: &Path, compute: &ComputeArgs) -> anyhow::Result<Engine<Cpu>> {
    load_weights(&sources::open_model(path)?, compute)
}

/// Loads opened weights for the CPU.
pub fn load_weights(weights: &Rc<Weights>, compute: &ComputeArgs) -> anyhow::Result<Engine<Cpu>> {
    if compute.device == Device::Gpu {
        bail!("this build has no GPU backend yet: use --device cpu or --device auto");
    }
    check_memory(weights.tensor_bytes().saturating_add(WORKING_BYTES), available_bytes())?;
    let mode = cpu_mode(compute);
    let bar = output::bytes_bar(weights.tensor_bytes(), "loading");
    let engine = Engine::load(
        Cpu::new(weights.config.clone(), mode, Residency::Memory),
        weights,
        LoadOptions { context_tokens: compute.context },
        &mut |bytes| bar.set_position(bytes),
    )?;
    bar.finish_and_clear();
    Ok(engine)
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
