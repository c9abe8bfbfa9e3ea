//! The check's table, row by row.

use cards::*;

use super::*;

type Change = fn(&mut Card, &mut Vec<SampleRow>);

use Axis::{Backend as OnBackend, Device, Engine as OnEngine, ModelPackage, Prompt, Quant};
use Effect::{Compared, Refuses, Restricts, Warns};

/// Field, axes on which it is what is compared, effect on all others, one change of B.
const TABLE: &[(&str, &[Axis], Effect, Change)] = &[
    ("provenance", &[], Refuses, |c, _| c.provenance = Provenance::Imported),
    ("numerics.verdict", &[], Refuses, |c, _| c.numerics.verdict = GateVerdict::Fail),
    ("numerics.verdict", &[], Refuses, |c, _| c.numerics.verdict = GateVerdict::NotCompared),
    ("completeness.status", &[], Restricts, |c, _| c.completeness.status = Status::Partial),
    ("suite.name", &[], Refuses, |c, _| c.suite.name = "second".into()),
    ("suite.version", &[OnEngine], Refuses, |c, _| c.suite.version = "2".into()),
    ("suite.sha256", &[Prompt], Refuses, |c, _| c.suite.sha256 = common::hash(200)),
    ("model.weights_sha256", &[Axis::Model, ModelPackage, Quant], Refuses, |c, _| {
        c.model.weights_sha256 = common::hash(200);
    }),
    ("model.n_params", &[Axis::Model, ModelPackage], Refuses, |c, _| c.model.n_params += 1),
    ("model.quantization", &[ModelPackage, Quant], Refuses, |c, _| c.model.quantization = "Q4_0".into()),
    ("model.tokenizer_sha256", &[ModelPackage], Refuses, |c, _| c.model.tokenizer_sha256 = common::hash(200)),
    ("model.chat_template_sha256", &[ModelPackage], Refuses, |c, _| c.model.chat_template_sha256 = common::hash(200)),
    ("decoding.temperature", &[], Refuses, |c, _| c.decoding.temperature = 0.7),
    ("decoding.top_k", &[], Refuses, |c, _| c.decoding.top_k = 40),
    ("decoding.top_p", &[], Refuses, |c, _| c.decoding.top_p = 0.9),
    ("decoding.max_tokens", &[], Refuses, |c, _| c.decoding.max_tokens = 99),
    ("decoding.stop", &[], Refuses, |c, _| c.decoding.stop.push(".".into())),
    ("decoding.seed", &[], Refuses, |c, _| c.decoding.seed = "7".into()),
    ("decoding.rng", &[], Refuses, |c, _| c.decoding.rng = "xoshiro256**".into()),
    ("decoding.sampler_order", &[], Refuses, |c, _| c.decoding.sampler_order.push("top_k".into())),
    ("decoding.batch", &[], Refuses, |c, _| c.decoding.batch = 1),
    ("decoding.kv_dtype", &[Quant], Refuses, |c, _| c.decoding.kv_dtype = "f16".into()),
    ("decoding.act_dtype", &[Quant], Refuses, |c, _| c.decoding.act_dtype = "f32".into()),
    ("engine.name", &[OnEngine], Warns, |c, _| c.engine.name = "other".into()),
    ("engine.version", &[OnEngine], Warns, |c, _| c.engine.version = "9".into()),
    ("engine.git_commit", &[OnEngine], Warns, |c, _| c.engine.git_commit = "f".repeat(40)),
    ("engine.dirty", &[OnEngine], Warns, |c, _| c.engine.dirty = true),
    ("engine.build_flags", &[OnEngine], Warns, |c, _| c.engine.build_flags = "debug".into()),
    ("engine.binary_sha256", &[OnEngine], Warns, |c, _| c.engine.binary_sha256 = common::hash(200)),
    ("engine.rustc", &[OnEngine], Warns, |c, _| c.engine.rustc = "2.0.0".into()),
    ("engine.shaders_sha256", &[OnEngine, OnBackend], Warns, |c, _| c.engine.shaders_sha256 = common::hash(200)),
    ("environment.backend", &[OnBackend], Warns, |c, _| c.environment.backend = Backend::Vulkan),
    ("environment.adapter.vendor", &[Device, OnBackend], Warns, |c, _| c.environment.adapter.vendor = "x".into()),
    ("environment.adapter.architecture", &[Device, OnBackend], Warns, |c, _| {
        c.environment.adapter.architecture = "x".into();
    }),
    ("environment.adapter.device", &[Device, OnBackend], Warns, |c, _| c.environment.adapter.device = None),
    ("environment.adapter.driver", &[Device, OnBackend], Warns, |c, _| {
        c.environment.adapter.driver = Some("x".into());
    }),
    ("environment.browser", &[Device, OnBackend], Warns, |c, _| {
        c.environment.browser = Some(Browser { family: "chromium".into(), major: 130 });
    }),
    ("environment.os", &[Device], Warns, |c, _| c.environment.os.family = "macos".into()),
    ("tasks.A01.version", &[], Refuses, |c, _| c.tasks[0].version += 1),
    ("tasks.A01.metric_id", &[], Refuses, |c, _| {
        c.tasks[0].metric_list[0] = "other".into();
        c.results[0].metric_id = "other".into();
    }),
    ("tasks.A01.metric_version", &[], Refuses, |c, _| c.results[0].metric_version += 1),
    ("tasks.A01.mode", &[], Refuses, |c, rows| {
        c.results[0].mode = "LP".into();
        rows.iter_mut().filter(|r| r.task == "A01").for_each(|r| r.mode = "LP".into());
    }),
    ("tasks.A01.filter_list", &[], Refuses, |c, _| c.tasks[0].filter_list.push("reader".into())),
    ("tasks.A01.template_ids", &[Prompt], Refuses, |c, _| c.tasks[0].template_ids.push("second".into())),
    ("tasks.A01.doc_to_text", &[Prompt], Refuses, |c, _| c.tasks[0].doc_to_text.push('.')),
    ("tasks.A01.doc_to_choice", &[Prompt], Refuses, |c, _| c.tasks[0].doc_to_choice[0].push('.')),
    ("tasks.A01.target_delimiter", &[Prompt], Refuses, |c, _| c.tasks[0].target_delimiter = " ".into()),
    ("tasks.A01.gen_prefix", &[Prompt], Refuses, |c, _| c.tasks[0].gen_prefix = "Answer:".into()),
    ("tasks.A01.num_fewshot", &[Prompt], Refuses, |c, _| c.tasks[0].num_fewshot = 3),
    ("tasks.A01.fewshot_seed", &[Prompt], Refuses, |c, _| c.tasks[0].fewshot_seed = "3".into()),
    ("tasks.A01.labels", &[ModelPackage, Prompt], Refuses, |c, _| {
        c.tasks[0].labels.as_mut().unwrap()[0].token_ids.push(7);
    }),
    ("samples.A01.doc_hash", &[Prompt], Refuses, |_, rows| rows[3].doc_hash = common::hash(200)),
    ("samples.A01.prompt_hash", &[Prompt, ModelPackage, OnEngine], Refuses, |_, rows| {
        rows[3].prompt_hash = common::hash(200);
    }),
    ("samples.A01.target", &[], Refuses, |_, rows| rows[3].target = "another".into()),
    ("samples.A01.cluster", &[], Refuses, |_, rows| rows[3].cluster = "another".into()),
    ("samples.A01.sample_id", &[], Restricts, |_, rows| drop(rows.remove(3))),
    ("samples.A01.sample_id", &[], Restricts, |_, rows| rows[3].verdict = ItemVerdict::Skipped),
    ("samples.A01.sample_id", &[], Restricts, |_, rows| rows[3].sample_id = "A01-999".into()),
    ("tasks", &[], Restricts, |c, rows| {
        c.tasks.remove(0);
        c.results.retain(|r| r.task != "A01");
        rows.retain(|r| r.task != "A01");
    }),
];

#[test]
fn each_row_of_the_table_has_its_effect_along_each_axis() {
    let run = common::sealed();
    for axis in Axis::ALL {
        let same = check_runs(sampled(&run), sampled(&run), axis);
        assert_eq!((same.verdict, same.diffs, same.version), (Comparability::Comparable, vec![], CHECKER_VERSION));
        for (field, axes, otherwise, change) in TABLE {
            let mut other = run.clone();
            change(&mut other.0, &mut other.1);
            for [a, b] in [[&run, &other], [&other, &run]] {
                let found = check_runs(sampled(a), sampled(b), axis);
                let effect = if axes.contains(&axis) { Compared } else { *otherwise };
                let listed: Vec<(&str, Effect)> = found.diffs.iter().map(|d| (d.field.as_str(), d.effect)).collect();
                assert_eq!(listed, [(*field, effect)], "along {axis:?}");
                assert_ne!(found.diffs[0].a, found.diffs[0].b, "{field}");
                let verdict = match effect {
                    Compared | Warns => Comparability::Comparable,
                    Restricts => Comparability::OnSubset,
                    Refuses => Comparability::Refused,
                };
                assert_eq!(found.verdict, verdict, "{field} along {axis:?}");
            }
        }
    }
}

#[test]
fn every_row_of_the_table_is_mutated() {
    let mutated: Vec<String> =
        TABLE.iter().map(|row| row.0.replace("tasks.A01", "tasks.*").replace("samples.A01", "samples.*")).collect();
    for field in checked_fields().iter().filter(|f| *f != "samples") {
        assert!(mutated.contains(field), "no change of {field} is tried");
    }
}

#[test]
fn runs_without_a_common_item_are_refused() {
    let run = common::sealed();
    let mut other = run.clone();
    other.1.iter_mut().for_each(|r| r.sample_id.push('x'));
    let found = check_runs(sampled(&run), sampled(&other), Axis::Model);
    assert_eq!(found.verdict, Comparability::Refused);
    assert_eq!(found.with(Refuses).map(|d| d.field.as_str()).collect::<Vec<_>>(), ["samples"]);
}

#[test]
fn a_refusal_names_both_values_and_gives_no_difference() {
    let a = sealed(|_, _| {});
    for (b, named) in [
        (sealed(|d, _| d.suite.sha256 = common::hash(99)), common::hash(99)),
        (sealed(|d, _| d.decoding.temperature = 0.7), "0.7".to_owned()),
        (sealed(|d, _| d.tasks[0].version = 2), "2".to_owned()),
    ] {
        let error = DiffCard::make(sampled(&a), sampled(&b), Axis::Model, &facts()).unwrap_err();
        let sentence = error.to_string();
        let CompareError::Refused(refusal) = error else { panic!("{sentence}") };
        assert_eq!(refusal.checker.verdict, Comparability::Refused);
        assert!(sentence.contains(&named) && sentence.ends_with("no difference is given"), "{sentence}");
        let [x, y] = [&a, &b].map(|run| Compact::of(&run.0, &run.1).unwrap());
        if refusal.checker.diffs[0].field.starts_with("tasks") {
            continue; // a link names no version; the suite's hash stands for it
        }
        compare_links(&x, &y, Axis::Model).unwrap_err();
    }
}
