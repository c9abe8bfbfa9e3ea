//! A page as data: a tree of elements and text, and the walkers that write it as HTML, Markdown and SVG.
//!
//! Foreign text enters only as [`Node::Text`] or as an attribute's value, so it can never become markup. Each walker
//! escapes what its language gives a meaning, and shows characters that a reader cannot see, or that reorder what a
//! reader sees, as `\u{202e}`.

mod html;
mod markdown;
mod svg;

use std::fmt::Write as _;

pub use html::{to_html, to_xml};
pub use markdown::to_markdown;
pub use svg::to_svg;
pub(crate) use svg::{Drawing, drawing_style, resolved};

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

    /// The tag of an element; nothing for a text.
    pub fn tag(&self) -> Option<&'static str> {
        match self {
            Self::Element { tag, .. } => Some(tag),
            Self::Text(_) => None,
        }
    }

    /// The value of an attribute.
    pub fn value(&self, name: &str) -> Option<&str> {
        match self {
            Self::Element { attrs, .. } => attrs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str()),
            Self::Text(_) => None,
        }
    }

    /// What an element holds, in order; a text holds nothing.
    pub fn content(&self) -> &[Self] {
        match self {
            Self::Element { children, .. } => children,
            Self::Text(_) => &[],
        }
    }

    /// Whether an element is of a class.
    pub fn is_of(&self, class: &str) -> bool {
        self.value("class").is_some_and(|all| all.split(' ').any(|one| one == class))
    }

    /// The text of the whole tree, one after the other.
    pub fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Element { children, .. } => children.iter().map(Self::plain).collect(),
        }
    }

    /// The first node for which something holds, in the order of the page.
    pub fn find(&self, holds: &dyn Fn(&Self) -> bool) -> Option<&Self> {
        if holds(self) { Some(self) } else { self.content().iter().find_map(|child| child.find(holds)) }
    }

    /// Adds a text at the end.
    #[must_use]
    pub fn text(self, content: impl Into<String>) -> Self {
        self.child(text(content))
    }
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
    } else if is_hidden(c) || matches!(c, '\u{fffe}' | '\u{ffff}') {
        // XML has no place for the last two, so that they are shown as well. Writing to a string does not fail.
        let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
    } else {
        out.push(c);
    }
}

/// The same escapes serve text and quoted attribute values, in HTML and in XML.
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
