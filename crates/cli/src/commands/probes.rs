//! `sweetspot probes`: the catalogue, and the prompts of a probe.

use anyhow::bail;
use probes::catalogue::Format;
use probes::{CATALOGUE, Entry, PlannedProbe, Source};
use serde_json::json;

use crate::args::{ProbesAction, ProbesArgs};
use crate::output;

/// Items of each format whose prompts are shown.
const SHOWN: usize = 1;

/// Runs the command.
pub fn run(args: &ProbesArgs) -> anyhow::Result<()> {
    match &args.action {
        None => list(args),
        Some(ProbesAction::Show { id }) => show(find(id)?, args),
    }
}

/// The probe of this id or name.
pub fn find(id: &str) -> anyhow::Result<&'static Entry> {
    let Some(entry) = probes::entry(id) else {
        let known: Vec<&str> = CATALOGUE.iter().map(|e| e.id).collect();
        bail!("no probe is called {id:?}: the probes are {}", known.join(", "))
    };
    Ok(entry)
}

/// A probe in one of its formats, whole.
fn planned(entry: &Entry, format: &Format) -> PlannedProbe {
    Source::entry(entry, format).plan("standard", None, probes::plan::ORDER_SEED)
}

fn list(args: &ProbesArgs) -> anyhow::Result<()> {
    let all: Vec<(&Entry, PlannedProbe)> =
        CATALOGUE.iter().filter_map(|e| e.formats.first().map(|f| (e, planned(e, f)))).collect();
    if args.json {
        let rows: Vec<_> = all
            .iter()
            .map(|(entry, p)| {
                let formats: Vec<String> = entry.formats.iter().map(format_name).collect();
                json!({"id": entry.id, "name": entry.name, "version": entry.version, "about": entry.about,
                       "mode": p.spec.mode.as_str(), "format": p.spec.format.as_str(), "formats": formats,
                       "labels": p.spec.labels, "items": p.items.len(),
                       "calls": p.items.len() * p.spec.calls.len(), "clusters": p.clusters()})
            })
            .collect();
        return output::json(&json!({"probes": rows}));
    }
    let wide = CATALOGUE.iter().map(|e| e.name.len()).max().unwrap_or(0).max("probe".len());
    output::line(&format!("{:<4} {:<wide$} mode  items  calls  clusters  formats", "id", "probe"))?;
    for (entry, p) in &all {
        let formats: Vec<String> = entry.formats.iter().map(format_name).collect();
        output::line(&format!(
            "{:<4} {:<wide$} {:<5} {:>5}  {:>5}  {:>8}  {}",
            entry.id,
            entry.name,
            p.spec.mode.as_str(),
            p.items.len(),
            p.items.len() * p.spec.calls.len(),
            p.clusters(),
            formats.join(", ")
        ))?;
    }
    let items: usize = all.iter().map(|(_, p)| p.items.len()).sum();
    output::line(&format!("\n{items} items; `sweetspot probes show A01` prints the prompts of one"))
}

fn format_name(format: &Format) -> String {
    format!("{} {}", format.variant.as_str(), format.mode.as_str())
}

fn show(entry: &'static Entry, args: &ProbesArgs) -> anyhow::Result<()> {
    if args.json {
        let all: Vec<_> = entry.formats.iter().flat_map(|f| planned(entry, f).items).map(|p| p.item).collect();
        return output::json(&all);
    }
    output::line(&format!("{} {}: {}", entry.id, entry.name, entry.about))?;
    for format in entry.formats {
        let planned = planned(entry, format);
        let spec = &planned.spec;
        let labels =
            if spec.labels.is_empty() { String::new() } else { format!(", labels: {}", spec.labels.join(", ")) };
        output::line(&format!("\n=== {}{labels}", format_name(format)))?;
        for item in planned.items.iter().take(SHOWN) {
            for (call, ask) in spec.calls.iter().zip(&item.asks) {
                output::line(&format!("\n--- {}{}", item.item.id, call_name(*call)))?;
                for message in &ask.messages {
                    let who = match message.role {
                        probes::Role::System => "system: ",
                        probes::Role::User if ask.messages.len() > 1 => "user: ",
                        probes::Role::User => "",
                        probes::Role::Model => "model: ",
                    };
                    output::line(&format!("{who}{}", message.content))?;
                }
                if !ask.labels.is_empty() {
                    output::line(&format!("scored: {}", ask.labels.join(" | ")))?;
                }
            }
            output::line(&format!("gold: {}", item.item.gold.join(" or ")))?;
        }
        output::line(&format!("\n{} items in {} clusters", planned.items.len(), planned.clusters()))?;
    }
    Ok(())
}

fn call_name(call: probes::Call) -> String {
    let mut name = String::new();
    for (what, value) in [("order", call.rotation), ("wording", call.paraphrase)] {
        if value > 0 {
            name = [name, format!(", {what} {}", value + 1)].concat();
        }
    }
    if call.polarity < 0 {
        name.push_str(", asked whether it is wrong");
    }
    name
}
