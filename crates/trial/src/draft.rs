//! What a card states that does not follow from its samples.

use std::collections::BTreeMap;

use cards::{
    Baseline, BiasDraft, CardDraft, Dataset, Decoding, EMPTY_SHA256, Environment, Evaluator, GateVerdict, Label, Model,
    Note, OutputType, Producer, Profile, Relationship, Repro, ResultDraft, SourceType, Suite, Task, cut, limitation,
    sha256_hex,
};
use probes::profiles::profile_of;
use probes::{Plan, PlannedProbe, ProbeResult};

use crate::Gate;

/// What only the caller knows: model, program, machine, time.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The model; derived fields may hold anything.
    pub model: Model,
    /// Whether it is the built-in demonstration model, which is not Gemma.
    pub demo: DemoModel,
    /// The program that computes.
    pub engine: cards::Engine,
    /// The machine.
    pub environment: Environment,
    /// RFC 3339 time in UTC.
    pub created: String,
    /// The command that repeats the run.
    pub command: String,
    /// Items per pass.
    pub batch: u32,
    /// Type of keys and values in the cache.
    pub kv_dtype: String,
}

/// Whether a model is the built-in demonstration model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemoModel {
    /// It is, and every output says so.
    Yes,
    /// It is not.
    No,
}

/// Seed that stands where nothing is drawn.
const NO_SEED: &str = "0";

/// Puts a card's draft together.
pub fn draft(
    facts: &Facts,
    plan: &Plan,
    gate: &Gate,
    results: &[ProbeResult],
    labels: &BTreeMap<String, Vec<Label>>,
    stop_reason: &str,
    wall_s: u64,
) -> CardDraft {
    let name = &facts.model.id;
    let suite_name = format!("sweetspot-{}", plan.profile);
    let failed = gate.verdict() == GateVerdict::Fail;
    CardDraft {
        title: cut(&format!("{name}: {} probes, {} items", plan.probes.len(), plan.n_items()), 120),
        summary: cut(&summary(name, gate, results), 600),
        interpretation: None,
        limitations: limitations(facts, plan, gate, results),
        out_of_scope: vec![
            Note {
                code: limitation::OWN_TEXT,
                text: "Long text, long conversations, and code other than SQL.".to_owned(),
            },
            Note { code: limitation::OWN_TEXT, text: "Speed: nothing here was timed for comparison.".to_owned() },
        ],
        created: facts.created.clone(),
        producer: Producer { name: facts.engine.name.clone(), version: facts.engine.version.clone() },
        evaluator: Evaluator {
            source_type: SourceType::EvaluationRun,
            evaluator_relationship: match facts.demo {
                DemoModel::Yes => Relationship::FirstParty,
                DemoModel::No => Relationship::Other,
            },
            source_organization_name: "not stated".to_owned(),
        },
        stop_reason: stop_reason.to_owned(),
        suite: Suite {
            name: suite_name.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            sha256: plan.sha256.clone(),
            profile: profile(plan),
            order_seed: plan.order_seed.to_string(),
            license: "MIT OR Apache-2.0".to_owned(),
            cite_as: format!("Sweetspot {}, suite {suite_name}", env!("CARGO_PKG_VERSION")),
        },
        datasets: plan.probes.iter().map(dataset).collect(),
        tasks: plan.probes.iter().map(|p| task(p, results, labels)).collect(),
        model: facts.model.clone(),
        engine: facts.engine.clone(),
        environment: facts.environment.clone(),
        decoding: decoding(facts, plan, gate),
        numerics: gate.numerics(),
        results: if failed { vec![] } else { results.iter().flat_map(|r| rows(r, plan.threshold)).collect() },
        bias: if failed { vec![] } else { results.iter().filter_map(bias).collect() },
        speed: None,
        samples_file: "samples.jsonl".to_owned(),
        repro: Repro {
            command: facts.command.clone(),
            url: String::new(),
            git: facts.engine.git_commit.clone(),
            container: None,
            offline_bundle_sha256: None,
            expected_runtime_s: wall_s.max(1),
        },
        ext: BTreeMap::new(),
    }
}

fn summary(name: &str, gate: &Gate, results: &[ProbeResult]) -> String {
    if gate.verdict() == GateVerdict::Fail {
        return format!("No score of {name} is given: the numeric gate failed on this device.");
    }
    let planned: u64 = results.iter().map(|r| r.n).sum();
    let asked = planned - results.iter().map(|r| r.n_skipped).sum::<u64>();
    if asked == 0 {
        return format!("The run of {name} was stopped before the first item: nothing is known.");
    }
    let cut = if asked < planned {
        format!(" The run was stopped after {asked} of {planned} items; tasks cut short have no verdict.")
    } else {
        String::new()
    };
    let named = |wanted: &str| -> String {
        let names: Vec<&str> = results
            .iter()
            .filter(|r| r.decision.as_ref().is_some_and(|d| d.verdict.as_str() == wanted))
            .map(|r| r.name.as_str())
            .collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    format!(
        "What {name} can be used for, by rule at 95%: use: {}; avoid: {}; undecided: {}.{cut}",
        named("use"),
        named("avoid"),
        named("undecided")
    )
}

fn limitations(facts: &Facts, plan: &Plan, gate: &Gate, results: &[ProbeResult]) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |code, text: &str| notes.push(Note { code, text: text.to_owned() });
    if facts.demo == DemoModel::Yes {
        note(
            limitation::DEMO_MODEL,
            "Demo model, not Gemma: a tiny model of our own, trained on text from our own generators, which may hold words that the items ask. Its scores say nothing about any Gemma model.",
        );
    }
    if gate.verdict() == GateVerdict::NotCompared {
        note(limitation::NOT_COMPARED, "The device was not compared with a reference of this model.");
    }
    if results.iter().any(|r| r.n_skipped > 0) {
        note(limitation::PARTIAL_RUN, "The run stopped before its end; what was not asked is counted as skipped.");
    }
    let fewest = plan.probes.iter().map(|p| p.items.len() as u64).min().unwrap_or(0);
    if let Some(points) = widest(results) {
        note(
            limitation::FEW_ITEMS,
            &format!("Few items: with {fewest} per probe the intervals reach up to {points:.0} points to either side."),
        );
    }
    note(limitation::ONE_LANGUAGE, "English, and Italian where the task says so; no other language.");
    note(limitation::ONE_TEMPLATE, "One prompt wording per probe; another may do better or worse.");
    note(limitation::OWN_TEXT, "The bag-of-words baseline learnt from 600 examples of the training split.");
    notes
}

/// The longest side of any result's interval, in points of a hundred.
fn widest(results: &[ProbeResult]) -> Option<f64> {
    results
        .iter()
        .filter(|r| r.n > 0 && r.n_skipped == 0)
        .map(|r| {
            let rate = r.k as f64 / r.n as f64;
            100.0 * (rate - r.interval.lower).max(r.interval.upper - rate)
        })
        .reduce(f64::max)
}

fn profile(plan: &Plan) -> Profile {
    match profile_of(&plan.profile, plan.n_items(), &plan.sha256) {
        Some(probes::Profile::Gates) => Profile::Gates,
        Some(probes::Profile::Classic56) => Profile::Classic56,
        Some(probes::Profile::Classic6) => Profile::Classic6,
        Some(probes::Profile::Quick) => Profile::Quick,
        Some(probes::Profile::Standard) => Profile::Standard,
        None => Profile::Custom,
    }
}

fn dataset(planned: &PlannedProbe) -> Dataset {
    let rows: Vec<String> = planned.items.iter().filter_map(|p| p.item.to_json_line().ok()).collect();
    let first = planned.items.first().map(|p| &p.item);
    Dataset {
        name: planned.spec.id.clone(),
        url: String::new(),
        license: first.map_or_else(String::new, |i| i.licence.clone()),
        version: planned.spec.version.to_string(),
        sha256: sha256_hex(rows.join("\n").as_bytes()),
        encoding_format: "application/jsonl".to_owned(),
        split: "eval".to_owned(),
        n_original: planned.items.len() as u64,
        n_effective: planned.items.len() as u64,
        sample_ids_sha256: EMPTY_SHA256.to_owned(),
        cluster_key: "lemma, frame or text".to_owned(),
        // A model may have read what is public; what a user wrote, only the user knows.
        contamination: match planned.spec.generator.as_str() {
            "public" => "public",
            "own" => "unknown",
            _ => "fresh",
        }
        .to_owned(),
    }
}

fn task(planned: &PlannedProbe, results: &[ProbeResult], labels: &BTreeMap<String, Vec<Label>>) -> Task {
    let probe = &planned.spec;
    let result = results.iter().find(|r| r.probe == probe.id);
    let secondary = result.into_iter().flat_map(|r| r.metrics.iter().filter(|m| m.rate.is_some()));
    let metric = result.map_or_else(|| "acc".to_owned(), |r| r.metric_id.clone());
    let generated = probe.mode.is_generated();
    Task {
        task: probe.id.clone(),
        version: probe.version,
        output_type: if generated { OutputType::GenerateUntil } else { OutputType::MultipleChoice },
        doc_to_text: cut(&probe.template, 2_000),
        doc_to_choice: probe.labels.clone(),
        target_delimiter: String::new(),
        gen_prefix: String::new(),
        num_fewshot: 0,
        fewshot_seed: NO_SEED.to_owned(),
        filter_list: if generated { vec!["reader".to_owned()] } else { vec![] },
        metric_list: std::iter::once(metric).chain(secondary.map(|m| m.id.clone())).collect(),
        template_ids: vec![probe.format.as_str().to_owned()],
        chance: probe.chance.unwrap_or(0.0),
        preregistered: false,
        labels: labels.get(&probe.id).cloned(),
    }
}

fn rows(result: &ProbeResult, threshold: f64) -> Vec<ResultDraft> {
    let baselines: Vec<Baseline> = result
        .baselines
        .iter()
        .map(|b| Baseline {
            name: if b.detail.is_empty() { b.name.clone() } else { format!("{}:{}", b.name, b.detail) },
            // The F1 of sets does not follow from the documents that are right.
            k: b.counts.is_none().then_some(b.k),
            n: b.n,
            score: b.score(),
        })
        .collect();
    let row = |metric_id: &str, metric_version, k, n| ResultDraft {
        task: result.probe.clone(),
        mode: result.mode.clone(),
        metric_id: metric_id.to_owned(),
        metric_version,
        k,
        n,
        baselines: baselines.clone(),
        threshold,
    };
    let headline = row(&result.metric_id, result.metric_version, None, result.n);
    let secondary =
        result.metrics.iter().filter_map(|m| m.rate.map(|rate| row(&m.id, m.version, Some(rate.k), rate.n)));
    std::iter::once(headline).chain(secondary).collect()
}

fn bias(result: &ProbeResult) -> Option<BiasDraft> {
    let bias = result.bias.as_ref()?;
    Some(BiasDraft {
        task: result.probe.clone(),
        position_log_odds: bias.position_log_odds,
        label_prior: bias.label_prior.clone(),
        format_gap: None,
    })
}

fn decoding(facts: &Facts, plan: &Plan, gate: &Gate) -> Decoding {
    Decoding {
        temperature: 0.0,
        top_k: 0,
        top_p: 1.0,
        max_tokens: plan.probes.iter().map(|p| p.spec.max_tokens).max().unwrap_or(0),
        stop: vec![],
        seed: NO_SEED.to_owned(),
        rng: "none".to_owned(),
        batch: facts.batch,
        kv_dtype: facts.kv_dtype.clone(),
        act_dtype: gate.activations.to_owned(),
        sampler_order: vec![],
    }
}
