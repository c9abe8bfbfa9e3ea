//! The table of section 6 of the design, one row for each field of the quality column.
//!
//! A row names the axes along which the field may differ because it, or what it follows from, is what is compared. Off
//! these axes a difference refuses the comparison or is told to the reader.

use super::{Axis, Effect};
use crate::{Backend, Card, GateVerdict, Provenance, ResultRow, SampleRow, Status, Task};

/// A field of the card as a whole.
pub(super) struct CardRule {
    pub(super) field: &'static str,
    pub(super) axes: &'static [Axis],
    /// Off the axes.
    pub(super) effect: Effect,
    pub(super) read: fn(&Card) -> String,
}

/// A field of a task. Off the axes a difference refuses.
pub(super) struct TaskRule {
    pub(super) field: &'static str,
    pub(super) axes: &'static [Axis],
    pub(super) read: fn(&Task, &ResultRow) -> String,
}

/// A field of an item that both runs have. Off the axes a difference refuses.
pub(super) struct ItemRule {
    pub(super) field: &'static str,
    pub(super) axes: &'static [Axis],
    pub(super) read: fn(&SampleRow) -> &str,
}

/// A state that each run must be in, whatever the other's.
pub(super) struct Need {
    pub(super) field: &'static str,
    /// Where a run is not in it.
    pub(super) effect: Effect,
    pub(super) holds: fn(&Card) -> bool,
    pub(super) read: fn(&Card) -> String,
}

use Axis::{Backend as OnBackend, Device, Engine, Model, ModelPackage, Prompt, Quant};
use Effect::{Refuses, Restricts, Warns};

/// "gate, completeness, provenance: pass; common items; measured". A gate that compared nothing has not passed.
pub(super) static NEEDS: [Need; 3] = [
    Need {
        field: "provenance",
        effect: Refuses,
        holds: |c| c.provenance == Provenance::Measured,
        read: |c| word(&c.provenance),
    },
    Need {
        field: "numerics.verdict",
        effect: Refuses,
        holds: |c| c.numerics.verdict == GateVerdict::Pass,
        read: |c| word(&c.numerics.verdict),
    },
    Need {
        field: "completeness.status",
        effect: Restricts,
        holds: |c| c.completeness.status == Status::Complete,
        read: |c| {
            let done = &c.completeness;
            format!("{}, {}/{} items", word(&done.status), done.attempted, done.planned)
        },
    },
];

const fn row(field: &'static str, axes: &'static [Axis], effect: Effect, read: fn(&Card) -> String) -> CardRule {
    CardRule { field, axes, effect, read }
}

/// Suite; weights; tokenizer and chat template; decoding and types; engine, shaders, backend and adapter.
pub(super) static CARD: [CardRule; 34] = [
    row("suite.name", &[], Refuses, |c| c.suite.name.clone()),
    // Suites of this program carry its version; what was asked is named by the hash.
    row("suite.version", &[Engine], Refuses, |c| c.suite.version.clone()),
    // The hash is of the items as they were asked, prompts and system turn included.
    row("suite.sha256", &[Prompt], Refuses, |c| c.suite.sha256.clone()),
    row("model.weights_sha256", &[Model, ModelPackage, Quant], Refuses, |c| c.model.weights_sha256.clone()),
    // Another size is another model, and another weight type is another change than another training.
    row("model.n_params", &[Model, ModelPackage], Refuses, |c| c.model.n_params.to_string()),
    row("model.quantization", &[ModelPackage, Quant], Refuses, |c| c.model.quantization.clone()),
    row("model.tokenizer_sha256", &[ModelPackage], Refuses, |c| c.model.tokenizer_sha256.clone()),
    row("model.chat_template_sha256", &[ModelPackage], Refuses, |c| c.model.chat_template_sha256.clone()),
    // Of "decoding, dtypes: equal unless quant" only the types follow from a quantisation; how tokens are drawn does not.
    row("decoding.temperature", &[], Refuses, |c| c.decoding.temperature.to_string()),
    row("decoding.top_k", &[], Refuses, |c| c.decoding.top_k.to_string()),
    row("decoding.top_p", &[], Refuses, |c| c.decoding.top_p.to_string()),
    row("decoding.max_tokens", &[], Refuses, |c| c.decoding.max_tokens.to_string()),
    row("decoding.stop", &[], Refuses, |c| format!("{:?}", c.decoding.stop)),
    row("decoding.seed", &[], Refuses, |c| c.decoding.seed.clone()),
    row("decoding.rng", &[], Refuses, |c| c.decoding.rng.clone()),
    row("decoding.sampler_order", &[], Refuses, |c| format!("{:?}", c.decoding.sampler_order)),
    row("decoding.batch", &[], Refuses, |c| c.decoding.batch.to_string()),
    row("decoding.kv_dtype", &[Quant], Refuses, |c| c.decoding.kv_dtype.clone()),
    row("decoding.act_dtype", &[Quant], Refuses, |c| c.decoding.act_dtype.clone()),
    row("engine.name", &[Engine], Warns, |c| c.engine.name.clone()),
    row("engine.version", &[Engine], Warns, |c| c.engine.version.clone()),
    row("engine.git_commit", &[Engine], Warns, |c| c.engine.git_commit.clone()),
    row("engine.dirty", &[Engine], Warns, |c| c.engine.dirty.to_string()),
    row("engine.build_flags", &[Engine], Warns, |c| c.engine.build_flags.clone()),
    row("engine.binary_sha256", &[Engine], Warns, |c| c.engine.binary_sha256.clone()),
    row("engine.rustc", &[Engine], Warns, |c| c.engine.rustc.clone()),
    // A CPU has no shaders.
    row("engine.shaders_sha256", &[Engine, OnBackend], Warns, |c| c.engine.shaders_sha256.clone()),
    row("environment.backend", &[OnBackend], Warns, |c| backend(c.environment.backend)),
    // Another backend is another adapter as a rule.
    row("environment.adapter.vendor", &[Device, OnBackend], Warns, |c| c.environment.adapter.vendor.clone()),
    row("environment.adapter.architecture", &[Device, OnBackend], Warns, |c| {
        c.environment.adapter.architecture.clone()
    }),
    row("environment.adapter.device", &[Device, OnBackend], Warns, |c| optional(c.environment.adapter.device.as_ref())),
    row("environment.adapter.driver", &[Device, OnBackend], Warns, |c| optional(c.environment.adapter.driver.as_ref())),
    row("environment.browser", &[Device, OnBackend], Warns, |c| {
        c.environment.browser.as_ref().map_or_else(|| "native".to_owned(), |b| format!("{} {}", b.family, b.major))
    }),
    row("environment.os", &[Device], Warns, |c| c.environment.os.family.clone()),
];

/// Task version, metric id and version, mode, templates, label ids.
pub(super) static TASK: [TaskRule; 13] = [
    TaskRule { field: "version", axes: &[], read: |t, _| t.version.to_string() },
    TaskRule { field: "metric_id", axes: &[], read: |_, r| r.metric_id.clone() },
    TaskRule { field: "metric_version", axes: &[], read: |_, r| r.metric_version.to_string() },
    TaskRule { field: "mode", axes: &[], read: |_, r| r.mode.clone() },
    TaskRule { field: "filter_list", axes: &[], read: |t, _| format!("{:?}", t.filter_list) },
    TaskRule { field: "template_ids", axes: &[Prompt], read: |t, _| format!("{:?}", t.template_ids) },
    TaskRule { field: "doc_to_text", axes: &[Prompt], read: |t, _| t.doc_to_text.clone() },
    TaskRule { field: "doc_to_choice", axes: &[Prompt], read: |t, _| format!("{:?}", t.doc_to_choice) },
    TaskRule { field: "target_delimiter", axes: &[Prompt], read: |t, _| t.target_delimiter.clone() },
    TaskRule { field: "gen_prefix", axes: &[Prompt], read: |t, _| t.gen_prefix.clone() },
    TaskRule { field: "num_fewshot", axes: &[Prompt], read: |t, _| t.num_fewshot.to_string() },
    TaskRule { field: "fewshot_seed", axes: &[Prompt], read: |t, _| t.fewshot_seed.clone() },
    // Labels are tokenised together with the prompt before them.
    TaskRule { field: "labels", axes: &[ModelPackage, Prompt], read: |t, _| labels(t) },
];

/// One id, one item: the same question, answer and cluster, and the same tokens before the model.
pub(super) static ITEM: [ItemRule; 4] = [
    ItemRule { field: "doc_hash", axes: &[Prompt], read: |s| &s.doc_hash },
    ItemRule { field: "prompt_hash", axes: &[Prompt, ModelPackage, Engine], read: |s| &s.prompt_hash },
    ItemRule { field: "target", axes: &[], read: |s| &s.target },
    ItemRule { field: "cluster", axes: &[], read: |s| &s.cluster },
];

/// The fields that a check of two runs looks at, in the order of the table; `*` stands for a task.
pub fn checked_fields() -> Vec<String> {
    let needs = NEEDS.iter().map(|n| n.field.to_owned());
    let card = CARD.iter().map(|r| r.field.to_owned());
    let tasks = TASK.iter().map(|r| format!("tasks.*.{}", r.field));
    let items = ITEM.iter().map(|r| format!("samples.*.{}", r.field));
    let held = ["tasks".to_owned(), "samples.*.sample_id".to_owned(), "samples".to_owned()];
    needs.chain(card).chain(tasks).chain(items).chain(held).collect()
}

/// A row's effect along an axis.
pub(super) fn effect(axes: &[Axis], otherwise: Effect, axis: Axis) -> Effect {
    if axes.contains(&axis) { Effect::Compared } else { otherwise }
}

/// The effect that the table gives a field named on a differential card, if it knows the field.
pub(super) fn effect_of(field: &str, axis: Axis) -> Option<Effect> {
    if field == "tasks" {
        return Some(Restricts);
    }
    if let Some(rule) = CARD.iter().find(|r| r.field == field) {
        return Some(effect(rule.axes, rule.effect, axis));
    }
    if let Some(need) = NEEDS.iter().find(|n| n.field == field) {
        return Some(need.effect);
    }
    // A task's id may hold dots, a field's name does not.
    let (path, name) = field.rsplit_once('.')?;
    if path.starts_with("tasks.") {
        return TASK.iter().find(|r| r.field == name).map(|r| effect(r.axes, Refuses, axis));
    }
    if path.starts_with("samples.") && name == "sample_id" {
        return Some(Restricts);
    }
    let rule = ITEM.iter().find(|r| path.starts_with("samples.") && r.field == name)?;
    Some(effect(rule.axes, Refuses, axis))
}

/// The word that a card writes for a value.
pub(super) fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(e) => e.to_string(),
    }
}

fn backend(backend: Backend) -> String {
    word(&backend)
}

fn optional(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

fn labels(task: &Task) -> String {
    let all = task.labels.iter().flatten();
    all.map(|l| format!("{} {:?}{}", l.text, l.token_ids, if l.joint_tokenization { "" } else { " alone" }))
        .collect::<Vec<_>>()
        .join(", ")
}
