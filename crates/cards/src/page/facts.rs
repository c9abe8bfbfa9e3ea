//! The card's plain facts: scope, data, machine, gate, reproduction, hashes.

use std::collections::BTreeMap;

use super::format::{Align, bytes, facts, hash_long, integer, name_or_dash, percent, table};
use crate::{
    Backend, Card, Engine, Environment, GateVerdict, LONG_LINK, Note, Numerics, SHORT_LINK,
    node::{Node, el, foreign, text},
};

/// Limitations and what is out of scope; it stands before every number.
pub(super) fn scope(card: &Card) -> Node {
    let tasks = card.tasks.len();
    let modes = {
        let mut modes: Vec<&str> = card.results.iter().map(|r| r.mode.as_str()).collect();
        modes.sort_unstable();
        modes.dedup();
        modes.join(", ")
    };
    let mut pairs = vec![
        ("Model", foreign(format!("{}, {}", card.model.id, card.model.quantization))),
        ("Suite", foreign(format!("{} {}", card.suite.name, card.suite.version))),
    ];
    if card.is_of_times() {
        let tests: Vec<&str> = card.speed.iter().flat_map(|s| &s.rows).map(|r| r.test.as_str()).collect();
        pairs.push(("Tests", foreign(tests.join(", "))));
    } else {
        let done = &card.completeness;
        pairs.extend([
            ("Tasks", text(integer(tasks as u64))),
            ("Items", text(format!("{} of {} planned", integer(done.attempted), integer(done.planned)))),
            ("Modes", name_or_dash(&modes)),
        ]);
    }
    pairs.extend([
        ("Decoding", text(decoding(card))),
        ("Machine", foreign(machine(&card.environment))),
        ("Date", foreign(card.created.replace('T', " ").replace('Z', " UTC"))),
    ]);
    scope_of(facts(pairs), &card.limitations, &card.out_of_scope)
}

/// The same of a card of any kind, after the facts that say what it is.
pub(super) fn scope_of(facts: Node, limitations: &[Note], out_of_scope: &[Note]) -> Node {
    let list = |title: &'static str, notes: &[Note]| {
        let notes = notes.iter().map(|n| el("li").child(foreign(&n.text)));
        el("div").child(el("h3").text(title)).child(el("ul").children(notes))
    };
    let lists = [list("Limitations", limitations), list("Out of scope", out_of_scope)];
    el("div").class("scope").child(facts).child(el("div").class("pair").children(lists))
}

/// What the card states besides, as text.
pub(super) fn stated(ext: &BTreeMap<String, String>) -> Node {
    let pairs = ext
        .iter()
        .map(|(name, value)| el("div").child(el("dt").child(foreign(name))).child(el("dd").child(foreign(value))));
    el("div")
        .child(el("p").class("quiet").text("In the words of the card's maker. Nothing here is computed again."))
        .child(el("dl").class("facts tall").children(pairs))
}

/// Data sets.
pub(super) fn data(card: &Card) -> Node {
    let columns = [
        ("Data set", Align::Words),
        ("Version", Align::Words),
        ("Split", Align::Words),
        ("Used", Align::Numbers),
        ("Licence", Align::Words),
        ("Contamination", Align::Words),
        ("Cluster", Align::Words),
    ];
    let rows = card.datasets.iter().map(|d| {
        vec![
            foreign(&d.name),
            foreign(&d.version),
            foreign(&d.split),
            text(format!("{} of {}", integer(d.n_effective), integer(d.n_original))),
            foreign(&d.license),
            foreign(&d.contamination),
            foreign(&d.cluster_key),
        ]
    });
    table("data", "Data sets behind the tasks", &columns, rows.collect())
}

/// Facts under a heading.
pub(super) fn block(title: &'static str, pairs: Vec<(&'static str, Node)>) -> Node {
    el("div").class("panel").child(el("h3").text(title)).child(facts(pairs))
}

/// Gate, engine, machine, decoding, evaluator.
pub(super) fn environment(card: &Card) -> Node {
    let (engine, env, model) = (&card.engine, &card.environment, &card.model);
    let mut of_engine = engine_facts(engine);
    of_engine.extend([
        ("Activations", foreign(&card.decoding.act_dtype)),
        ("KV cache", foreign(&card.decoding.kv_dtype)),
        ("Batch", text(integer(card.decoding.batch.into()))),
    ]);
    el("div").class("panels").children([
        block("Numeric gate", gate(&card.numerics)),
        block("Engine", of_engine),
        block("Machine", machine_facts(env)),
        block(
            "Model",
            vec![
                ("Name", foreign(&model.id)),
                ("Maker", name_or_dash(&model.developer)),
                ("Revision", name_or_dash(&model.revision)),
                ("Format", foreign(format!("{}, {}", model.format, model.quantization))),
                ("Parameters", text(integer(model.n_params))),
                ("Availability", foreign(&model.model_availability)),
            ],
        ),
        block(
            "Decoding",
            vec![
                ("Sampling", text(decoding(card))),
                ("Most tokens", text(integer(card.decoding.max_tokens.into()))),
                ("Stop", name_or_dash(&card.decoding.stop.join(", "))),
                ("Seed", foreign(&card.decoding.seed)),
                ("Generator", name_or_dash(&card.decoding.rng)),
            ],
        ),
        block(
            "Evaluator",
            vec![
                ("Name, not proven", name_or_dash(&card.evaluator.source_organization_name)),
                ("Written by", foreign(format!("{} {}", card.producer.name, card.producer.version))),
                ("Ended", foreign(&card.completeness.stop_reason)),
            ],
        ),
    ])
}

/// The program.
pub(super) fn engine_facts(engine: &Engine) -> Vec<(&'static str, Node)> {
    let state = if engine.dirty { "changed since" } else { "unchanged" };
    vec![
        ("Engine", foreign(format!("{} {}", engine.name, engine.version))),
        ("Commit", foreign(format!("{}, {state}", engine.git_commit))),
        ("Build", name_or_dash(&engine.build_flags)),
        ("Compiler", name_or_dash(&engine.rustc)),
    ]
}

/// The machine.
pub(super) fn machine_facts(env: &Environment) -> Vec<(&'static str, Node)> {
    let mut machine = vec![
        ("Backend", text(backend(env.backend))),
        ("Adapter", foreign(format!("{}, {}", env.adapter.vendor, env.adapter.architecture))),
        ("System", foreign(&env.os.family)),
        ("Threads", text(integer(env.threads.into()))),
        ("Clock step", text(format!("{} ns", integer(env.timer_resolution_ns)))),
    ];
    for (name, value) in [("Device", &env.adapter.device), ("Driver", &env.adapter.driver), ("Power", &env.power)] {
        machine.extend(value.as_ref().map(|v| (name, foreign(v))));
    }
    machine.extend(env.memory_hint_gb.map(|gb| ("Memory", text(format!("{gb} GiB")))));
    machine.extend(env.browser.as_ref().map(|b| ("Browser", foreign(format!("{} {}", b.family, b.major)))));
    machine.push(("Features", name_or_dash(&env.features.join(", "))));
    machine
}

/// Command, link, exports, sources, time.
pub(super) fn reproduce(card: &Card, link: &Result<String, String>) -> Node {
    let repro = &card.repro;
    let mut pairs = vec![
        ("Expected time", text(format!("{} s", integer(repro.expected_runtime_s)))),
        ("Program", name_or_dash(&repro.url)),
        ("Sources", name_or_dash(&repro.git)),
        ("Samples", foreign(format!("{}, {} rows", card.samples.file_path, integer(card.samples.total_rows)))),
        ("Check it", el("code").text("sweetspot verify FOLDER")),
    ];
    if card.is_of_times() {
        pairs.push(("Other formats", el("code").text("sweetspot export FOLDER --format llama-bench")));
    } else {
        pairs.extend([
            ("Run a part again", el("code").text("sweetspot replay FOLDER")),
            ("Other formats", el("code").text("sweetspot export FOLDER --format csv")),
        ]);
    }
    pairs.extend(repro.container.as_ref().map(|c| ("Container", foreign(c))));
    let command = el("pre").class("command").attr("tabindex", "0").child(foreign(&repro.command));
    el("div").child(command).child(facts(pairs)).child(link_panel(link))
}

/// The link that holds the card in itself, as text to copy; where it leads is for whoever pastes it.
fn link_panel(link: &Result<String, String>) -> Node {
    let panel = el("div").class("link-panel").child(el("h3").text("Link that holds this card"));
    match link {
        Err(why) => panel.child(el("p").class("quiet").text("There is no link: ").child(foreign(why))),
        Ok(link) if link_length(link) > LONG_LINK => panel.child(el("p").class("quiet").text(format!(
            "It would have {} characters, more than most places take ({}): send the files.",
            integer(link_length(link) as u64),
            integer(LONG_LINK as u64)
        ))),
        Ok(link) => {
            let n = integer(link_length(link) as u64);
            let long = if link_length(link) > SHORT_LINK {
                format!(" Long link: some places cut at about {}.", integer(SHORT_LINK as u64))
            } else {
                String::new()
            };
            panel
                .child(el("p").class("quiet").text(format!(
                    "{n} characters, to be put after the address of any copy of the site. No server sees what stands after the #.{long}"
                )))
                .child(el("pre").class("command link").attr("tabindex", "0").text(format!("{LINK_PATH}{link}")))
        }
    }
}

/// Where on a site links of this kind lead.
const LINK_PATH: &str = "/c/#";

/// Characters of a link, without the address of the site.
pub(super) fn link_length(fragment: &str) -> usize {
    LINK_PATH.len() + fragment.len()
}

/// Every hash in full.
pub(super) fn hashes(card: &Card) -> Node {
    let model = &card.model;
    let mut pairs: Vec<(Node, Node)> = vec![
        (text("Card"), hash_long(&card.id)),
        (text("Suite"), hash_long(&card.suite.sha256)),
        (text("Samples file"), hash_long(&card.samples.checksum)),
        (text("Samples, Merkle root"), hash_long(&card.samples.merkle_root)),
        (text("Weights"), hash_long(&model.weights_sha256)),
    ];
    pairs.extend(model.files.iter().map(|file| {
        let name = el("span").child(foreign(&file.name)).child(el("small").text(bytes(file.bytes)));
        (name, hash_long(&file.sha256))
    }));
    pairs.extend([
        (text("Tokenizer"), hash_long(&model.tokenizer_sha256)),
        (text("Chat template"), hash_long(&model.chat_template_sha256)),
        (text("Program"), hash_long(&card.engine.binary_sha256)),
        (text("Shaders"), hash_long(&card.engine.shaders_sha256)),
    ]);
    pairs.extend(
        card.sig
            .iter()
            .flat_map(|sig| [(text("Public key"), hash_long(&sig.key)), (text("Signed link"), hash_long(&sig.cid))]),
    );
    pairs.extend(card.numerics.reference.as_ref().map(|hash| (text("Reference"), hash_long(hash))));
    el("dl").class("facts hashes").children(
        pairs.into_iter().map(|(name, value)| el("div").child(el("dt").child(name)).child(el("dd").child(value))),
    )
}

pub(super) fn gate(gate: &Numerics) -> Vec<(&'static str, Node)> {
    let mut pairs = vec![("Outcome", text(gate_words(gate.verdict)))];
    if gate.verdict != GateVerdict::NotCompared {
        let number = |x: Option<f64>| text(x.map_or("–".into(), |x| format!("{x:.6}")));
        let equal = match gate.token_ids_equal {
            Some(true) => "equal",
            Some(false) => "different",
            None => "not compared",
        };
        pairs.extend([
            ("First choice agrees", text(format!("{}/{} prompts", gate.top1_agree, gate.n_prompts))),
            ("Token ids", text(equal)),
            ("Largest logit difference", number(gate.max_abs_dlogit)),
            ("Mean divergence, nats", number(gate.mean_kl)),
        ]);
    }
    pairs.push(("NaN or infinite logits", text(integer(gate.nan_count))));
    pairs.push(("Activations", foreign(&gate.dtype)));
    pairs
}

/// The gate's outcome in words.
pub(super) fn gate_words(verdict: GateVerdict) -> &'static str {
    match verdict {
        GateVerdict::Pass => "passed",
        GateVerdict::Fail => "failed",
        GateVerdict::NotCompared => "not compared with a reference",
    }
}

fn decoding(card: &Card) -> String {
    let d = &card.decoding;
    if d.temperature == 0.0 {
        return "greedy".to_owned();
    }
    format!("temperature {:.2}, top-k {}, top-p {}%", d.temperature, d.top_k, percent(d.top_p))
}

/// The machine in a few words.
pub(super) fn machine(env: &Environment) -> String {
    let name = env.adapter.device.as_deref().unwrap_or(&env.adapter.vendor);
    format!("{name}, {}, {}", backend(env.backend), env.os.family)
}

fn backend(backend: Backend) -> &'static str {
    match backend {
        Backend::Webgpu => "WebGPU",
        Backend::Vulkan => "Vulkan",
        Backend::Metal => "Metal",
        Backend::Dx12 => "Direct3D 12",
        Backend::Cpu => "CPU",
        Backend::WasmCpu => "CPU in WebAssembly",
        Backend::Remote => "remote",
    }
}
