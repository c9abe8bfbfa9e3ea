//! A page as data: a tree of elements and text, and the walker that writes it as HTML.
//!
//! Foreign text enters only as [`Node::Text`] or as an attribute's value, so it can never become markup. The
//! walker escapes what HTML gives a meaning, and shows characters that a reader cannot see, or that reorder
//! what a reader sees, as `\u{202e}`.

use std::fmt::Write as _;

/// An element or a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// An element. Tag and attribute names are the program's own, never foreign text.
    Element {
        /// Tag name, lower case.
        tag: &'static str,
        /// Names and values, in the order they are written.
        attrs: Vec<(&'static str, String)>,
        /// Content, in order; void elements have none.
        children: Vec<Node>,
    },
    /// Text, shown as it is.
    Text(String),
}

/// HTML elements without content or end tag.
const VOID: [&str; 5] = ["br", "hr", "img", "meta", "wbr"];

/// An element without attributes or content.
pub fn el(tag: &'static str) -> Node {
    Node::Element { tag, attrs: Vec::new(), children: Vec::new() }
}

/// A text.
pub fn text(text: impl Into<String>) -> Node {
    Node::Text(text.into())
}

/// A foreign name, set apart so that its writing direction does not spread.
pub fn foreign(name: impl Into<String>) -> Node {
    el("bdi").text(name)
}

impl Node {
    /// Adds an attribute. On a text it does nothing.
    #[must_use]
    pub fn attr(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Element { attrs, .. } = &mut self {
            attrs.push((name, value.into()));
        }
        self
    }

    /// Adds the attribute `class`.
    #[must_use]
    pub fn class(self, value: impl Into<String>) -> Self {
        self.attr("class", value)
    }

    /// Adds a node at the end. On a text it does nothing.
    #[must_use]
    pub fn child(mut self, child: Self) -> Self {
        if let Self::Element { children, .. } = &mut self {
            children.push(child);
        }
        self
    }

    /// Adds nodes at the end.
    #[must_use]
    pub fn children(mut self, more: impl IntoIterator<Item = Self>) -> Self {
        if let Self::Element { children, .. } = &mut self {
            children.extend(more);
        }
        self
    }

    /// Adds a text at the end.
    #[must_use]
    pub fn text(self, content: impl Into<String>) -> Self {
        self.child(text(content))
    }
}

/// Writes a tree as HTML. SVG elements are written alike, each with an end tag.
pub fn to_html(node: &Node) -> String {
    let mut out = String::new();
    write_node(node, &mut out);
    out
}

/// Shows what cannot be seen: controls but line feed and tab, direction marks, zero-width and other invisible
/// characters become `\u{...}`, and a carriage return `\r`.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| push_visible(c, &mut out));
    out
}

/// Whether a character is hidden, or changes how others are shown.
///
/// Unicode 16: general category Cc but line feed and tab, `Default_Ignorable_Code_Point` but variation selectors
/// 1 to 16 (they choose a picture's style), the line and paragraph separators, and the interlinear anchors.
pub fn is_hidden(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        _ if c.is_control() => true,
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => true,
        _ => false,
    }
}

fn push_visible(c: char, out: &mut String) {
    if c == '\r' {
        out.push_str("\\r");
    } else if is_hidden(c) {
        // Writing to a string does not fail.
        let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
    } else {
        out.push(c);
    }
}

fn write_node(node: &Node, out: &mut String) {
    match node {
        Node::Text(text) => write_escaped(text, out),
        Node::Element { tag, attrs, children } => {
            out.push('<');
            out.push_str(tag);
            for (name, value) in attrs {
                out.push(' ');
                out.push_str(name);
                out.push_str("=\"");
                write_escaped(value, out);
                out.push('"');
            }
            out.push('>');
            if VOID.contains(tag) {
                return;
            }
            for child in children {
                write_node(child, out);
            }
            out.push_str("</");
            out.push_str(tag);
            out.push('>');
        }
    }
}

/// The same escapes serve text and quoted attribute values.
fn write_escaped(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => push_visible(c, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_become_html() {
        for (node, html) in [
            (el("p").class("a").text("x"), "<p class=\"a\">x</p>"),
            (el("p").text("<b>&\"'"), "<p>&lt;b&gt;&amp;&quot;&#39;</p>"),
            (el("p").attr("title", "\"><script>"), "<p title=\"&quot;&gt;&lt;script&gt;\"></p>"),
            (el("div").child(el("br")).child(el("hr")), "<div><br><hr></div>"),
            (el("svg").child(el("line").attr("x1", "0")), "<svg><line x1=\"0\"></line></svg>"),
            (foreign("a\u{202e}b"), "<bdi>a\\u{202e}b</bdi>"),
            (el("td").children([text("1"), el("wbr"), text("2")]), "<td>1<wbr>2</td>"),
            (text("x").class("ignored").child(el("p")), "x"),
        ] {
            assert_eq!(to_html(&node), html);
        }
    }

    #[test]
    fn hidden_characters_are_shown() {
        for (raw, shown) in [
            ("a\u{0}b", "a\\u{0}b"),
            ("a\u{1b}[31m", "a\\u{1b}[31m"),
            ("a\u{7f}\u{85}", "a\\u{7f}\\u{85}"),
            ("\u{202a}\u{202e}\u{2066}\u{2069}", "\\u{202a}\\u{202e}\\u{2066}\\u{2069}"),
            ("\u{200b}\u{200d}\u{feff}\u{2060}", "\\u{200b}\\u{200d}\\u{feff}\\u{2060}"),
            ("\u{2028}\u{61c}\u{ad}\u{e0041}", "\\u{2028}\\u{61c}\\u{ad}\\u{e0041}"),
            ("a\r\nb\tc", "a\\r\nb\tc"),
            ("è ∆ 漢 ☺\u{fe0f}", "è ∆ 漢 ☺\u{fe0f}"),
        ] {
            assert_eq!(visible(raw), shown);
            assert_eq!(to_html(&text(raw)), shown);
        }
    }
}
