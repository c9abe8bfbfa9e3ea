//! Markdown to the node tree, without raw HTML, pictures or foreign addresses that are not https.
//!
//! Placeholders and literals are taken out before Markdown is read, since `|` and `_` mean something there, and put back as
//! nodes. Inside code they stay as they were written.

use cards::node::{Node, el, text};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::numbers::{Names, Shown, resolve};
use crate::prose::{self, FIRST_MARK, is_mark};

/// A post's body, read.
#[derive(Debug, Default)]
pub struct Body {
    /// The blocks.
    pub blocks: Vec<Node>,
    /// Every placeholder, in order.
    pub shown: Vec<Shown>,
    /// What is wrong: line, sentence.
    pub faults: Vec<(usize, String)>,
}

/// What was taken out of the source.
enum Taken {
    Shown(Box<Shown>),
    Literal(Node),
    /// It could not be resolved; the fault is noted already.
    Nothing,
}

/// Reads Markdown. `up` leads from the page to the site's root, `first_line` is the line of the source at which it begins.
pub fn read(source: &str, names: &Names<'_>, up: &str, first_line: usize) -> Body {
    let mut body = Body::default();
    let mut taken = Vec::new();
    let marked = take_out(source, names, up, first_line, &mut taken, &mut body.faults);
    let mut builder =
        Builder { marked: &marked, taken: &taken, first_line, up, open: vec![Open::new("")], code: 0, body };
    for (event, range) in Parser::new_ext(&marked, Options::ENABLE_TABLES).into_offset_iter() {
        builder.event(event, range.start);
    }
    let mut body = builder.body;
    let root = builder.open.swap_remove(0);
    body.blocks = root.children;
    body.shown =
        taken.into_iter().filter_map(|(_, t)| if let Taken::Shown(shown) = t { Some(*shown) } else { None }).collect();
    body
}

/// A single line of Markdown without blocks: titles, findings.
pub fn read_line(source: &str, names: &Names<'_>, up: &str) -> Result<(Node, Vec<Shown>), Vec<String>> {
    let body = read(source, names, up, 1);
    if !body.faults.is_empty() {
        return Err(body.faults.into_iter().map(|(_, why)| why).collect());
    }
    match <[Node; 1]>::try_from(body.blocks) {
        Ok([Node::Element { tag: "p", children, .. }]) => Ok((el("span").children(children), body.shown)),
        _ => Err(vec!["one paragraph of text was expected".to_owned()]),
    }
}

/// Replaces `{{…}}` and `{lit:…|…}` by one private-use character each.
fn take_out(
    source: &str,
    names: &Names<'_>,
    up: &str,
    first_line: usize,
    taken: &mut Vec<(String, Taken)>,
    faults: &mut Vec<(usize, String)>,
) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find('{') {
        let place = source.len() - rest.len() + at;
        let line = first_line + source[..place].matches('\n').count();
        let (before, here) = rest.split_at(at);
        out.push_str(before);
        let (open, close) = if here.starts_with("{{") {
            ("{{", "}}")
        } else if here.starts_with("{lit:") {
            ("{lit:", "}")
        } else {
            out.push('{');
            rest = &here[1..];
            continue;
        };
        let Some(end) = here.find(close) else {
            faults.push((line, format!("`{open}` is never closed by `{close}`")));
            rest = &here[open.len()..];
            continue;
        };
        let inside = &here[open.len()..end];
        let found = if open == "{{" {
            resolve(inside, names, up).map(|shown| Taken::Shown(Box::new(shown)))
        } else {
            literal(inside).map(Taken::Literal)
        };
        let whole = &here[..end + close.len()];
        // In code the placeholder stays as written, so what is wrong with it is only told outside.
        let item = found.unwrap_or_else(|why| {
            if !in_code(source, place) {
                faults.push((line, why));
            }
            Taken::Nothing
        });
        out.extend(char::from_u32(FIRST_MARK + taken.len() as u32));
        taken.push((whole.to_owned(), item));
        rest = &here[end + close.len()..];
    }
    out.push_str(rest);
    if let Some(at) = source.find(is_mark) {
        faults.push((
            first_line + source[..at].matches('\n').count(),
            "a private-use character stands here: remove it".to_owned(),
        ));
    }
    out
}

/// Whether a place of the source lies between backticks on its line, or in a fenced block.
fn in_code(source: &str, at: usize) -> bool {
    let before = &source[..at];
    let line = before.rsplit('\n').next().unwrap_or_default();
    let fences = before.lines().filter(|l| l.trim_start().starts_with("```")).count();
    line.matches('`').count() % 2 == 1 || fences % 2 == 1
}

/// `{lit:2026|date}`: a digit that is no result.
fn literal(inside: &str) -> Result<Node, String> {
    let (shown, kind) = inside.rsplit_once('|').ok_or_else(|| {
        format!("{{lit:{inside}}} names no kind: date, version, name, definition, or `cited https://…`")
    })?;
    match kind.trim() {
        kind @ ("date" | "version" | "name" | "definition") => Ok(el("span").attr("data-literal", kind).text(shown)),
        other => {
            let address = other.strip_prefix("cited ").map(str::trim).filter(|a| a.starts_with("https://"));
            let address = address.ok_or_else(|| {
                format!("{{lit:{inside}}} is of no known kind: date, version, name, definition, or `cited https://…`")
            })?;
            Ok(outward(address).attr("data-literal", "cited").text(shown))
        }
    }
}

/// A link to another host: nothing is told to it, and nothing is passed on.
fn outward(address: &str) -> Node {
    el("a").attr("href", address).attr("rel", "noopener noreferrer nofollow")
}

/// An element that is not closed yet.
struct Open {
    node: Node,
    children: Vec<Node>,
}

impl Open {
    fn new(tag: &'static str) -> Self {
        Self { node: el(tag), children: Vec::new() }
    }
}

struct Builder<'a> {
    marked: &'a str,
    taken: &'a [(String, Taken)],
    first_line: usize,
    up: &'a str,
    open: Vec<Open>,
    code: usize,
    body: Body,
}

impl Builder<'_> {
    fn fault(&mut self, at: usize, why: impl Into<String>) {
        let line = self.first_line + self.marked[..at].matches('\n').count();
        self.body.faults.push((line, why.into()));
    }

    fn event(&mut self, event: Event<'_>, at: usize) {
        match event {
            Event::Start(tag) => self.start(&tag, at),
            Event::End(end) => self.end(end, at),
            Event::Text(words) if self.code > 0 => {
                let words = self.restored(&words);
                self.push(text(words));
            }
            Event::Text(words) => self.words(&words, at),
            Event::Code(words) => {
                let words = self.restored(&words);
                self.push(el("code").text(words));
            }
            Event::SoftBreak => self.push(text("\n")),
            Event::HardBreak => self.push(el("br")),
            Event::Rule => self.push(el("hr")),
            Event::Html(_) | Event::InlineHtml(_) => self.fault(at, "HTML is not read in posts: write Markdown"),
            _ => self.fault(at, "this kind of Markdown is not read in posts"),
        }
    }

    fn start(&mut self, tag: &Tag<'_>, at: usize) {
        let open = match tag {
            Tag::Paragraph => Open::new("p"),
            Tag::Heading { level, .. } => Open::new(match level {
                HeadingLevel::H2 => "h2",
                HeadingLevel::H3 => "h3",
                _ => {
                    self.fault(at, "headings of a post begin with ## or ###: its title is the first");
                    "h3"
                }
            }),
            Tag::BlockQuote(_) => Open::new("blockquote"),
            Tag::CodeBlock(_) => {
                self.code += 1;
                let mut open = Open::new("pre");
                open.node = open.node.attr("tabindex", "0");
                open
            }
            Tag::List(Some(_)) => Open::new("ol"),
            Tag::List(None) => Open::new("ul"),
            Tag::Item => Open::new("li"),
            Tag::Emphasis => Open::new("em"),
            Tag::Strong => Open::new("strong"),
            Tag::Table(_) => Open::new("table"),
            Tag::TableHead => Open::new("thead"),
            Tag::TableRow => Open::new("tr"),
            Tag::TableCell => Open::new("td"),
            Tag::Link { dest_url, .. } => {
                let mut open = Open::new("a");
                open.node = self.link(dest_url, at);
                open
            }
            _ => {
                self.fault(at, "this kind of Markdown is not read in posts: no pictures, footnotes or HTML");
                Open::new("span")
            }
        };
        self.open.push(open);
    }

    fn end(&mut self, end: TagEnd, at: usize) {
        let Some(done) = self.open.pop() else { return };
        if matches!(end, TagEnd::CodeBlock) {
            self.code = self.code.saturating_sub(1);
            return self.push(done.node.child(el("code").children(done.children)));
        }
        let node = match end {
            TagEnd::TableHead => {
                let cells = done.children.into_iter().map(head_cell);
                el("thead").child(el("tr").children(cells))
            }
            TagEnd::Table => {
                let mut parts = done.children.into_iter();
                let head = parts.next();
                let table = el("table").children(head).child(el("tbody").children(parts));
                return self.push(
                    el("div")
                        .class("scroll")
                        .attr("tabindex", "0")
                        .attr("role", "region")
                        .attr("aria-label", "Table")
                        .child(table),
                );
            }
            TagEnd::Paragraph => {
                let blocks = done.children.iter().filter(|n| is_block(n)).count();
                if blocks > 0 {
                    let words = done.children.iter().filter(|n| !is_block(n) && !is_space(n)).count();
                    if words > 0 {
                        self.fault(at, "a table or figure stands in a paragraph of its own");
                    }
                    done.children.into_iter().filter(is_block).for_each(|n| self.push(n));
                    return;
                }
                done.node.children(done.children)
            }
            _ => done.node.children(done.children),
        };
        if matches!(end, TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableCell) {
            self.judge(&node, at);
        }
        self.push(node);
    }

    /// Holds a block's words against the verdicts that it shows.
    fn judge(&mut self, node: &Node, at: usize) {
        let mut words = String::new();
        prose::text_of(node, &mut words);
        let verdicts: Vec<String> = self
            .taken
            .iter()
            .filter_map(|(_, t)| if let Taken::Shown(shown) = t { Some(shown) } else { None })
            .filter(|shown| holds(node, &shown.node))
            .filter_map(|shown| shown.verdict.clone())
            .collect();
        // A verdict's own word is no claim of the author's.
        let own = verdicts.iter().fold(words, |words, verdict| words.replacen(verdict.as_str(), " ", 1));
        if let Some(why) = prose::claim(&own, &verdicts) {
            self.fault(at, why);
        }
    }

    fn link(&mut self, address: &str, at: usize) -> Node {
        if address.starts_with("https://") {
            return outward(address);
        }
        if address.contains(':') || address.starts_with("//") {
            self.fault(at, format!("`{address}` is no https address and no page of this site"));
        }
        let within = address.trim_start_matches('/');
        if address.starts_with('#') {
            el("a").attr("href", address)
        } else {
            el("a").attr("href", format!("{}{within}", self.up))
        }
    }

    /// Prose with what was taken out of it.
    fn words(&mut self, words: &str, at: usize) {
        let mut plain = String::new();
        for c in words.chars() {
            if !is_mark(c) {
                plain.push(c);
                continue;
            }
            self.plain(std::mem::take(&mut plain), at);
            match self.taken.get((u32::from(c) - FIRST_MARK) as usize) {
                Some((_, Taken::Shown(shown))) => self.push(shown.node.clone()),
                Some((_, Taken::Literal(node))) => self.push(node.clone()),
                _ => {}
            }
        }
        self.plain(plain, at);
    }

    fn plain(&mut self, words: String, at: usize) {
        if words.is_empty() {
            return;
        }
        if let Some(around) = prose::digit(&words) {
            self.fault(
                at,
                format!("`{around}` states a digit: take it from a card with {{{{…}}}}, or say with {{lit:…|date}} why it is no result"),
            );
        }
        self.push(text(words));
    }

    /// Code as it was written.
    fn restored(&self, words: &str) -> String {
        let mut out = String::with_capacity(words.len());
        for c in words.chars() {
            match is_mark(c).then(|| self.taken.get((u32::from(c) - FIRST_MARK) as usize)).flatten() {
                Some((written, _)) => out.push_str(written),
                None => out.push(c),
            }
        }
        out
    }

    fn push(&mut self, node: Node) {
        if let Some(open) = self.open.last_mut() {
            open.children.push(node);
        }
    }
}

fn head_cell(cell: Node) -> Node {
    match cell {
        Node::Element { children, .. } => el("th").attr("scope", "col").children(children),
        text @ Node::Text(_) => text,
    }
}

fn is_block(node: &Node) -> bool {
    matches!(node, Node::Element { tag: "figure" | "table" | "div", .. })
}

fn is_space(node: &Node) -> bool {
    matches!(node, Node::Text(words) if words.trim().is_empty())
}

/// Whether a tree holds this very node.
fn holds(tree: &Node, wanted: &Node) -> bool {
    tree == wanted
        || matches!(tree, Node::Element { children, .. } if children.iter().any(|child| holds(child, wanted)))
}
