//! What a card says of this browser: as much as it tells, and no more.

use std::collections::BTreeMap;

use cards::{Adapter, Backend, Browser, EMPTY_SHA256, Environment, Model, ModelFile, Os, sha256_hex};
use engine::gpu::GpuFacts;
use engine::{Engine, Ops};
use js_sys::Reflect;
use trial::DemoModel;
use web_sys::DedicatedWorkerGlobalScope;
use weights::Format;

use super::session::Opened;

/// The program that computes: this worker's compiled part.
pub async fn program(scope: &DedicatedWorkerGlobalScope) -> cards::Engine {
    let compiled = super::fetched(scope, "worker_bg.wasm").await;
    cards::Engine {
        name: "sweetspot".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        git_commit: env!("SWEETSPOT_COMMIT").to_owned(),
        dirty: env!("SWEETSPOT_DIRTY") != "false",
        build_flags: env!("SWEETSPOT_PROFILE").to_owned(),
        binary_sha256: compiled.map_or_else(|_| EMPTY_SHA256.to_owned(), |bytes| sha256_hex(&bytes)),
        shaders_sha256: EMPTY_SHA256.to_owned(),
        rustc: env!("SWEETSPOT_RUSTC").to_owned(),
    }
}

/// The model as a card names it.
pub fn model<O: Ops>(opened: &Opened, engine: &Engine<O>) -> Model {
    let summary = opened.weights.dtype_summary();
    // The type that holds most bytes names the file, as in the field.
    let main = summary.iter().max_by_key(|(_, _, bytes)| *bytes);
    let file = |f: &weights::FileHash| ModelFile { name: f.name.clone(), bytes: f.bytes, sha256: f.sha256.clone() };
    Model {
        id: opened.id.clone(),
        developer: match opened.demo {
            DemoModel::Yes => "the Sweetspot authors".to_owned(),
            DemoModel::No => "not stated".to_owned(),
        },
        revision: "unknown".to_owned(),
        files: opened.hashes.files.iter().map(file).collect(),
        weights_sha256: opened.hashes.weights_sha256.clone(),
        tokenizer_sha256: engine.tokenizer.sha256(),
        chat_template_sha256: engine.template.sha256(),
        format: match opened.weights.format {
            Format::Gguf { .. } => "gguf".to_owned(),
            Format::Safetensors => "safetensors".to_owned(),
        },
        quantization: main.map_or_else(String::new, |(dtype, _, _)| dtype.name().to_owned()),
        n_params: opened.weights.n_params(),
        model_availability: "not stated".to_owned(),
        deployment_type: "browser".to_owned(),
        base_model: None,
    }
}

/// The machine, where WebAssembly computes.
pub fn cpu(scope: &DedicatedWorkerGlobalScope) -> Environment {
    let navigator = scope.navigator();
    let agent = navigator.user_agent().unwrap_or_default();
    Environment {
        backend: Backend::WasmCpu,
        adapter: Adapter { vendor: "cpu".to_owned(), architecture: "wasm32".to_owned(), device: None, driver: None },
        features: vec!["simd128".to_owned()],
        limits: BTreeMap::new(),
        browser: browser(&agent),
        os: Os { family: system(&agent).to_owned() },
        cross_origin_isolated: isolated(scope),
        // One worker computes, whatever the machine has.
        threads: 1,
        timer_resolution_ns: clock_step_ns(scope),
        memory_hint_gb: None,
        power: None,
    }
}

fn isolated(scope: &DedicatedWorkerGlobalScope) -> bool {
    Reflect::get(scope, &"crossOriginIsolated".into()).is_ok_and(|v| v.is_truthy())
}

/// The machine, where a GPU computes.
pub fn machine(scope: &DedicatedWorkerGlobalScope, facts: &GpuFacts) -> Environment {
    let navigator = scope.navigator();
    let agent = navigator.user_agent().unwrap_or_default();
    Environment {
        backend: Backend::Webgpu,
        adapter: Adapter {
            vendor: facts.name.clone(),
            architecture: if facts.software { "software".to_owned() } else { "not stated".to_owned() },
            device: None,
            driver: None,
        },
        features: facts.features.iter().cloned().chain([format!("tier {}", facts.tier.name())]).collect(),
        limits: BTreeMap::from([
            ("maxBufferSize".to_owned(), facts.max_buffer_bytes),
            ("maxStorageBufferBindingSize".to_owned(), facts.max_binding_bytes),
        ]),
        browser: browser(&agent),
        os: Os { family: system(&agent).to_owned() },
        cross_origin_isolated: isolated(scope),
        threads: navigator.hardware_concurrency() as u32,
        timer_resolution_ns: clock_step_ns(scope),
        memory_hint_gb: None,
        power: None,
    }
}

/// The present time as RFC 3339 in UTC, in seconds.
pub fn now_utc() -> String {
    let whole: String = js_sys::Date::new_0().to_iso_string().into();
    format!("{}Z", whole.split('.').next().unwrap_or_default())
}

/// The smallest step that the clock was seen to make; browsers make it coarse.
fn clock_step_ns(scope: &DedicatedWorkerGlobalScope) -> u64 {
    let Some(clock) = scope.performance() else { return 1 };
    let steps = (0..20).map(|_| {
        let start = clock.now();
        loop {
            let step = clock.now() - start;
            if step > 0.0 {
                return (step * 1e6) as u64;
            }
        }
    });
    steps.min().unwrap_or(1).max(1)
}

/// Family and major version, from what the browser says of itself.
fn browser(agent: &str) -> Option<Browser> {
    // The order matters: most say that they are Chrome and Safari too.
    let names = [("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Version/", "Safari")];
    names.into_iter().find_map(|(mark, family)| {
        let after = agent.split_once(mark)?.1;
        let major = after.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
        Some(Browser { family: family.to_owned(), major })
    })
}

fn system(agent: &str) -> &'static str {
    let names = [
        ("Android", "android"),
        ("iPhone", "ios"),
        ("iPad", "ios"),
        ("Windows", "windows"),
        ("Mac OS X", "macos"),
        ("CrOS", "chromeos"),
        ("Linux", "linux"),
    ];
    names.into_iter().find(|(mark, _)| agent.contains(mark)).map_or("not stated", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_known_by_what_they_say() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36";
        let safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15";
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36 Edg/148.0.0.0";
        let firefox = "Mozilla/5.0 (Android 16; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0";
        let shown = [chrome, safari, edge, firefox, ""].map(|agent| {
            let browser = browser(agent).map_or_else(String::new, |b| format!("{} {} ", b.family, b.major));
            format!("{browser}{}", system(agent))
        });
        let expected = ["Chrome 148 linux", "Safari 26 macos", "Edge 148 windows", "Firefox 145 android", "not stated"];
        assert_eq!(shown, expected);
    }
}
