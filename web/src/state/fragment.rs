//! What stands after `#`: a card's link and how it is looked at, or the two links of a comparison.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Most characters that are read of a value of the view; what is looked for is short.
const MAX_VALUE: usize = 200;

/// What stays as it is in a value of the view, so that an address remains legible (RFC 3986, unreserved).
pub(super) const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Which items are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// None: the strip alone.
    #[default]
    None,
    /// Items answered wrongly.
    Wrong,
    /// Items whose answer could not be read.
    Unparsable,
    /// Broken outputs, failures, items that were never asked.
    Other,
}

impl Filter {
    /// All of them, in the order of the list.
    pub const ALL: [Self; 4] = [Self::None, Self::Wrong, Self::Unparsable, Self::Other];

    /// Its name in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Wrong => "wrong",
            Self::Unparsable => "unparsable",
            Self::Other => "other",
        }
    }

    /// The filter of a name; none for a name that says nothing here.
    pub fn of(name: &str) -> Self {
        Self::ALL.into_iter().find(|f| f.name() == name).unwrap_or_default()
    }
}

/// How a card is looked at. It chooses what is shown, and changes no number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Only this task.
    pub task: String,
    /// Only tasks whose id, name or mode holds this text.
    pub query: String,
    /// Which items are listed.
    pub filter: Filter,
}

/// A link and its view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fragment {
    /// What [`cards::Compact::from_link`] reads.
    pub payload: String,
    /// The view.
    pub view: View,
}

impl Fragment {
    /// Reads what stands after `#`, with or without the `#`.
    pub fn read(hash: &str) -> Self {
        let whole = Self { payload: after_hash(hash).to_owned(), view: View::default() };
        if whole.points_elsewhere() {
            // All of it says where the card lies.
            return whole;
        }
        let mut parts = after_hash(hash).split('&');
        let payload = parts.next().unwrap_or_default().to_owned();
        let mut view = View::default();
        for (key, value) in parts.filter_map(|part| part.split_once('=')) {
            match key {
                "task" => view.task = decoded(value),
                "q" => view.query = decoded(value),
                "f" => view.filter = Filter::of(value),
                _ => (),
            }
        }
        Self { payload, view }
    }

    /// The address's part after `#`.
    pub fn write(&self) -> String {
        let View { task, query, filter } = &self.view;
        let mut text = self.payload.clone();
        for (key, value) in [("task", task.as_str()), ("f", filter.name()), ("q", query.as_str())] {
            if !value.is_empty() {
                text.extend(["&", key, "="]);
                text.extend(utf8_percent_encode(value, KEPT));
            }
        }
        text
    }

    /// Whether it points to a card elsewhere, which has a page of its own.
    pub fn points_elsewhere(&self) -> bool {
        self.payload.starts_with("src=") || self.payload.starts_with("h=")
    }
}

/// Reads `#a=…&b=…`.
pub fn read_pair(hash: &str) -> [String; 2] {
    let mut pair = [const { String::new() }; 2];
    for (key, value) in after_hash(hash).split('&').filter_map(|part| part.split_once('=')) {
        match key {
            "a" => value.clone_into(&mut pair[0]),
            "b" => value.clone_into(&mut pair[1]),
            _ => (),
        }
    }
    pair
}

/// The link in a text that somebody pasted: a whole address, or the part after `#`.
pub fn pasted(text: &str) -> String {
    Fragment::read(text.trim()).payload
}

fn after_hash(text: &str) -> &str {
    text.split_once('#').map_or(text, |(_, after)| after)
}

pub(super) fn decoded(value: &str) -> String {
    percent_decode_str(value).decode_utf8_lossy().chars().take(MAX_VALUE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_follows_its_link_and_comes_back_as_it_was() {
        let read = Fragment::read("#1.abc&task=A01&f=wrong&q=a%20b%26&x=1&&f");
        let view = View { task: "A01".to_owned(), query: "a b&".to_owned(), filter: Filter::Wrong };
        assert_eq!(read, Fragment { payload: "1.abc".to_owned(), view });
        assert_eq!(read.write(), "1.abc&task=A01&f=wrong&q=a%20b%26");
        assert_eq!(Fragment::read(&read.write()), read);
        assert_eq!(Fragment::read(""), Fragment::default());
        assert_eq!(Fragment::read("#1.a&f=flip").view, View::default());
        assert_eq!(Fragment::read(&format!("1.a&q={}", "x".repeat(5000))).view.query.len(), MAX_VALUE);
        assert_eq!(Fragment::read("1.a&q=%ff%e2%80%ae").view.query, "\u{fffd}\u{202e}");
    }

    #[test]
    fn a_pasted_address_is_its_link() {
        for text in ["1.abc", "#1.abc", " https://example.org/x/c/#1.abc&q=z \n", "/c/#1.abc"] {
            assert_eq!(pasted(text), "1.abc", "{text}");
        }
        let elsewhere = Fragment::read("#h=00&src=https%3A%2F%2Fexample.org");
        assert!(elsewhere.points_elsewhere() && Fragment::read("#src=x").points_elsewhere());
        assert_eq!(elsewhere.payload, "h=00&src=https%3A%2F%2Fexample.org");
    }

    #[test]
    fn a_comparison_has_two_links() {
        assert_eq!(read_pair("#a=1.x&b=1.y&task=A01"), ["1.x", "1.y"]);
        assert_eq!(read_pair("#b=1.y"), ["", "1.y"]);
        assert_eq!(read_pair(""), ["", ""]);
    }
}
