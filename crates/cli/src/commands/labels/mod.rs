//! `sweetspot labels`: what comes after labelling.

mod agree;
mod check;
mod style;

use std::path::Path;

use crate::args_classify::{LabelsArgs, LabelsCommand};
use crate::corpus::{Corpus, Fields, Row};

/// Runs the command.
pub fn run(args: &LabelsArgs) -> anyhow::Result<()> {
    match &args.what {
        LabelsCommand::Style(args) => style::run(args),
        LabelsCommand::Agree(args) => agree::run(args),
        LabelsCommand::Check(args) => check::run(args),
    }
}

/// Passes the rows of a labelled file, and counts those that cannot be read or have no label.
fn each_row(
    path: &Path,
    text: &str,
    label: &str,
    others: &[String],
    mut see: impl FnMut(&Row, &str, &str, &[Option<String>]) -> anyhow::Result<()>,
) -> anyhow::Result<u64> {
    let fields =
        Fields { text: text.to_owned(), gold: Some(label.to_owned()), others: others.to_vec(), ..Fields::default() };
    let mut corpus = Corpus::open(path, None, &fields)?;
    let mut left_out = 0;
    while let Some(row) = corpus.row()? {
        match &row.content {
            Ok(content) if content.gold.is_some() => {
                see(&row, &content.text, content.gold.as_deref().unwrap_or_default(), &content.others)?;
            }
            _ => left_out += 1,
        }
    }
    corpus.check_unchanged()?;
    Ok(left_out)
}
