//! What the page is told of an event: as much as it shows.

use probes::stats::interval;
use probes::{Asked, Event, Plan, Verdict};

use crate::message::{ItemSeen, ProbeSeen, RunEvent};

/// Most characters of what was asked and answered that are shown while it runs; the card holds all.
const MOST_SHOWN: usize = 600;

/// An event as the page sees it; nothing for one that it does not show.
pub fn event(event: &Event, plan: &Plan) -> Option<RunEvent> {
    match event {
        Event::ProbeStarted { probe, .. } => Some(RunEvent::Started(probe.id.clone())),
        Event::Calibrated { .. } => None,
        Event::ItemDone { probe, item, k, n_done, record, asked, .. } => {
            let outcome = &record.outcome;
            let written = record.rows.first().map(|row| row.text.clone()).filter(|text| !text.is_empty());
            let limits = interval(*k, *n_done);
            Some(RunEvent::Item(ItemSeen {
                probe: probe.id.clone(),
                item: item.id.clone(),
                asked: asked_of(plan, &probe.id, &item.id),
                gold: cut(&outcome.gold),
                answer: cut(&written.or_else(|| outcome.predicted.clone()).unwrap_or_default()),
                verdict: outcome.verdict.as_str().to_owned(),
                detector: Some(outcome.validity_class.clone()).filter(|class| class != "ok"),
                k: *k,
                n: *n_done,
                limits: (limits.lower, limits.upper),
                fresh: *asked == Asked::Now,
            }))
        }
        Event::ProbeDone(result) => Some(RunEvent::Probe(ProbeSeen {
            probe: result.probe.clone(),
            k: result.k,
            n: result.n,
            limits: (result.interval.lower, result.interval.upper),
            verdict: result.decision.as_ref().map(|d| match d.verdict {
                Verdict::Use => "use".to_owned(),
                Verdict::Avoid => "avoid".to_owned(),
                Verdict::Undecided { .. } => "undecided".to_owned(),
            }),
            baseline: result.best_baseline().map(|b| (b.name.clone(), b.score())),
            n_needed: result.decision.as_ref().and_then(|d| d.n_needed),
        })),
    }
}

/// The first call's prompt, or the texts that are compared.
fn asked_of(plan: &Plan, probe: &str, item: &str) -> String {
    let planned = plan.probes.iter().find(|p| p.spec.id == probe);
    let planned = planned.and_then(|p| p.items.iter().find(|i| i.item.id == item));
    let Some(ask) = planned.and_then(|p| p.asks.first()) else { return String::new() };
    let turns: Vec<&str> = ask.messages.iter().map(|m| m.content.as_str()).collect();
    if turns.is_empty() { cut(&ask.labels.join(" / ")) } else { cut(&turns.join("\n")) }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= MOST_SHOWN {
        return text.to_owned();
    }
    text.chars().take(MOST_SHOWN - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_by_characters() {
        assert_eq!(cut("short"), "short");
        let cut = cut(&"ü".repeat(2_000));
        assert!(cut.chars().count() == MOST_SHOWN && cut.ends_with('…'));
    }
}
