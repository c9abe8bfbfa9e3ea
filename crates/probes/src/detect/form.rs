//! Broken forms, as the reader of an answer names them.

use super::{DETECTORS, Detector, Hit, Observation, examine};

/// The kinds of broken form: the whole could not be read; it stands in a code fence; prose stands around it; the schema
/// was given back in place of a value; a part too many; a part too few; a value of another type; a value that is not
/// among those allowed; a value beyond a limit; a value of the right form that is wrong in itself.
pub const FORMAT_BREAKS: [&str; 10] =
    ["unparsable", "fence", "prose_around", "schema_echoed", "extra", "missing", "type", "enum", "constraint", "value"];

/// One finding of class `format_break` for each kind of break that a reader named
/// ([`crate::catalogue::Reading::breaks`]), in the reader's order and each kind once. The kind is the finding's
/// `detail`; its value is how many times the reader named it.
pub fn format_breaks(text: &str, breaks: &[&'static str]) -> Vec<(&'static Detector, Hit)> {
    let Some(detector) = DETECTORS.iter().find(|d| d.id == "format_break") else { return Vec::new() };
    let mut kinds: Vec<&'static str> = Vec::new();
    for kind in breaks.iter().filter(|kind| !kind.is_empty()) {
        if !kinds.contains(kind) {
            kinds.push(kind);
        }
    }
    let hit = |kind: &'static str| {
        let times = breaks.iter().filter(|b| **b == kind).count() as f64;
        let fence = text.find("```").filter(|_| kind == "fence");
        let found = fence.map_or_else(|| Hit::whole(text, times), |at| super::script::at_byte(text, at, times));
        (detector, Hit { detail: Some(kind), ..found })
    };
    kinds.into_iter().map(hit).collect()
}

/// What the detectors find, where a reader has looked at the text too: what it named takes the place of the plain rule
/// for `format_break`. A reader that named nothing leaves that rule as it is.
pub fn examine_read(observation: &Observation, breaks: &[&'static str]) -> Vec<(&'static Detector, Hit)> {
    let mut found = examine(observation);
    let named = format_breaks(observation.output.as_ref().map_or("", |o| o.text), breaks);
    if !named.is_empty() {
        found.retain(|(d, _)| d.id != "format_break");
        found.extend(named);
        // Stable: the reader's order stays within the class.
        found.sort_by_key(|(d, _)| d.number);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::Output;
    use super::*;
    use crate::subject::StopReason;

    fn read(text: &str, gold: &[String], breaks: &[&'static str]) -> Vec<(&'static str, Option<&'static str>)> {
        let output = Output { gold, ..Output::new(text, &[], &[], StopReason::Stop) };
        let observation = Observation { numeric_fault: None, label_mass: None, output: Some(output) };
        examine_read(&observation, breaks).into_iter().map(|(d, hit)| (d.id, hit.detail)).collect()
    }

    #[test]
    fn a_reader_names_the_kinds_and_each_is_one_finding() {
        let schema = r#"{"type": "object", "properties": {"city": {"type": "string"}}}"#;
        assert_eq!(read(schema, &[], &["schema_echoed"]), [("format_break", Some("schema_echoed"))]);
        let several = read("{\"a\": 1}", &[], &["missing", "type", "missing"]);
        assert_eq!(several, [("format_break", Some("missing")), ("format_break", Some("type"))]);
        assert_eq!(read("{\"a\": 1}", &[], &[]), []);
        let found = format_breaks("{\"a\": 1}", &["missing", "type", "missing"]);
        assert_eq!(found.iter().map(|(_, hit)| hit.value).collect::<Vec<_>>(), [2.0, 1.0]);
    }

    #[test]
    fn a_fence_is_found_where_it_stands() {
        let found = format_breaks("Here \u{e9}: ```json\n{}\n```", &["fence"]);
        assert_eq!(found.iter().map(|(_, hit)| (hit.onset, hit.span)).collect::<Vec<_>>(), [(8, [9, 23])]);
    }

    #[test]
    fn without_the_readers_word_the_plain_rule_stands() {
        let gold = ["blue".to_string()];
        let prose = "The missing element is blue.";
        assert_eq!(read(prose, &gold, &[]), [("format_break", Some("prose_around"))]);
        assert_eq!(read("```\nblue\n```", &gold, &[]), [("format_break", Some("fence"))]);
        assert_eq!(read(prose, &gold, &["unparsable"]), [("format_break", Some("unparsable"))]);
        assert_eq!(read("blue", &gold, &[]), []);
    }

    #[test]
    fn findings_keep_the_order_of_the_table() {
        let text = "eGfes".repeat(40);
        let classes: Vec<&str> = read(&text, &[], &["unparsable"]).into_iter().map(|(id, _)| id).collect();
        assert_eq!(classes, ["period_loop", "low_information", "mojibake", "format_break"]);
    }
}
