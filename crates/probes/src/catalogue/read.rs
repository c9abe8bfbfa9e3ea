//! Readers that several entries share.

use super::{Question, Reading};
use crate::text::words;

/// A short answer: the first line with visible text equals a gold answer, apart from case, spaces and punctuation at
/// its ends.
pub fn element(text: &str, question: &Question) -> Reading {
    let written = first_element(text);
    let right = !written.is_empty() && question.gold.iter().any(|gold| first_element(gold) == written);
    Reading { right, answer: (!written.is_empty()).then_some(written), ..Reading::default() }
}

/// One of the question's options: the first line with visible text names exactly one of them, in whole words. A line
/// that names none or several cannot be read.
pub fn label(text: &str, question: &Question) -> Reading {
    let line = words(first_line(text));
    let named = |option: &&String| {
        let option = words(option);
        !option.is_empty() && line.windows(option.len()).any(|w| w == option)
    };
    let mut found: Vec<&String> = question.options.iter().filter(named).collect();
    // "no" within "not one": the longer option that holds a shorter one is the one meant.
    found.sort_by_key(|o| std::cmp::Reverse(words(o).len()));
    let longest = found.first().map_or_else(Vec::new, |o| words(o));
    found.retain(|o| !(words(o).len() < longest.len() && longest.windows(words(o).len()).any(|w| w == words(o))));
    match found.as_slice() {
        [one] => Reading { answer: Some((*one).clone()), right: question.gold.contains(one), ..Reading::default() },
        _ => Reading { breaks: vec!["unparsable"], ..Reading::default() },
    }
}

/// The first line with visible text.
pub(crate) fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or_default()
}

/// The first line with visible text, in lower case, without punctuation at its ends, single-spaced.
pub(crate) fn first_element(text: &str) -> String {
    let bare = first_line(text).trim_matches(|c: char| !c.is_alphanumeric());
    bare.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_forgives_case_and_punctuation_only() {
        let question = Question::open("x", &["Friday", "she is"]);
        for text in
            ["Friday", " friday.", "\n\n**FRIDAY**\nand then Saturday", "\"Friday\",", "She   is", "Friday\u{a0}"]
        {
            assert!(element(text, &question).right, "{text:?}");
        }
        for text in ["", "\n", "Fri", "Friday, Saturday", "It is Friday", "Thursday\nFriday", "sheis", "..."] {
            assert!(!element(text, &question).right, "{text:?}");
        }
        assert!(!element("x", &Question::open("x", &[""])).right);
    }

    #[test]
    fn a_label_is_named_once_in_the_first_line() {
        let question = Question::choice("x", &["past", "past perfect", "base"], "past");
        for text in ["past", "Past.", "The answer is: **past**", "\n past\nbase"] {
            assert!(label(text, &question).right, "{text:?}");
        }
        assert_eq!(label("past perfect", &question).answer.as_deref(), Some("past perfect"));
        for text in ["", "pasty", "past or base", "none\npast"] {
            let reading = label(text, &question);
            assert!(!reading.right && reading.answer.is_none() && reading.breaks == ["unparsable"], "{text:?}");
        }
    }
}
