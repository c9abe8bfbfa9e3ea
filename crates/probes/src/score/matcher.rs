//! Reads an open answer.

/// Does the first line hold a right answer, apart from case, spaces and punctuation around it?
pub(crate) fn matches_gold(text: &str, gold: &[String]) -> bool {
    let written = first_element(text);
    !written.is_empty() && gold.iter().any(|g| first_element(g) == written)
}

/// The first line with visible text, in lower case, without punctuation at its ends, single-spaced.
pub(super) fn first_element(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or_default();
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    bare.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::battery::Mode;

    #[test]
    fn the_matcher_forgives_case_and_punctuation_only() {
        let gold: Vec<String> = ["Friday", "she is"].map(String::from).to_vec();
        for text in
            ["Friday", " friday.", "\n\n**FRIDAY**\nand then Saturday", "\"Friday\",", "She   is", "Friday\u{a0}"]
        {
            assert!(matches_gold(text, &gold), "{text:?}");
        }
        for text in ["", "\n", "Fri", "Friday, Saturday", "It is Friday", "Thursday\nFriday", "sheis", "..."] {
            assert!(!matches_gold(text, &gold), "{text:?}");
        }
        assert!(!matches_gold("x", &[String::new()]) && !matches_gold("", &[String::new()]));
    }

    #[test]
    fn every_gold_of_open_items_matches_itself_and_no_distractor_does() {
        for probe in crate::PROBES.iter().filter(|p| p.mode == Mode::Fg) {
            for question in (probe.questions)() {
                for gold in &question.gold {
                    assert!(matches_gold(gold, &question.gold), "{question:?}");
                }
                for distractor in [question.text.as_str(), "unknown", "0"] {
                    assert!(!matches_gold(distractor, &question.gold), "{question:?}");
                }
            }
        }
    }
}
