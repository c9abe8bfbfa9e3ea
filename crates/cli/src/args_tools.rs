//! Arguments of the tools beside the bench: `doctor`, `audit`, `items`, `data`, `resources`; and where `bench` finds probes that
//! are not in the catalogue.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// `doctor`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot doctor trainer_state.json\n  sweetspot doctor train.log --json\n  python train.py 2>&1 | sweetspot doctor -\n\nReads trainer_state.json, JSON lines, tables with a heading and what trainers print. Findings do not change the\nexit code: it is 1 only if the log cannot be read."
)]
pub struct DoctorArgs {
    /// The log; `-` reads it from stdin
    pub log: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `audit`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot audit adapter_config.json\n  sweetspot audit mlx.yaml adapter_config.json --examples 1200\n\nReads the adapter_config.json of peft or mlx-lm, a configuration of mlx-lm in YAML, the arguments or the state of the\nHugging Face trainer, or plain keys. What is not given is not assumed."
)]
pub struct AuditArgs {
    /// A training configuration; `-` reads it from stdin
    pub config: PathBuf,
    /// Another one, to compare with
    pub against: Option<PathBuf>,
    /// Examples in the training data, where the configurations do not say
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub examples: Option<u64>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `resources`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot resources\n  sweetspot resources --model gemma-3-270m-it-Q8_0.gguf --texts 88000\n\nProbe E11. Every prompt is asked alone (batch 1): its labels are scored, then so many tokens are written after it. No\ntime per item is stated for fewer than 200 distinct prompts. Limits are those of a bootstrap over prompts."
)]
pub struct ResourcesArgs {
    /// A GGUF file, a safetensors file or a folder [default: the built-in demo model, which is not Gemma]
    #[arg(long, value_name = "MODEL")]
    pub model: Option<PathBuf>,
    /// The probe whose prompts are asked
    #[arg(long, default_value = "A01", value_name = "ID")]
    pub probe: String,
    /// So many prompts of it, the first in suite order
    #[arg(long, default_value = "200", value_name = "N", value_parser = clap::value_parser!(u32).range(200..=384))]
    pub prompts: u32,
    /// Tokens written after each prompt
    #[arg(long, default_value = "32", value_name = "N", value_parser = clap::value_parser!(u32).range(2..=1024))]
    pub tokens: u32,
    /// For how many texts the time is extrapolated
    #[arg(long, default_value = "88000", value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub texts: u64,
    /// Write the JSON to this file too
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace a file that exists
    #[arg(long)]
    pub force: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub compute: crate::args::ComputeArgs,
}

/// Which questions of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Split {
    /// To train on; no text of it is asked
    Train,
    /// What `bench` asks
    Eval,
}

/// `items`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot items A01 --n 5\n  sweetspot items --split train --n 2000 --seed 7 --out train.jsonl\n\nJSON lines. Of `eval` the item rows of the headline format, in the order in which they are asked; of `train` questions\nwith the prompt of the first call and the answer as the model would write it."
)]
pub struct ItemsArgs {
    /// The probes, by id or name [default: all]
    pub probes: Vec<String>,
    /// Which questions
    #[arg(long, value_enum, default_value = "eval", value_name = "SPLIT")]
    pub split: Split,
    /// Of each probe [default: all of `eval`, 1000 of `train`]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=20_000))]
    pub n: Option<u32>,
    /// Seed of the training questions [default: 1]
    #[arg(long, value_name = "SEED")]
    pub seed: Option<u64>,
    /// Write to this file instead of stdout
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace a file that exists
    #[arg(long, requires = "out")]
    pub force: bool,
    /// Say as JSON what was written to --out
    #[arg(long, requires = "out")]
    pub json: bool,
}

/// `data`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot data\n  sweetspot data show banking77\n  sweetspot data add banking77\n  sweetspot data add banking77 --from downloads/banking77\n  sweetspot bench --data banking77\n\nFiles lie in the user's data folder, in the folder that --data-dir names, or in $SWEETSPOT_DATA."
)]
pub struct DataArgs {
    /// What to do [default: list the sets]
    #[command(subcommand)]
    pub action: Option<DataAction>,
    #[command(flatten)]
    pub place: DataPlace,
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// Where the data sets lie.
#[derive(Clone, Debug, Args)]
pub struct DataPlace {
    /// Folder of the data sets [default: that of the environment, else the user's]
    #[arg(long, value_name = "FOLDER", global = true)]
    pub data_dir: Option<PathBuf>,
}

/// What `data` does.
#[derive(Debug, Subcommand)]
pub enum DataAction {
    /// Show the terms, the files and the tasks of a set
    Show {
        /// The set's id, for example banking77
        id: String,
    },
    /// Download the files of a set, or copy them from a folder
    Add {
        /// The set's id, for example banking77
        id: String,
        /// Copy from this folder instead: the set's own, or one that holds it
        #[arg(long, value_name = "FOLDER")]
        from: Option<PathBuf>,
        /// Replace files that are other ones than those meant
        #[arg(long)]
        force: bool,
    },
}

/// Probes for `bench` that are not in the catalogue.
#[derive(Clone, Debug, Args)]
pub struct ExtraArgs {
    /// Public data sets, or single tasks of theirs, separated by commas; `sweetspot data` lists them
    #[arg(long, value_delimiter = ',', value_name = "IDS", conflicts_with = "profile")]
    pub data: Option<Vec<String>>,
    /// Folder of the data sets [default: that of the environment, else the user's]
    #[arg(long, value_name = "FOLDER", requires = "data")]
    pub data_dir: Option<PathBuf>,
    /// A probe of your own, as docs/own-probe.md describes
    #[arg(long, value_name = "FILE", conflicts_with = "profile")]
    pub probe_file: Option<PathBuf>,
}
