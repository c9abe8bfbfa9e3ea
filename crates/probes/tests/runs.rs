//! The run itself: batches, stopping, events, rows, and subjects that break their contract.

mod script;

use probes::{Event, Item, ItemVerdict, PROBES, Plan, ProbeResult, ResultRow, RunError, RunValidity, first_set, run};
use script::{Refusing, Scripted, labels};
use std::ops::ControlFlow;

#[test]
fn results_do_not_depend_on_the_batch() {
    let at = |batch| {
        pollster::block_on(run(&mut Scripted::right(), &first_set(), batch, &mut |_| ControlFlow::Continue(())))
            .unwrap()
    };
    let alone = at(1);
    for batch in [0, 7, 64, usize::MAX] {
        assert_eq!(at(batch), alone, "batch {batch}");
    }
}

#[test]
fn stopping_keeps_what_was_done_and_counts_the_rest_as_skipped() {
    let (mut seen, mut after) = (0, 0);
    let stopped = pollster::block_on(run(&mut Scripted::right(), &first_set(), 4, &mut |event| {
        if seen == 5 {
            after += 1;
        }
        if matches!(event, Event::ItemDone { .. }) {
            seen += 1;
        }
        if seen == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }))
    .unwrap();
    assert_eq!((seen, after, stopped.len()), (5, 0, PROBES.len()));
    assert_eq!((stopped[0].k, stopped[0].n, stopped[0].n_skipped), (5, 24, 19));
    for r in &stopped {
        assert_eq!((r.validity.clone(), r.decision, r.items.len()), (RunValidity::Partial, None, 24), "{}", r.probe);
    }
    assert!(stopped[1..].iter().all(|r| r.n_skipped == 24 && r.calls == 0 && r.calibration_calls == 0));
}

#[test]
fn stopping_before_the_first_item_asks_nothing() {
    let mut subject = Scripted::right();
    let stopped = pollster::block_on(run(&mut subject, &first_set(), 4, &mut |_| ControlFlow::Break(()))).unwrap();
    assert!(stopped.iter().all(|r| r.n_skipped == 24));
    assert_eq!(subject.asked, 0);
}

#[test]
fn events_come_in_order_with_one_row_per_call() {
    let plan = first_set();
    let (mut started, mut done, mut finished) = (0, 0, 0);
    let mut rows: Vec<ResultRow> = Vec::new();
    let mut items: Vec<Item> = Vec::new();
    let all = pollster::block_on(run(&mut Scripted::right(), &plan, 3, &mut |event| {
        match event {
            Event::ProbeStarted { probe, n_planned, calls_planned } => {
                assert_eq!((started, n_planned, calls_planned), (finished, 24, 24 * probe.calls().len() as u64));
                started += 1;
                done = 0;
            }
            Event::ItemDone { probe, item, predicted, verdict, k, n_done, n_planned, rows: mut new } => {
                done += 1;
                assert_eq!((k, n_done, n_planned, verdict), (done, done, 24, ItemVerdict::Correct));
                assert_eq!(new.len(), probe.calls().len());
                assert!(predicted.is_some() && new.iter().all(|r| r.item_id == item.id));
                rows.append(&mut new);
                items.push(*item);
            }
            Event::ProbeDone(result) => {
                assert_eq!(result.probe, PROBES[finished].id);
                finished += 1;
            }
        }
        ControlFlow::Continue(())
    }))
    .unwrap();
    assert_eq!((started, finished, items.len() as u64), (8, 8, plan.n_items()));
    assert_eq!((rows.len() as u64, all.iter().map(|r| r.calls).sum::<u64>()), (plan.n_calls(), plan.n_calls()));
    // Letters beside two equal content-free options read the same after the swap: 4 calls instead of 8.
    let calibration: Vec<u64> = all.iter().map(|r| r.calibration_calls).collect();
    assert_eq!(calibration, [16, 8, 12, 8, 4, 8, 12, 0]);
    for row in &rows {
        let line = serde_json::to_string(row).unwrap();
        assert_eq!(&serde_json::from_str::<ResultRow>(&line).unwrap(), row);
    }
    for result in &all {
        let line = serde_json::to_string(result).unwrap();
        assert_eq!(&serde_json::from_str::<ProbeResult>(&line).unwrap(), result);
    }
}

#[test]
fn a_row_with_impossible_numbers_is_still_json() {
    let mut subject = Scripted::right();
    subject.label = Box::new(|_, query| labels(query, |_| f64::NAN));
    let plan = Plan::new("one", &[&PROBES[0]], Some(1), 1);
    let mut rows = Vec::new();
    pollster::block_on(run(&mut subject, &plan, 1, &mut |event| {
        if let Event::ItemDone { rows: new, .. } = event {
            rows.extend(new);
        }
        ControlFlow::Continue(())
    }))
    .unwrap();
    let line = serde_json::to_string(&rows).unwrap();
    assert_eq!(serde_json::from_str::<Vec<ResultRow>>(&line).unwrap(), rows);
    assert!(rows.iter().all(|r| r.per_label.iter().all(|l| l.logp.is_none()) && r.validity_class == "numeric_fault"));
}

#[test]
fn a_subject_that_answers_too_few_or_too_many_is_refused() {
    for drop in [Refusing::OneTooFew, Refusing::OneTooMany] {
        let mut subject = Scripted::right();
        subject.refusing = drop;
        let error =
            pollster::block_on(run(&mut subject, &first_set(), 4, &mut |_| ControlFlow::Continue(()))).unwrap_err();
        assert!(matches!(error, RunError::WrongCount { probe: "A01", asked: 16, .. }), "{error}");
        assert!(
            error.to_string().starts_with("the subject broke its contract at probe A01: expected 16 answers, found 1"),
            "{error}"
        );
    }
}

#[test]
fn a_failing_subject_is_reported_with_the_probe() {
    let mut subject = Scripted::right();
    subject.refusing = Refusing::Everything;
    let error = pollster::block_on(run(&mut subject, &first_set(), 4, &mut |_| ControlFlow::Continue(()))).unwrap_err();
    assert_eq!(error.to_string(), "the subject failed at probe A01: out of memory");
}
