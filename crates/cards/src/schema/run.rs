//! What was run: suite, data, tasks, model.

use serde::{Deserialize, Serialize};

/// The suite of items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    /// Suite name.
    pub name: String,
    /// Suite version.
    pub version: String,
    /// SHA-256 of the canonical items.
    pub sha256: String,
    /// The named selection of tasks and sizes.
    pub profile: Profile,
    /// Seed of the stratified shuffle, a `u64` as decimal text. A prefix of the order is a fair sample.
    pub order_seed: String,
    /// SPDX expression.
    pub license: String,
    /// How to cite the suite. `[CR]` `citeAs`.
    #[serde(rename = "citeAs")]
    pub cite_as: String,
}

/// The named selections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Profile {
    /// The gates alone.
    #[serde(rename = "gates")]
    Gates,
    /// 56 items in the shape of a published small test.
    #[serde(rename = "classic-56")]
    Classic56,
    /// Six published prompts.
    #[serde(rename = "classic-6")]
    Classic6,
    /// 96 items each.
    #[serde(rename = "quick")]
    Quick,
    /// Full size, chosen probes.
    #[serde(rename = "standard")]
    Standard,
    /// Everything.
    #[serde(rename = "full")]
    Full,
    /// Any other selection; `suite.name` and `suite.sha256` say which.
    #[serde(rename = "custom")]
    Custom,
}

/// One data set behind tasks. `[CR]`, `[LE]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dataset {
    /// A task's name, and then the set holds the rows of that task; or the suite's name, and then all rows.
    pub name: String,
    /// Where it lives.
    pub url: String,
    /// SPDX expression.
    pub license: String,
    /// Version.
    pub version: String,
    /// SHA-256 of the data as stored.
    pub sha256: String,
    /// MIME type. `[CR]` `encodingFormat`.
    #[serde(rename = "encodingFormat")]
    pub encoding_format: String,
    /// Which split.
    pub split: String,
    /// Items in the split. `[LE]` `n-samples.original`.
    pub n_original: u64,
    /// Items used. `[LE]` `n-samples.effective`.
    pub n_effective: u64,
    /// SHA-256 of the canonical JSON array of the rows' `sample_id`, in row order. Derived.
    pub sample_ids_sha256: String,
    /// What the cluster of a row stands for, such as `lemma`.
    pub cluster_key: String,
    /// `fresh`, `public-since` and a year, `public` where the year is not stated, or `unknown`.
    pub contamination: String,
}

/// One task. `[LE]` names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The stable id, such as `A01`.
    pub task: String,
    /// Version of items and wording.
    pub version: u32,
    /// How the model is asked.
    pub output_type: OutputType,
    /// The prompt template of the headline, with `{placeholders}`.
    pub doc_to_text: String,
    /// The choices offered; empty for free generation.
    pub doc_to_choice: Vec<String>,
    /// What stands between prompt and label.
    pub target_delimiter: String,
    /// What the model's turn begins with.
    pub gen_prefix: String,
    /// Worked examples in the prompt.
    pub num_fewshot: u32,
    /// Seed that picks them, a `u64` as decimal text.
    pub fewshot_seed: String,
    /// Steps between raw output and prediction.
    pub filter_list: Vec<String>,
    /// Metric ids. The first is the headline, which counts the samples' verdicts.
    pub metric_list: Vec<String>,
    /// Prompt templates. The first is the headline; rows of others enter no count.
    pub template_ids: Vec<String>,
    /// Score of a uniform guess, 0 to 1.
    #[serde(serialize_with = "crate::number::six")]
    pub chance: f64,
    /// Whether task, metric and threshold were fixed before the run.
    pub preregistered: bool,
    /// The labels as the model would write them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<Label>>,
}

/// `[LE]` `output_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutputType {
    /// Labels are scored.
    MultipleChoice,
    /// Text is scored.
    Loglikelihood,
    /// Text is generated.
    GenerateUntil,
}

/// A label and its tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// The label.
    pub text: String,
    /// Its token ids in the headline template.
    pub token_ids: Vec<u32>,
    /// Whether prompt and label were tokenised together.
    pub joint_tokenization: bool,
}

/// The model. `[EEE]` `model_info`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Name.
    pub id: String,
    /// Maker.
    pub developer: String,
    /// Revision, or `unknown`.
    pub revision: String,
    /// The files, sorted by name.
    pub files: Vec<ModelFile>,
    /// SHA-256 of the canonical JSON of `files`. Derived.
    pub weights_sha256: String,
    /// SHA-256 of the tokenizer.
    pub tokenizer_sha256: String,
    /// SHA-256 of the chat template's text.
    pub chat_template_sha256: String,
    /// `gguf` or `safetensors`.
    pub format: String,
    /// Weight type, such as `Q8_0`.
    pub quantization: String,
    /// Number of parameters.
    pub n_params: u64,
    /// `open-weights`, for instance.
    pub model_availability: String,
    /// `local`, for instance.
    pub deployment_type: String,
    /// What it was tuned from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_model: Option<String>,
}

/// One file of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// File name without folder.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes.
    pub sha256: String,
}
