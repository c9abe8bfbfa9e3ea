//! What every page has around its content: head, bar, foot. Links are relative, so that the folder can lie anywhere.

use cards::chart::PREVIEW;
use cards::node::{Node, el, to_html};

use crate::Script;

/// What a page may load: its own host's files, and nothing inline. Frames cannot be forbidden by a `<meta>`.
pub const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
     font-src 'self'; worker-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";

/// Where the policy names the hosts that a page may ask.
const CONNECT: &str = "connect-src 'self'";

/// Which hosts a page may ask for files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hosts {
    /// Its own.
    Own,
    /// Any that answers by https: the page asks none before its reader says so, and names the host.
    Secure,
}

impl Hosts {
    /// The content security policy of a page.
    fn policy(self) -> String {
        match self {
            Self::Own => POLICY.to_owned(),
            Self::Secure => POLICY.replace(CONNECT, &format!("{CONNECT} https:")),
        }
    }
}

/// What all pages of a site share.
pub struct Frame {
    /// Whether pages load the app.
    pub script: Script,
    /// Where the site will lie, without a final slash.
    pub address: Option<String>,
}

/// One page.
pub struct Page {
    /// Its folder below the root, such as `e/first`; empty for the first page.
    pub folder: String,
    /// What the browser's tab says.
    pub title: String,
    /// One or two sentences for search engines and previews.
    pub description: String,
    /// Its class, for styles.
    pub class: &'static str,
    /// Its style sheet.
    pub style: Style,
    /// Whether a preview picture lies in the folder.
    pub picture: Picture,
    /// The content of `<main>`.
    pub content: Vec<Node>,
    /// Whom it may ask.
    pub hosts: Hosts,
}

/// The picture that other sites show beside a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    /// None.
    None,
    /// [`PICTURE`] in the page's folder.
    Own,
}

/// The name of a preview picture.
pub const PICTURE: &str = "og.png";

/// A style sheet at the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The app's.
    Site,
    /// The card's, with what posts need: for pages that show parts of a card.
    Card,
}

impl Page {
    /// A page without words yet.
    pub fn new(folder: &str, class: &'static str, style: Style) -> Self {
        Self {
            folder: folder.to_owned(),
            title: String::new(),
            description: String::new(),
            class,
            style,
            picture: Picture::None,
            content: Vec::new(),
            hosts: Hosts::Own,
        }
    }

    /// `../../` for `e/first`.
    pub fn up(&self) -> String {
        up(&self.folder)
    }

    /// Where it is written.
    pub fn path(&self) -> String {
        if self.folder.is_empty() { "index.html".to_owned() } else { format!("{}/index.html", self.folder) }
    }
}

/// From a page's folder to the root.
pub fn up(folder: &str) -> String {
    if folder.is_empty() { "./".to_owned() } else { "../".repeat(folder.split('/').count()) }
}

impl Frame {
    /// The page as HTML.
    pub fn html(&self, page: &Page) -> Vec<u8> {
        let up = page.up();
        let at = |path: &str| format!("{up}{path}");
        let meta = |name: &str, content: &str| el("meta").attr("name", name).attr("content", content);
        let property = |name: &str, content: &str| el("meta").attr("property", name).attr("content", content);
        let mut head = vec![
            el("meta").attr("charset", "utf-8"),
            el("meta").attr("http-equiv", "Content-Security-Policy").attr("content", page.hosts.policy()),
            meta("viewport", "width=device-width, initial-scale=1"),
            meta("color-scheme", "light dark"),
            meta("referrer", "no-referrer"),
            meta("description", &page.description),
            property("og:title", &page.title),
            property("og:description", &page.description),
            property("og:type", "article"),
        ];
        if let Some(address) = &self.address {
            let here =
                if page.folder.is_empty() { format!("{address}/") } else { format!("{address}/{}/", page.folder) };
            head.push(el("link").attr("rel", "canonical").attr("href", here.as_str()));
            head.push(property("og:url", &here));
            if page.picture == Picture::Own {
                let [width, height] = PREVIEW.map(|side| side.to_string());
                head.push(property("og:image", &format!("{here}{PICTURE}")));
                head.push(property("og:image:width", &width));
                head.push(property("og:image:height", &height));
                head.push(property("og:image:alt", &format!("Preview: {}", page.title)));
                head.push(meta("twitter:card", "summary_large_image"));
            }
            head.push(
                el("link").attr("rel", "alternate").attr("type", "application/atom+xml").attr("href", at("feed.xml")),
            );
        }
        head.push(el("title").text(&page.title));
        let icon = if self.script == Script::App { at("icon.svg") } else { "data:,".to_owned() };
        head.push(el("link").attr("rel", "icon").attr("href", icon));
        if self.script == Script::App {
            head.push(el("link").attr("rel", "manifest").attr("href", at("manifest.webmanifest")));
        }
        let sheet = match page.style {
            Style::Site => "sweetspot.css",
            Style::Card => "published.css",
        };
        head.push(el("link").attr("rel", "stylesheet").attr("href", at(sheet)));
        if self.script == Script::App {
            head.push(el("script").attr("type", "module").attr("src", at("start.js")));
        }
        let bar = el("header")
            .class("bar")
            .child(el("a").class("brand").attr("href", up.as_str()).text("Sweetspot"))
            .child(el("nav").attr("aria-label", "Pages").children(self.routes().iter().map(|(path, name)| {
                let link = el("a").attr("href", at(path)).text(*name);
                if path.trim_end_matches('/') == page.folder { link.attr("aria-current", "page") } else { link }
            })));
        let foot = el("footer").class("foot").child(el("p").text(
            "Every number on a page of this site is taken from a card and links to it. A card can be checked and contradicted by anyone.",
        ));
        let body = el("body").attr("data-root", up.as_str()).children([
            el("a").class("skip").attr("href", "#content").text("Skip to content"),
            bar,
            el("main")
                .attr("id", "content")
                .attr("tabindex", "-1")
                .class(page.class)
                .children(page.content.iter().cloned()),
            foot,
        ]);
        let page = el("html").attr("lang", "en").child(el("head").children(head)).child(body);
        format!("<!doctype html>\n{}\n", to_html(&page)).into_bytes()
    }

    /// The pages in the bar.
    fn routes(&self) -> &'static [(&'static str, &'static str)] {
        match self.script {
            Script::App => &[
                ("run/", "Run"),
                ("classify/", "Classify"),
                ("c/", "Card"),
                ("compare/", "Compare"),
                ("models/", "Models"),
                ("method/", "Method"),
                ("selftest/", "Self-test"),
            ],
            Script::None => &[("models/", "Models"), ("method/", "Method")],
        }
    }
}
