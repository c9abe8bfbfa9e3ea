//! The word lists that several probes draw from. Every list is in two parts, one to train and one to ask, that share
//! no lemma. All irregular and exceptional words belong to the evaluation; the few that training may use are listed as
//! such.

pub(crate) mod irregular;
pub(super) mod nouns;
pub(super) mod patterns;
pub(super) mod phrases;
pub(super) mod plurals;
pub(super) mod sentences;
pub(crate) mod verbs;
