//! Arguments of `publish` and `site`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `publish`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  sweetspot publish results/demo-1 --site static\n\nChecks the run as `verify` does and copies its card and samples to static/cards/<k>/, where <k> begins the card's own hash. A\npublished card is never changed: a correction is a new card."
)]
pub struct PublishArgs {
    /// A folder with card.json and samples.jsonl, or with diff.json or imported.json, or a card file
    pub folder: PathBuf,
    /// The sources of the site: the folder with `cards/` and `experiments/`
    #[arg(long, value_name = "FOLDER", default_value = "static")]
    pub site: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `site`.
#[derive(Debug, Args)]
pub struct SiteArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: SiteAction,
}

/// What to do with a site.
#[derive(Debug, Subcommand)]
pub enum SiteAction {
    /// Build the experiments site as plain files for any static host
    Build(SiteBuildArgs),
}

/// `site build`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sweetspot site build --out site\n  sweetspot site build --app target/site --address https://example.org/sweetspot --out site\n\nReads static/experiments/*.md, static/cards/*/, static/withdrawn.json and static/keys.json, and refuses a post with a number that no\ncard holds. Links are relative:\nthe folder can lie at the root of a host or below any path. Without --app the pages are plain files without scripts."
)]
pub struct SiteBuildArgs {
    /// The sources: the folder with `cards/` and `experiments/`
    #[arg(long, value_name = "FOLDER", default_value = "static")]
    pub from: PathBuf,
    /// The folder to make
    #[arg(long, value_name = "FOLDER")]
    pub out: PathBuf,
    /// The built app, which makes the pages come alive
    #[arg(long, value_name = "FOLDER")]
    pub app: Option<PathBuf>,
    /// Where the site will lie, for the feed, the sitemap and preview pictures, such as <https://example.org/sweetspot>
    #[arg(long, value_name = "URL")]
    pub address: Option<String>,
    /// Replace a site that was built there before
    #[arg(long)]
    pub force: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
