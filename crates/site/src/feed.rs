//! For programs: an Atom feed, a sitemap, an index of everything as JSON.

use cards::node::{el, to_xml};
use serde_json::json;

use crate::Files;
use crate::facets::Facets;
use crate::frame::Frame;
use crate::post::Post;
use crate::prose::text_of;
use crate::published::Published;
use crate::registers::Withdrawals;

/// Refuses what is no address of a site.
pub fn check_address(address: &str) -> Result<(), String> {
    let plain = address.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"'?#".contains(&b));
    if address.starts_with("https://") && plain && !address.ends_with('/') {
        return Ok(());
    }
    Err(format!("`{address}` is not of the form https://example.org/sweetspot, without a final slash"))
}

/// Writes `index.json`, and with an address `feed.xml` and `sitemap.xml`.
pub fn write(frame: &Frame, posts: &[Post], cards: &[Published], withdrawn: &Withdrawals, files: &mut Files) {
    files.insert("index.json".to_owned(), index(posts, cards, withdrawn));
    if let Some(address) = &frame.address {
        files.insert("feed.xml".to_owned(), atom(address, posts));
        files.insert("sitemap.xml".to_owned(), sitemap(address, posts, cards));
    }
}

fn index(posts: &[Post], cards: &[Published], withdrawn: &Withdrawals) -> Vec<u8> {
    let finding = |post: &Post| {
        let mut words = String::new();
        text_of(&post.finding, &mut words);
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let posts: Vec<_> = posts
        .iter()
        .map(|p| {
            let used = cards.iter().filter(|c| p.cards.values().any(|k| k == &c.key));
            let about = Facets::of(used);
            json!({"slug": p.slug, "title": p.title, "date": p.date, "category": p.category, "series": p.series,
                "finding": finding(p), "minutes": p.minutes, "models": about.models, "tasks": about.tasks,
                "backends": about.backends, "verdicts": about.verdicts, "levels": about.levels})
        })
        .collect();
    let cards: Vec<_> = cards
        .iter()
        .map(|c| {
            json!({"key": c.key, "id": c.document.id(), "kind": c.kind(), "title": c.document.title(), "created": c.document.created(),
                "models": c.models(), "tasks": c.tasks(), "level": c.level.word()})
        })
        .collect();
    // Keys in the order written, so that one site has the same bytes each time.
    serde_json::to_vec_pretty(&json!({"posts": posts, "cards": cards, "withdrawn": withdrawn})).unwrap_or_default()
}

/// RFC 4287.
fn atom(address: &str, posts: &[Post]) -> Vec<u8> {
    let instant = |date: &str| format!("{date}T00:00:00Z");
    let updated = posts.first().map_or_else(|| "1970-01-01".to_owned(), |p| p.date.clone());
    let link = |rel: &str, href: String| el("link").attr("rel", rel).attr("href", href);
    let entries = posts.iter().map(|p| {
        let mut summary = String::new();
        text_of(&p.finding, &mut summary);
        let here = format!("{address}/e/{}/", p.slug);
        el("entry").children([
            el("title").text(&p.title),
            el("id").text(&here),
            link("alternate", here),
            el("updated").text(instant(&p.date)),
            el("summary").text(summary.trim()),
        ])
    });
    let feed = el("feed")
        .attr("xmlns", "http://www.w3.org/2005/Atom")
        .children([
            el("title").text("Sweetspot experiments"),
            el("id").text(format!("{address}/")),
            link("self", format!("{address}/feed.xml")),
            el("updated").text(instant(&updated)),
            el("author").child(el("name").text("Sweetspot")),
        ])
        .children(entries);
    xml(&to_xml(&feed))
}

/// The sitemaps protocol 0.9.
fn sitemap(address: &str, posts: &[Post], cards: &[Published]) -> Vec<u8> {
    let url = |path: String| el("url").child(el("loc").text(format!("{address}/{path}")));
    let fixed = ["", "models/", "method/"].map(|p| url(p.to_owned()));
    let set = el("urlset")
        .attr("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9")
        .children(fixed)
        .children(posts.iter().map(|p| url(format!("e/{}/", p.slug))))
        .children(cards.iter().map(|c| url(format!("r/{}/", c.key))));
    xml(&to_xml(&set))
}

fn xml(tree: &str) -> Vec<u8> {
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{tree}\n").into_bytes()
}
