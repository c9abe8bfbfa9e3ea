//! Labelled texts, read whole.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::bail;

use crate::corpus::{Corpus, Fields};
use crate::output::visible;

/// Most rows that a head is fitted on: their states are held.
const MAX_ROWS: usize = 200_000;

/// Rows with a text and a label.
pub struct Labelled {
    /// Where from.
    pub name: String,
    /// The texts.
    pub texts: Vec<String>,
    /// The label of each.
    pub golds: Vec<String>,
    /// The field that the labels come from.
    pub field: String,
    /// Rows that could not be read or have no label.
    pub left_out: u64,
    /// Why the first was left out.
    pub first_left_out: Option<String>,
}

/// Reads a file.
pub fn read(path: &Path, text: &str, label: &str) -> anyhow::Result<Labelled> {
    let fields = Fields { text: text.to_owned(), gold: Some(label.to_owned()), ..Fields::default() };
    let mut corpus = Corpus::open(path, None, &fields)?;
    let mut rows = Labelled {
        name: corpus.name.clone(),
        texts: Vec::new(),
        golds: Vec::new(),
        field: label.to_owned(),
        left_out: 0,
        first_left_out: None,
    };
    while let Some(row) = corpus.row()? {
        let why = match row.content {
            Ok(content) => match content.gold {
                Some(gold) => {
                    if rows.texts.len() == MAX_ROWS {
                        bail!("{} has more than {MAX_ROWS} labelled rows: take a sample of them", rows.name);
                    }
                    rows.texts.push(content.text);
                    rows.golds.push(gold);
                    continue;
                }
                None => format!("no label in {label:?}"),
            },
            Err(why) => why,
        };
        rows.left_out += 1;
        rows.first_left_out.get_or_insert_with(|| format!("line {}: {why}", row.line));
    }
    corpus.check_unchanged()?;
    if rows.texts.is_empty() {
        let why = rows.first_left_out.map_or_else(|| "it is empty".to_owned(), |why| visible(&why));
        bail!("{} holds no labelled text ({why}): each row needs {text:?} and {label:?}", rows.name);
    }
    Ok(rows)
}

impl Labelled {
    /// The labels, sorted; refuses what no head can be fitted on.
    pub fn labels(&self, folds: usize) -> anyhow::Result<Vec<String>> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for gold in &self.golds {
            *counts.entry(gold).or_default() += 1;
        }
        if counts.len() < 2 {
            bail!("{} has {} label(s), but a choice needs at least 2", self.name, counts.len());
        }
        if counts.len() > 512 {
            bail!("{} has {} labels, more than 512: is {:?} the right field?", self.name, counts.len(), self.field);
        }
        // Every part must teach every label: one text in two parts at least.
        if let Some((label, n)) = counts.iter().find(|(_, n)| **n < 2 * folds) {
            bail!(
                "the label {:?} has {n} rows, fewer than the {} that {folds} parts need: give more, or leave it out",
                visible(label),
                2 * folds
            );
        }
        Ok(counts.into_keys().map(str::to_owned).collect())
    }

    /// The index of each row's label; refuses one that is not among them.
    pub fn indices(&self, labels: &[String]) -> anyhow::Result<Vec<usize>> {
        let index = |gold: &String| {
            labels.binary_search(gold).map_err(|_| {
                anyhow::anyhow!("{} has the label {:?}, which the head has not learnt", self.name, visible(gold))
            })
        };
        self.golds.iter().map(index).collect()
    }
}
