//! The command line, as clap reads it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::args_cards::{CompareArgs, KeyArgs, LinkArgs, ReplayArgs, SignArgs, VerifyArgs};
use crate::args_classify::{ClassifyArgs, FitArgs, LabelsArgs};
use crate::args_exchange::{ExportArgs, ImportArgs};
use crate::args_pull::PullArgs;
use crate::args_site::{PublishArgs, SiteArgs};
use crate::args_speed::SpeedArgs;
use crate::args_tools::{AuditArgs, DataArgs, DoctorArgs, ExtraArgs, ItemsArgs, ResourcesArgs};

/// Find out what a small Gemma 3 model is really good for, and prove it.
#[derive(Debug, Parser)]
#[command(name = "sweetspot", version, max_term_width = 100, arg_required_else_help = true)]
#[command(
    after_help = "Examples:\n  sweetspot bench                                run the probes on the built-in demo model\n  sweetspot bench --model gemma-3-270m-it.gguf   run them on a model of yours\n  sweetspot generate model.gguf --prompt 'Ciao!'\n\nExit codes: 0 done, 1 failed, 2 wrong use."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show what this machine can compute on
    Devices(DevicesArgs),
    /// Prove the kernels on this machine's GPU
    Selftest(SelftestArgs),
    /// Show what a model file holds
    Inspect(InspectArgs),
    /// Turn text into token ids, or ids into text
    Tokenize(TokenizeArgs),
    /// Compute the logits of a prompt
    Logits(LogitsArgs),
    /// Continue a prompt
    Generate(GenerateArgs),
    /// Label texts by the probability of each label: one, or a corpus of any length
    Classify(ClassifyArgs),
    /// Fit a linear head on a model's hidden states from labelled texts, and say whether it is worth it
    Fit(FitArgs),
    /// Work with labelled files: styles and anomalies, agreement, validators
    Labels(LabelsArgs),
    /// Write the exact golden logits of a model, for the numeric gate
    Reference(ReferenceArgs),
    /// List the probes, or show the prompts of one
    Probes(ProbesArgs),
    /// Run the probes on a model and write its card
    Bench(BenchArgs),
    /// Compare a model before and after a change: what broke, what was mended
    Ab(AbArgs),
    /// Show how far two models agree on the same items
    Agree(AgreeArgs),
    /// Show several runs side by side, task by task
    Matrix(MatrixArgs),
    /// Compare two finished runs or two links, if they may be compared, and write the card of differences
    Compare(CompareArgs),
    /// Score answers that were written elsewhere
    Score(ScoreArgs),
    /// Check a card: its bytes, its signature, its numbers, its context
    Verify(VerifyArgs),
    /// Ask some of a card's items again, chosen by you, and compare
    Replay(ReplayArgs),
    /// Sign a card and its link
    Sign(SignArgs),
    /// Print the link that holds a card in itself
    Link(LinkArgs),
    /// Write a card in the format of another program
    Export(ExportArgs),
    /// Take over another program's results, or the counts of a document
    Import(ImportArgs),
    /// Make a signing key, or show the public half of one
    Key(KeyArgs),
    /// Check a run and put its card among the published ones
    Publish(PublishArgs),
    /// Build the public experiments site
    Site(SiteArgs),
    /// Write the questions of the probes as JSON lines
    Items(ItemsArgs),
    /// Fetch a model from the Hugging Face hub or an address
    Pull(PullArgs),
    /// List, show or fetch public data sets
    Data(DataArgs),
    /// Measure what a model costs here: load, memory, first token, tokens, items
    Resources(ResourcesArgs),
    /// Time a model here, test by test, and write the times as a card
    Speed(SpeedArgs),
    /// Say what a training log shows
    Doctor(DoctorArgs),
    /// Say what a training run was told to do, or in what two runs differ
    Audit(AuditArgs),
}

/// On what to compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Device {
    /// The GPU if it passes its self-test, else the CPU
    Auto,
    /// The GPU, or fail
    Gpu,
    /// The CPU
    Cpu,
}

/// How the CPU multiplies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CpuMode {
    /// f32 activations everywhere: the reference
    Exact,
    /// Activations rounded to 8 bits while decoding
    Fast,
}

/// What of a GPU is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Tier {
    /// What every WebGPU device has
    Baseline,
    /// Keys and values in f16
    F16,
    /// Sums over subgroups
    Subgroups,
    /// Both
    #[value(name = "f16+subgroups")]
    Both,
}

impl From<Tier> for engine::Tier {
    fn from(tier: Tier) -> Self {
        let [baseline, f16, subgroups, both] = Self::ALL;
        match tier {
            Tier::Baseline => baseline,
            Tier::F16 => f16,
            Tier::Subgroups => subgroups,
            Tier::Both => both,
        }
    }
}

/// Choices that every computing command has.
#[derive(Clone, Debug, Args)]
pub struct ComputeArgs {
    /// On what to compute
    #[arg(long, value_enum, default_value = "auto", value_name = "DEVICE")]
    pub device: Device,
    /// How the CPU multiplies
    #[arg(long, value_enum, default_value = "fast", value_name = "MODE")]
    pub cpu_mode: CpuMode,
    /// A tier of the GPU other than its best
    #[arg(long, value_enum, value_name = "TIER")]
    pub tier: Option<Tier>,
    /// Context in tokens [default: 4096, or what the model allows if less]
    #[arg(long, value_name = "TOKENS")]
    pub context: Option<usize>,
}

/// `devices`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sweetspot devices --json")]
pub struct DevicesArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `selftest`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot selftest\n  sweetspot selftest --tier baseline --json\n  sweetspot selftest --model tiny.gguf --goldens tiny.safetensors\n\nRuns every kernel against its definition and a small frozen model against its goldens. A software\ndevice is tested too, but no command takes it by itself."
)]
pub struct SelftestArgs {
    /// One tier only [default: every tier that the device has]
    #[arg(long, value_enum, value_name = "TIER")]
    pub tier: Option<Tier>,
    /// Instead of all that, this model against a golden file
    #[arg(long, value_name = "MODEL", requires = "goldens")]
    pub model: Option<PathBuf>,
    /// Its hidden states and logits, as goldens/README.md describes
    #[arg(long, value_name = "FILE", requires = "model")]
    pub goldens: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `inspect`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sweetspot inspect gemma-3-270m-it-Q8_0.gguf --tensors")]
pub struct InspectArgs {
    /// A GGUF file, a safetensors file, a folder, or `demo`, `demo-q4_0`, `demo-tuned`
    pub model: PathBuf,
    /// List every tensor
    #[arg(long)]
    pub tensors: bool,
    /// Compute the sha256 of the weights (reads the whole file)
    #[arg(long)]
    pub hash: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `tokenize`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot tokenize model.gguf 'Hello, world!'\n  sweetspot tokenize model.gguf --decode 9259,236764,1902\n  sweetspot tokenize model.gguf --chat 'Classify: docker ps'"
)]
#[expect(clippy::struct_excessive_bools, reason = "the flags of a command line")]
pub struct TokenizeArgs {
    /// A GGUF file, a safetensors file, a folder, or `demo`, `demo-q4_0`, `demo-tuned`
    pub model: PathBuf,
    /// The text; `-` reads it from stdin
    #[arg(required_unless_present = "decode", conflicts_with = "decode", allow_hyphen_values = true)]
    pub text: Option<String>,
    /// Token ids to turn into text
    #[arg(long, value_delimiter = ',', value_name = "IDS")]
    pub decode: Option<Vec<u32>>,
    /// Put <bos> first
    #[arg(long, conflicts_with = "chat")]
    pub bos: bool,
    /// Let control tokens that are written in the text count as control tokens
    #[arg(long, conflicts_with = "chat")]
    pub special: bool,
    /// Take the text as a user's turn and apply the chat template
    #[arg(long)]
    pub chat: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `logits`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot logits model.gguf --tokens 2,105,2364 --json\n  sweetspot logits model.gguf --prompt 'The capital of France is' --taps states.safetensors"
)]
pub struct LogitsArgs {
    /// A GGUF file, a safetensors file, a folder, or `demo`, `demo-q4_0`, `demo-tuned`
    pub model: PathBuf,
    /// Token ids, taken as they are
    #[arg(long, value_delimiter = ',', value_name = "IDS", required_unless_present = "prompt")]
    pub tokens: Option<Vec<u32>>,
    /// A text; <bos> is put before it
    #[arg(long, value_name = "TEXT", conflicts_with = "tokens", allow_hyphen_values = true)]
    pub prompt: Option<String>,
    /// Logits of all positions, not only the last
    #[arg(long)]
    pub all: bool,
    /// Write the hidden states (embed, layer.N, norm) to this safetensors file
    #[arg(long, value_name = "OUT")]
    pub taps: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub compute: ComputeArgs,
}

/// `generate`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot generate model.gguf --prompt 'Name three rivers.'\n  sweetspot generate model.gguf --raw --prompt 'Once upon a time' --temperature 0.8 --seed 7\n\nFilters act in the order temperature, top-k, top-p, min-p. Ctrl-C stops and keeps what was written."
)]
pub struct GenerateArgs {
    /// A GGUF file, a safetensors file, a folder, or `demo`, `demo-q4_0`, `demo-tuned`
    pub model: PathBuf,
    /// The prompt; `-` reads it from stdin
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub prompt: String,
    /// A system turn, folded into the first user turn by Gemma's template
    #[arg(long, value_name = "TEXT", conflicts_with = "raw", allow_hyphen_values = true)]
    pub system: Option<String>,
    /// Continue the text itself, without the chat template
    #[arg(long)]
    pub raw: bool,
    /// Tokens to write at most
    #[arg(long, default_value_t = 256, value_name = "N")]
    pub max_tokens: usize,
    /// 0 is greedy
    #[arg(allow_negative_numbers = true, long, default_value_t = 0.0, value_name = "T")]
    pub temperature: f64,
    /// Keep the k most likely tokens; 0 keeps all
    #[arg(long, default_value_t = 0, value_name = "K")]
    pub top_k: usize,
    /// Keep the most likely tokens that reach this probability
    #[arg(allow_negative_numbers = true, long, default_value_t = 1.0, value_name = "P")]
    pub top_p: f64,
    /// Drop tokens less likely than this share of the best
    #[arg(allow_negative_numbers = true, long, default_value_t = 0.0, value_name = "P")]
    pub min_p: f64,
    /// Seed of the sampler
    #[arg(long, default_value_t = 0, value_name = "SEED")]
    pub seed: u64,
    /// Stop where this text appears; may be given several times
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub stop: Vec<String>,
    /// Print one JSON object at the end instead of streaming
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub compute: ComputeArgs,
}

/// Over what a label's probability is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// Over the whole vocabulary: ln p(label | prompt)
    Exact,
    /// Over the set of labels: touches only their rows of the head
    LabelRelative,
}

/// Templates that commands use by default.
pub mod commands_template {
    /// What `classify` asks.
    pub const CLASSIFY: &str = "Classify the text. Answer with one of: {labels}.\n\nText: {text}\n\nAnswer:";
}

/// `reference`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  sweetspot reference model.gguf --out references/\n\nThe file is named by the sha256 of the weights. Weights are read from the file block by block, so any model\nfits. `bench --reference FILE` compares a device with it."
)]
pub struct ReferenceArgs {
    /// A GGUF file, a safetensors file, a folder, or `demo`, `demo-q4_0`, `demo-tuned`
    pub model: PathBuf,
    /// Folder to write to
    #[arg(long, default_value = ".", value_name = "FOLDER")]
    pub out: PathBuf,
    /// Replace a file that exists
    #[arg(long)]
    pub force: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `probes`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  sweetspot probes\n  sweetspot probes show A08")]
pub struct ProbesArgs {
    /// `show` and the id of a probe
    #[command(subcommand)]
    pub action: Option<ProbesAction>,
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// What `probes` does.
#[derive(Debug, Subcommand)]
pub enum ProbesAction {
    /// Print the prompts of one probe
    Show {
        /// The probe's id, for example A08
        id: String,
    },
}

/// A named selection of probes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// 24 smoke items over all task types
    Gates,
    /// 56 items in the shape of a published study, to show how wide its intervals are
    #[value(name = "classic-56")]
    Classic56,
    /// Six published prompts, 5 samples each; validity of the outputs only
    #[value(name = "classic-6")]
    Classic6,
    /// 18 probes of 96 items
    Quick,
    /// 18 probes whole, 260 to 384 items each
    Standard,
}

impl From<Profile> for probes::Profile {
    fn from(profile: Profile) -> Self {
        match profile {
            Profile::Gates => Self::Gates,
            Profile::Classic56 => Self::Classic56,
            Profile::Classic6 => Self::Classic6,
            Profile::Quick => Self::Quick,
            Profile::Standard => Self::Standard,
        }
    }
}

/// In which formats a probe is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Formats {
    /// The one that its verdict rests on
    Headline,
    /// Every one, on the same items
    All,
}

/// Which items are asked, and how.
#[derive(Clone, Debug, Args)]
pub struct SelectionArgs {
    /// A named selection [default: as much of `quick` as two minutes allow]
    #[arg(long, value_enum, value_name = "PROFILE", conflicts_with = "probes")]
    pub profile: Option<Profile>,
    /// Only these probes, separated by commas; `A20` is the format matrix, `B15` the regression guard
    #[arg(long, value_delimiter = ',', value_name = "IDS")]
    pub probes: Option<Vec<String>>,
    #[command(flatten)]
    pub extra: ExtraArgs,
    /// Items of each probe [default: all that the profile has]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub items: Option<u32>,
    /// In which formats
    #[arg(long, value_enum, value_name = "FORMATS", default_value = "headline")]
    pub formats: Formats,
    /// As many items, in suite order, as so many minutes are likely to allow
    #[arg(long, value_name = "MINUTES", value_parser = minutes)]
    pub minutes: Option<f64>,
    /// Instructions that every conversation begins with
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub system: Option<String>,
    /// Have labels written instead of scored, as a subject without log-probabilities does
    #[arg(long)]
    pub written: bool,
    /// Accuracy from which a model is worth using, 0 to 1
    #[arg(allow_negative_numbers = true, long, default_value_t = 0.80, value_name = "SHARE")]
    pub threshold: f64,
}

fn minutes(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(n) if n > 0.0 && n <= 100_000.0 => Ok(n),
        _ => Err("a number of minutes above 0".to_owned()),
    }
}

/// `bench`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot bench\n  sweetspot bench --model gemma-3-270m-it-Q8_0.gguf --profile quick --out results/gemma\n  sweetspot bench --model gemma-3-270m-it-Q8_0.gguf --profile quick --out results/gemma --resume\n  sweetspot bench --endpoint http://localhost:8080 --model-name gemma-3-270m-it --profile quick\n\nWrites card.json, samples.jsonl, card.html and journal.jsonl. Ctrl-C stops after the current items and writes a\npartial card; --resume goes on from the journal, also after a crash."
)]
#[expect(clippy::struct_excessive_bools, reason = "the flags of a command line")]
pub struct BenchArgs {
    /// A GGUF file, a safetensors file or a folder [default: the built-in demo model, which is not Gemma]
    #[arg(long, value_name = "MODEL")]
    pub model: Option<PathBuf>,
    /// Folder for the results [default: results/<model>-<number>]
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Replace results that exist
    #[arg(long, conflicts_with = "resume")]
    pub force: bool,
    /// Go on with the run whose journal is in --out
    #[arg(long, requires = "out")]
    pub resume: bool,
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// A reference file to compare the device with [default: computed here in exact mode]
    #[arg(long, value_name = "FILE")]
    pub reference: Option<PathBuf>,
    /// Do not compare with a reference; the card says so
    #[arg(long, conflicts_with = "reference")]
    pub no_gate: bool,
    /// Print the card as JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub remote: RemoteArgs,
    #[command(flatten)]
    pub compute: ComputeArgs,
}

/// `ab`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot ab base.gguf tuned.gguf --profile quick\n  sweetspot ab base.gguf step-100.gguf step-200.gguf --probes A01,A08,B14 --items 96\n  sweetspot ab model.gguf model.gguf --system-after 'Answer briefly.'\n  sweetspot ab results/base-1 results/tuned-1\n\nA folder with a finished run is read; a model is run now, into --out, and a run that was stopped goes on.\nInvalid outputs come first; every p-value is adjusted by Holm over the report."
)]
pub struct AbArgs {
    /// The model before the change: a file, a folder, `demo`, or the folder of a finished run
    pub before: PathBuf,
    /// The model after it; several checkpoints may be named
    #[arg(required = true)]
    pub after: Vec<PathBuf>,
    /// Instructions that every conversation begins with after the change
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub system_after: Option<String>,
    /// A difference up to this share counts as none, if the test of equivalence says so
    #[arg(long, value_name = "SHARE")]
    pub margin: Option<f64>,
    /// Folder for the runs and the report [default: results/ab-<number>]
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Print the report as JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub compute: ComputeArgs,
}

/// `agree`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sweetspot agree results/gemma-3-270m-it-1 results/gemma-3-1b-it-1")]
pub struct AgreeArgs {
    /// Folder of a finished run
    pub first: PathBuf,
    /// Folder of another
    pub second: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `matrix`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sweetspot matrix results/*-1")]
pub struct MatrixArgs {
    /// Folders of finished runs
    #[arg(required = true)]
    pub runs: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `score`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot items A01 A10 > items.jsonl\n  (have another program answer each item's messages)\n  sweetspot score answers.jsonl --probes A01,A10\n  sweetspot score answers.jsonl --probes A01 --out imported/f16 --model-name my-model --made-by 'transformers 4.57, f16'\n\nEach line holds the item's id (\"id\", \"item_id\" or \"sample_id\") and the answer (\"text\", \"response\", \"output\"\nor \"completion\"). A later line for the same item replaces an earlier one. Items without a line count as skipped."
)]
pub struct ScoreArgs {
    /// The answers as JSON lines; `-` reads stdin
    pub answers: PathBuf,
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Write an imported card to this folder, imported.json and imported.html
    #[arg(long, value_name = "FOLDER", requires = "model_name")]
    pub out: Option<PathBuf>,
    /// The model that wrote the answers, as the card names it
    #[arg(long, value_name = "NAME", requires = "out")]
    pub model_name: Option<String>,
    /// The program that ran it, as the card names it
    #[arg(long, value_name = "PROGRAM", requires = "out")]
    pub made_by: Option<String>,
    /// The card's title, at most 120 characters
    #[arg(long, requires = "out")]
    pub title: Option<String>,
    /// Replace files that exist
    #[arg(long)]
    pub force: bool,
    /// Print the results as JSON
    #[arg(long)]
    pub json: bool,
}

/// The turns of a model that an endpoint serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Template {
    /// Gemma 3's
    Gemma3,
}

/// A model behind an endpoint.
#[derive(Debug, Args)]
pub struct RemoteArgs {
    /// Instead of a model file, an OpenAI-compatible endpoint: http(s)://HOST[:PORT][/v1]
    #[arg(long, value_name = "URL", requires = "model_name", conflicts_with_all = ["model", "reference", "no_gate", "device", "cpu_mode", "tier", "context"])]
    pub endpoint: Option<String>,
    /// The model's name there
    #[arg(long, value_name = "NAME", requires = "endpoint")]
    pub model_name: Option<String>,
    /// The environment variable that holds the endpoint's key
    #[arg(long, value_name = "VARIABLE", requires = "endpoint")]
    pub api_key_env: Option<String>,
    /// Write the turns here and score whole labels, where the endpoint echoes log-probabilities
    #[arg(long, value_enum, value_name = "TEMPLATE", requires = "endpoint")]
    pub template: Option<Template>,
    /// Seconds that an answer of the endpoint may take
    #[arg(long, value_name = "SECONDS", requires = "endpoint", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub request_timeout: u64,
    /// Requests to the endpoint at the same time
    #[arg(long, value_name = "N", requires = "endpoint", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=256))]
    pub parallel: u32,
}

impl RemoteArgs {
    /// No endpoint.
    pub fn none() -> Self {
        Self { endpoint: None, model_name: None, api_key_env: None, template: None, request_timeout: 120, parallel: 1 }
    }
}
