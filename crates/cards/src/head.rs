//! What cards of every kind begin with.

use crate::{Card, DiffCard, ImportedCard, Note, ReplayCard};

/// The fields that every card has, whatever its kind.
pub(crate) struct Head<'a> {
    pub(crate) schema: &'a str,
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    pub(crate) summary: &'a str,
    pub(crate) limitations: &'a [Note],
    pub(crate) out_of_scope: &'a [Note],
    pub(crate) created: &'a str,
}

impl<'a> From<&'a Card> for Head<'a> {
    fn from(card: &'a Card) -> Self {
        let Card { schema, id, title, summary, limitations, out_of_scope, created, .. } = card;
        Self { schema, id, title, summary, limitations, out_of_scope, created }
    }
}

impl<'a> From<&'a DiffCard> for Head<'a> {
    fn from(card: &'a DiffCard) -> Self {
        let DiffCard { schema, id, title, summary, limitations, out_of_scope, created, .. } = card;
        Self { schema, id, title, summary, limitations, out_of_scope, created }
    }
}

impl<'a> From<&'a ImportedCard> for Head<'a> {
    fn from(card: &'a ImportedCard) -> Self {
        let ImportedCard { schema, id, title, summary, limitations, out_of_scope, created, .. } = card;
        Self { schema, id, title, summary, limitations, out_of_scope, created }
    }
}

impl<'a> From<&'a ReplayCard> for Head<'a> {
    fn from(card: &'a ReplayCard) -> Self {
        let ReplayCard { schema, id, title, summary, limitations, out_of_scope, created, .. } = card;
        Self { schema, id, title, summary, limitations, out_of_scope, created }
    }
}
