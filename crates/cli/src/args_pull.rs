//! Arguments of `pull`.

use std::path::PathBuf;

use clap::Args;

/// `pull`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot pull --list\n  sweetspot pull gemma-3-270m-it-q8_0\n  sweetspot pull unsloth/gemma-3-1b-it-GGUF:Q8_0\n  sweetspot pull google/gemma-3-270m-it@main\n  sweetspot pull https://example.org/model.gguf --out model.gguf --sha256 0ef5...\n\nRepositories of the Hugging Face hub go into its cache (HF_HUB_CACHE, HF_HOME), where its own\nprograms find them, and `--model OWNER/NAME` of the other commands. The path of the model is\nprinted. What was interrupted goes on where it stopped. A token is taken from HF_TOKEN or from\n`hf auth login`, and sent to the hub alone."
)]
#[expect(clippy::struct_excessive_bools, reason = "the flags of a command line")]
pub struct PullArgs {
    /// OWNER/NAME[@REVISION][:FILE], a short name of --list, or the https:// address of a file
    #[arg(required_unless_present = "list")]
    pub what: Option<String>,
    /// List the models that are known to be of use, and fetch nothing
    #[arg(long, conflicts_with_all = ["what", "dry_run", "out", "sha256"])]
    pub list: bool,
    /// Say what would be fetched, and fetch nothing of it
    #[arg(long)]
    pub dry_run: bool,
    /// Where the file of an address goes [default: its name, in this folder]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// What the file of an address must hash to
    #[arg(long, value_name = "HEX")]
    pub sha256: Option<String>,
    /// Fetch more than 4 GiB, which is more than any model that can be run here
    #[arg(long)]
    pub yes: bool,
    /// Replace another file at --out
    #[arg(long)]
    pub force: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
