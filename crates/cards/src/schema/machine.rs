//! What it ran on, and how: engine, environment, decoding, numeric gate, samples file, reproduction.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The inference engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engine {
    /// Engine name.
    pub name: String,
    /// Engine version.
    pub version: String,
    /// Commit it was built from, or `unknown`.
    pub git_commit: String,
    /// Whether the sources differed from that commit.
    pub dirty: bool,
    /// Build flags.
    pub build_flags: String,
    /// SHA-256 of the program.
    pub binary_sha256: String,
    /// SHA-256 of all shaders; [`EMPTY_SHA256`](super::EMPTY_SHA256) when none is used.
    pub shaders_sha256: String,
    /// Compiler version.
    pub rustc: String,
}

/// The machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Environment {
    /// What computed.
    pub backend: Backend,
    /// The adapter: a GPU, or the CPU.
    pub adapter: Adapter,
    /// Features in use.
    pub features: Vec<String>,
    /// Limits of the device, by name.
    pub limits: BTreeMap<String, u64>,
    /// The browser, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<Browser>,
    /// Operating system.
    pub os: Os,
    /// Whether the page was cross-origin isolated; false outside a browser.
    pub cross_origin_isolated: bool,
    /// Threads in use.
    pub threads: u32,
    /// Smallest step of the clock, nanoseconds.
    pub timer_resolution_ns: u64,
    /// Memory, GiB, as far as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_hint_gb: Option<u32>,
    /// `mains` or `battery`, as far as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power: Option<String>,
}

/// What computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Backend {
    /// WebGPU in a browser.
    Webgpu,
    /// Vulkan.
    Vulkan,
    /// Metal.
    Metal,
    /// Direct3D 12.
    Dx12,
    /// The native CPU path.
    Cpu,
    /// The CPU path in WebAssembly.
    WasmCpu,
    /// Another machine, behind an endpoint that does not say what it is.
    Remote,
}

/// A GPU or CPU.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adapter {
    /// Vendor.
    pub vendor: String,
    /// Architecture.
    pub architecture: String,
    /// Device name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Driver name and version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver: Option<String>,
}

/// A browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Browser {
    /// Family.
    pub family: String,
    /// Major version.
    pub major: u32,
}

/// Operating system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Os {
    /// Family, such as `linux`.
    pub family: String,
}

/// How outputs were chosen. `[EEE]` `generation_args`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decoding {
    /// Temperature; 0 is greedy.
    #[serde(serialize_with = "crate::number::six")]
    pub temperature: f64,
    /// Top-k; 0 is off.
    pub top_k: u32,
    /// Top-p; 1 is off.
    #[serde(serialize_with = "crate::number::six")]
    pub top_p: f64,
    /// Most tokens of an answer.
    pub max_tokens: u32,
    /// Stop strings.
    pub stop: Vec<String>,
    /// A `u64` as decimal text.
    pub seed: String,
    /// Random generator, or `none`.
    pub rng: String,
    /// Sequences computed together.
    pub batch: u32,
    /// Type of the KV cache.
    pub kv_dtype: String,
    /// Type of the activations.
    pub act_dtype: String,
    /// Sampling steps in order.
    pub sampler_order: Vec<String>,
}

/// The numeric gate: this engine against the f32 reference of the same model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numerics {
    /// SHA-256 of the reference, null when nothing was compared.
    pub reference: Option<String>,
    /// Prompts compared.
    pub n_prompts: u32,
    /// Whether all token ids were equal on the fixed texts, null when not compared.
    pub token_ids_equal: Option<bool>,
    /// Prompts whose first choice agrees, or whose reference margin lies within twice the tolerance.
    pub top1_agree: u32,
    /// Largest absolute logit difference, null when not compared. Six decimals.
    #[serde(serialize_with = "crate::number::six_option")]
    pub max_abs_dlogit: Option<f64>,
    /// Mean Kullback-Leibler divergence from the reference, nats, null when not compared. Six decimals.
    #[serde(serialize_with = "crate::number::six_option")]
    pub mean_kl: Option<f64>,
    /// NaN and infinite logits seen.
    pub nan_count: u64,
    /// Type of the activations.
    pub dtype: String,
    /// The outcome. A pass is contradicted by the other fields where they rule it out.
    pub verdict: GateVerdict,
}

/// Outcome of the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateVerdict {
    /// The engine equals the reference within its bound.
    Pass,
    /// It does not: no score is shown.
    Fail,
    /// There was no reference: scores are shown under that badge.
    NotCompared,
}

/// The file of sample rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Samples {
    /// Always `jsonl`.
    pub format: String,
    /// File name beside the card.
    pub file_path: String,
    /// SHA-256 of the file. Derived.
    pub checksum: String,
    /// Always `sha256`.
    pub hash_algorithm: String,
    /// Number of rows. Derived.
    pub total_rows: u64,
    /// RFC 6962 tree head over the rows, leaf = SHA-256(0x00 and the row's canonical JSON). Derived.
    pub merkle_root: String,
}

/// How to run it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repro {
    /// The command. `[EEE]` `execution_command`.
    pub command: String,
    /// Where the program is published, or empty.
    pub url: String,
    /// Source repository and commit, or empty.
    pub git: String,
    /// Container image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// SHA-256 of an offline bundle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offline_bundle_sha256: Option<String>,
    /// Expected wall time, seconds.
    pub expected_runtime_s: u64,
}
