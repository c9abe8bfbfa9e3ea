//! `sweetspot probes`: the catalogue of this build, and the prompts of a probe.

use anyhow::bail;
use probes::{PROBES, Plan, Probe, first_set};
use serde_json::json;

use crate::args::{ProbesAction, ProbesArgs};
use crate::output;

/// Items of a probe whose prompts are shown.
const SHOWN: usize = 2;

/// Runs the command.
pub fn run(args: &ProbesArgs) -> anyhow::Result<()> {
    match &args.action {
        None => list(args),
        Some(ProbesAction::Show { id }) => show(find(id)?, args),
    }
}

/// The probe of this id or name.
pub fn find(id: &str) -> anyhow::Result<&'static Probe> {
    let Some(probe) = probes::probe(id) else {
        let known: Vec<&str> = PROBES.iter().map(|p| p.id).collect();
        bail!("no probe is called {id:?}: the probes are {}", known.join(", "))
    };
    Ok(probe)
}

fn list(args: &ProbesArgs) -> anyhow::Result<()> {
    let plan = first_set();
    if args.json {
        let rows: Vec<_> = plan
            .probes
            .iter()
            .map(|p| {
                json!({"id": p.probe.id, "name": p.probe.name, "version": p.probe.version, "about": p.probe.about,
                       "mode": p.probe.mode.as_str(), "format": p.probe.format.as_str(), "labels": p.probe.labels,
                       "items": p.items.len(), "calls": p.items.len() * p.probe.calls().len(), "clusters": clusters(p)})
            })
            .collect();
        return output::json(&json!({"suite_sha256": plan.sha256, "probes": rows}));
    }
    let wide = plan.probes.iter().map(|p| p.probe.name.len()).max().unwrap_or(0).max("probe".len());
    output::line(&format!("{:<4} {:<wide$} mode  format  items  calls  clusters  about", "id", "probe"))?;
    for p in &plan.probes {
        output::line(&format!(
            "{:<4} {:<wide$} {:<5} {:<7} {:>5}  {:>5}  {:>8}  {}",
            p.probe.id,
            p.probe.name,
            p.probe.mode.as_str(),
            p.probe.format.as_str(),
            p.items.len(),
            p.items.len() * p.probe.calls().len(),
            clusters(p),
            p.probe.about
        ))?;
    }
    output::line(&format!("\n{} items, {} calls; suite sha256 {}", plan.n_items(), plan.n_calls(), plan.sha256))
}

fn clusters(planned: &probes::PlannedProbe) -> usize {
    planned.items.iter().map(|p| p.item.cluster.as_str()).collect::<std::collections::BTreeSet<_>>().len()
}

fn show(probe: &'static Probe, args: &ProbesArgs) -> anyhow::Result<()> {
    let plan = Plan::new("show", &[probe], None, first_set().order_seed);
    let Some(planned) = plan.probes.first() else { return Ok(()) };
    if args.json {
        return output::json(&planned.items.iter().map(|p| &p.item).collect::<Vec<_>>());
    }
    output::line(&format!("{} {}: {}", probe.id, probe.name, probe.about))?;
    let labels = if probe.labels.is_empty() { "a short answer".to_owned() } else { probe.labels.join(", ") };
    output::line(&format!("mode {}, format {}, labels: {labels}", probe.mode.as_str(), probe.format.as_str()))?;
    for item in planned.items.iter().take(SHOWN) {
        for call in probe.calls() {
            output::line(&format!("\n--- {}, rotation {}, polarity {}", item.item.id, call.rotation, call.polarity))?;
            for message in item.messages(probe, call) {
                output::line(&message.content)?;
            }
        }
        output::line(&format!("gold: {}", item.item.gold.join(" or ")))?;
    }
    output::line(&format!("\n{} items in all; --json prints them", planned.items.len()))
}
