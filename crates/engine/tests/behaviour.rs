//! What the engine promises beyond the forward pass: scores equal full logits, batches change nothing, generation is
//! reproducible, bad input is refused by a sentence.

mod common;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use common::Fixture;
use engine::{
    Bound, Cpu, CpuMode, Detail, Engine, Error, GenerateOptions, LabelSet, LoadOptions, Pool, Precision, Reference,
    Residency, Sampling, ScoreMode, Stop, Terminator, Want, common_prefix, self_test,
};
use tokenizer::{Control, Message, Role};

fn model() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/selftest.gguf")
}

fn fixture(mode: CpuMode) -> Fixture {
    Fixture::open(&model(), mode, Residency::Memory)
}

fn labels(names: &[&str]) -> Vec<String> {
    names.iter().map(|&n| n.to_owned()).collect()
}

fn user(text: &str) -> Vec<Message> {
    vec![Message { role: Role::User, content: text.to_owned() }]
}

/// ln p of `ids[from..]` by full logits: the definition that label scoring must equal.
fn log_probability(fixture: &mut Fixture, ids: &[u32], from: usize) -> f64 {
    let vocab = fixture.engine.config.vocab;
    let logits = fixture.logits(ids);
    (from..ids.len())
        .map(|i| {
            let row: Vec<f64> = logits[(i - 1) * vocab..i * vocab].iter().map(|&x| f64::from(x)).collect();
            let max = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let total = max + row.iter().map(|x| (x - max).exp()).sum::<f64>().ln();
            row[ids[i] as usize] - total
        })
        .sum()
}

#[test]
fn the_self_test_passes_in_both_modes() {
    for mode in [CpuMode::Exact, CpuMode::Fast] {
        let outcome =
            pollster::block_on(self_test(Precision::F32, |config| Ok(Cpu::new(config, mode, Residency::Memory))))
                .unwrap();
        assert!(outcome.passed(), "{:?}", outcome.first_failure());
        assert!(outcome.findings.len() > 20, "{} comparisons", outcome.findings.len());
    }
}

#[test]
fn the_self_test_fails_on_a_wrong_window() {
    let outcome = pollster::block_on(self_test(Precision::F32, |mut config| {
        config.window += 1;
        Ok(Cpu::new(config, CpuMode::Exact, Residency::Memory))
    }));
    let failure = outcome.unwrap();
    assert!(!failure.passed());
    assert!(failure.first_failure().unwrap().what.contains("layer."), "{:?}", failure.first_failure());
}

#[test]
fn exact_scores_equal_full_logits() {
    let mut fixture = fixture(CpuMode::Exact);
    let names = labels(&["a", "an", "the quick", "the slow one"]);
    let set = LabelSet::chat(&fixture.engine.template, &fixture.engine.tokenizer, &user("Which one?"), &names).unwrap();
    assert!(set.nodes.len() > 4, "the labels should have several tokens");
    let scores = pollster::block_on(fixture.engine.score(std::slice::from_ref(&set), ScoreMode::Exact)).unwrap();
    for (label, tokens) in set.tokens.iter().enumerate() {
        let ids = [set.prefix.as_slice(), tokens].concat();
        let expected = log_probability(&mut fixture, &ids, set.prefix.len());
        // Twice the float row per token: a log-probability is a logit less a log-sum-exp.
        let tolerance = 2e-4 * tokens.len() as f64;
        let found = scores[0].logp[label];
        assert!((found - expected).abs() <= tolerance, "label {label}: {found} against {expected}");
    }
}

#[test]
fn label_relative_scores_sum_to_one_over_the_set() {
    let mut fixture = fixture(CpuMode::Exact);
    let names = labels(&["red", "green", "greenish", "blue sky", "blue sea"]);
    let set = LabelSet::text(&fixture.engine.tokenizer, "The colour is ", &names).unwrap();
    let scores = pollster::block_on(fixture.engine.score(&[set], ScoreMode::LabelRelative)).unwrap();
    let total: f64 = scores[0].logp.iter().map(|l| l.exp()).sum();
    // f64 sums of at most five terms.
    assert!((total - 1.0).abs() < 1e-12, "{total}");
}

#[test]
fn both_modes_rank_single_token_labels_alike() {
    let mut fixture = fixture(CpuMode::Exact);
    let set = LabelSet::text(&fixture.engine.tokenizer, "x", &labels(&["a", "b", "c", "d"])).unwrap();
    let sets = [set];
    let exact = pollster::block_on(fixture.engine.score(&sets, ScoreMode::Exact)).unwrap();
    let relative = pollster::block_on(fixture.engine.score(&sets, ScoreMode::LabelRelative)).unwrap();
    for (e, r) in exact[0].probabilities().iter().zip(relative[0].probabilities()) {
        // The same logits by two sums of 64 products.
        assert!((e - r).abs() < 1e-5, "{e} against {r}");
    }
}

#[test]
fn a_label_that_begins_another_is_scored_with_a_terminator() {
    let fixture = fixture(CpuMode::Exact);
    let (template, tokenizer) = (&fixture.engine.template, &fixture.engine.tokenizer);
    let names = labels(&["a", "a b"]);
    let chat = LabelSet::chat(template, tokenizer, &user("x"), &names).unwrap();
    assert_eq!(chat.terminator, Terminator::EndOfTurn);
    assert!(chat.tokens.iter().all(|ids| ids.last() == tokenizer.end_of_turn().as_ref()));
    let text = LabelSet::text(tokenizer, "x ", &names).unwrap();
    assert_eq!(text.terminator, Terminator::Newline);
}

#[test]
fn batches_chunks_and_neighbours_change_no_score() {
    let mut fixture = fixture(CpuMode::Fast);
    let names = labels(&["yes", "no", "perhaps not"]);
    let mut sets = Vec::new();
    for i in 0..64 {
        let text = format!("Question {i}: {}", "and so on ".repeat(i % 9));
        sets.push(LabelSet::chat(&fixture.engine.template, &fixture.engine.tokenizer, &user(&text), &names).unwrap());
    }
    let mut alone = Vec::new();
    for set in &sets {
        alone.extend(pollster::block_on(fixture.engine.score(std::slice::from_ref(set), ScoreMode::Exact)).unwrap());
    }
    for size in [7, 64] {
        let mut together = Vec::new();
        for group in sets.chunks(size) {
            together.extend(pollster::block_on(fixture.engine.score(group, ScoreMode::Exact)).unwrap());
        }
        for (a, b) in alone.iter().zip(&together) {
            for (x, y) in a.logp.iter().zip(&b.logp) {
                // The float row: candle's f32 products may sum in another order for another number of rows.
                assert!((x - y).abs() <= 1e-4, "batch of {size}: {x} against {y}");
            }
        }
    }
}

/// Every prompt of a set of texts, all of which begin alike.
fn alike(fixture: &Fixture) -> Vec<LabelSet> {
    let texts = ["a", "the moon is out", "no", "one two three four five six seven"];
    let names = labels(&["red", "green", "greenish"]);
    texts
        .iter()
        .map(|text| {
            let prompt = user(&format!("Which colour has this text? Text: {text} Answer:"));
            LabelSet::chat(&fixture.engine.template, &fixture.engine.tokenizer, &prompt, &names).unwrap()
        })
        .collect()
}

#[test]
fn a_shared_beginning_changes_no_score() {
    for mode in [CpuMode::Exact, CpuMode::Fast] {
        let mut fixture = fixture(mode);
        let prompts = alike(&fixture);
        let shared = common_prefix(&prompts[0].prefix, &prompts[1].prefix);
        assert!(shared.len() > 8, "{}", shared.len());
        // A second beginning that no prompt has, and a prompt that has none.
        let mut prefixes = pollster::block_on(fixture.engine.prefixes(&[shared, vec![7, 7, 7]])).unwrap();
        assert_eq!(prefixes.lengths().len(), 2);
        let whole = pollster::block_on(fixture.engine.score(&prompts, ScoreMode::Exact)).unwrap();
        for _ in 0..2 {
            let split = pollster::block_on(fixture.engine.score_after(
                &mut prefixes,
                &prompts,
                ScoreMode::Exact,
                Detail::LabelsOnly,
            ))
            .unwrap();
            for (whole, split) in whole.iter().zip(&split) {
                for (a, b) in whole.logp.iter().zip(&split.logp) {
                    // The same rows in passes of other widths: the float row of the smallest models.
                    assert!((a - b).abs() <= 1e-4, "{a} {b}");
                }
                assert_eq!(whole.n_in, split.n_in);
            }
        }
    }
}

#[test]
fn hidden_states_are_those_of_the_whole_prompt() {
    let mut fixture = fixture(CpuMode::Exact);
    let prompts: Vec<Vec<u32>> = alike(&fixture).into_iter().map(|set| set.prefix).collect();
    let shared = common_prefix(&prompts[0], &prompts[1]);
    let mut prefixes = pollster::block_on(fixture.engine.prefixes(std::slice::from_ref(&shared))).unwrap();
    let states = pollster::block_on(fixture.engine.hidden(&mut prefixes, &prompts, Pool::Both)).unwrap();
    let width = fixture.engine.config.hidden;
    for (ids, state) in prompts.iter().zip(&states) {
        let mut taps = engine::Taps::default();
        pollster::block_on(fixture.engine.logits(ids, Want::Last, Some(&mut taps))).unwrap();
        let norm = &taps.taken.iter().find(|(name, _)| name == "norm").unwrap().1;
        let rows: Vec<&[f32]> = norm.chunks_exact(width).collect();
        let own = &rows[shared.len()..];
        let mean = |i: usize| own.iter().map(|row| row[i]).sum::<f32>() / own.len() as f32;
        for (i, last) in rows[rows.len() - 1].iter().enumerate() {
            // The same rows in passes of other widths: the float row of the smallest models.
            assert!((state[i] - last).abs() <= 1e-4 && (state[width + i] - mean(i)).abs() <= 1e-4);
        }
    }
}

#[test]
fn a_prompt_longer_than_a_pass_goes_through_the_cache() {
    let mut fixture = fixture(CpuMode::Exact);
    let text = "one two three four ".repeat(200);
    let names = labels(&["left", "right"]);
    let set = LabelSet::text(&fixture.engine.tokenizer, &text, &names).unwrap();
    assert!(set.prefix.len() > 1_100, "{} tokens", set.prefix.len());
    let scores = pollster::block_on(fixture.engine.score(std::slice::from_ref(&set), ScoreMode::Exact)).unwrap();
    let ids = [set.prefix.as_slice(), &set.tokens[0]].concat();
    let expected = log_probability(&mut fixture, &ids, set.prefix.len());
    let tolerance = 2e-4 * set.tokens[0].len() as f64;
    assert!((scores[0].logp[0] - expected).abs() <= tolerance);
}

fn generate(fixture: &mut Fixture, prompts: &[Vec<u32>], options: &GenerateOptions) -> Vec<engine::Generation> {
    pollster::block_on(fixture.engine.generate(prompts, options, &mut |_| ControlFlow::Continue(()))).unwrap()
}

fn prompt(fixture: &Fixture, text: &str) -> Vec<u32> {
    let mut ids = vec![fixture.engine.tokenizer.bos()];
    ids.extend(fixture.engine.tokenizer.encode(text, Control::AsText).unwrap());
    ids
}

#[test]
fn greedy_generation_is_the_argmax_of_full_logits() {
    let mut fixture = fixture(CpuMode::Exact);
    let start = prompt(&fixture, "Once");
    let options = GenerateOptions { max_tokens: 24, sampling: Sampling::GREEDY, stop: vec![] };
    let generation = generate(&mut fixture, std::slice::from_ref(&start), &options).remove(0);
    let mut ids = start;
    for &id in &generation.ids {
        let logits = pollster::block_on(fixture.engine.logits(&ids, Want::Last, None)).unwrap().values;
        let best = testkit::golden::argmax(&logits);
        // A margin within twice the float row may fall either way.
        assert!(id as usize == best || testkit::golden::top_margin(&logits) < 2e-4, "{id} against {best}");
        ids.push(id);
    }
    assert!(generation.ids.len() == 24 || generation.stop == Stop::Eos);
}

#[test]
fn a_sequence_is_the_same_alone_and_in_company_and_twice() {
    let mut fixture = fixture(CpuMode::Fast);
    let sampling = Sampling { temperature: 0.9, top_k: 40, top_p: 0.95, min_p: 0.01, seed: 11 };
    let options = GenerateOptions { max_tokens: 16, sampling, stop: vec![] };
    let prompts: Vec<Vec<u32>> = ["a", "some longer text", "x y z"].iter().map(|t| prompt(&fixture, t)).collect();
    let together = generate(&mut fixture, &prompts, &options);
    let again = generate(&mut fixture, &prompts, &options);
    let alone = generate(&mut fixture, &prompts[..1], &options);
    for (a, b) in together.iter().zip(&again) {
        assert_eq!(a.ids, b.ids);
    }
    assert_eq!(together[0].ids, alone[0].ids);
}

#[test]
fn a_stop_text_ends_the_text_before_it() {
    let mut fixture = fixture(CpuMode::Exact);
    let start = [prompt(&fixture, "Once")];
    let free = GenerateOptions { max_tokens: 24, sampling: Sampling::GREEDY, stop: vec![] };
    let whole = generate(&mut fixture, &start, &free).remove(0).text;
    let stop: String = whole.chars().skip(3).take(2).collect();
    assert!(!stop.is_empty(), "the model wrote too little: {whole:?}");
    let stopped = generate(&mut fixture, &start, &GenerateOptions { stop: vec![stop.clone()], ..free }).remove(0);
    assert_eq!(stopped.stop, Stop::Text);
    assert_eq!(stopped.text, whole[..whole.find(&stop).unwrap()]);
}

#[test]
fn cancelling_keeps_what_was_written() {
    let mut fixture = fixture(CpuMode::Exact);
    let start = [prompt(&fixture, "Once")];
    let options = GenerateOptions { max_tokens: 50, sampling: Sampling::GREEDY, stop: vec![] };
    let mut seen = 0;
    let done = pollster::block_on(fixture.engine.generate(&start, &options, &mut |_| {
        seen += 1;
        if seen == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }))
    .unwrap();
    assert_eq!(done[0].stop, Stop::Cancelled);
    assert_eq!(done[0].ids.len(), 5);
}

#[test]
fn bad_prompts_are_refused() {
    let mut fixture = fixture(CpuMode::Exact);
    let context = fixture.engine.context();
    let vocab = fixture.engine.config.vocab as u32;
    let mut logits = |ids: &[u32]| pollster::block_on(fixture.engine.logits(ids, Want::Last, None)).unwrap_err();
    assert!(matches!(logits(&[]), Error::EmptyPrompt));
    assert!(matches!(logits(&[2, vocab]), Error::TokenOutOfRange { position: 1, .. }));
    assert!(matches!(logits(&vec![2; context + 1]), Error::Context { .. }));
}

#[test]
fn bad_labels_are_refused() {
    let fixture = fixture(CpuMode::Exact);
    let chat = |names: &[&str]| {
        LabelSet::chat(&fixture.engine.template, &fixture.engine.tokenizer, &user("x"), &labels(names)).unwrap_err()
    };
    assert!(matches!(chat(&["a", ""]), Error::EmptyLabel { .. }));
    assert!(matches!(chat(&["a", "a"]), Error::EqualLabels { .. }));
    assert!(matches!(chat(&["a"]), Error::TooFewLabels { n: 1 }));
}

#[test]
fn a_context_beyond_the_model_is_refused() {
    let weights = testkit::source::open(&model()).unwrap();
    let backend = Cpu::new(weights.config.clone(), CpuMode::Exact, Residency::Memory);
    let options = LoadOptions { context_tokens: Some(1 << 30) };
    let Err(error) = Engine::load(backend, &weights, options, &mut |_| ()) else { panic!("accepted") };
    assert!(matches!(error, Error::Context { .. }), "{error}");
}

#[test]
fn a_device_that_computes_the_model_passes_the_gate_and_another_fails() {
    let mut exact = fixture(CpuMode::Exact);
    let hidden = exact.engine.config.hidden;
    let reference = pollster::block_on(Reference::compute(&mut exact.engine, "0".repeat(64), &mut |_| ())).unwrap();
    let bytes = serde_json::to_vec(&reference).unwrap();
    let reference = Reference::parse(&bytes).unwrap();

    let same = pollster::block_on(reference.compare(&mut exact.engine, Bound::float(hidden))).unwrap();
    assert!(same.passed, "{same:?}");
    let mut fast = fixture(CpuMode::Fast);
    let rounded = pollster::block_on(reference.compare(&mut fast.engine, Bound::rounded(hidden))).unwrap();
    assert!(rounded.passed, "{rounded:?}");

    let weights = testkit::source::open(&model()).unwrap();
    let mut config = weights.config.clone();
    config.rope_base_local *= 3.0;
    let backend = Cpu::new(config, CpuMode::Exact, Residency::Memory);
    let mut wrong = Engine::load(backend, &weights, LoadOptions::default(), &mut |_| ()).unwrap();
    let comparison = pollster::block_on(reference.compare(&mut wrong, Bound::float(hidden))).unwrap();
    assert!(!comparison.passed, "{comparison:?}");
}

#[test]
fn reference_files_that_lie_are_refused() {
    let good = r#"{"schema":"sweetspot-reference/1","weights_sha256":"","tokenizer_sha256":"","prompts":[{"text":"a","ids":[2],"top_ids":[1],"top_logits":[0.5],"log_sum_exp":1.0}]}"#;
    assert!(Reference::parse(good.as_bytes()).is_ok());
    for (from, to) in [
        ("reference/1", "reference/9"),
        ("\"ids\":[2]", "\"ids\":[]"),
        ("[0.5]", "[0.5,0.1]"),
        ("[0.5]", "[1e999]"),
        ("1.0}", "1.0,\"x\":1}"),
        ("[{", "{["),
    ] {
        assert!(Reference::parse(good.replace(from, to).as_bytes()).is_err(), "{from} -> {to}");
    }
}
