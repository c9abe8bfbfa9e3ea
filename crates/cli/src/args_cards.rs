//! Arguments of the commands on cards: `compare`, `verify`, `replay`, `sign`, `link`, `key`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// `compare`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot compare results/base-1 results/tuned-1\n  sweetspot compare results/q8-1 results/q4-1 --axis quant --out results/q8-q4\n  sweetspot compare 'https://example.org/c/#1.7VbL...' 'https://example.org/c/#1.9Yea...' --json\n\nOne axis is what you mean to differ; all else must be equal: suite, task versions, metrics, modes, prompts, items,\ntokenizer, chat template, decoding, types. Another engine or machine is told; a run that stopped is compared on common\nitems; both gates must have passed. Where a field forbids it, both values are shown and no difference is. Two folders give\ndiff.json, which `verify` reads, and diff.html; a link among the two gives the paired table alone. Times are held against a\nstricter table: another engine or machine off the axis, or a flag on either run, forbids a difference. Exit code 1 where\nthe runs are not comparable."
)]
pub struct CompareArgs {
    /// The run before, or the first: a folder with card.json and samples.jsonl, or a card's link
    pub a: String,
    /// The run after, or the second
    pub b: String,
    /// What is meant to differ
    #[arg(long, value_enum, default_value = "model", value_name = "AXIS")]
    pub axis: AxisArg,
    /// Folder for diff.json and diff.html [default: results/compare-<number>]
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Training configurations of A and B, in any form that `audit` reads
    #[arg(long, num_args = 2, value_names = ["A", "B"])]
    pub training: Vec<PathBuf>,
    /// A difference up to this share, set before the runs, counts as none if the test of equivalence says so
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub margin: Option<f64>,
    /// Compare the times instead of the answers; two cards of `speed` have nothing else
    #[arg(long, conflicts_with_all = ["out", "training", "margin"])]
    pub speed: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Replace files that exist
    #[arg(long)]
    pub force: bool,
}

/// What is meant to differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AxisArg {
    /// The weights, in one weight type, with one tokenizer and chat template
    Model,
    /// Weights, tokenizer and chat template together
    #[value(name = "model_package", alias = "model-package")]
    ModelPackage,
    /// The types of weights, activations and cache
    Quant,
    /// What computes: CPU, Vulkan, WebGPU
    Backend,
    /// The machine
    Device,
    /// The program
    Engine,
    /// The wording of the prompts
    Prompt,
}

impl From<AxisArg> for cards::Axis {
    fn from(axis: AxisArg) -> Self {
        match axis {
            AxisArg::Model => Self::Model,
            AxisArg::ModelPackage => Self::ModelPackage,
            AxisArg::Quant => Self::Quant,
            AxisArg::Backend => Self::Backend,
            AxisArg::Device => Self::Device,
            AxisArg::Engine => Self::Engine,
            AxisArg::Prompt => Self::Prompt,
        }
    }
}

/// A share between 0 and 1, both excluded.
fn share(text: &str) -> Result<f64, String> {
    let x: f64 = text.parse().map_err(|_| format!("expected a share such as 0.05, found {text}"))?;
    if x > 0.0 && x < 1.0 { Ok(x) } else { Err(format!("expected a share between 0 and 1, found {text}")) }
}

/// `verify`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot verify results/gemma-3-270m-it-1\n  sweetspot verify card.json\n  sweetspot verify results/compare-1 --runs results/base-1 results/tuned-1\n  sweetspot verify 'https://example.org/c/#1.7VbLbts...'\n\nV0 bytes and identity, V1 signature, V2 every number that follows from another (with samples.jsonl beside the card, from\nthe items themselves), V3 context. `self-consistent` says that all four hold; nothing here says that the numbers are true:\nthat takes a replay. Nothing is asked of the net. Exit code 1 where something is contradicted."
)]
pub struct VerifyArgs {
    /// A folder with a card, a card file, or a link; `-` reads a link from stdin
    pub card: String,
    /// The two runs of a card of differences, or the run of a replay: everything on it is computed again from them
    #[arg(long, num_args = 1..=2, value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `replay`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot replay results/gemma-3-270m-it-1 --model gemma-3-270m-it-Q8_0.gguf\n  sweetspot replay downloaded/ --items 200 --device gpu\n\nThe items are drawn by a nonce of yours, which the card's author could not know. An item agrees, is a near-tie (another\nanswer, and the margin is within what rounding allows) or contradicts. `replayed` is said where none contradicts and\nnear-ties are under a tenth. 59 items show a falsified share of 5% with a probability of 95%. The replay is a\ncard of its own, which `sign` signs, `verify --runs RUN` checks against its run, and `publish` puts beside it. Exit code 1\nwhere an item contradicts."
)]
pub struct ReplayArgs {
    /// A folder with card.json and samples.jsonl
    pub folder: PathBuf,
    /// The model of the card; the weights must be those that the card names [default: the built-in demo model]
    #[arg(long, value_name = "MODEL")]
    pub model: Option<PathBuf>,
    /// Items to ask, 2,000 at most [default: 59, or a twentieth if that is more]
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..))]
    pub items: Option<u32>,
    /// 16 bytes in hex that draw the items [default: drawn by chance]
    #[arg(long, value_name = "HEX")]
    pub nonce: Option<String>,
    /// Write the replay's card to this file, and its page beside it [default: replay.json in the folder]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace a report that exists
    #[arg(long)]
    pub force: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub compute: crate::args::ComputeArgs,
}

/// `sign`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot key new --out me.pem\n  sweetspot sign results/gemma-3-270m-it-1 --key me.pem\n  sweetspot sign results/gemma-3-270m-it-1/replay.json --key me.pem\n\nThe signature is of card and link at once. It says that their bytes are unchanged and that this key made it; it does not say\nwho holds the key, nor that the numbers are true. The card's identity stays the same."
)]
pub struct SignArgs {
    /// A folder with card.json and samples.jsonl, or the card of a comparison or a replay
    pub folder: PathBuf,
    /// The secret key, a PEM file
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// Replace another signature
    #[arg(long)]
    pub force: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `link`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  sweetspot link results/gemma-3-270m-it-1 --base https://example.org/sweetspot\n  sweetspot link results/gemma-3-270m-it-1 --base https://example.org/sweetspot --src https://files.example.org/card.json\n\nThe part after # holds the results, what became of every item while they are few, and the signature if there is one. A\nbrowser does not send it to the server. Links of more than 2,000 characters are cut by some places; beyond 8,000 the card\ngoes as a file, or as a reference: --src names the address where the card lies, and the link holds that and the card's hash."
)]
pub struct LinkArgs {
    /// A folder with card.json and samples.jsonl
    pub folder: PathBuf,
    /// Address of any copy of the site
    #[arg(long, value_name = "URL")]
    pub base: Option<String>,
    /// Leave the items' outcomes out
    #[arg(long, conflicts_with = "src")]
    pub short: bool,
    /// Print a reference instead: where card.json lies, by https
    #[arg(long, value_name = "URL")]
    pub src: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `key`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot key new --out me.pem\n  sweetspot key show me.pem\n\nAn Ed25519 key in a PKCS#8 PEM file, readable by its owner alone. Whoever has the file can sign in this key's name; keep a\ncopy in a safe place, for nobody can make it again."
)]
pub struct KeyArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: KeyAction,
}

/// What to do with a key.
#[derive(Debug, Subcommand)]
pub enum KeyAction {
    /// Make a new key
    New {
        /// Where; an existing file is never replaced
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Print the public half
    Show {
        /// The secret key, a PEM file
        key: PathBuf,
    },
}
