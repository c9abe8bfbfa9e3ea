//! A realistic card: eight tasks of 24 items, with every verdict, broken outputs and hostile texts.
#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::BTreeMap;

use cards::*;

/// Items of each task.
pub const N: u64 = 24;

/// id, mode, labels, items right, items broken, items right for the best rule.
type TaskLine = (&'static str, &'static str, &'static [&'static str], u64, u64, u64);

const TASKS: [TaskLine; 8] = [
    ("A01", "LPx", &["technical", "creative", "ethical", "casual"], 18, 0, 10),
    ("A03", "TF2", &["true", "false"], 24, 0, 20),
    ("A04", "LPx", &["past", "gerund", "base"], 14, 0, 21),
    ("A05", "LPx", &["singular", "plural"], 23, 0, 19),
    ("A07", "LPx", &["a", "b"], 21, 0, 12),
    ("A08", "TF2", &["true", "false"], 13, 0, 12),
    ("A09", "LPx", &["positive", "negative", "neutral"], 17, 1, 13),
    ("A10", "FG", &[], 0, 9, 3),
];

/// Outputs a card must show and never obey.
pub const HOSTILE: [&str; 8] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "</style><script>alert(2)</script>",
    "a\u{202e}lmth.exe",
    "zero\u{200b}width\u{feff}",
    "\u{1b}[31mred\u{7}\0",
    "</bdi></td></table><svg onload=alert(3)>",
];

/// A card and its rows.
pub fn sealed() -> (Card, Vec<SampleRow>) {
    let rows = rows();
    let card = Card::seal(draft(), &rows).expect("the fixture is valid");
    (card, rows)
}

/// A hash that is recognisable and wrong for everything.
pub fn hash(seed: u8) -> String {
    sha256_hex(&[seed])
}

#[expect(clippy::too_many_lines, reason = "a card has that many fields")]
pub fn draft() -> CardDraft {
    let tasks: Vec<Task> = TASKS.iter().map(task).collect();
    CardDraft {
        title: "Small language tasks on a demo model".into(),
        summary: "Eight probes of 24 items each, asked of a small demonstration model on a laptop CPU, to show what a first run tells and what it leaves open.".into(),
        interpretation: None,
        limitations: vec![
            Note { code: limitation::DEMO_MODEL, text: "The model is a demo model of 1.2 million parameters, not Gemma.".into() },
            Note { code: limitation::FEW_ITEMS, text: "24 items for each task: intervals are up to 40 points wide.".into() },
            Note { code: limitation::ONE_TEMPLATE, text: "One wording of each prompt; other wordings may score differently.".into() },
        ],
        out_of_scope: vec![
            Note { code: 0, text: "Longer texts, other languages, generation quality.".into() },
            Note { code: 0, text: "Speed.".into() },
        ],
        created: "2026-11-21T14:00:00Z".into(),
        producer: Producer { name: "sweetspot".into(), version: "0.1.0".into() },
        evaluator: Evaluator {
            source_type: SourceType::EvaluationRun,
            evaluator_relationship: Relationship::Other,
            source_organization_name: "nobody <b>in particular</b>".into(),
        },
        stop_reason: "finished".into(),
        suite: Suite {
            name: "first".into(),
            version: "1".into(),
            sha256: hash(1),
            profile: Profile::Custom,
            order_seed: "20261121".into(),
            license: "MIT OR Apache-2.0".into(),
            cite_as: "Sweetspot first set, version 1".into(),
        },
        datasets: TASKS.iter().map(|t| dataset(t.0)).collect(),
        tasks,
        model: Model {
            id: "Sweetspot demo (not Gemma)".into(),
            developer: "Sweetspot".into(),
            revision: "1".into(),
            files: vec![ModelFile { name: "demo.gguf".into(), bytes: 2_345_678, sha256: hash(3) }],
            weights_sha256: EMPTY_SHA256.into(),
            tokenizer_sha256: hash(4),
            chat_template_sha256: hash(5),
            format: "gguf".into(),
            quantization: "Q8_0".into(),
            n_params: 1_234_567,
            model_availability: "open-weights".into(),
            deployment_type: "local".into(),
            base_model: None,
        },
        engine: Engine {
            name: "sweetspot".into(),
            version: "0.1.0".into(),
            git_commit: "0123456789abcdef0123456789abcdef01234567".into(),
            dirty: false,
            build_flags: "release, lto=thin".into(),
            binary_sha256: hash(6),
            shaders_sha256: EMPTY_SHA256.into(),
            rustc: "1.95.0".into(),
        },
        environment: Environment {
            backend: Backend::Cpu,
            adapter: Adapter {
                vendor: "GenuineIntel".into(),
                architecture: "x86_64".into(),
                device: Some("Intel Xeon, 2 cores".into()),
                driver: None,
            },
            features: vec!["avx2".into(), "fma".into()],
            limits: BTreeMap::new(),
            browser: None,
            os: Os { family: "linux".into() },
            cross_origin_isolated: false,
            threads: 2,
            timer_resolution_ns: 30,
            memory_hint_gb: Some(24),
            power: None,
        },
        decoding: Decoding {
            temperature: 0.0,
            top_k: 0,
            top_p: 1.0,
            max_tokens: 12,
            stop: vec!["<end_of_turn>".into()],
            seed: "0".into(),
            rng: "none".into(),
            batch: 8,
            kv_dtype: "f32".into(),
            act_dtype: "8-bit".into(),
            sampler_order: vec!["greedy".into()],
        },
        numerics: Numerics {
            reference: Some(hash(7)),
            n_prompts: 24,
            token_ids_equal: Some(true),
            top1_agree: 24,
            max_abs_dlogit: Some(0.083_215),
            mean_kl: Some(0.000_214),
            nan_count: 0,
            dtype: "8-bit".into(),
            verdict: GateVerdict::Pass,
        },
        results: results(),
        bias: TASKS.iter().filter(|t| !t.2.is_empty()).map(bias).collect(),
        speed: None,
        samples_file: "samples.jsonl".into(),
        repro: Repro {
            command: "sweetspot bench --suite first --seed 20261121 --device cpu".into(),
            url: "https://example.org/sweetspot".into(),
            git: "https://example.org/sweetspot.git 0123456789abcdef".into(),
            container: None,
            offline_bundle_sha256: None,
            expected_runtime_s: 45,
        },
        ext: BTreeMap::new(),
    }
}

fn task(line: &TaskLine) -> Task {
    let &(id, mode, labels, ..) = line;
    Task {
        task: id.into(),
        version: 1,
        output_type: if mode == "FG" { OutputType::GenerateUntil } else { OutputType::MultipleChoice },
        doc_to_text: "Which word fits: {options}?\n\n{text}".into(),
        doc_to_choice: labels.iter().map(ToString::to_string).collect(),
        target_delimiter: String::new(),
        gen_prefix: String::new(),
        num_fewshot: 0,
        fewshot_seed: "0".into(),
        filter_list: vec![],
        metric_list: vec!["accuracy".into(), "accuracy_uncalibrated".into()],
        template_ids: vec!["headline".into()],
        chance: if labels.is_empty() { 0.0 } else { 1.0 / labels.len() as f64 },
        preregistered: false,
        labels: (!labels.is_empty()).then(|| {
            let label = |(i, text): (usize, &&str)| Label {
                text: (*text).into(),
                token_ids: vec![300 + i as u32],
                joint_tokenization: true,
            };
            labels.iter().enumerate().map(label).collect()
        }),
    }
}

fn dataset(id: &str) -> Dataset {
    Dataset {
        name: id.into(),
        url: "https://example.org/sweetspot/items".into(),
        license: "MIT OR Apache-2.0".into(),
        version: "1".into(),
        sha256: hash(2),
        encoding_format: "application/jsonl".into(),
        split: "eval".into(),
        n_original: N,
        n_effective: N,
        sample_ids_sha256: EMPTY_SHA256.into(),
        cluster_key: "lemma".into(),
        contamination: "fresh".into(),
    }
}

fn results() -> Vec<ResultDraft> {
    let mut all = Vec::new();
    for &(id, mode, labels, k, _, rule) in &TASKS {
        let baseline = |name: &str, k: u64| Baseline { name: name.into(), k: Some(k), n: N, score: 0.0 };
        let mut baselines = vec![baseline("majority", if labels.is_empty() { 1 } else { N / labels.len() as u64 })];
        if let Some(label) = labels.first() {
            baselines.push(baseline(&format!("constant: {label}"), N / labels.len() as u64));
            baselines.push(baseline("bag_of_words", rule - 2));
        }
        baselines.push(baseline("rule: suffix", rule));
        let row = |metric: &str, k| ResultDraft {
            task: id.into(),
            mode: mode.into(),
            metric_id: metric.into(),
            metric_version: 1,
            k,
            n: N,
            baselines: baselines.clone(),
            threshold: 0.8,
        };
        all.push(row("accuracy", None));
        if mode == "LPx" {
            all.push(row("accuracy_uncalibrated", Some(k - 2)));
        }
    }
    all
}

fn bias(line: &TaskLine) -> BiasDraft {
    let n = line.2.len() as f64;
    BiasDraft {
        task: line.0.into(),
        position_log_odds: (line.1 == "LPx").then_some(-0.125),
        label_prior: (0..line.2.len()).map(|i| (1.0 + i as f64) * 2.0 / (n * (n + 1.0))).collect(),
        format_gap: None,
    }
}

/// All rows, in suite order: task by task.
pub fn rows() -> Vec<SampleRow> {
    TASKS.iter().enumerate().flat_map(|(t, line)| (0..N).map(move |i| row(line, t as u64 * N + i, i))).collect()
}

fn row(line: &TaskLine, doc_id: u64, i: u64) -> SampleRow {
    let &(id, mode, labels, k, broken, _) = line;
    // A fixed permutation spreads right and wrong items over the labels.
    let place = i * 7 % N;
    let right = place < k;
    let is_broken = place >= N - broken;
    let gold = i as usize % labels.len().max(1);
    let pred = if right { gold } else { (gold + 1 + place as usize % 2) % labels.len().max(1) };
    let target = labels.get(gold).map_or_else(|| format!("blue {i}"), ToString::to_string);
    let output = if is_broken { "red, blue, red, blue".into() } else { HOSTILE[i as usize % HOSTILE.len()].to_owned() };
    let generated = labels.is_empty();
    let verdict = match (is_broken, right && (generated || pred == gold), pred == gold && !generated) {
        (true, ..) => ItemVerdict::Degenerate,
        (_, true, _) | (_, _, true) => ItemVerdict::Correct,
        _ => ItemVerdict::Incorrect,
    };
    let score =
        |l: usize| Some(if l == pred { -0.25 - i as f64 / 7.0 } else { -1.5 - l as f64 / 3.0 - i as f64 / 7.0 });
    let margin = labels.iter().enumerate().filter(|&(l, _)| l != pred).filter_map(|(l, _)| score(l)).reduce(f64::max);
    let calls = if mode == "TF2" { 2 } else { labels.len() };
    let resps = (0..calls)
        .map(|c| {
            let wobble = i % 6 == 5 && c == 1;
            let answer = if wobble { (pred + 1) % labels.len() } else { pred };
            labels[answer].to_owned()
        })
        .collect();
    SampleRow {
        doc_id,
        sample_id: format!("{id}-{i:03}"),
        task: id.into(),
        template: "headline".into(),
        mode: mode.into(),
        cluster: format!("{id}-{i}"),
        kind: "any".into(),
        counts: None,
        doc_hash: hash(i as u8),
        prompt_hash: hash(100 + i as u8),
        target_hash: sha256_hex(target.as_bytes()),
        target,
        choices: labels.iter().map(ToString::to_string).collect(),
        lls: (0..labels.len()).map(score).collect(),
        pred: if generated { (!is_broken).then(|| output.clone()) } else { labels.get(pred).map(ToString::to_string) },
        verdict,
        detectors: if is_broken {
            vec![DetectorHit {
                class: if generated { "prompt_echo" } else { "label_escape" }.into(),
                onset: generated.then_some(3),
            }]
        } else {
            vec![]
        },
        resps: if generated { vec![output] } else { resps },
        tok_out: if generated { vec![17, 18, 19] } else { vec![] },
        top5: vec![(300, logprob_q8(-0.5)), (301, logprob_q8(-1.0))],
        margin: margin.zip(score(pred)).map(|(second, best)| best - second),
        stop_reason: generated.then_some(StopReason::Eos),
        n_in: 60,
        n_out: 3,
        t_prefill_ns: 12_000_000,
        t_decode_ns: 3_000_000,
    }
}
