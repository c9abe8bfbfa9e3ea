//! The readers, by what a set becomes.

pub(crate) mod articles;
pub(crate) mod asks;
pub(crate) mod database;
pub(crate) mod entities;
pub(crate) mod evals;
pub(crate) mod forms;
pub(crate) mod italian;
pub(crate) mod labels;
pub(crate) mod pairs;
pub(crate) mod prompts;
pub(crate) mod spans;
pub(crate) mod standards;
pub(crate) mod truth;
pub(crate) mod values;
