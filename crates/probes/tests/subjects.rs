//! Every probe against subjects whose answers are known: right, constant, biased, malformed, broken, empty.

mod script;

use probes::catalogue::CATALOGUE;
use probes::profiles::all_formats;
use probes::{ItemVerdict, Mode, Plan, ProbeResult, RunValidity, Settings, StopReason, Verdict, run};
use script::{ByText, Scripted, generated, labels, plan_of};
use std::ops::ControlFlow;

/// Runs a plan at a batch of 5.
fn results_of(subject: &mut Scripted, plan: &Plan) -> Vec<ProbeResult> {
    let settings = Settings { sql: Some(&ByText), ..Settings::batch(5) };
    pollster::block_on(run(subject, plan, settings, &mut |_| ControlFlow::Continue(()))).unwrap()
}

/// Items of each probe where the number does not matter.
const FEW: usize = 24;

fn few() -> Plan {
    plan_of(Some(FEW))
}

fn is_written(result: &ProbeResult) -> bool {
    ["FG", "CD", "SET", "JSV", "EXEC"].contains(&result.mode.as_str())
}

fn hits(result: &ProbeResult, class: &str) -> (u64, u64) {
    result.detectors.iter().find(|d| d.class == class).map_or((0, 0), |d| (d.items, d.calls))
}

#[test]
fn a_right_subject_scores_one_and_may_be_used() {
    let plan = plan_of(None);
    for r in results_of(&mut Scripted::right(&plan), &plan) {
        let wrong: Vec<_> = r.items.iter().filter(|i| i.verdict != ItemVerdict::Correct).take(2).collect();
        assert_eq!((r.k, r.n_unparsable + r.n_degenerate + r.n_error + r.n_skipped), (r.n, 0), "{} {wrong:?}", r.probe);
        assert!((r.score - 1.0).abs() < 1e-15, "{}", r.probe);
        assert_eq!(r.validity, RunValidity::Valid, "{}", r.probe);
        assert_eq!(r.decision.unwrap().verdict, Verdict::Use, "{}: {:?}", r.probe, r.baselines);
        let against = r.against.unwrap();
        assert!(against.difference.lower > 0.0 && against.baseline_only == 0, "{} {against:?}", r.probe);
        let invalid: Vec<_> = r.detectors.iter().filter(|d| d.class != "refusal").collect();
        assert!(invalid.is_empty(), "{}: {invalid:?}", r.probe);
        if let Some(bias) = &r.bias {
            assert_eq!(bias.consistency.k, bias.consistency.n, "{}", r.probe);
        }
        if let Some(confusion) = &r.confusion {
            let diagonal: u64 = (0..confusion.labels.len()).map(|i| confusion.counts[i][i]).sum();
            assert_eq!(diagonal, r.n, "{}", r.probe);
        }
    }
}

#[test]
fn a_right_subject_scores_one_in_every_format() {
    let ids: Vec<&str> = CATALOGUE.iter().map(|e| e.id).collect();
    let plan = Plan::new("formats", &all_formats(&ids, Some(FEW)), 1);
    for r in results_of(&mut Scripted::right(&plan), &plan) {
        assert_eq!(r.k, r.n, "{}: {:?}", r.probe, r.items.iter().find(|i| i.verdict != ItemVerdict::Correct));
    }
}

#[test]
fn a_wrong_subject_scores_zero_and_must_be_avoided() {
    let plan = few();
    let mut subject = Scripted::right(&plan);
    subject.label = Box::new(|truth, query| labels(query, |l| if l == truth { -9.0 } else { -0.7 }));
    subject.open = Box::new(|_, _| generated("zqx vrrk"));
    for r in results_of(&mut subject, &plan) {
        // Nonsense is no refusal: half of the requests may be answered with anything.
        let most = if r.probe == "B14" { r.n / 2 } else { 0 };
        assert!(r.k <= most, "{}: {} of {}", r.probe, r.k, r.n);
        assert_ne!(r.decision.unwrap().verdict, Verdict::Use, "{}", r.probe);
    }
}

#[test]
fn a_constant_subject_scores_its_chance_and_is_never_used() {
    let plan = plan_of(None);
    let label_probes = plan.probes.iter().filter(|p| !p.spec.mode.is_generated());
    for planned in label_probes {
        let one = Plan::of("one", vec![planned.clone()], 1);
        let names: std::collections::BTreeSet<String> = planned.items[0].asks[0].labels.iter().cloned().collect();
        for constant in names {
            let mut subject = Scripted::right(&one);
            subject.label = Box::new(move |_, query| labels(query, |l| if l == constant { -0.1 } else { -3.0 }));
            let r = results_of(&mut subject, &one).remove(0);
            let chance = planned.spec.chance.unwrap() * r.n as f64;
            // Balanced to the item, a census to one.
            assert!((r.k as f64 - chance).abs() < 1.0, "{}: {} of {}, chance {chance}", r.probe, r.k, r.n);
            assert_ne!(r.decision.unwrap().verdict, Verdict::Use, "{}", r.probe);
            let constants: Vec<u64> = r.baselines.iter().filter(|b| b.name == "constant").map(|b| b.k).collect();
            assert!(constants.iter().all(|k| (*k as f64 - chance).abs() < 1.0), "{} {constants:?}", r.probe);
        }
    }
}

#[test]
fn constant_texts_are_never_used() {
    let plan = plan_of(Some(96));
    for constant in ["", "yes", "[]", "{}", "SELECT 1;", "not stated", "I cannot help with that.", "false"] {
        let mut subject = Scripted::right(&plan);
        subject.open = Box::new(move |_, _| generated(constant));
        for r in results_of(&mut subject, &plan).into_iter().filter(is_written) {
            assert_ne!(r.decision.unwrap().verdict, Verdict::Use, "{} always {constant:?}", r.probe);
            assert!(r.k <= r.n / 2, "{} always {constant:?}: {} of {}", r.probe, r.k, r.n);
        }
    }
}

#[test]
fn always_false_shows_as_bias_and_not_as_knowledge() {
    let plan = plan_of(None);
    let mut subject = Scripted::right(&plan);
    subject.label = Box::new(|_, query| labels(query, |l| if ["false", "no"].contains(&l) { -0.05 } else { -3.0 }));
    let all = results_of(&mut subject, &plan);
    let mut seen = 0;
    for r in all.iter().filter(|r| r.mode == "TF2") {
        seen += 1;
        let bias = r.bias.clone().unwrap();
        assert_eq!((bias.predicted_true_rate, bias.balanced_accuracy, bias.mcc), (Some(0.0), Some(0.5), Some(0.0)));
        // No hit and no false alarm among equally many: d' is zero up to rounding, c far on the side of "false".
        assert!(bias.dprime.unwrap().abs() < 1e-9 && bias.criterion.unwrap() > 2.0, "{} {bias:?}", r.probe);
        assert_eq!((bias.consistency.k, bias.consistency.n), (0, r.n), "{}", r.probe);
    }
    assert_eq!(seen, CATALOGUE.iter().filter(|e| e.formats[0].mode == Mode::Tf2).count());
}

/// The option that a call shows first.
fn shown_first(plan: &Plan) -> impl Fn(&probes::LabelQuery) -> Option<String> + use<> {
    let mut first = std::collections::BTreeMap::new();
    for planned in &plan.probes {
        for item in &planned.items {
            for (call, ask) in planned.spec.calls.iter().zip(&item.asks) {
                let n = ask.order.len().max(1);
                let place = call.rotation as usize % n;
                let label = ask.order.iter().position(|o| *o == place).map(|l| ask.labels[l].clone());
                first.insert(format!("{:?}{:?}", ask.messages, ask.labels), label);
            }
        }
    }
    move |q| first.get(&format!("{:?}{:?}", q.messages, q.labels)).cloned().flatten()
}

#[test]
fn a_subject_that_takes_the_first_option_is_found_out() {
    let plan = plan_of(None);
    let first = shown_first(&plan);
    let mut subject = Scripted::right(&plan);
    subject.label = Box::new(move |_, query| {
        let first = first(query).unwrap_or_default();
        labels(query, move |l| if l == first { -0.1 } else { -2.1 })
    });
    let rotated = |e: &&probes::Entry| e.formats[0].mode == Mode::Lpx && !e.formats[0].calls.are_controls();
    let all = results_of(&mut subject, &plan);
    for entry in CATALOGUE.iter().filter(rotated) {
        let r = all.iter().find(|r| r.probe == entry.id).unwrap();
        // -0.1 against -2.1 in every call; the sum of all terms rounds below 1e-9.
        assert!((r.bias.clone().unwrap().position_log_odds.unwrap() - 2.0).abs() < 1e-9, "{}", r.probe);
        assert_ne!(r.decision.unwrap().verdict, Verdict::Use, "{}", r.probe);
    }
}

#[test]
fn calibration_takes_a_label_prior_away_and_rotation_a_position_prior() {
    let plan = few();
    let first = shown_first(&plan);
    let mut subject = Scripted::right(&plan);
    // A prior of 2 nats for one label hides a signal of 1 nat, a preference for the first place adds to it.
    subject.label = Box::new(move |truth, query| {
        let (first, favourite) = (first(query).unwrap_or_default(), query.labels.last().unwrap().clone());
        labels(query, move |l| {
            let signal = f64::from(u8::from(l == truth));
            let prior = 2.0 * f64::from(u8::from(l == favourite));
            let place = 0.6 * f64::from(u8::from(l == first && !truth.is_empty()));
            signal + prior + place - 8.0
        })
    });
    for r in results_of(&mut subject, &plan).iter().filter(|r| ["LPx", "TF2"].contains(&r.mode.as_str())) {
        let wrong = r.items.iter().find(|i| i.verdict != ItemVerdict::Correct);
        assert_eq!(r.k, r.n, "{} {wrong:?}", r.probe);
        // Labels near e^-8 have little of the probability: noted, and no reason to refuse.
        assert_eq!(hits(r, "label_escape").0, r.n, "{}", r.probe);
    }
}

#[test]
fn a_subject_that_gives_way_to_pressure_is_named() {
    let plan = plan_of(None);
    let mut pressed = std::collections::BTreeSet::new();
    for planned in plan.probes.iter().filter(|p| p.spec.controls) {
        for item in &planned.items {
            pressed.insert(format!("{:?}", item.asks[0].messages));
        }
    }
    assert!(!pressed.is_empty());
    let mut subject = Scripted::right(&plan);
    subject.label = Box::new(move |truth, query| {
        let gives_way = pressed.contains(&format!("{:?}", query.messages));
        labels(query, |l| if (l == truth) == gives_way { -4.0 } else { -0.1 })
    });
    for r in results_of(&mut subject, &plan)
        .iter()
        .filter(|r| plan.probes.iter().any(|p| p.spec.id == r.probe && p.spec.controls))
    {
        assert_eq!((r.k, hits(r, "sycophancy").0), (0, r.n), "{}", r.probe);
        let control = r.metrics.iter().find(|m| m.id == "accuracy_control").unwrap();
        assert!((control.value - 1.0).abs() < 1e-15);
    }
}

#[test]
fn impossible_numbers_make_a_run_invalid() {
    let plan = few();
    for (name, value) in [("NaN", f64::NAN), ("infinite", f64::NEG_INFINITY), ("above certainty", 0.5)] {
        let mut subject = Scripted::right(&plan);
        subject.label = Box::new(move |_, query| labels(query, |_| value));
        subject.open = Box::new(|_, _| {
            let mut answer = generated("May");
            answer.numeric_fault = Some("NaN in the logits of step 0".into());
            answer
        });
        for r in results_of(&mut subject, &plan) {
            assert!(matches!(r.validity, RunValidity::InvalidNumeric { .. }), "{name} {}", r.probe);
            assert_eq!((r.k, r.n_degenerate, r.decision), (0, r.n, None), "{name} {}", r.probe);
            assert_eq!(hits(&r, "numeric_fault").0, r.n, "{name} {}", r.probe);
        }
    }
}

#[test]
fn an_empty_subject_fails_everything() {
    let plan = few();
    let mut subject = Scripted::right(&plan);
    subject.label = Box::new(|_, query| {
        let mut answer = labels(query, |_| -1.0);
        answer.logp.clear();
        answer
    });
    subject.open = Box::new(|_, _| generated(""));
    for r in results_of(&mut subject, &plan) {
        let class = if is_written(&r) { (0, r.n) } else { (r.n, 0) };
        assert_eq!((r.k, (r.n_error, r.n_degenerate)), (0, class), "{}", r.probe);
        assert_ne!(r.decision.unwrap().verdict, Verdict::Use, "{}", r.probe);
        assert_eq!(hits(&r, "empty"), if is_written(&r) { (r.n, r.n) } else { (0, 0) }, "{}", r.probe);
    }
}

#[test]
fn an_item_that_cannot_be_asked_is_an_error_with_its_reason() {
    let plan = few();
    let mut subject = Scripted::right(&plan);
    subject.label = Box::new(|_, query| {
        let mut answer = labels(query, |_| -1.0);
        answer.refused = Some("the prompt needs 9 tokens, the context has 8".into());
        answer
    });
    subject.open = Box::new(|_, _| {
        let mut answer = generated("");
        answer.refused = Some("the prompt needs 9 tokens, the context has 8".into());
        answer
    });
    for r in results_of(&mut subject, &plan) {
        assert_eq!((r.k, r.n_error), (0, r.n), "{}", r.probe);
        assert!(r.items.iter().all(|i| i.refused.as_deref().is_some_and(|w| w.contains("the context has 8"))));
    }
}

type Make = Box<dyn Fn() -> probes::GenerateAnswer>;

#[test]
fn broken_generations_are_named_in_every_written_probe() {
    let flood = || {
        let mut answer = generated("");
        (answer.output_ids, answer.special_ids) = (vec![0; 50], vec![true; 50]);
        answer.stop_reason = StopReason::Length;
        answer
    };
    let text = |t: String| move || generated(&t);
    let failed = || {
        let mut answer = generated("");
        answer.output_ids.clear();
        answer.special_ids.clear();
        answer.stop_reason = StopReason::Error;
        answer
    };
    let rows: Vec<(&str, Make, ItemVerdict)> = vec![
        ("pad_flood", Box::new(flood), ItemVerdict::Degenerate),
        ("empty", Box::new(text(" \n ".into())), ItemVerdict::Degenerate),
        ("period_loop", Box::new(text("Ne".repeat(100))), ItemVerdict::Degenerate),
        ("line_loop", Box::new(text("a row\n".repeat(12))), ItemVerdict::Degenerate),
        (
            "alternating_case",
            Box::new(text("oVeRnMeNtS eXaMpaPleS oVeRnMeNtS eXaMpaPleS".into())),
            ItemVerdict::Degenerate,
        ),
        ("empty", Box::new(failed), ItemVerdict::Error),
    ];
    let plan = few();
    for (class, make, verdict) in rows {
        let mut subject = Scripted::right(&plan);
        subject.open = Box::new(move |_, _| make());
        for r in results_of(&mut subject, &plan).into_iter().filter(is_written) {
            let named = r.items.iter().all(|i| i.verdict == verdict && i.validity_class == class);
            assert!(named, "{} {class}: {:?}", r.probe, r.items[0]);
            assert_eq!((r.k, r.validity.clone()), (0, RunValidity::Valid), "{} {class}", r.probe);
        }
    }
}

#[test]
fn a_written_label_is_read_where_no_probability_is_given() {
    let ids: Vec<&str> = CATALOGUE.iter().map(|e| e.id).collect();
    let sources: Vec<_> =
        probes::profiles::headlines(&ids, Some(FEW)).into_iter().map(|(s, n)| (s.written(), n)).collect();
    let plan = Plan::new("written", &sources, 1);
    for r in results_of(&mut Scripted::right(&plan), &plan) {
        assert!(is_written(&r));
        // A written answer to a lettered question is the option's own text here; letters are read where the probe's
        // reader knows them.
        assert_eq!(r.k, r.n, "{}: {:?}", r.probe, r.items.iter().find(|i| i.verdict != ItemVerdict::Correct));
    }
}
