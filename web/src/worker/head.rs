//! Heads of `sweetspot fit`: read, held against the model, and asked.

use std::cell::RefCell;
use std::rc::Rc;

use classifier::Head;
use classifier::head::MAX_HEAD_BYTES;
use probes::LabelAnswer;
use probes::stats::Rate;
use weights::Source;

use super::session::{self, Loaded};
use crate::message::{ChosenFile, HeadSeen};
use crate::source::BrowserFile;

thread_local! {
    /// The last head, by the file that it came from: while somebody types it is asked again and again.
    static READ: RefCell<Option<(String, Rc<Head>)>> = const { RefCell::new(None) };
}

/// Reads a head as the command does: by its own hash, and nothing that it cannot be.
pub fn read(chosen: &ChosenFile) -> Result<Rc<Head>, String> {
    let file = &chosen.file;
    let key = format!("{} {} {}", file.name(), file.size(), file.last_modified());
    let known = READ.with_borrow(|read| read.as_ref().filter(|(k, _)| *k == key).map(|(_, head)| head.clone()));
    if let Some(head) = known {
        return Ok(head);
    }
    let name = file.name();
    let file = BrowserFile::new(file.clone());
    // Before anything is read: the file may be a model.
    if file.len_bytes() > MAX_HEAD_BYTES as u64 {
        return Err(format!("{name}: {} bytes, more than the {MAX_HEAD_BYTES} of the largest head", file.len_bytes()));
    }
    let bytes = file.read().map_err(|e| format!("cannot read {name}: {e}"))?;
    let head = Rc::new(Head::parse(&bytes).map_err(|e| format!("{name}: {e}"))?);
    READ.set(Some((key, head.clone())));
    Ok(head)
}

/// What a head's file says of itself.
pub fn look(chosen: &ChosenFile) -> Result<HeadSeen, String> {
    let head = read(chosen)?;
    let file = head.file();
    let rate = Rate { k: file.training.k_out_of_fold, n: file.training.n };
    Ok(HeadSeen {
        id: file.id.clone(),
        model: file.model.id.clone(),
        labels: file.labels.clone(),
        n_trained: file.training.n,
        out_of_fold: rate.to_string(),
    })
}

/// Log-probabilities of the head's labels, in the form of label scores.
pub async fn answers(loaded: &mut Loaded, head: &Head, texts: &[&str]) -> Result<Vec<LabelAnswer>, String> {
    let found = session::label(loaded, head, texts).await.map_err(|e| e.to_string())?;
    let answer = |found: probes::Labelled| LabelAnswer {
        logp: found.scores,
        refused: found.refused,
        numeric_fault: found.numeric_fault,
        ..LabelAnswer::default()
    };
    Ok(found.into_iter().map(answer).collect())
}
