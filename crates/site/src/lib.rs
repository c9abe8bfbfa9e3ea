//! The public experiments site as plain files: posts whose numbers all come from cards, the cards themselves, an archive, a
//! feed (design of cards, sections 8 and 9).
//!
//! [`build`] takes posts in Markdown and published cards as bytes and gives files as bytes. It refuses a number that no card
//! holds, a card that contradicts itself, and what a reader could be misled by; every refusal names the post, the line and
//! what to do. The crate is pure: no file, clock or random number.

mod archive;
mod card_page;
mod fault;
mod feed;
mod frame;
mod markdown;
mod numbers;
mod post;
mod prose;
mod published;

pub use fault::{Fault, Faults};
pub use post::PostSource;
pub use published::{CardSource, Published};

use std::collections::BTreeMap;

use crate::frame::Frame;
use crate::post::Post;

/// What a site is made of.
#[derive(Debug, Default)]
pub struct Sources {
    /// Posts.
    pub posts: Vec<PostSource>,
    /// Published cards.
    pub cards: Vec<CardSource>,
    /// `https://example.org/sweetspot`, where the site will lie: the feed and the sitemap need whole addresses, and are
    /// left out without it.
    pub address: Option<String>,
    /// Whether the app's `start.js` lies at the root, which makes the pages come alive.
    pub script: Script,
}

/// Whether pages load the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Script {
    /// Plain files only.
    #[default]
    None,
    /// `start.js` beside the first page.
    App,
}

/// Files by their path below the site's root, such as `e/first/index.html`.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Builds the site, or says everything that is wrong with its sources.
pub fn build(sources: &Sources) -> Result<Files, Faults> {
    let mut faults = Vec::new();
    let mut cards = BTreeMap::new();
    for source in &sources.cards {
        match Published::read(source) {
            Ok(card) => drop(cards.insert(card.key.clone(), card)),
            Err(fault) => faults.push(fault),
        }
    }
    for card in cards.values() {
        faults.extend(card.held_against(|key| cards.get(key)).err());
    }
    let mut posts: Vec<Post> = Vec::new();
    for source in &sources.posts {
        match post::read(source, &cards) {
            Ok(post) => posts.push(post),
            Err(found) => faults.extend(found),
        }
    }
    if let Some(address) = &sources.address
        && let Err(why) = feed::check_address(address)
    {
        faults.push(Fault::of("the site's address", why));
    }
    if !faults.is_empty() {
        return Err(Faults(faults));
    }
    posts.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.slug.cmp(&b.slug)));
    let frame = Frame { script: sources.script, address: sources.address.clone() };
    let mut files = Files::new();
    let cards: Vec<Published> = cards.into_values().collect();
    archive::write(&frame, &posts, &cards, &mut files);
    for post in &posts {
        post::write(&frame, post, &cards, &mut files);
    }
    for card in &cards {
        card_page::write(&frame, card, &posts, &mut files);
    }
    feed::write(&frame, &posts, &cards, &mut files);
    Ok(files)
}
