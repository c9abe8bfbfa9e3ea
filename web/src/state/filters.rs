//! Which experiments and cards of the first page are shown: fields and words, kept in the address.

use percent_encoding::utf8_percent_encode;

use super::fragment::{KEPT, decoded};

/// What can be chosen: the name in the address and in the page's `data-` attributes, and the name that a reader sees.
pub const FIELDS: [(&str, &str); 6] = [
    ("category", "Category"),
    ("model", "Model"),
    ("task", "Task"),
    ("backend", "Backend"),
    ("verdict", "Verdict"),
    ("level", "Level"),
];

/// The words' name in the address.
const WORDS: &str = "q";

/// One entry of the page: what it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Values by field, in the order of [`FIELDS`].
    pub values: [Vec<String>; 6],
    /// What it says, in small letters.
    pub text: String,
}

impl Entry {
    /// From the page: `attribute` gives the values of a field, one a line.
    pub fn read(attribute: impl Fn(&str) -> Option<String>, text: &str) -> Self {
        let lines = |(name, _): (&str, &str)| -> Vec<String> {
            let all = attribute(name).unwrap_or_default();
            all.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
        };
        Self { values: FIELDS.map(lines), text: text.to_lowercase() }
    }
}

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// The value of each field; empty for every one.
    pub chosen: [String; 6],
    /// Words that have to be there, all of them.
    pub words: String,
}

impl Filters {
    /// Reads an address's part after `?`, with or without the `?`. What it does not know it leaves out.
    pub fn read(search: &str) -> Self {
        let mut filters = Self::default();
        for (key, value) in search.trim_start_matches('?').split('&').filter_map(|part| part.split_once('=')) {
            if key == WORDS {
                filters.words = decoded(value);
            } else if let Some(place) = FIELDS.iter().position(|(name, _)| *name == key) {
                filters.chosen[place] = decoded(value);
            }
        }
        filters
    }

    /// The address's part after `?`, without the `?`.
    pub fn write(&self) -> String {
        let fields = FIELDS.iter().zip(&self.chosen).map(|((name, _), value)| (*name, value));
        let set = fields.chain([(WORDS, &self.words)]).filter(|(_, value)| !value.is_empty());
        let parts = set.map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, KEPT)));
        parts.collect::<Vec<_>>().join("&")
    }

    /// Whether everything is shown.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether an entry is shown.
    pub fn keeps(&self, entry: &Entry) -> bool {
        let fields = self.chosen.iter().zip(&entry.values);
        let words = self.words.to_lowercase();
        fields.into_iter().all(|(wanted, values)| wanted.is_empty() || values.contains(wanted))
            && words.split_whitespace().all(|word| {
                entry.text.contains(word) || entry.values.iter().flatten().any(|v| v.to_lowercase().contains(word))
            })
    }

    /// What a field offers: every value of the entries once, sorted, and the one that is chosen.
    pub fn options(&self, place: usize, entries: &[Entry]) -> Vec<String> {
        let values = entries.iter().filter_map(|entry| entry.values.get(place)).flatten();
        let chosen = self.chosen.get(place).filter(|value| !value.is_empty());
        let mut all: Vec<String> = values.chain(chosen).cloned().collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(values: &[(&str, &str)], text: &str) -> Entry {
        Entry::read(|name| values.iter().find(|(key, _)| *key == name).map(|(_, v)| (*v).to_owned()), text)
    }

    #[test]
    fn filters_follow_the_address_and_come_back_as_they_were() {
        let read = Filters::read("?category=Demo&task=A01&q=sweet%20spot%26&x=1&model&level=");
        assert_eq!(read.write(), "category=Demo&task=A01&q=sweet%20spot%26");
        assert_eq!(Filters::read(&read.write()), read);
        assert!(Filters::read("").is_empty() && Filters::read("?utm=1").is_empty());
        assert_eq!(Filters::read("q=%ff").words, "\u{fffd}");
        assert_eq!(Filters::read(&format!("q={}", "x".repeat(5000))).words.len(), 200);
    }

    #[test]
    fn an_entry_is_shown_if_every_field_and_every_word_fits() {
        let entry = entry(&[("task", "A01\nA06"), ("verdict", "use"), ("model", "demo, Q4_0")], "What it Knows");
        assert_eq!(entry.values[2], ["A01", "A06"]);
        for (search, kept) in [
            ("", true),
            ("task=A06", true),
            ("task=A0", false),
            ("task=A06&verdict=use", true),
            ("task=A06&verdict=avoid", false),
            ("category=Demo", false),
            ("q=KNOWS%20what", true),
            ("q=knows%20never", false),
            ("q=q4_0", true),
        ] {
            assert_eq!(Filters::read(search).keeps(&entry), kept, "{search}");
        }
    }

    #[test]
    fn a_field_offers_what_is_there_and_what_is_chosen() {
        let entries = [entry(&[("task", "A06\nA01")], ""), entry(&[("task", "A01")], "")];
        assert_eq!(Filters::default().options(2, &entries), ["A01", "A06"]);
        assert_eq!(Filters::read("task=Z9").options(2, &entries), ["A01", "A06", "Z9"]);
        assert!(Filters::default().options(0, &entries).is_empty());
    }
}
