//! Tasks by name.

use datasets::{DATASETS, Error, Files, Parsed};
use probes::catalogue::{Question, Reader, Reading};

/// What a task says of files.
pub fn parse(task: &str, files: &Files) -> Result<Parsed, Error> {
    let found = DATASETS.iter().flat_map(|set| set.tasks).find(|t| t.id == task);
    (found.unwrap_or_else(|| panic!("no task {task}")).parse)(files)
}

/// What a task makes of files.
pub fn read(task: &str, files: &Files) -> Parsed {
    parse(task, files).unwrap_or_else(|e| panic!("{task}: {e}"))
}

/// A task refuses files with this sentence.
#[track_caller]
pub fn refused(task: &str, files: &Files, sentence: &str) {
    let error = parse(task, files).expect_err(sentence).to_string();
    assert_eq!(error, sentence);
}

/// How a task reads an answer.
pub fn reading(task: &str, question: &Question, text: &str) -> Reading {
    let found = DATASETS.iter().flat_map(|set| set.tasks).find(|t| t.id == task).expect("a task");
    let Reader::Text(read) = found.reader else { panic!("{task} has no reader") };
    read(text, question)
}
