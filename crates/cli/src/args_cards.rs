//! Arguments of the commands on cards: `verify`, `replay`, `sign`, `link`, `key`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `verify`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot verify results/gemma-3-270m-it-1\n  sweetspot verify card.json\n  sweetspot verify 'https://example.org/c/#1.7VbLbts...'\n\nV0 bytes and identity, V1 signature, V2 every number that follows from another (with samples.jsonl beside the card, from\nthe items themselves), V3 context. `self-consistent` says that all four hold; nothing here says that the numbers are true:\nthat takes a replay. Nothing is asked of the net. Exit code 1 where something is contradicted."
)]
pub struct VerifyArgs {
    /// A folder with a card, a card file, or a link; `-` reads a link from stdin
    pub card: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `replay`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot replay results/gemma-3-270m-it-1 --model gemma-3-270m-it-Q8_0.gguf\n  sweetspot replay downloaded/ --items 200 --device gpu\n\nThe items are drawn by a nonce of yours, which the card's author could not know. An item agrees, is a near-tie (another\nanswer, and the margin is within what rounding allows) or contradicts. `replayed` is said where none contradicts and\nnear-ties are under a tenth. 59 items show a falsified share of 5% with a probability of 95%. Exit code 1 where an item\ncontradicts."
)]
pub struct ReplayArgs {
    /// A folder with card.json and samples.jsonl
    pub folder: PathBuf,
    /// The model of the card; the weights must be those that the card names [default: the built-in demo model]
    #[arg(long, value_name = "MODEL")]
    pub model: Option<PathBuf>,
    /// Items to ask [default: 59, or a twentieth if that is more]
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..))]
    pub items: Option<u32>,
    /// 16 bytes in hex that draw the items [default: drawn by chance]
    #[arg(long, value_name = "HEX")]
    pub nonce: Option<String>,
    /// Write the report to this file [default: replay.json in the folder]
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
    after_help = "Example:\n  sweetspot key new --out me.pem\n  sweetspot sign results/gemma-3-270m-it-1 --key me.pem\n\nThe signature is of card and link at once. It says that their bytes are unchanged and that this key made it; it does not say\nwho holds the key, nor that the numbers are true. The card's identity stays the same."
)]
pub struct SignArgs {
    /// A folder with card.json and samples.jsonl
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
    after_help = "Example:\n  sweetspot link results/gemma-3-270m-it-1 --base https://example.org/sweetspot\n\nThe part after # holds the results, what became of every item while they are few, and the signature if there is one. A\nbrowser does not send it to the server. Links of more than 2,000 characters are cut by some places; beyond 8,000 the card\ngoes as a file."
)]
pub struct LinkArgs {
    /// A folder with card.json and samples.jsonl
    pub folder: PathBuf,
    /// Address of any copy of the site
    #[arg(long, value_name = "URL")]
    pub base: Option<String>,
    /// Leave the items' outcomes out
    #[arg(long)]
    pub short: bool,
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
