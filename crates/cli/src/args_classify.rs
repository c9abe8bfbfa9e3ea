//! The command line of `classify`, `fit` and `labels`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::args::{ComputeArgs, Mode, commands_template};
use crate::corpus::Format;

/// Which fields of the input are read.
#[derive(Clone, Debug, Args)]
pub struct ReadingArgs {
    /// How the input is written down [default: by the file's name, else one text per line]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Read JSON lines: short for --format jsonl
    #[arg(long, conflicts_with = "format")]
    pub jsonl: bool,
    /// The field or column with the text
    #[arg(long, default_value = "text", value_name = "FIELD")]
    pub text: String,
    /// The field with labels set by hand, for the rows that have one: the summary counts how many are right
    #[arg(long, value_name = "FIELD")]
    pub gold: Option<String>,
    /// The field with each text's own options, a list or separated by "|", for probes such as A07
    #[arg(long, value_name = "FIELD")]
    pub options: Option<String>,
}

/// `classify`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot classify demo --probe A01 --card results/demo-1 corpus.jsonl --out labelled.jsonl\n  sweetspot classify demo --probe A01 --card results/demo-1 --need 0.7 corpus.parquet --out labelled.parquet\n  sweetspot classify demo --head topics.head.json corpus.csv --out labelled.csv --resume\n  sweetspot classify model.gguf --labels technical,creative,ethical,casual --json texts.txt\n  echo 'docker compose up' | sweetspot classify model.gguf --labels technical,casual -\n\nInput: JSON lines with \"text\" and perhaps \"id\" (.jsonl), CSV with a header (.csv), Parquet (.parquet), or one text\nper line. With --out, rows keep their order and everything they hold; added are label, p, margin_nats, status\n(labelled, abstained, bad) and error. Equal texts are scored once (up to 32 MiB of them are remembered). A journal\nbeside the output keeps what was scored: after Ctrl-C or a crash the same command with --resume goes on and gives\nwhat an unbroken run gives.\n\nWith --probe, scores are those of the probe's headline: its template, orders and calibration. With --labels they are\nnatural log-probabilities of the whole label, not calibrated; probs sum to 1 over the labels, and in --json margin\nis the probability of the best label less that of the second, margin_nats the difference of their scores.\n\n--need keeps the labels above the lowest margin at which the lower 95% limit of the card's accuracy reaches it."
)]
#[expect(clippy::struct_excessive_bools, reason = "the flags of a command line")]
pub struct ClassifyArgs {
    /// A GGUF file, a safetensors file, a folder, or `demo`, `demo-q4_0`, `demo-tuned`
    pub model: PathBuf,
    /// File with the texts; `-` or nothing reads stdin
    pub input: Option<PathBuf>,
    /// A probe, by id or name, or a probe file of your own (.toml)
    #[arg(long, value_name = "PROBE", conflicts_with_all = ["labels", "head"])]
    pub probe: Option<String>,
    /// A head that `fit` made
    #[arg(long, value_name = "FILE")]
    pub head: Option<PathBuf>,
    /// The labels, separated by commas; beside --head, labels that it must know
    #[arg(
        long,
        value_delimiter = ',',
        required_unless_present_any = ["probe", "head"],
        value_name = "LABELS"
    )]
    pub labels: Vec<String>,
    /// The folder of a finished run: its accuracy and coverage on the probe are shown beside
    #[arg(long, value_name = "FOLDER", requires = "probe")]
    pub card: Option<PathBuf>,
    /// The accuracy that labels must have on the card, 0 to 1: rows below the margin that reaches it get none
    #[arg(long, value_name = "RATE", requires = "card")]
    pub need: Option<f64>,
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// Write the rows with their labels to this file; its end says how (.jsonl, .csv, .parquet)
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Go on with a run that was stopped; where there is none, begin
    #[arg(long, requires = "out", conflicts_with = "force")]
    pub resume: bool,
    /// Replace an output that exists, and begin anew
    #[arg(long)]
    pub force: bool,
    /// What the names of the added columns begin with
    #[arg(long, default_value = "", value_name = "TEXT", hide_default_value = true)]
    pub prefix: String,
    /// Add the score of every label
    #[arg(long)]
    pub scores: bool,
    /// Only these rows, counted from 1, both included: for a worker that takes a part, such as 1-20000
    #[arg(long, value_name = "FROM-TO", value_parser = range)]
    pub rows: Option<(u64, u64)>,
    /// Texts that are scored together
    #[arg(long, default_value_t = 32, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub batch: u32,
    /// What is asked; {text} and {labels} are replaced
    #[arg(long, default_value = commands_template::CLASSIFY, value_name = "TEXT", hide_default_value = true)]
    pub template: String,
    /// Score the labels as a continuation of the template itself, without the chat template
    #[arg(long)]
    pub raw: bool,
    /// Over what a label's probability is taken
    #[arg(long, value_enum, default_value = "exact", value_name = "MODE")]
    pub mode: Mode,
    /// Print one JSON line per text; with --out, the summary as JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub compute: ComputeArgs,
}

/// `1-20000`.
fn range(text: &str) -> Result<(u64, u64), String> {
    let parsed = text.split_once('-').and_then(|(a, b)| Some((a.trim().parse().ok()?, b.trim().parse().ok()?)));
    match parsed {
        Some((from, to)) if 1 <= from && from <= to => Ok((from, to)),
        _ => Err("expected two row numbers such as 1-20000, the first at least 1".to_owned()),
    }
}

/// Which hidden states a head reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Pool {
    /// The last token's: what the model is about to answer
    Last,
    /// The mean over the text's tokens
    Mean,
    /// Both, one after the other
    Both,
}

/// `fit`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot fit labelled.jsonl --model demo --out topics.head.json\n  sweetspot fit train.jsonl --test test.jsonl --model gemma-3-270m-it.gguf --out topics.head.json\n\nEach row has a text and a label. The head is multinomial logistic regression with a penalty on final hidden states;\nthe penalty and the temperature are chosen by cross-validation in which equal texts share a part. On the same parts\nstand the model's own label scores (calibrated, orders averaged) and a naive Bayes of words, with paired intervals.\n--test names rows that nothing was chosen on. Beside the head lie FILE.report.json,\nFILE.report.txt and the folder FILE.card with its card."
)]
pub struct FitArgs {
    /// The labelled texts: .jsonl, .csv or .parquet
    pub labelled: PathBuf,
    /// A GGUF file, a safetensors file, a folder, or `demo`, `demo-q4_0`, `demo-tuned`
    #[arg(long, default_value = "demo", value_name = "MODEL")]
    pub model: PathBuf,
    /// Where the head is written
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Replace files that exist
    #[arg(long)]
    pub force: bool,
    /// Labelled texts that the head does not learn from
    #[arg(long, value_name = "FILE")]
    pub test: Option<PathBuf>,
    /// The field or column with the text
    #[arg(long, default_value = "text", value_name = "FIELD")]
    pub text: String,
    /// The field or column with the label
    #[arg(long, default_value = "label", value_name = "FIELD")]
    pub label: String,
    /// What is asked; {text} and {labels} are replaced
    #[arg(long, default_value = commands_template::CLASSIFY, value_name = "TEXT", hide_default_value = true)]
    pub template: String,
    /// Which final hidden states are read
    #[arg(long, value_enum, default_value = "both", value_name = "STATES")]
    pub pool: Pool,
    /// Parts of the cross-validation
    #[arg(long, default_value_t = 5, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=20))]
    pub folds: u32,
    /// Rows on which the model's own label scores are computed for the comparison, taken evenly [all at 0]
    #[arg(long, default_value_t = 1000, value_name = "N")]
    pub compare: u32,
    /// For the card, what `benchmarks/beside_sklearn.py` measured of this very head
    #[arg(long, value_name = "FILE")]
    pub beside: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub compute: ComputeArgs,
}

/// `labels`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot labels style labelled.jsonl --anomalies anomalies.jsonl\n  sweetspot labels agree a.jsonl b.jsonl --gold gold\n  sweetspot labels check article phrases.txt --model demo"
)]
pub struct LabelsArgs {
    /// What to do
    #[command(subcommand)]
    pub what: LabelsCommand,
}

/// What is done with labelled files.
#[derive(Debug, Subcommand)]
pub enum LabelsCommand {
    /// What the texts of each label have in common, and the texts that look like another label's (A19)
    Style(StyleArgs),
    /// How far two labelled files of the same rows agree (A18)
    Agree(AgreeLabelsArgs),
    /// Check articles or irregular forms by a model, beside a rule
    Check(CheckArgs),
}

/// `labels style`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  sweetspot labels style labelled.jsonl --anomalies anomalies.jsonl\n\nStyle is described, not judged: lengths, marks, articles, pronouns. A text whose nearest label by style is another\nthan its own is listed, those first of which both are surest; small margins are undecided. With --checked FIELD, the\nrate of listed rows whose label by hand differs is counted among the first 96 that were checked."
)]
pub struct StyleArgs {
    /// Labelled rows: .jsonl, .csv or .parquet
    pub labelled: PathBuf,
    /// The field with the text
    #[arg(long, default_value = "text", value_name = "FIELD")]
    pub text: String,
    /// The field with the label
    #[arg(long, default_value = "label", value_name = "FIELD")]
    pub label: String,
    /// The field with the label's margin; without, all labels are as sure
    #[arg(long, default_value = "margin_nats", value_name = "FIELD")]
    pub margin: String,
    /// The field with a label set by hand, where a row was checked
    #[arg(long, value_name = "FIELD")]
    pub checked: Option<String>,
    /// Write the whole list as JSON lines
    #[arg(long, value_name = "FILE")]
    pub anomalies: Option<PathBuf>,
    /// Replace a file that exists
    #[arg(long)]
    pub force: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `labels agree`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  sweetspot labels agree by-270m.jsonl by-1b.jsonl --gold gold\n\nRows are matched by \"id\", or by their place where they have none, and must hold the same texts. Agreement is not\naccuracy: without --gold nothing is said about who is right."
)]
pub struct AgreeLabelsArgs {
    /// The first labelled file
    pub first: PathBuf,
    /// The second
    pub second: PathBuf,
    /// The field with the text
    #[arg(long, default_value = "text", value_name = "FIELD")]
    pub text: String,
    /// The field with the label
    #[arg(long, default_value = "label", value_name = "FIELD")]
    pub label: String,
    /// The field with a label set by hand
    #[arg(long, value_name = "FIELD")]
    pub gold: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What a validator checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Check {
    /// Is the article of a phrase right? One phrase per line, such as "an hour" (A03)
    Article,
    /// Which of two words is the base of a form? Per line: form, tab, option, tab, option (A07)
    Irregular,
}

/// `labels check`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot labels check article phrases.txt\n  sweetspot labels check irregular forms.tsv --json\n\nThe model answers as in the probe; beside it stands the probe's rule (first letter; fewest edits). Where the two\ndiffer, the line is listed, the surest first."
)]
pub struct CheckArgs {
    /// What is checked
    #[arg(value_enum)]
    pub what: Check,
    /// The lines; `-` reads stdin
    pub input: PathBuf,
    /// A GGUF file, a safetensors file, a folder, or `demo`, `demo-q4_0`, `demo-tuned`
    #[arg(long, default_value = "demo", value_name = "MODEL")]
    pub model: PathBuf,
    /// Print one JSON line per line, and the summary
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub compute: ComputeArgs,
}
