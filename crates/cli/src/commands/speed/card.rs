//! The draft of a card that holds times and no answers.

use cards::{
    CardDraft, Decoding, Evaluator, GateVerdict, Model, Note, Producer, Profile, Protocol, Relationship, Repro,
    SPEED_SUITE, SourceType, SpeedDraft, Suite, cut, limitation, speed_suite_sha256,
};
use trial::{DemoModel, Gate};

use super::counts::Counts;
use crate::commands::bench;
use crate::facts;
use crate::model::Chosen;

/// Seed that stands where nothing is drawn.
const NO_SEED: &str = "0";

/// What a draft is made of.
pub struct Context<'a> {
    pub id: &'a str,
    pub demo: DemoModel,
    pub gate: &'a Gate,
    pub chosen: &'a Chosen,
    pub protocol: Protocol,
    pub command: String,
    pub seconds: u64,
    pub model: Model,
    pub left_out: &'a [String],
}

/// Puts it together.
pub fn draft(context: &Context<'_>, speed: SpeedDraft, counts: &Counts) -> anyhow::Result<CardDraft> {
    let program = facts::program();
    let machine = facts::machine(context.chosen);
    let tests = speed.rows.iter().map(|r| (r.test.as_str(), [r.n_prompt, r.n_gen, r.n_depth]));
    let suite_sha256 = speed_suite_sha256(tests)?;
    let names: Vec<&str> = speed.rows.iter().map(|r| r.test.as_str()).collect();
    let device = machine.adapter.device.clone().unwrap_or_else(|| machine.adapter.architecture.clone());
    Ok(CardDraft {
        title: cut(&format!("{}: times on {device}", context.id), 120),
        summary: cut(&format!("How long {} takes on one machine: {}.", context.id, names.join(", ")), 600),
        interpretation: None,
        limitations: limitations(context),
        out_of_scope: vec![Note {
            code: limitation::OWN_TEXT,
            text: "Answers: nothing was asked, and nothing is said about what the model can do.".to_owned(),
        }],
        created: facts::now_utc(),
        producer: Producer { name: program.name.clone(), version: program.version.clone() },
        evaluator: Evaluator {
            source_type: SourceType::EvaluationRun,
            evaluator_relationship: match context.demo {
                DemoModel::Yes => Relationship::FirstParty,
                DemoModel::No => Relationship::Other,
            },
            source_organization_name: "not stated".to_owned(),
        },
        stop_reason: "finished".to_owned(),
        suite: Suite {
            name: SPEED_SUITE.to_owned(),
            version: program.version.clone(),
            sha256: suite_sha256,
            profile: Profile::Custom,
            order_seed: NO_SEED.to_owned(),
            license: "MIT OR Apache-2.0".to_owned(),
            cite_as: format!("Sweetspot {}, tests of speed", program.version),
        },
        datasets: vec![],
        tasks: vec![],
        model: context.model.clone(),
        decoding: Decoding {
            temperature: 0.0,
            top_k: 0,
            top_p: 1.0,
            max_tokens: speed.rows.iter().map(|r| r.n_gen as u32).max().unwrap_or(0),
            stop: vec![],
            seed: NO_SEED.to_owned(),
            rng: "none".to_owned(),
            batch: 1,
            kv_dtype: bench::kv_dtype(context.chosen).to_owned(),
            act_dtype: context.gate.activations.to_owned(),
            sampler_order: vec![],
        },
        repro: Repro {
            command: context.command.clone(),
            url: String::new(),
            git: program.git_commit.clone(),
            container: None,
            offline_bundle_sha256: None,
            expected_runtime_s: context.seconds.max(1),
        },
        engine: program,
        environment: machine,
        numerics: context.gate.numerics(),
        results: vec![],
        bias: vec![],
        speed: Some(speed),
        samples_file: "samples.jsonl".to_owned(),
        ext: counts.texts()?,
    })
}

fn limitations(context: &Context<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |code, text: &str| notes.push(Note { code, text: cut(text, 300) });
    if context.demo == DemoModel::Yes {
        note(
            limitation::DEMO_MODEL,
            "Demo model, not Gemma: a tiny model of our own. Its times say nothing about any Gemma model.",
        );
    }
    if context.gate.verdict() == GateVerdict::NotCompared {
        note(limitation::NOT_COMPARED, "The device was not compared with a reference of this model.");
    }
    note(
        limitation::OWN_TEXT,
        "Times of one machine in one state. Another run, another temperature, other work beside it give other times.",
    );
    if context.protocol == Protocol::Short {
        note(
            limitation::OWN_TEXT,
            "The short protocol: two small tests, three repetitions. It shows that the path works, not how fast a device is.",
        );
    }
    if !context.left_out.is_empty() {
        note(limitation::OWN_TEXT, &format!("Left out: {}.", context.left_out.join("; ")));
    }
    notes
}
