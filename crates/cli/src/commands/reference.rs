//! `sweetspot reference`: the exact golden logits of a model.

use std::rc::Rc;

use engine::{Cpu, CpuMode, Engine, GOLDEN_PROMPTS, LoadOptions, Reference, Residency};
use serde_json::json;

use weights::{Hashes, Weights};

use crate::args::ReferenceArgs;
use crate::{output, sources};

/// Runs the command.
pub fn run(args: &ReferenceArgs) -> anyhow::Result<()> {
    let weights = sources::open_model(&args.model)?;
    let hashes = crate::facts::hash_model(&weights)?;
    let path = args.out.join(format!("{}.reference.json", hashes.weights_sha256));
    let replace = if args.force { output::Replace::Allowed } else { output::Replace::Refused };
    if path.exists() && !args.force {
        anyhow::bail!("{} exists already: choose another place or pass --force", path.display());
    }

    let reference = compute(&weights, &hashes)?;
    output::write_file(&path, &serde_json::to_vec(&reference)?, replace)?;
    if args.json {
        return output::json(
            &json!({"path": path, "weights_sha256": hashes.weights_sha256, "n_prompts": reference.prompts.len()}),
        );
    }
    output::line(&format!("wrote {}", path.display()))
}

/// Computes the reference in exact mode, weights read from the file as they are needed.
pub fn compute(weights: &Rc<Weights>, hashes: &Hashes) -> anyhow::Result<Reference> {
    let backend = Cpu::new(weights.config.clone(), CpuMode::Exact, Residency::Stream);
    let mut engine = Engine::load(backend, weights, LoadOptions::default(), &mut |_| ())?;
    let bar = output::count_bar(GOLDEN_PROMPTS.len() as u64, "exact reference");
    let reference = pollster::block_on(Reference::compute(&mut engine, hashes.weights_sha256.clone(), &mut |n| {
        bar.set_position(n as u64);
    }))?;
    bar.finish_and_clear();
    Ok(reference)
}
