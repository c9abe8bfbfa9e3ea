//! The live view of a running bench, on stderr.

use std::io::IsTerminal;

use console::style;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use probes::{Plan, Rate};
use trial::{DemoModel, Event, Gate, Prediction};
use weights::Weights;

use crate::output;

/// Says which model is about to run.
pub fn headline(id: &str, demo: DemoModel, weights: &Weights) {
    let millions = weights.n_params() as f64 / 1e6;
    eprintln!("{} {millions:.1} M parameters", style(output::visible(id)).bold().for_stderr());
    if demo == DemoModel::Yes {
        eprintln!(
            "{}",
            style("demo model, not Gemma: its scores say nothing about any Gemma model").yellow().for_stderr()
        );
    }
}

/// Says what the gates found.
pub fn gate(gate: &Gate) {
    eprintln!("gates: {}", gate.sentence());
}

/// Says what will be asked and how long that takes.
pub fn planned(plan: &Plan, time: Prediction) {
    eprintln!(
        "{}: {} probes, {} items, {} calls; about {}, 95%: at most {}",
        plan.profile,
        plan.probes.len(),
        plan.n_items(),
        plan.n_calls(),
        minutes(time.p50_s),
        minutes(time.p95_s)
    );
}

/// Says what is known already.
pub fn resumed(known: u64, planned: u64) {
    eprintln!("going on: {known} of {planned} items are in the journal");
}

/// Seconds below two minutes, else minutes.
pub fn minutes(seconds: f64) -> String {
    if seconds < 120.0 { format!("{seconds:.0} s") } else { format!("{:.1} min", seconds / 60.0) }
}

/// One line per probe: bars on a terminal, else a line when a probe is done.
pub struct View {
    bars: MultiProgress,
    current: Option<ProgressBar>,
    terminal: bool,
    width: usize,
}

impl View {
    /// A view of a plan.
    pub fn new(plan: &Plan) -> Self {
        let width = plan.probes.iter().map(|p| p.spec.name.len()).max().unwrap_or(0);
        Self { bars: MultiProgress::new(), current: None, terminal: std::io::stderr().is_terminal(), width }
    }

    /// Shows an event.
    pub fn show(&mut self, event: &Event) {
        match event {
            Event::Probes(probes::Event::ProbeStarted { probe, n_planned, .. }) if self.terminal => {
                let template = "  {prefix} {bar:24.cyan/dim} {pos:>3} of {len} {elapsed:>4}  {wide_msg}";
                let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
                let bar = self.bars.add(ProgressBar::new(*n_planned).with_style(style));
                bar.set_prefix(format!("{} {:<width$}", probe.id, probe.name, width = self.width));
                bar.tick();
                self.current = Some(bar);
            }
            Event::Probes(probes::Event::ItemDone { k, n_done, .. }) => {
                if let Some(bar) = &self.current {
                    bar.set_position(*n_done);
                    bar.set_message(Rate { k: *k, n: *n_done }.to_string());
                }
            }
            Event::Probes(probes::Event::ProbeDone(result)) => match self.current.take() {
                Some(bar) => bar.finish(),
                None => eprintln!("  {} {:<width$} {}", result.probe, result.name, result.rate(), width = self.width),
            },
            Event::Gate(_) | Event::Probes(_) => {}
        }
    }

    /// Takes the bars away; the table follows.
    pub fn finish(&mut self) {
        if let Some(bar) = self.current.take() {
            bar.abandon();
        }
        let _ = self.bars.clear();
    }
}
