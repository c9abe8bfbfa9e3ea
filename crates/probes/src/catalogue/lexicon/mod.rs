//! The word lists that several probes draw from. Every list is in two parts, one to train and one to ask, that share
//! no lemma.

pub(crate) mod irregular;
pub(crate) mod verbs;
