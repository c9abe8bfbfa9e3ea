//! The run itself: batches, stopping, going on, events, rows, and subjects that break their contract.

mod script;

use probes::{
    Asked, Event, Item, ItemVerdict, Journal, Plan, ProbeResult, ResultRow, RunError, RunValidity, Settings, run,
};
use script::{ByText, Refusing, Scripted, labels, plan_of};
use std::ops::ControlFlow;

const N: u64 = 24;

fn plan() -> Plan {
    plan_of(Some(N as usize))
}

fn settings(batch: usize) -> Settings<'static> {
    Settings { sql: Some(&ByText), ..Settings::batch(batch) }
}

fn whole(plan: &Plan, batch: usize) -> Vec<ProbeResult> {
    pollster::block_on(run(&mut Scripted::right(plan), plan, settings(batch), &mut |_| ControlFlow::Continue(())))
        .unwrap()
}

#[test]
fn results_do_not_depend_on_the_batch() {
    let plan = plan();
    let alone = whole(&plan, 1);
    for batch in [0, 7, 64, usize::MAX] {
        assert_eq!(whole(&plan, batch), alone, "batch {batch}");
    }
}

#[test]
fn stopping_keeps_what_was_done_and_counts_the_rest_as_skipped() {
    let plan = plan();
    let (mut seen, mut after) = (0, 0);
    let stopped = pollster::block_on(run(&mut Scripted::right(&plan), &plan, settings(4), &mut |event| {
        if seen == 5 {
            after += 1;
        }
        if matches!(event, Event::ItemDone { .. }) {
            seen += 1;
        }
        if seen == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }))
    .unwrap();
    assert_eq!((seen, after, stopped.len()), (5, 0, plan.probes.len()));
    assert_eq!((stopped[0].k, stopped[0].n, stopped[0].n_skipped), (5, N, N - 5));
    for r in &stopped {
        let state = (r.validity.clone(), r.decision, r.items.len() as u64);
        assert_eq!(state, (RunValidity::Partial, None, N), "{}", r.probe);
    }
    assert!(stopped[1..].iter().all(|r| r.n_skipped == N && r.calls == 0 && r.calibration_calls == 0));
}

#[test]
fn stopping_before_the_first_item_asks_nothing() {
    let plan = plan();
    let mut subject = Scripted::right(&plan);
    let stopped = pollster::block_on(run(&mut subject, &plan, settings(4), &mut |_| ControlFlow::Break(()))).unwrap();
    assert!(stopped.iter().all(|r| r.n_skipped == N));
    assert_eq!(subject.asked, 0);
}

#[test]
fn a_run_that_goes_on_from_its_journal_is_the_unbroken_run() {
    let plan = plan();
    let unbroken = whole(&plan, 5);
    let mut journal = Journal::default();
    let mut rounds = 0;
    loop {
        let mut new = 0;
        let mut fresh = Journal::default();
        let settings = Settings { journal: &journal, ..settings(5) };
        let mut subject = Scripted::right(&plan);
        let results = pollster::block_on(run(&mut subject, &plan, settings, &mut |event| {
            match event {
                Event::Calibrated { probe, record, asked: Asked::Now } => {
                    // Through text and back, as a journal on disk.
                    let line = serde_json::to_string(&record).unwrap();
                    fresh.calibrations.insert(probe.id.clone(), serde_json::from_str(&line).unwrap());
                }
                Event::ItemDone { record, asked: Asked::Now, .. } => {
                    new += 1;
                    let line = serde_json::to_string(&record).unwrap();
                    fresh.items.insert(record.outcome.item_id.clone(), serde_json::from_str(&line).unwrap());
                }
                _ => {}
            }
            // Killed in the middle of a batch.
            if new == 37 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }))
        .unwrap();
        rounds += 1;
        if new < 37 {
            assert_eq!(results, unbroken);
            break;
        }
        journal.calibrations.append(&mut fresh.calibrations);
        journal.items.append(&mut fresh.items);
    }
    assert_eq!(rounds, plan.n_items().div_ceil(37).max(2));
}

#[test]
fn events_come_in_order_with_one_row_per_call() {
    let plan = plan();
    let (mut started, mut done, mut finished) = (0, 0, 0);
    let mut rows: Vec<ResultRow> = Vec::new();
    let mut items: Vec<Item> = Vec::new();
    let all = pollster::block_on(run(&mut Scripted::right(&plan), &plan, settings(3), &mut |event| {
        match event {
            Event::ProbeStarted { probe, n_planned, calls_planned } => {
                assert_eq!((started, n_planned, calls_planned), (finished, N, N * probe.calls.len() as u64));
                started += 1;
                done = 0;
            }
            Event::Calibrated { asked, .. } => assert_eq!((asked, done), (Asked::Now, 0)),
            Event::ItemDone { probe, item, k, n_done, n_planned, record, asked } => {
                done += 1;
                let verdict = record.outcome.verdict;
                assert_eq!((k, n_done, n_planned, verdict), (done, done, N, ItemVerdict::Correct), "{}", probe.id);
                assert_eq!((record.rows.len(), asked), (probe.calls.len(), Asked::Now));
                assert!(record.rows.iter().all(|r| r.item_id == item.id));
                rows.extend(record.rows);
                items.push(*item);
            }
            Event::ProbeDone(result) => {
                assert_eq!(result.probe, plan.probes[finished].spec.id);
                finished += 1;
            }
        }
        ControlFlow::Continue(())
    }))
    .unwrap();
    assert_eq!((started, finished, items.len() as u64), (plan.probes.len(), plan.probes.len(), plan.n_items()));
    assert_eq!((rows.len() as u64, all.iter().map(|r| r.calls).sum::<u64>()), (plan.n_calls(), plan.n_calls()));
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
    let mut plan = plan();
    plan.probes.retain(|p| !p.spec.mode.is_generated());
    let plan = plan.cut_to(1);
    let mut subject = Scripted::right(&plan);
    subject.label = Box::new(|_, query| labels(query, |_| f64::NAN));
    let mut rows = Vec::new();
    pollster::block_on(run(&mut subject, &plan, settings(1), &mut |event| {
        if let Event::ItemDone { record, .. } = event {
            rows.extend(record.rows);
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
    let plan = plan();
    for drop in [Refusing::OneTooFew, Refusing::OneTooMany] {
        let mut subject = Scripted::right(&plan);
        subject.refusing = drop;
        let error =
            pollster::block_on(run(&mut subject, &plan, settings(4), &mut |_| ControlFlow::Continue(()))).unwrap_err();
        assert!(matches!(&error, RunError::WrongCount { probe, .. } if probe == "A01"), "{error}");
        assert!(error.to_string().starts_with("the subject broke its contract at probe A01: expected"), "{error}");
    }
}

#[test]
fn a_failing_subject_is_reported_with_the_probe() {
    let plan = plan();
    let mut subject = Scripted::right(&plan);
    subject.refusing = Refusing::Everything;
    let error =
        pollster::block_on(run(&mut subject, &plan, settings(4), &mut |_| ControlFlow::Continue(()))).unwrap_err();
    assert_eq!(error.to_string(), "the subject failed at probe A01: out of memory");
}

#[test]
fn a_probe_of_sql_without_sqlite_is_refused_before_anything_is_asked() {
    let plan = plan();
    let mut subject = Scripted::right(&plan);
    let outcome = pollster::block_on(run(&mut subject, &plan, Settings::batch(4), &mut |_| ControlFlow::Continue(())));
    let has_sql = plan.probes.iter().any(|p| matches!(p.reader, probes::Reader::Sql));
    assert_eq!(outcome.is_err(), has_sql);
    assert_eq!(subject.asked == 0, has_sql);
}
