//! Trees as Markdown (`CommonMark` with GitHub's pipe tables), for places that show no HTML.
//!
//! Every block is one line, and every character that Markdown gives a meaning is escaped. Renderers also make links of
//! bare addresses, which no escape prevents: a word that looks like one is set as code.

use std::fmt::Write as _;

use super::{Node, visible};

/// Elements that hold blocks, or are one; everything else is part of a line.
const BLOCKS: [&str; 23] = [
    "article", "body", "details", "div", "dl", "figure", "footer", "h1", "h2", "h3", "h4", "header", "html", "hr",
    "main", "nav", "p", "pre", "section", "summary", "svg", "table", "ul",
];

/// Elements that are set off by a dot where they are part of a line.
const SET_OFF: [&str; 8] = ["dd", "div", "dt", "li", "p", "pre", "small", "ul"];

/// Elements without a meaning outside a page.
const NOTHING: [&str; 5] = ["head", "nav", "script", "style", "title"];

/// Classes without a meaning outside a page: links to jump by, and the key of a drawing that is not there.
const NOTHING_OF: [&str; 2] = ["skip", "legend"];

/// Writes a tree as Markdown: headings, paragraphs, lists, tables, code, links to `https:` addresses. A drawing leaves its
/// title; the same numbers are in the table beside it.
pub fn to_markdown(node: &Node) -> String {
    let mut blocks = Vec::new();
    write_block(node, &mut blocks);
    blocks.retain(|block| !block.is_empty());
    let mut out = blocks.join("\n\n");
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

fn write_block(node: &Node, blocks: &mut Vec<String>) {
    let Some(tag) = node.tag().filter(|_| is_block(node)) else {
        return blocks.push(paragraph(std::slice::from_ref(node)));
    };
    if is_nothing(node) {
        return;
    }
    match tag {
        "h1" | "h2" | "h3" | "h4" => {
            let depth = tag.bytes().last().map_or(1, |digit| usize::from(digit - b'0'));
            let title = line(node.content());
            blocks.push(if title.is_empty() { title } else { format!("{} {title}", "#".repeat(depth)) });
        }
        "p" => blocks.push(paragraph(node.content())),
        "summary" => blocks.push(around("**", &line(node.content()))),
        "svg" => blocks.extend(
            node.content().iter().find(|n| n.tag() == Some("title")).map(|title| around("*", &line(title.content()))),
        ),
        "pre" => blocks.push(fenced(&visible(&node.plain()))),
        "ul" => blocks.push(list(node.content().iter().map(|item| line(item.content())))),
        "dl" => blocks.push(list(node.content().iter().map(definition))),
        "table" => write_table(node, blocks),
        "hr" => blocks.push("---".to_owned()),
        _ => write_blocks(node.content(), blocks),
    }
}

/// The content of a container: its blocks, and what stands between them as paragraphs.
fn write_blocks(nodes: &[Node], blocks: &mut Vec<String>) {
    for run in nodes.chunk_by(|a, b| !is_block(a) && !is_block(b)) {
        match run {
            [one] if is_block(one) => write_block(one, blocks),
            run => blocks.push(paragraph(run)),
        }
    }
}

fn is_block(node: &Node) -> bool {
    node.tag().is_some_and(|tag| BLOCKS.contains(&tag))
}

fn is_nothing(node: &Node) -> bool {
    node.tag().is_some_and(|tag| NOTHING.contains(&tag)) || NOTHING_OF.iter().any(|class| node.is_of(class))
}

fn paragraph(nodes: &[Node]) -> String {
    guarded(line(nodes))
}

fn list(items: impl Iterator<Item = String>) -> String {
    let items = items.filter(|item| !item.is_empty()).map(|item| format!("- {}", guarded(item)));
    items.collect::<Vec<_>>().join("\n")
}

/// A name and its value in a list of facts.
fn definition(pair: &Node) -> String {
    let part = |tag| pair.content().iter().find(|n| n.tag() == Some(tag)).map_or(String::new(), |n| line(n.content()));
    let (name, value) = (part("dt"), part("dd"));
    if name.is_empty() { value } else { format!("{} {value}", around("**", &format!("{name}:"))) }
}

/// The caption, then rows; the first row is the head. Short rows are filled.
fn write_table(table: &Node, blocks: &mut Vec<String>) {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let caption = table.content().iter().find(|n| n.tag() == Some("caption"));
    blocks.extend(caption.map(|caption| paragraph(caption.content())));
    let mut parts: Vec<&Node> = table.content().iter().rev().collect();
    while let Some(node) = parts.pop() {
        match node.tag() {
            Some("tr") => rows.push(node.content().iter().map(|cell| line(cell.content())).collect()),
            Some("thead" | "tbody") => parts.extend(node.content().iter().rev()),
            _ => {}
        }
    }
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let written = |cells: &[String]| {
        let all = (0..width).map(|i| cells.get(i).map_or("", String::as_str));
        all.fold("|".to_owned(), |row, cell| if cell.is_empty() { row + " |" } else { row + " " + cell + " |" })
    };
    let mut lines: Vec<String> = rows.iter().map(|row| written(row)).collect();
    if !lines.is_empty() {
        lines.insert(1, "|".to_owned() + &" --- |".repeat(width));
    }
    blocks.push(lines.join("\n"));
}

/// Nodes as one line.
fn line(nodes: &[Node]) -> String {
    let mut line = Line::default();
    for node in nodes {
        line.node(node);
    }
    line.out.trim().to_owned()
}

/// Puts an escape before what would begin a heading, a list, a rule or an underline.
fn guarded(line: String) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => format!("{}\\{}", &line[..digits], &line[digits..]),
        Some(b'#' | b'-' | b'=' | b'+' | b':' | b'%') if digits == 0 => format!("\\{line}"),
        _ => line,
    }
}

fn around(mark: &str, content: &str) -> String {
    if content.is_empty() { String::new() } else { format!("{mark}{content}{mark}") }
}

/// A block of code whose fence is longer than any within.
fn fenced(content: &str) -> String {
    let fence = "`".repeat(longest_run(content).max(2) + 1);
    format!("{fence}\n{}\n{fence}", content.trim_end_matches('\n'))
}

fn longest_run(content: &str) -> usize {
    content.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// A line in the making.
#[derive(Default)]
struct Line {
    out: String,
    /// Whether what follows is set off.
    off: Off,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Off {
    #[default]
    No,
    Yes,
}

impl Line {
    fn node(&mut self, node: &Node) {
        let Some(tag) = node.tag() else { return self.text(&visible(&node.plain())) };
        if is_nothing(node) {
            return;
        }
        match tag {
            "svg" | "wbr" => {}
            "br" => self.space(),
            "code" => self.code(&visible(&node.plain())),
            "pre" => self.set_off(&code(&visible(&node.plain()).trim_end().replace('\n', "⏎ "))),
            "b" | "strong" => self.whole(&around("**", &line(node.content()))),
            "a" => {
                let content = line(node.content());
                match node.value("href").and_then(address) {
                    Some(address) if !content.is_empty() => self.whole(&format!("[{content}](<{address}>)")),
                    _ => self.whole(&content),
                }
            }
            _ if SET_OFF.contains(&tag) || node.is_of("call") => self.set_off(&line(node.content())),
            _ => node.content().iter().for_each(|child| self.node(child)),
        }
    }

    /// Finished Markdown within the line.
    fn whole(&mut self, content: &str) {
        if content.is_empty() {
            return;
        }
        if self.off == Off::Yes && !self.out.trim().is_empty() {
            self.out.truncate(self.out.trim_end().len());
            self.out.push_str(" · ");
        }
        self.off = Off::No;
        // Two runs of backticks or asterisks side by side would become one of another length.
        if self.out.ends_with(['`', '*']) && content.starts_with(['`', '*']) {
            self.out.push(' ');
        }
        self.out.push_str(content);
    }

    fn set_off(&mut self, content: &str) {
        if !content.is_empty() {
            self.off = Off::Yes;
            self.whole(content);
            self.off = Off::Yes;
        }
    }

    fn space(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with(' ') {
            self.out.push(' ');
        }
    }

    fn code(&mut self, content: &str) {
        self.whole(&code(content));
    }

    fn text(&mut self, content: &str) {
        for piece in content.split_inclusive(char::is_whitespace) {
            let word = piece.trim_end();
            if is_like_a_link(word) {
                self.code(word);
            } else if !word.is_empty() {
                self.whole(&escaped(word));
            }
            if word.len() < piece.len() {
                self.space();
            }
        }
    }
}

fn escaped(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' | '^' | '=' | '+'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Whether a renderer may make a link of the word by itself: an address, a host, an e-mail, a name after `@`, a number after
/// `#`. Escapes do not prevent that, code does.
fn is_like_a_link(word: &str) -> bool {
    let chars: Vec<char> = word.chars().collect();
    let letter = |i: usize| chars.get(i).is_some_and(|c| c.is_alphabetic());
    let digit = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
    let has_host = word.to_ascii_lowercase().contains("www.");
    has_host
        || chars.iter().enumerate().any(|(i, c)| match c {
            '@' => chars.len() > 1,
            ':' => chars.get(i + 1) == Some(&'/') || letter(i + 1) || digit(i + 1) && i > 0 && letter(i - 1),
            '.' => i > 0 && chars.get(i - 1).is_some_and(|c| c.is_alphanumeric()) && letter(i + 1) && letter(i + 2),
            '#' => digit(i + 1),
            '-' => {
                i >= 2
                    && digit(i + 1)
                    && chars.get(i - 2..i).is_some_and(|s| s.iter().collect::<String>().eq_ignore_ascii_case("gh"))
            }
            _ => false,
        })
}

/// A code span. A pipe would end a cell even there, so it stands outside, escaped.
fn code(content: &str) -> String {
    let spans = content.split('|').map(|part| {
        let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
        if part.is_empty() {
            return part;
        }
        let fence = "`".repeat(longest_run(&part) + 1);
        let pad = if part.starts_with('`') || part.ends_with('`') { " " } else { "" };
        format!("{fence}{pad}{part}{pad}{fence}")
    });
    spans.collect::<Vec<_>>().join("\\|")
}

/// An address that a link may have: `https:`, with everything written out that could end it.
fn address(href: &str) -> Option<String> {
    let rest = href.strip_prefix("https://").filter(|rest| !rest.is_empty())?;
    let mut out = "https://".to_owned();
    for c in rest.chars() {
        if c.is_ascii_alphanumeric() || "-._~/?#[]@!$&'()*+,;=:%".contains(c) {
            out.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a string does not fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use crate::node::{Node, el, foreign, text, to_markdown};

    #[test]
    fn trees_become_markdown() {
        let cell = |tag: &'static str, content: &str| el(tag).text(content);
        let table = el("table")
            .child(el("caption").text("Both"))
            .child(el("thead").child(el("tr").children([cell("th", "a|b"), cell("th", "c")])))
            .child(
                el("tbody").child(el("tr").child(el("td").child(el("div").text("1").child(el("small").text("2%"))))),
            );
        let pair = |name: &str, value: Node| el("div").child(el("dt").text(name)).child(el("dd").child(value));
        for (node, markdown) in [
            (el("h2").text("A *title*"), "## A \\*title\\*\n"),
            (el("p").text("one\n two").child(el("b").text(" three ")), "one two**three**\n"),
            (el("p").text("# no heading"), "\\# no heading\n"),
            (el("p").text("1. no list"), "1\\. no list\n"),
            (el("ul").children([el("li").text("- x"), el("li")]), "- \\- x\n"),
            (el("dl").child(pair("Name", foreign("v"))), "- **Name:** v\n"),
            (table, "Both\n\n| a\\|b | c |\n| --- | --- |\n| 1 · 2% | |\n"),
            (el("pre").text("a ```b\nc"), "````\na ```b\nc\n````\n"),
            (el("p").child(el("code").text("a`|b")), "`` a` ``\\|`b`\n"),
            (el("a").attr("href", "https://e.org/a b>").text("x"), "[x](<https://e.org/a%20b%3E>)\n"),
            (el("a").attr("href", "javascript:x").text("x"), "x\n"),
            (el("a").attr("href", "#x").text("x"), "x\n"),
            (el("div").child(text("loose ")).child(el("b").text("b")).child(el("p").text("p")), "loose **b**\n\np\n"),
            (el("nav").text("x"), ""),
            (
                el("p").text("a@b.c www.x http://x.y e.g. 2.5 #12 a:b 12:30 f.txt"),
                "`a@b.c` `www.x` `http://x.y` e.g. 2.5 `#12` `a:b` 12:30 `f.txt`\n",
            ),
            (el("p").text("a\u{202e}b"), "a\\\\u\\{202e\\}b\n"),
        ] {
            assert_eq!(to_markdown(&node), markdown, "{node:?}");
        }
    }
}
