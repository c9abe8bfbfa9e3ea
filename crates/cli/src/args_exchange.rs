//! Arguments of `export` and `import`.

use std::path::PathBuf;

use cards::ExportFormat;
use clap::{Args, ValueEnum};

/// `export`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot export results/gemma-3-270m-it-1 --format lm-eval\n  sweetspot export results/gemma-3-270m-it-1 --format junit --out build/reports\n\nlm-eval  results_*.json and samples_*.jsonl of lm-evaluation-harness\ncsv      results and items, RFC 4180; cells that begin a formula get a leading '\neee      a record of Every Eval Ever 0.3.0 and its instance rows\ninspect  an EvalLog of Inspect for each task\nhf       the model-index for a model's README on the Hugging Face Hub\njunit    a test case for the gate and for each threshold: use passes, avoid fails, undecided is skipped\nllama-bench  the array of llama-bench, of a card that `speed` made, for compare-llama-bench.py\n\nEvery number is the card's. A card holds no texts of its items; where the suite is one that this program has, the prompts\nare put in. Nothing is uploaded."
)]
pub struct ExportArgs {
    /// A folder with card.json and samples.jsonl
    pub folder: PathBuf,
    /// The format
    #[arg(long, value_enum)]
    pub format: Written,
    /// Folder for the files [default: exports/FORMAT in the run's folder]
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Replace files that exist
    #[arg(long)]
    pub force: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Formats that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Written {
    /// lm-evaluation-harness
    LmEval,
    /// RFC 4180
    Csv,
    /// Every Eval Ever 0.3.0
    Eee,
    /// Inspect, `EvalLog` version 2
    Inspect,
    /// Hugging Face `model-index`
    Hf,
    /// `JUnit` XML
    Junit,
    /// llama-bench, of a card with times
    LlamaBench,
}

impl From<Written> for ExportFormat {
    fn from(format: Written) -> Self {
        match format {
            Written::LmEval => Self::LmEval,
            Written::Csv => Self::Csv,
            Written::Eee => Self::Eee,
            Written::Inspect => Self::Inspect,
            Written::Hf => Self::Hf,
            Written::Junit => Self::Junit,
            Written::LlamaBench => Self::LlamaBench,
        }
    }
}

/// `import`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot import out/org__model/ --format lm-eval --out imported/harness\n  sweetspot import samples_gsm8k_2026-11-22.jsonl --format lm-eval --out imported/gsm8k\n  sweetspot import record_samples.jsonl --format eee --out imported/eee\n  sweetspot import counts.csv --format counts --title 'What the post says' --out imported/post\n\nlm-eval  a folder, its results_*.json with the samples beside it, or one samples_*.jsonl\neee      a record of Every Eval Ever or its *_samples.jsonl; the other is found beside it\ncounts   CSV with the columns task,k,n and, if known, model,mode,metric,source: counts copied from a document\n\nItems are counted and bounded here; what the source does not say stays empty. An imported card has no gate, no verdict and\nits own badge. It is written as imported.json, and for a person as imported.html."
)]
pub struct ImportArgs {
    /// What to import; `-` reads CSV from stdin
    pub file: PathBuf,
    /// Its format
    #[arg(long, value_enum)]
    pub format: Readable,
    /// Folder for imported.json and imported.html
    #[arg(long, value_name = "FOLDER")]
    pub out: PathBuf,
    /// The card's title, at most 120 characters
    #[arg(long)]
    pub title: Option<String>,
    /// Name of the task, where the name of a samples file does not tell it
    #[arg(long)]
    pub task: Option<String>,
    /// Replace files that exist
    #[arg(long)]
    pub force: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Readable {
    /// lm-evaluation-harness
    LmEval,
    /// Every Eval Ever
    Eee,
    /// Counts of a document as CSV
    Counts,
}
