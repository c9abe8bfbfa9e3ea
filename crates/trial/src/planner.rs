//! How long a plan will take, from the first items of its own probes.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use engine::{Engine, Ops};
use probes::{Plan, ProbeResult, RunError, Settings, Subject};

use crate::EngineSubject;

/// Items of each probe that a prediction looks at.
const SMOKE_PER_PROBE: usize = 2;

/// What a model was seen to need.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// Seconds per item, by probe id: the mean over its smoke items.
    per_item: BTreeMap<String, f64>,
    /// Seconds for what precedes the items of a probe (calibration), by probe id.
    before: BTreeMap<String, f64>,
    /// How much slower than the mean the slowest twentieth of the items may be.
    spread: f64,
}

/// How long a plan will take, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prediction {
    /// The middle.
    pub p50_s: f64,
    /// With 95% confidence not more.
    pub p95_s: f64,
}

/// Asks the first items of every probe of a plan.
pub async fn smoke<O: Ops>(
    engine: &mut Engine<O>,
    plan: &Plan,
    settings: Settings<'_>,
    observe: &mut dyn FnMut() -> ControlFlow<()>,
) -> Result<Rates, RunError<engine::Error>> {
    smoke_subject(&mut EngineSubject::new(engine), plan, settings, observe).await
}

/// The same for any subject.
pub async fn smoke_subject<S: Subject>(
    subject: &mut S,
    plan: &Plan,
    settings: Settings<'_>,
    observe: &mut dyn FnMut() -> ControlFlow<()>,
) -> Result<Rates, RunError<S::Error>> {
    let first = plan.clone().cut_to(SMOKE_PER_PROBE * plan.probes.len());
    let mut rates = Rates { per_item: BTreeMap::new(), before: BTreeMap::new(), spread: 1.0 };
    let started = web_time::Instant::now();
    let mut last = 0.0;
    let mut items: Vec<(String, f64)> = Vec::new();
    let mut watch = |event: probes::Event| {
        let now = started.elapsed().as_secs_f64();
        match &event {
            probes::Event::ProbeStarted { .. } => last = now,
            probes::Event::Calibrated { probe, .. } => {
                rates.before.insert(probe.id.clone(), now - last);
                last = now;
            }
            probes::Event::ProbeDone(result) => {
                items.push((result.probe.clone(), (now - last) / asked(result)));
                last = now;
            }
            probes::Event::ItemDone { .. } => {}
        }
        observe()
    };
    probes::run(subject, &first, settings, &mut watch).await?;
    rates.spread = spread(&items);
    rates.per_item = items.into_iter().collect();
    Ok(rates)
}

fn asked(result: &ProbeResult) -> f64 {
    (result.n - result.n_skipped).max(1) as f64
}

/// Items of one probe differ in length as its probes do from one another, only less: half of that spread is allowed
/// for, and a tenth for the machine's other work.
fn spread(items: &[(String, f64)]) -> f64 {
    let n = items.len().max(1) as f64;
    let mean = items.iter().map(|i| i.1).sum::<f64>() / n;
    let variance = items.iter().map(|i| (i.1 - mean).powi(2)).sum::<f64>() / n;
    if mean > 0.0 { 1.1 + 0.5 * variance.sqrt() / mean } else { 1.1 }
}

impl Rates {
    /// The time of a plan over the same probes.
    pub fn predict(&self, plan: &Plan) -> Prediction {
        let of_probe = |p: &probes::PlannedProbe| {
            let mean = self.per_item.values().sum::<f64>() / self.per_item.len().max(1) as f64;
            let per_item = self.per_item.get(&p.spec.id).copied().unwrap_or(mean);
            self.before.get(&p.spec.id).copied().unwrap_or(0.0) + per_item * p.items.len() as f64
        };
        let p50_s = plan.probes.iter().map(of_probe).sum();
        Prediction { p50_s, p95_s: p50_s * self.spread }
    }

    /// The longest prefix of the plan, in suite order, whose middle prediction stays below a time; at least one item of
    /// each probe.
    pub fn fit(&self, plan: &Plan, seconds: f64) -> Plan {
        let whole = plan.n_items() as usize;
        let (mut low, mut high) = (plan.probes.len().min(whole), whole);
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            if self.predict(&plan.clone().cut_to(middle)).p50_s <= seconds {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        plan.clone().cut_to(low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use probes::Profile;

    fn rates(per_item: f64) -> Rates {
        let plan = Profile::Quick.plan();
        let all = |s: f64| plan.probes.iter().map(|p| (p.spec.id.clone(), s)).collect();
        Rates { per_item: all(per_item), before: all(0.5), spread: 1.5 }
    }

    #[test]
    fn time_is_items_times_their_time_and_what_precedes_them() {
        let plan = Profile::Quick.plan();
        let found = rates(0.01).predict(&plan);
        let expected = plan.n_items() as f64 * 0.01 + plan.probes.len() as f64 * 0.5;
        // Sums of as many terms in another order: a relative 1e-12 covers the rounding.
        assert!((found.p50_s / expected - 1.0).abs() < 1e-12 && (found.p95_s / found.p50_s - 1.5).abs() < 1e-12);
    }

    #[test]
    fn a_fitted_plan_is_the_longest_prefix_that_keeps_the_time() {
        let plan = Profile::Quick.plan();
        let rates = rates(0.1);
        let fitted = rates.fit(&plan, 60.0);
        assert!(rates.predict(&fitted).p50_s <= 60.0);
        assert!(rates.predict(&plan.clone().cut_to(fitted.n_items() as usize + 1)).p50_s > 60.0);
        for (cut, whole) in fitted.probes.iter().zip(&plan.probes) {
            assert_eq!(cut.items[..], whole.items[..cut.items.len()]);
        }
        assert_eq!(rates.fit(&plan, 1e9).n_items(), plan.n_items());
        assert_eq!(rates.fit(&plan, 0.0).n_items() as usize, plan.probes.len());
    }
}
