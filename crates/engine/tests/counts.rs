//! What the GPU does, counted: submissions, dispatches, rows, bytes that come back. Counts do not depend on the machine.

mod common;

use std::ops::ControlFlow;
use std::rc::Rc;

use common::{Fixture, device, gpu, gpu_tiers, own};
use engine::gpu::{Counters, Device, Gpu, GpuOptions};
use engine::{Detail, Engine, GenerateOptions, LabelScores, LabelSet, Sampling, ScoreMode, Want};

/// The model of these tests, which has a tokenizer.
fn small(device: &Rc<Device>) -> Engine<Gpu> {
    let case = own().into_iter().find(|c| c.model.ends_with("sharded")).expect("the sharded golden");
    Fixture::on(device, &case.model).engine
}

/// What was done meanwhile.
fn since(device: &Device, before: Counters) -> Counters {
    let now = device.counters();
    Counters {
        dispatches: now.dispatches - before.dispatches,
        submits: now.submits - before.submits,
        buffers: now.buffers - before.buffers,
        allocated_bytes: now.allocated_bytes - before.allocated_bytes,
        read_bytes: now.read_bytes - before.read_bytes,
        reads: now.reads - before.reads,
        bind_groups: now.bind_groups - before.bind_groups,
        rows: now.rows - before.rows,
    }
}

const INSTRUCTION: &str = "decide which of the words fits what follows and say nothing else at all: ";

/// Texts of different lengths behind one instruction, with labels of one token, of several, and of a common beginning.
fn sets(engine: &Engine<Gpu>, n: usize) -> Vec<LabelSet> {
    let labels: Vec<String> = ["x", "the end", "the start", "no"].map(str::to_owned).to_vec();
    let words = ["one", "a longer text of some words", "two two", "what is this", "q"];
    (0..n)
        .map(|i| {
            let text = format!("{INSTRUCTION}{} {}", words[i % words.len()], "z".repeat(1 + i / words.len() % 3));
            LabelSet::text(&engine.tokenizer, &text, &labels).unwrap_or_else(|e| panic!("{e}"))
        })
        .collect()
}

fn score(engine: &mut Engine<Gpu>, sets: &[LabelSet], mode: ScoreMode, detail: Detail) -> Vec<LabelScores> {
    pollster::block_on(engine.score_with(sets, mode, detail)).unwrap_or_else(|e| panic!("{e}"))
}

fn bits(scores: &[LabelScores]) -> Vec<Vec<u64>> {
    scores.iter().map(|s| s.logp.iter().map(|l| l.to_bits()).collect()).collect()
}

/// Tokens that all of the prompts begin with.
fn n_common(sets: &[LabelSet]) -> usize {
    let common = |set: &LabelSet| set.prefix.iter().zip(&sets[0].prefix).take_while(|(a, b)| a == b).count();
    sets.iter().map(common).min().unwrap_or(0)
}

#[test]
fn a_batch_of_labels_is_one_submission_that_computes_the_prefix_once() {
    let Some(device) = device(GpuOptions::default()) else { return };
    let mut engine = small(&device);
    let sets = sets(&engine, 12);
    let shared = n_common(&sets);
    assert!(shared > 16, "{shared} tokens in common");
    // Of each text its own tokens, and of its labels those that another token follows.
    let inner = |set: &LabelSet| set.nodes.iter().filter(|n| !n.children.is_empty()).count();
    let own: usize = sets.iter().map(|s| s.prefix.len() - shared + inner(s)).sum();
    let n_labels: usize = sets.iter().map(|s| s.leaves.len()).sum();
    assert!(sets.iter().any(|s| inner(s) > 0) && own + shared < 512, "{own} rows");
    for mode in [ScoreMode::LabelRelative, ScoreMode::Exact] {
        for prefix_rows in [shared, 0] {
            if prefix_rows > 0 {
                engine = small(&device);
            }
            let (before, kernels) = (device.counters(), device.kernel_counts());
            score(&mut engine, &sets, mode, Detail::LabelsOnly);
            let done = since(&device, before);
            let ran = |name: &str| {
                device.kernel_counts().get(name).copied().unwrap_or(0) - kernels.get(name).copied().unwrap_or(0)
            };
            assert_eq!(done.rows as usize, prefix_rows + own, "{mode:?}");
            assert_eq!((done.submits, done.reads), (1, 1), "{mode:?}");
            assert_eq!(done.read_bytes as usize, 4 * n_labels, "{mode:?}");
            assert_eq!(ran("label_scores"), 1);
            // Nothing but the projections of the layers is multiplied, and the head only where the vocabulary counts.
            let passes = 1 + u64::from(prefix_rows > 0);
            assert_eq!(ran("attend"), passes * engine.config.n_layers as u64);
            assert!(ran("matmul") <= 7 * passes * engine.config.n_layers as u64, "{}", ran("matmul"));
            assert_eq!(ran("vocab_stats") + ran("matvec"), 0);
            assert_eq!(ran("head_sums") > 0, mode == ScoreMode::Exact);
        }
    }
}

#[test]
fn a_large_batch_is_one_submission_for_each_chunk() {
    let Some(device) = device(GpuOptions::default()) else { return };
    let mut engine = small(&device);
    let sets = sets(&engine, 64);
    let shared = n_common(&sets);
    let rows: Vec<usize> = sets.iter().map(|s| s.prefix.len() - shared + s.nodes.len()).collect();
    let mut chunks = 1;
    rows.iter().fold(0, |sum, n| {
        let full = sum + n > 512;
        chunks += u64::from(full);
        if full { *n } else { sum + n }
    });
    assert!(chunks > 1, "{rows:?}");
    let before = device.counters();
    score(&mut engine, &sets, ScoreMode::LabelRelative, Detail::LabelsOnly);
    let done = since(&device, before);
    assert_eq!((done.submits, done.reads), (chunks, chunks));
    assert_eq!(done.read_bytes as usize, 4 * 4 * sets.len());
}

#[test]
fn label_scores_have_the_same_bits_at_batch_1_7_and_64() {
    let Some(tiers) = gpu_tiers() else { return };
    for tier in tiers {
        let Some(device) = gpu(tier) else { return };
        let mut engine = small(&device);
        let sets = sets(&engine, 64);
        for mode in [ScoreMode::LabelRelative, ScoreMode::Exact] {
            let all = bits(&score(&mut engine, &sets, mode, Detail::LabelsOnly));
            let seven = bits(&score(&mut engine, &sets[..7], mode, Detail::LabelsOnly));
            assert_eq!(seven, all[..7], "{} {mode:?}", tier.name());
            for index in [0, 1, 6, 63] {
                let alone = bits(&score(&mut engine, &sets[index..=index], mode, Detail::LabelsOnly));
                assert_eq!(alone[0], all[index], "{} {mode:?} {index}", tier.name());
            }
        }
    }
}

#[test]
fn label_scores_equal_those_from_full_logits() {
    let Some(device) = device(GpuOptions::default()) else { return };
    let mut engine = small(&device);
    let sets = sets(&engine, 5);
    let exact = score(&mut engine, &sets, ScoreMode::Exact, Detail::LabelsOnly);
    let with_top = score(&mut engine, &sets, ScoreMode::Exact, Detail::TopTokens);
    let relative = score(&mut engine, &sets, ScoreMode::LabelRelative, Detail::LabelsOnly);
    let vocab = engine.config.vocab;
    for (index, set) in sets.iter().enumerate() {
        assert!(exact[index].top.is_empty() && !with_top[index].top.is_empty());
        for (label, tokens) in set.tokens.iter().enumerate() {
            let ids = [set.prefix.as_slice(), tokens].concat();
            let logits =
                pollster::block_on(engine.logits(&ids, Want::All, None)).unwrap_or_else(|e| panic!("{e}")).values;
            let (mut sum, mut among) = (0.0, 0.0);
            for i in set.prefix.len()..ids.len() {
                let row: Vec<f64> = logits[(i - 1) * vocab..i * vocab].iter().map(|&x| f64::from(x)).collect();
                let total = |ids: &mut dyn Iterator<Item = usize>| ids.map(|id| row[id].exp()).sum::<f64>().ln();
                sum += row[ids[i] as usize] - total(&mut (0..vocab));
                // The softmax among the tokens that continue the same path.
                let path = &tokens[..i - set.prefix.len()];
                let mut next: Vec<usize> =
                    set.tokens.iter().filter(|t| t.starts_with(path)).map(|t| t[path.len()] as usize).collect();
                next.sort_unstable();
                next.dedup();
                among += row[ids[i] as usize] - total(&mut next.into_iter());
            }
            // Per token a logit and a denominator, each some units of values up to 30.
            let bound = 2e-5 * tokens.len() as f64;
            for (found, expected) in [(&exact, sum), (&with_top, sum), (&relative, among)] {
                let found = found[index].logp[label];
                assert!((found - expected).abs() <= bound, "{index}, label {label}: {found} and {expected}");
            }
        }
    }
}

fn options(max_tokens: usize) -> GenerateOptions {
    GenerateOptions { max_tokens, sampling: Sampling::GREEDY, stop: vec![] }
}

fn generate(engine: &mut Engine<Gpu>, prompts: &[Vec<u32>], max_tokens: usize) -> Vec<Vec<u32>> {
    let go = &mut |_: engine::Piece<'_>| ControlFlow::Continue(());
    let done = pollster::block_on(engine.generate(prompts, &options(max_tokens), go)).unwrap_or_else(|e| panic!("{e}"));
    done.into_iter().map(|g| g.ids).collect()
}

#[test]
fn a_decode_step_is_five_dispatches_to_a_layer_and_many_steps_one_submission() {
    let Some(device) = device(GpuOptions::default()) else { return };
    let mut engine = small(&device);
    let layers = engine.config.n_layers as u64;
    let mut run = |max_tokens| {
        let before = device.counters();
        let ids = generate(&mut engine, &[vec![2, 10, 20]], max_tokens).remove(0);
        assert_eq!(ids.len(), max_tokens, "the model ended its turn");
        since(&device, before)
    };
    // What is lent out for a prompt, and the rotations, are made by the first run.
    run(1 + 24 + 64);
    // The first token comes with the prompt, and 8 and 16 more in two submissions; the difference is 32 and 32 more.
    let (short, long) = (run(1 + 24), run(1 + 24 + 64));
    assert_eq!((long.dispatches - short.dispatches) % 64, 0);
    let per_token = (long.dispatches - short.dispatches) / 64;
    assert!(per_token <= 5 * layers + 4, "{per_token} dispatches for {layers} layers");
    assert_eq!((long.submits - short.submits, long.reads - short.reads), (2, 2));
    assert_eq!((long.buffers, long.bind_groups), (short.buffers, short.bind_groups));
    // At most one word for each token, and one that says how many.
    assert!(long.read_bytes - short.read_bytes <= 2 * 4 * (1 + 32));
}

#[test]
fn a_sequence_is_the_same_alone_together_and_in_a_place_that_another_left() {
    let Some(tiers) = gpu_tiers() else { return };
    for tier in tiers {
        let Some(device) = gpu(tier) else { return };
        let mut engine = small(&device);
        let prompts: Vec<Vec<u32>> =
            (0..11_u32).map(|i| (0..2 + i % 5).map(|j| 2 + (7 * i + 3 * j) % 200).collect()).collect();
        let alone: Vec<Vec<u32>> =
            prompts.iter().map(|p| generate(&mut engine, std::slice::from_ref(p), 20).remove(0)).collect();
        assert_eq!(generate(&mut engine, &prompts, 20), alone, "{}: together", tier.name());
        engine.set_slots(4);
        assert_eq!(generate(&mut engine, &prompts, 20), alone, "{}: in turn", tier.name());
    }
}

#[test]
fn steps_on_the_device_give_the_tokens_of_single_steps() {
    let Some(device) = device(GpuOptions::default()) else { return };
    let mut engine = small(&device);
    let prompt = vec![2, 10, 20];
    let chained = generate(&mut engine, std::slice::from_ref(&prompt), 24).remove(0);
    let mut ids = prompt;
    for pair in chained.windows(2) {
        ids.push(pair[0]);
        let logits = pollster::block_on(engine.decode_logits(&ids)).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(testkit::golden::argmax(&logits) as u32, pair[1], "after {} tokens", ids.len());
    }
}
