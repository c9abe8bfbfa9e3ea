//! Preview pictures of posts and cards: what other sites show beside a link.

use cards::chart::preview_svg;
use cards::node::{Node, el};
use cards::{Document, GateVerdict, Level, card_chart, diff_chart};

use crate::post::Post;
use crate::published::Published;

/// Title, models, chart and level of a card.
pub fn of_card(card: &Published) -> String {
    preview_svg(card.document.title(), &card.models().join(", "), &chart(card), card.level)
}

/// Of a post: the chart of its first card that has one, and the level that all of its cards reach.
pub fn of_post(post: &Post, cards: &[Published]) -> String {
    let used: Vec<&Published> =
        post.cards.values().filter_map(|key| cards.iter().find(|card| &card.key == key)).collect();
    let mut models: Vec<&str> = used.iter().flat_map(|card| card.models()).collect();
    models.sort_unstable();
    models.dedup();
    let level = if used.iter().all(|card| card.level == Level::SelfConsistent) {
        Level::SelfConsistent
    } else {
        Level::SelfReported
    };
    let chart = used.iter().map(|card| chart(card)).find(|chart| !chart.content().is_empty());
    preview_svg(&post.title, &models.join(", "), &chart.unwrap_or_else(|| el("div")), level)
}

/// The chart of a card's page; an empty element where it has none, or no score may be shown.
fn chart(card: &Published) -> Node {
    match &card.document {
        Document::Run(run) if run.numerics.verdict != GateVerdict::Fail => card_chart(run),
        Document::Diff(diff) => diff_chart(diff),
        _ => el("div"),
    }
}
