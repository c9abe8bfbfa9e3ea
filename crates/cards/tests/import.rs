//! Imports: counts stay, intervals are ours, contradictions are refused, and a page says what it is.

mod common;

use cards::*;

fn facts() -> ImportFacts {
    ImportFacts {
        title: None,
        created: "2026-11-22T08:00:00Z".into(),
        producer: Producer { name: "sweetspot".into(), version: "0.1.0".into() },
        files: vec![ModelFile { name: "in".into(), bytes: 1, sha256: common::hash(1) }],
    }
}

/// The export of a card, imported again.
fn back(card: &Card, rows: &[SampleRow], format: ExportFormat) -> ImportedCard {
    let files = export(card, rows, &Prompts::new(), format).unwrap();
    let all: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    if format == ExportFormat::Eee {
        return import_eee(facts(), Some(all[0]), Some(all[1])).unwrap();
    }
    let samples: Vec<(&str, &str, &[u8])> =
        all[1..].iter().map(|&(path, bytes)| (path, path.split('_').nth(1).unwrap(), bytes)).collect();
    import_lm_eval(facts(), Some(all[0]), &samples).unwrap()
}

fn check_counts(card: &Card, rows: &[SampleRow]) {
    for format in [ExportFormat::LmEval, ExportFormat::Eee] {
        let imported = back(card, rows, format);
        assert_eq!(imported.results.len(), card.results.len(), "{format:?}");
        assert_eq!(imported.models[0].id, card.model.id);
        assert_eq!(imported.models[0].n_params, Some(card.model.n_params));
        for row in &card.results {
            let ours = |r: &&ImportedResult| {
                let names = [("accuracy", "acc"), ("accuracy", "exact_match"), ("accuracy_per_byte", "acc_norm")];
                let same =
                    r.metric_id == row.metric_id || names.contains(&(row.metric_id.as_str(), r.metric_id.as_str()));
                r.task == row.task && same
            };
            let found: Vec<&ImportedResult> = imported.results.iter().filter(ours).collect();
            let [found] = found.as_slice() else { panic!("{format:?} {} {}: {found:?}", row.task, row.metric_id) };
            assert_eq!(
                (found.k, found.n, found.score),
                (Some(row.k), Some(row.n), Some(row.score)),
                "{format:?} {row:?}"
            );
            assert_eq!(found.mode.as_deref(), Some(row.mode.as_str()), "{format:?} {}", row.task);
            if card.tasks.iter().any(|t| t.task == row.task && t.metric_list[0] == row.metric_id) {
                let outcomes = [row.n_unparsable, row.n_degenerate, row.n_error, row.n_skipped].map(Some);
                assert_eq!(
                    [found.n_unparsable, found.n_degenerate, found.n_error, found.n_skipped],
                    outcomes,
                    "{format:?}"
                );
                assert_eq!(found.counted, CountedFrom::Items);
            }
            assert_eq!(found.uncertainty.as_ref().unwrap().num_samples, row.n);
            assert_eq!(found.verdict, None, "rules were not asked again");
        }
    }
}

#[test]
fn what_was_exported_comes_back_with_its_counts() {
    let (card, rows) = common::sealed();
    assert!(card.results.iter().any(|r| r.n_degenerate > 0), "the fixture has broken items");
    check_counts(&card, &rows);
}

#[test]
fn a_metric_that_counts_other_items_comes_back_with_them() {
    let mut draft = common::draft();
    for row in draft.results.iter_mut().filter(|r| r.metric_id == "accuracy_uncalibrated" && r.task == "A07") {
        (row.k, row.n) = (Some(5), 7);
    }
    let rows = common::rows();
    check_counts(&Card::seal(draft, &rows).unwrap(), &rows);
}

#[test]
fn a_run_cut_short_comes_back_with_its_counts() {
    let mut rows = common::rows();
    rows.retain(|r| r.task != "A09" || r.doc_id % 3 == 0);
    let card = Card::seal(common::draft(), &rows).unwrap();
    assert!(card.results.iter().any(|r| r.n_skipped == 16), "{:?}", card.completeness);
    check_counts(&card, &rows);
}

/// Counts that small studies publish, and the intervals they deserve (design of cards, section 11).
#[test]
fn published_counts_get_the_intervals_they_deserve() {
    let csv = "task,model,k,n,source\r\ndomain,m,6,8,a table\r\narticle,m,3,3,\r\nbase,m,2,2,\r\npattern,m,0,4,\r\nuplift,other,238,244,\"x, \"\"y\"\"\"\r\n'=task,m,1,2,'@x\r\n";
    let card = import_counts(facts(), "counts.csv", csv.as_bytes()).unwrap();
    for (task, lower, upper) in [
        ("domain", 34.9, 96.8),
        ("article", 29.2, 100.0),
        ("base", 15.8, 100.0),
        ("pattern", 0.0, 60.2),
        ("uplift", 94.7, 98.9),
    ] {
        let row = card.results.iter().find(|r| r.task == task).unwrap();
        let limits = &row.uncertainty.as_ref().unwrap().confidence_interval;
        let tenth = |share: f64| (share * 1000.0).round() / 10.0;
        assert_eq!((tenth(limits.lower), tenth(limits.upper)), (lower, upper), "{task}");
        assert_eq!((row.counted, row.verdict, row.baselines.len()), (CountedFrom::Published, None, 0));
    }
    assert_eq!(card.results[4].source.as_deref(), Some("x, \"y\""));
    assert_eq!((card.results[5].task.as_str(), card.results[5].source.as_deref()), ("=task", Some("@x")));
    assert_eq!(card.models.iter().map(|m| m.id.as_str()).collect::<Vec<_>>(), ["m", "other"]);
}

#[test]
fn the_committed_counts_of_documents_are_importable() {
    let csv = include_bytes!("../../../interop/published-counts.csv");
    let card = import_counts(facts(), "published-counts.csv", csv).unwrap();
    assert!(card.results.len() >= 15 && card.results.iter().all(|r| r.source.is_some()));
    let pair = |task: &str| card.results.iter().find(|r| r.task.starts_with(task)).map(|r| (r.k, r.n));
    assert_eq!(pair("Domain classification, forced"), Some((Some(6), Some(8))));
}

#[test]
fn files_as_lm_eval_writes_them_are_read() {
    // Two filters over the same documents, a value between 0 and 1, targets as numbers: the forms of gsm8k and others.
    let samples = r#"{"doc_id": 0, "doc": {"q": 1.5}, "target": "4", "filter": "strict-match", "metrics": ["exact_match"], "exact_match": 1.0}
{"doc_id": 0, "doc": {}, "target": "4", "filter": "flexible-extract", "metrics": ["exact_match"], "exact_match": 1.0}
{"doc_id": 1, "doc": {}, "target": "5", "filter": "strict-match", "metrics": ["exact_match"], "exact_match": 0.0}

{"doc_id": 1, "doc": {}, "target": "5", "filter": "flexible-extract", "metrics": ["exact_match"], "exact_match": 1.0}
"#;
    let results = r#"{"results": {"gsm8k": {"alias": "gsm8k", "exact_match,strict-match": 0.5, "exact_match_stderr,strict-match": "N/A",
        "exact_match,flexible-extract": 1.0}, "mmlu": {"acc,none": 0.25, "acc_stderr,none": 0.1, "perplexity,none": 12.5}},
        "n-samples": {"gsm8k": {"original": 1319, "effective": 2}, "mmlu": {"original": 40, "effective": 40}},
        "versions": {"gsm8k": 3.0}, "n-shot": {"gsm8k": 5}, "configs": {"gsm8k": {"output_type": "generate_until"}},
        "model_name": "org/model", "lm_eval_version": "0.4.9", "config": {"model_num_parameters": 7, "model_revision": "main"}}"#;
    let files = [("s.jsonl", "gsm8k", samples.as_bytes())];
    let card = import_lm_eval(facts(), Some(("r.json", results.as_bytes())), &files).unwrap();
    let rows: Vec<_> =
        card.results.iter().map(|r| (r.task.as_str(), r.metric_id.as_str(), r.k, r.n, r.score, r.counted)).collect();
    assert_eq!(
        rows,
        [
            ("gsm8k", "exact_match,flexible-extract", Some(2), Some(2), Some(1.0), CountedFrom::Items),
            ("gsm8k", "exact_match,strict-match", Some(1), Some(2), Some(0.5), CountedFrom::Items),
            ("mmlu", "acc", Some(10), Some(40), Some(0.25), CountedFrom::Score),
            ("mmlu", "perplexity", None, Some(40), Some(12.5), CountedFrom::None),
        ]
    );
    assert_eq!(card.source.program.as_deref(), Some("lm_eval 0.4.9"));
    assert_eq!((card.tasks[0].num_fewshot, card.tasks[0].output_type), (Some(5), Some(OutputType::GenerateUntil)));
    assert_eq!((&card.models[0].developer, card.results[0].n_unparsable), (&None, None), "silence is null");
    assert_eq!(card.results[3].uncertainty, None, "no interval of what is no proportion");

    // Samples alone, and a metric between 0 and 1: no count, no interval.
    let f1 = r#"{"doc_id": 0, "target": 1, "f1": 0.5, "acc": 1}
{"doc_id": 1, "target": 0, "f1": 1.0, "acc": 0}
{"doc_id": 2, "target": 0, "f1": 0.0, "acc": 1}"#;
    let card = import_lm_eval(facts(), None, &[("s.jsonl", "t", f1.as_bytes())]).unwrap();
    let (acc, f1) = (&card.results[0], &card.results[1]);
    assert_eq!((acc.k, acc.n, f1.k, f1.score), (Some(2), Some(3), None, Some(0.5)));
    assert!(f1.uncertainty.is_none() && card.models[0].id == "not stated");
    assert_eq!((acc.baselines[0].name.as_str(), acc.baselines[0].k), ("majority:0", Some(2)));
}

fn lm(samples: &str, results: &str) -> String {
    let results = (!results.is_empty()).then_some(("r.json", results.as_bytes()));
    match import_lm_eval(facts(), results, &[("s.jsonl", "t", samples.as_bytes())]) {
        Ok(card) => panic!("accepted: {card:?}"),
        Err(e) => e.to_string(),
    }
}

fn eee(rows: &str) -> String {
    import_eee(facts(), None, Some(("i.jsonl", rows.as_bytes()))).expect_err("refused").to_string()
}

fn counts(csv: &str) -> String {
    import_counts(facts(), "c.csv", csv.as_bytes()).expect_err("refused").to_string()
}

#[test]
fn what_contradicts_itself_or_is_damaged_is_refused_in_a_sentence() {
    let deep = format!("{{\"doc_id\": {}1{}}}", "[".repeat(200), "]".repeat(200));
    for (found, expected) in [
        (
            lm("{\"doc_id\": 0, \"acc\": 1}\n{\"doc_id\": 0, \"acc\": 1}", ""),
            "expected each item once at s.jsonl line 2, found 0 again",
        ),
        (lm("{\"doc_id\": 0, \"acc\": NaN}", ""), "s.jsonl line 1 cannot be read: not JSON"),
        (lm("{\"doc_id\": 0, \"acc\": 1e999}", ""), "s.jsonl line 1 cannot be read: not JSON"),
        (lm(&deep, ""), "recursion limit"),
        (lm("[1]", ""), "expected a JSON object at s.jsonl line 1, found [1]"),
        (lm("{\"acc\": 1}", ""), "expected a number or text as doc_id at s.jsonl line 1"),
        (lm("", ""), "holds no result: nothing was imported"),
        (lm("{\"doc_id\": 0, \"acc\": 0, \"verdict\": \"correct\"}", ""), "expected a score that its verdict allows"),
        (
            lm("{\"doc_id\": 0, \"acc\": 0, \"verdict\": \"fine\"}", ""),
            "expected a verdict such as `correct` at s.jsonl line 1, found fine",
        ),
        (
            lm("{\"doc_id\": 0, \"acc\": 1}", r#"{"results": {"t": {"acc,none": 0.5}}}"#),
            "expected a score that its items give at s.jsonl, found 1 of 1 items and a score of 0.5",
        ),
        (
            lm("{\"doc_id\": 0, \"acc\": 1}\n{\"doc_id\": 1, \"acc\": 1}", r#"{"n-samples": {"t": {"effective": 1}}}"#),
            "expected at least as many items as rows at s.jsonl, found 1 items, 2 rows",
        ),
        (
            eee("{\"evaluation_name\": \"t\", \"sample_id\": \"1\"}"),
            "expected an evaluation with score and is_correct at i.jsonl line 1",
        ),
        (
            eee(
                "{\"evaluation_name\": \"t\", \"sample_id\": \"1\", \"evaluation\": {\"score\": 1.0, \"is_correct\": false}}",
            ),
            "expected a score that is_correct allows",
        ),
        (counts("task,k,n\nx,4,3"), "expected k up to n, and n of at least 1 at c.csv line 2, found 4 of 3"),
        (counts("task,k,n\nx,0,0"), "expected k up to n, and n of at least 1"),
        (counts("task,k,n\nx,75%,4"), "expected a whole number as k at c.csv line 2, found 75%"),
        (counts("task,k,n\nx,1,9007199254740992"), "expected a whole number as n"),
        (counts("task,score\nx,1"), "found score"),
        (counts("task,k,n\nx,1"), "cannot be read"),
        (counts("task,k,n\nx,1,2\nx,1,2"), "expected each model, task, mode and metric once"),
        (counts("task,k,n\n"), "nothing was imported"),
    ] {
        assert!(found.contains(expected), "expected {expected:?} in {found:?}");
    }
}

#[test]
fn an_imported_card_is_read_back_and_is_no_measured_one() {
    let card = import_counts(facts(), "c.csv", b"task,k,n\nx,3,4\n").unwrap();
    let json = card.to_canonical_json().unwrap();
    assert_eq!(ImportedCard::parse(json.as_bytes()).unwrap(), card);
    assert!(json.contains("\"kind\":\"imported\"") && json.contains("\"provenance\":\"imported\""));
    assert!(Card::parse(json.as_bytes()).is_err(), "no series with measured cards");
    let measured = common::sealed().0.to_canonical_json().unwrap();
    assert!(ImportedCard::parse(measured.as_bytes()).is_err());
    // A better interval, with an identity to match.
    let mut better = card.clone();
    better.results[0].uncertainty.as_mut().unwrap().confidence_interval.lower = 0.7;
    better.id = better.content_id().unwrap();
    let refused = ImportedCard::parse(better.to_canonical_json().unwrap().as_bytes()).unwrap_err().to_string();
    assert!(refused.contains("expected the interval of 3/4"), "{refused}");
    let mut verdict = card.clone();
    verdict.results[0].verdict = Some(TaskVerdict::Use);
    verdict.id = verdict.content_id().unwrap();
    assert!(
        ImportedCard::parse(verdict.to_canonical_json().unwrap().as_bytes()).is_err(),
        "no verdict without baselines"
    );
    let edited = json.replace("\"k\":3", "\"k\":2");
    assert!(ImportedCard::parse(edited.as_bytes()).is_err());
}

#[test]
fn an_imported_page_says_what_it_is_and_gives_no_percentage_of_few_items() {
    let hostile = "<script>alert(1)</script>\u{202e}";
    let csv = format!("task,model,k,n,source\n\"{hostile}\",m,6,8,javascript:alert(1)\nzero,m,0,4,\nmany,m,18,24,\n");
    let card = import_counts(facts(), "c.csv", csv.as_bytes()).unwrap();
    let html = imported_page(&card);
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/imported.html"), &html).unwrap();
    let body = &html[html.find("<body>").unwrap()..];
    assert!(body.contains("Imported: not measured here."));
    assert!(body.contains("6/8") && body.contains("[34.9, 96.8]"));
    // 18/24 and, by the rule of three, 0/4; never 6/8.
    assert_eq!(body.matches("<small>75.0%</small>").count(), 1);
    assert_eq!(body.matches("<small>below 75.0% (rule of three)</small>").count(), 1);
    assert_eq!(body.matches("75.0%").count(), 2);
    assert!(!body.contains("<script>") && body.contains("&lt;script&gt;") && body.contains("\\u{202e}"));
    assert!(!body.contains("href=\"javascript") && body.matches("href=").count() == 5, "links within the page alone");
    assert!(!body.contains("class=\"verdict"));
}
