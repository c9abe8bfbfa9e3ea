//! `sweetspot selftest`: every kernel against its definition, and the frozen model against its goldens, on the GPU.

use std::collections::BTreeMap;

use anyhow::bail;
use engine::SelfTest;
use engine::gpu::{Device, GpuFacts, GpuOptions, KernelFinding, Software, parity};
use serde_json::{Value, json};

use crate::args::SelftestArgs;
use crate::{model, output};

/// What one tier gave.
struct Outcome {
    facts: GpuFacts,
    kernels: Vec<KernelFinding>,
    model: SelfTest,
}

impl Outcome {
    fn passed(&self) -> bool {
        self.model.passed() && !self.kernels.is_empty() && self.kernels.iter().all(KernelFinding::passed)
    }
}

/// Runs the command.
pub fn run(args: &SelftestArgs) -> anyhow::Result<()> {
    let options = GpuOptions { software: Software::Allowed, ..GpuOptions::default() };
    let tiers = match args.tier {
        Some(tier) => vec![tier.into()],
        None => pollster::block_on(Device::open(options))?.facts().tiers.clone(),
    };
    let mut outcomes = Vec::new();
    for tier in tiers {
        let device = pollster::block_on(Device::open(GpuOptions { tier: Some(tier), ..options }))?;
        if outcomes.is_empty() && !args.json {
            let facts = device.facts();
            output::line(&format!("{} ({}, {})", facts.name, facts.backend, facts.driver))?;
        }
        let bar = output::count_bar(0, tier.name());
        let kernels = pollster::block_on(parity(&device, &mut |finding| {
            bar.set_message(finding.kernel);
            bar.inc(1);
        }))?;
        bar.finish_and_clear();
        let outcome = Outcome { facts: device.facts().clone(), kernels, model: model::test_gpu(&device)? };
        if !args.json {
            print(&outcome)?;
        }
        outcomes.push(outcome);
    }
    if args.json {
        output::json(&json!({ "tiers": outcomes.iter().map(to_json).collect::<Vec<_>>() }))?;
    }
    let failed: Vec<&str> = outcomes.iter().filter(|o| !o.passed()).map(|o| o.facts.tier.name()).collect();
    if !failed.is_empty() {
        bail!("this GPU computes wrongly in the tier {}: update its driver, or use --device cpu", failed.join(", "));
    }
    Ok(())
}

/// Per kernel how many compositions were run, how many failed, and the one nearest to its bound.
fn by_kernel(outcome: &Outcome) -> BTreeMap<&'static str, (usize, usize, &KernelFinding)> {
    let share = |f: &KernelFinding| f.max_abs / f.bound.max(f64::MIN_POSITIVE);
    let mut kernels: BTreeMap<&'static str, (usize, usize, &KernelFinding)> = BTreeMap::new();
    for finding in &outcome.kernels {
        let entry = kernels.entry(finding.kernel).or_insert((0, 0, finding));
        entry.0 += 1;
        entry.1 += usize::from(!finding.passed());
        if share(finding) > share(entry.2) {
            entry.2 = finding;
        }
    }
    kernels
}

fn print(outcome: &Outcome) -> anyhow::Result<()> {
    output::line(&format!("\n{}", outcome.facts.tier.name()))?;
    for (name, (n, n_failed, worst)) in by_kernel(outcome) {
        let verdict = if n_failed == 0 { "passed".to_owned() } else { format!("{n_failed} FAILED") };
        output::line(&format!(
            "  {name:<13} {:>3}/{n:<3} {verdict:<9} worst {:.1e} of {:.1e} allowed",
            n - n_failed,
            worst.max_abs,
            worst.bound
        ))?;
        if n_failed > 0 {
            output::line(&format!("                {} ({})", worst.what, worst.reason))?;
        }
    }
    let (n, passed) = (outcome.model.findings.len(), outcome.model.findings.iter().filter(|f| f.passed()).count());
    match outcome.model.first_failure() {
        None => output::line(&format!("  frozen model  {passed:>3}/{n:<3} passed")),
        Some(failure) => output::line(&format!(
            "  frozen model  {passed:>3}/{n:<3} FAILED at {}: {:.1e}, allowed {:.1e}",
            failure.what, failure.max_abs, failure.bound
        )),
    }
}

fn to_json(outcome: &Outcome) -> Value {
    let facts = &outcome.facts;
    let kernels: Vec<Value> = outcome
        .kernels
        .iter()
        .map(|f| {
            json!({"kernel": f.kernel, "what": f.what, "max_abs": number(f.max_abs), "bound": f.bound,
                   "passed": f.passed()})
        })
        .collect();
    let model: Vec<Value> = outcome
        .model
        .findings
        .iter()
        .map(|f| json!({"what": f.what, "max_abs": number(f.max_abs), "bound": f.bound, "passed": f.passed()}))
        .collect();
    json!({
        "adapter": facts.name, "backend": facts.backend, "driver": facts.driver, "tier": facts.tier.name(),
        "subgroup_sizes": facts.subgroup_sizes, "max_binding_bytes": facts.max_binding_bytes,
        "max_buffer_bytes": facts.max_buffer_bytes, "software": facts.software, "passed": outcome.passed(),
        "kernels": kernels, "model": model,
    })
}

/// JSON has no infinity.
fn number(value: f64) -> Value {
    if value.is_finite() { json!(value) } else { json!("not finite") }
}
