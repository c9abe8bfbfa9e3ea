//! Arguments of `speed`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// `speed`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot speed\n  sweetspot speed gemma-3-270m-it-Q8_0.gguf --device cpu\n  sweetspot speed model.gguf --tests pp,tg --json\n  sweetspot compare results/a-speed-1 results/b-speed-1 --speed --axis quant\n\npp    a prompt of 512 tokens, and one of 512 behind 512\ntg    128 tokens, one after the other\nttft  from a prompt to its first token, over 200 distinct prompts\nitl   from a token to the next\nitems label items in a second, at each batch\n\nThe gate comes first: a device that computes wrongly gets no time. Then each test warms up until two repetitions in a row\ndiffer by less than 3%, eight at most, and is repeated ten times. Times are wall clock around a completed readback. A\nsoftware device gets pp64 and tg16, three times, flagged `short`. What could have spoilt the times is a flag on the card,\nand a flagged card gives no difference. The card, card.json, is one that `verify` reads. --json is an array with the field\nnames of llama-bench and what was counted on the device; `export --format llama-bench` is for its own scripts."
)]
pub struct SpeedArgs {
    /// A GGUF file, a safetensors file or a folder [default: the built-in demo model, which is not Gemma]
    pub model: Option<PathBuf>,
    /// Only these tests [default: all]
    #[arg(long, value_enum, value_delimiter = ',', value_name = "TESTS")]
    pub tests: Vec<Test>,
    /// The probe whose prompts are asked in ttft, itl and items
    #[arg(long, default_value = "A01", value_name = "ID")]
    pub probe: String,
    /// Items at a time in `items`
    #[arg(long, value_delimiter = ',', default_values_t = [1, 8, 32, 128], value_name = "SIZES", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub batches: Vec<u32>,
    /// How thoroughly
    #[arg(long, value_enum, default_value = "auto", value_name = "PROTOCOL")]
    pub protocol: Thoroughness,
    /// A reference file to compare the device with [default: computed here in exact mode]
    #[arg(long, value_name = "FILE")]
    pub reference: Option<PathBuf>,
    /// Do not compare with a reference; the card says so, and gives no difference
    #[arg(long, conflicts_with = "reference")]
    pub no_gate: bool,
    /// Folder for card.json, samples.jsonl and card.html [default: results/<model>-speed-<number>]
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Replace files that exist
    #[arg(long)]
    pub force: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub compute: crate::args::ComputeArgs,
}

/// What is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Test {
    /// Prompts of a fixed length
    Pp,
    /// Tokens, one after the other
    Tg,
    /// The first token
    Ttft,
    /// From token to token
    Itl,
    /// Label items
    Items,
}

/// How thoroughly it is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Thoroughness {
    /// `short` on a software device, else `full`
    Auto,
    /// Everything
    Full,
    /// pp64 and tg16, three times
    Short,
}
