//! `sweetspot selftest`: every kernel against its definition, and the frozen model against its goldens, on the GPU.

use std::path::Path;
use std::rc::Rc;

use anyhow::{Context, bail};
use engine::gpu::{Breadth, Device, GpuOptions, Software, n_compositions, test_model, test_tier};
use serde_json::json;

use crate::args::SelftestArgs;
use crate::{output, sources};

/// Runs the command.
pub fn run(args: &SelftestArgs) -> anyhow::Result<()> {
    let options = GpuOptions { software: Software::Allowed, ..GpuOptions::default() };
    let tiers = match args.tier {
        Some(tier) => vec![tier.into()],
        None => pollster::block_on(Device::open(options))?.facts().tiers.clone(),
    };
    let mut reports = Vec::new();
    let mut failed = Vec::new();
    for (index, &tier) in tiers.iter().enumerate() {
        let device = pollster::block_on(Device::open(GpuOptions { tier: Some(tier), ..options }))?;
        if index == 0 && !args.json {
            output::line(&device.facts().to_string())?;
        }
        let (text, json, passed) = match (&args.model, &args.goldens) {
            (Some(model), Some(goldens)) => test_own(&device, model, goldens)?,
            _ => test_device(&device)?,
        };
        if !args.json {
            output::line(&format!("\n{text}"))?;
        }
        reports.push(json);
        if !passed {
            failed.push(tier.name());
        }
    }
    if args.json {
        output::json(&json!({ "tiers": reports }))?;
    }
    if !failed.is_empty() {
        bail!("this GPU computes wrongly in the tier {}: update its driver, or use --device cpu", failed.join(", "));
    }
    Ok(())
}

/// Text, JSON and verdict of one tier.
type Outcome = (String, serde_json::Value, bool);

/// Every kernel and the frozen model.
fn test_device(device: &Rc<Device>) -> anyhow::Result<Outcome> {
    let bar = output::count_bar(n_compositions(device, Breadth::Device) as u64, device.facts().tier.name());
    let report = pollster::block_on(test_tier(device, &mut |finding| {
        bar.set_message(finding.kernel.clone());
        bar.inc(1);
    }))?;
    bar.finish_and_clear();
    Ok((report.to_string(), serde_json::to_value(&report)?, report.passed))
}

/// A model against a golden file.
fn test_own(device: &Rc<Device>, model: &Path, goldens: &Path) -> anyhow::Result<Outcome> {
    let weights = sources::open_model(model)?;
    let bytes = std::fs::read(goldens).with_context(|| format!("cannot read {}", goldens.display()))?;
    let report = pollster::block_on(test_model(device, &weights, &bytes))
        .with_context(|| format!("{} against {}", model.display(), goldens.display()))?;
    Ok((report.to_string(), serde_json::to_value(&report)?, report.passed))
}
