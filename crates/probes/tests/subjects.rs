//! Every probe against subjects whose answers are known: right, constant, biased, malformed, broken, empty.

mod script;

use probes::{FormatVariant, ItemVerdict, Mode, PROBES, ProbeResult, RunValidity, StopReason, Verdict, first_set, run};
use script::{Scripted, generated, labels};
use std::ops::ControlFlow;

/// Runs the first set at a batch of 5 and returns the results.
fn results(subject: &mut Scripted) -> Vec<ProbeResult> {
    pollster::block_on(run(subject, &first_set(), 5, &mut |_| ControlFlow::Continue(()))).unwrap()
}

fn label_probes(results: &[ProbeResult]) -> impl Iterator<Item = &ProbeResult> {
    results.iter().filter(|r| r.mode != "FG")
}

fn one<'a>(results: &'a [ProbeResult], id: &str) -> &'a ProbeResult {
    results.iter().find(|r| r.probe == id).unwrap()
}

fn hits(result: &ProbeResult, class: &str) -> (u64, u64) {
    result.detectors.iter().find(|d| d.class == class).map_or((0, 0), |d| (d.items, d.calls))
}

#[test]
fn a_right_subject_scores_one_and_may_be_used() {
    for r in results(&mut Scripted::right()) {
        assert_eq!((r.k, r.n, r.n_unparsable + r.n_degenerate + r.n_error + r.n_skipped), (24, 24, 0), "{}", r.probe);
        assert_eq!(r.validity, RunValidity::Valid, "{}", r.probe);
        assert_eq!(r.decision.unwrap().verdict, Verdict::Use, "{}: {:?}", r.probe, r.baselines);
        assert!(r.detectors.is_empty() && r.items.iter().all(|i| i.verdict == ItemVerdict::Correct), "{}", r.probe);
        if let Some(bias) = &r.bias {
            assert_eq!((bias.consistency.k, bias.consistency.n), (24, 24), "{}", r.probe);
        }
        if let Some(confusion) = &r.confusion {
            let diagonal: u64 = (0..confusion.labels.len()).map(|i| confusion.counts[i][i]).sum();
            assert_eq!(diagonal, 24, "{}", r.probe);
        }
        for metric in &r.metrics {
            // 24 of 24 is exact; a mean of three ones may be off by one rounding.
            assert!((metric.value - 1.0).abs() < 1e-15, "{} {}", r.probe, metric.id);
        }
    }
}

#[test]
fn a_right_subject_shows_no_true_false_bias() {
    let all = results(&mut Scripted::right());
    for id in ["A03", "A08"] {
        let bias = one(&all, id).bias.clone().unwrap();
        assert_eq!((bias.predicted_true_rate, bias.balanced_accuracy, bias.mcc), (Some(0.5), Some(1.0), Some(1.0)));
        // 24 hits of 24 and no false alarm of 24: symmetric, so that c is zero up to rounding.
        assert!(bias.criterion.unwrap().abs() < 1e-9 && bias.dprime.unwrap() > 4.0, "{bias:?}");
    }
}

#[test]
fn a_wrong_subject_scores_zero_and_must_be_avoided() {
    let mut subject = Scripted::right();
    subject.label = Box::new(|truth, query| labels(query, |l| if l == truth { -9.0 } else { -0.7 }));
    subject.open = Box::new(|_, _| generated("nonsense"));
    for r in results(&mut subject) {
        assert_eq!((r.k, r.decision.unwrap().verdict), (0, Verdict::Avoid), "{}", r.probe);
    }
}

#[test]
fn a_constant_subject_scores_its_chance_and_is_never_used() {
    for probe in PROBES.iter().filter(|p| p.mode != Mode::Fg) {
        for constant in probe.labels {
            let mut subject = Scripted::right();
            subject.label = Box::new(move |_, query| labels(query, |l| if l == *constant { -0.1 } else { -3.0 }));
            let all = results(&mut subject);
            let r = one(&all, probe.id);
            assert_eq!(r.k as usize, 24 / probe.labels.len(), "{} always {constant}", r.probe);
            assert_ne!(r.decision.unwrap().verdict, Verdict::Use, "{} always {constant}", r.probe);
            let constants: Vec<u64> = r.baselines.iter().filter(|b| b.name == "constant").map(|b| b.k).collect();
            assert_eq!(constants, vec![24 / probe.labels.len() as u64; probe.labels.len()], "{}", r.probe);
        }
    }
}

#[test]
fn always_false_shows_as_bias_and_not_as_knowledge() {
    let mut subject = Scripted::right();
    subject.label = Box::new(|_, query| labels(query, |l| if l == "false" { -0.05 } else { -3.0 }));
    let all = results(&mut subject);
    for id in ["A03", "A08"] {
        let bias = one(&all, id).bias.clone().unwrap();
        assert_eq!(
            (bias.predicted_true_rate, bias.balanced_accuracy, bias.mcc),
            (Some(0.0), Some(0.5), Some(0.0)),
            "{id}"
        );
        // No hit of 24 and no false alarm of 24: d' is zero up to rounding, c far on the side of "false".
        assert!(bias.dprime.unwrap().abs() < 1e-9 && bias.criterion.unwrap() > 2.0, "{id} {bias:?}");
        assert_eq!((bias.consistency.k, bias.consistency.n), (0, 24), "{id}");
        assert!(bias.label_prior[1] > 0.9, "{id} {bias:?}");
    }
}

#[test]
fn a_subject_that_takes_the_first_option_is_found_out() {
    let mut subject = Scripted::right();
    subject.label = Box::new(|_, query| {
        let first = script::shown_first(query);
        labels(query, move |l| if l == first { -0.1 } else { -2.1 })
    });
    let all = results(&mut subject);
    for id in ["A01", "A04", "A05", "A07", "A09"] {
        let r = one(&all, id);
        let bias = r.bias.clone().unwrap();
        // -0.1 against -2.1 in every call; the sum of 24 to 96 terms rounds below 1e-9.
        assert!((bias.position_log_odds.unwrap() - 2.0).abs() < 1e-9, "{id} {bias:?}");
        assert_eq!(r.k as usize, 24 / r.confusion.as_ref().unwrap().labels.len(), "{id}");
    }
}

#[test]
fn calibration_takes_a_label_prior_away_and_rotation_a_position_prior() {
    let mut subject = Scripted::right();
    // A prior of 2 nats for one label hides a signal of 1 nat, a preference for the first place adds to it.
    subject.label = Box::new(|truth, query| {
        let (first, favourite) = (script::shown_first(query), query.labels.last().unwrap().clone());
        labels(query, move |l| {
            let signal = f64::from(u8::from(l == truth));
            let prior = 2.0 * f64::from(u8::from(l == favourite));
            let place = 0.6 * f64::from(u8::from(l == first));
            signal + prior + place - 8.0
        })
    });
    let all = results(&mut subject);
    for r in label_probes(&all) {
        assert_eq!(r.k, 24, "{}", r.probe);
        if r.mode == "LPx" && r.probe != "A07" {
            let uncalibrated = r.metrics.iter().find(|m| m.id == "accuracy_uncalibrated").unwrap().rate.unwrap().k;
            assert!(uncalibrated < 24, "{}", r.probe);
            let prior = r.baselines.iter().find(|b| b.name == "prior_only").unwrap();
            assert_eq!(prior.detail, *r.confusion.as_ref().unwrap().labels.last().unwrap(), "{}", r.probe);
        }
        // 3 nats of prior and signal on labels near e^-8 leave little mass: noted, and no reason to refuse.
        assert_eq!(hits(r, "label_escape").0, 24, "{}", r.probe);
    }
}

#[test]
fn impossible_numbers_make_a_run_invalid() {
    for (name, value) in [("NaN", f64::NAN), ("infinite", f64::NEG_INFINITY), ("above certainty", 0.5)] {
        let mut subject = Scripted::right();
        subject.label = Box::new(move |_, query| labels(query, |_| value));
        subject.open = Box::new(|_, _| {
            let mut answer = generated("May");
            answer.numeric_fault = Some("NaN in the logits of step 0".into());
            answer
        });
        for r in results(&mut subject) {
            assert!(matches!(r.validity, RunValidity::InvalidNumeric { .. }), "{name} {}", r.probe);
            assert_eq!((r.k, r.n_degenerate, r.decision), (0, 24, None), "{name} {}", r.probe);
            assert_eq!(hits(&r, "numeric_fault").0, 24, "{name} {}", r.probe);
        }
    }
}

#[test]
fn a_fault_the_engine_reports_counts_even_beside_sound_numbers() {
    let mut subject = Scripted::right();
    subject.label = Box::new(|truth, query| {
        let mut answer = labels(query, |l| if l == truth { -0.1 } else { -4.0 });
        answer.numeric_fault = Some("all logits equal".into());
        answer
    });
    for r in label_probes(&results(&mut subject)) {
        assert_eq!(r.validity, RunValidity::InvalidNumeric { fault: "all logits equal".into() }, "{}", r.probe);
    }
}

#[test]
fn an_empty_subject_fails_everything() {
    let mut subject = Scripted::right();
    subject.label = Box::new(|_, query| {
        let mut answer = labels(query, |_| -1.0);
        answer.logp.clear();
        answer
    });
    subject.open = Box::new(|_, _| generated(""));
    for r in results(&mut subject) {
        let class = if r.mode == "FG" { (0, 24) } else { (24, 0) };
        assert_eq!((r.k, (r.n_error, r.n_degenerate)), (0, class), "{}", r.probe);
        assert_ne!(r.decision.unwrap().verdict, Verdict::Use, "{}", r.probe);
        assert_eq!(hits(&r, "empty"), if r.mode == "FG" { (24, 24) } else { (0, 0) }, "{}", r.probe);
    }
}

#[test]
fn label_answers_of_the_wrong_length_are_errors() {
    for extra in [vec![], vec![-1.0; 9]] {
        let mut subject = Scripted::right();
        subject.label = Box::new(move |_, query| {
            let mut answer = labels(query, |_| -1.0);
            answer.logp = extra.clone();
            answer
        });
        for r in label_probes(&results(&mut subject)) {
            assert_eq!((r.k, r.n_error), (0, 24), "{}", r.probe);
            assert_eq!(r.confusion.as_ref().unwrap().counts.iter().map(|row| *row.last().unwrap()).sum::<u64>(), 24);
        }
    }
}

type Make = Box<dyn Fn() -> probes::GenerateAnswer>;

#[test]
fn broken_generations_are_named() {
    let flood = || {
        let mut answer = generated("");
        (answer.output_ids, answer.special_ids) = (vec![0; 12], vec![true; 12]);
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
        ("format_break", Box::new(text("The next one that I would write is this".into())), ItemVerdict::Unparsable),
        ("ok", Box::new(text("nonsense".into())), ItemVerdict::Incorrect),
        ("empty", Box::new(failed), ItemVerdict::Error),
    ];
    for (class, make, verdict) in rows {
        let mut subject = Scripted::right();
        subject.open = Box::new(move |_, _| make());
        let all = results(&mut subject);
        let r = one(&all, "A10");
        assert!(r.items.iter().all(|i| i.verdict == verdict && i.validity_class == class), "{class}: {:?}", r.items[0]);
        assert_eq!((r.k, r.validity.clone()), (0, RunValidity::Valid), "{class}");
    }
}

#[test]
fn echoing_the_pattern_is_noted_and_wrong() {
    let mut subject = Scripted::right();
    subject.open = Box::new(|_, query| generated(query.messages[0].content.rsplit("Pattern: ").next().unwrap()));
    let all = results(&mut subject);
    let r = one(&all, "A10");
    assert_eq!((r.k, hits(r, "prompt_echo").0), (0, 24), "{:?}", r.items);
}

#[test]
fn one_word_for_every_pattern_is_no_better_than_the_majority() {
    let mut subject = Scripted::right();
    subject.open = Box::new(|_, _| generated("yes"));
    let all = results(&mut subject);
    let r = one(&all, "A10");
    let majority = r.baselines.iter().find(|b| b.name == "majority").unwrap();
    assert!(r.k <= majority.k, "{} against {majority:?}", r.k);
    assert_eq!(r.decision.unwrap().verdict, Verdict::Avoid);
}

#[test]
fn lettered_answers_are_read_back_through_the_swap() {
    assert!(PROBES.iter().any(|p| p.format == FormatVariant::F3));
    // Right in the first order only: the letter A every time the gold is A in canonical order.
    let all = results(&mut Scripted::right());
    let r = one(&all, "A07");
    for item in &r.items {
        assert_eq!(item.predicted.as_ref(), Some(&item.gold));
        assert!(item.margin.unwrap() > 0.0 && item.stable == Some(true));
    }
    let golds_a = r.items.iter().filter(|i| i.gold == "A").count();
    assert_eq!(golds_a, 12);
}
