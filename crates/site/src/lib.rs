//! The public experiments site as plain files: posts whose numbers all come from cards, the cards themselves, an archive, a
//! feed (design of cards, sections 8 and 9).
//!
//! [`build`] takes posts in Markdown and published cards as bytes and gives files as bytes. It refuses a number that no card
//! holds, a card that contradicts itself, and what a reader could be misled by; every refusal names the post, the line and
//! what to do. The crate is pure: no file, clock or random number.

mod app_page;
mod archive;
mod card_page;
mod facets;
mod fault;
mod feed;
mod frame;
mod markdown;
mod numbers;
mod picture;
mod post;
mod prose;
mod published;
mod registers;
mod tombstone;

pub use fault::{Fault, Faults};
pub use post::PostSource;
pub use published::{CardSource, Published};
pub use registers::{KEYS, WITHDRAWN, Withdrawal, Withdrawals, withdrawals};

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
    /// [`WITHDRAWN`], where it exists.
    pub withdrawn: Option<Vec<u8>>,
    /// [`KEYS`], where it exists.
    pub keys: Option<Vec<u8>>,
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

/// A built site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its files.
    pub files: Files,
    /// Preview pictures as SVG, by the path of the PNG file that they are to become. Pages name them only where the site's
    /// address is known.
    pub pictures: BTreeMap<String, String>,
}

/// Builds the site, or says everything that is wrong with its sources.
pub fn build(sources: &Sources) -> Result<Site, Faults> {
    let mut faults = Vec::new();
    let withdrawn = withdrawals(sources.withdrawn.as_deref()).map_err(|fault| faults.push(fault)).unwrap_or_default();
    let keys = registers::keys(sources.keys.as_deref()).map_err(|fault| faults.push(fault)).unwrap_or_default();
    let mut cards = BTreeMap::new();
    for source in sources.cards.iter().filter(|card| !withdrawn.contains_key(&card.key)) {
        match Published::read(source) {
            Ok(card) => drop(cards.insert(card.key.clone(), card)),
            Err(fault) => faults.push(fault),
        }
    }
    for card in cards.values() {
        faults.extend(card.held_against(|key| cards.get(key), &withdrawn).err());
    }
    let mut posts: Vec<Post> = Vec::new();
    for source in &sources.posts {
        match post::read(source, &cards, &withdrawn) {
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
    let (mut files, mut pictures) = (Files::new(), BTreeMap::new());
    let cards: Vec<Published> = cards.into_values().collect();
    archive::write(&frame, &posts, &cards, &mut files);
    app_page::write(&frame, &mut files);
    for post in &posts {
        post::write(&frame, post, &cards, &mut files);
        pictures.insert(format!("{}/{}", post.folder(), frame::PICTURE), picture::of_post(post, &cards));
    }
    for card in &cards {
        card_page::write(&frame, card, &posts, &keys, &mut files);
        pictures.insert(format!("r/{}/{}", card.key, frame::PICTURE), picture::of_card(card));
    }
    for (key, withdrawal) in &withdrawn {
        tombstone::write(&frame, key, withdrawal, &mut files);
    }
    feed::write(&frame, &posts, &cards, &withdrawn, &mut files);
    Ok(Site { files, pictures })
}
