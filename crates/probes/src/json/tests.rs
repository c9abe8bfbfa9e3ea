//! Kinds of violation, and what the constraint allows against what the validator accepts.

use super::*;
use crate::seed::Seeded;
use serde_json::json;

fn kinds(schema: &Value, value: &Value) -> Vec<(String, &'static str)> {
    let broken = validate(schema, value).err().unwrap_or_default();
    broken.into_iter().map(|v| (v.path, v.kind.name())).collect()
}

/// A schema of every construct of the subset.
fn order() -> Value {
    json!({
        "title": "Order",
        "type": "object",
        "properties": {
            "id": {"type": "string", "minLength": 1, "maxLength": 8},
            "state": {"enum": ["new", "newer", "paid \"twice\"", null, 12, 120]},
            "lines": {
                "type": "array",
                "minItems": 1,
                "maxItems": 3,
                "items": {
                    "type": "object",
                    "properties": {
                        "name": {"type": "string", "maxLength": 12},
                        "n": {"type": "integer", "minimum": 1, "maximum": 250},
                        "price": {"type": "number", "exclusiveMinimum": 0, "maximum": 99.5}
                    },
                    "required": ["name", "n"],
                    "additionalProperties": false
                }
            },
            "note": {"type": ["string", "null"], "maxLength": 20},
            "gift": {"type": "boolean"},
            "kind": {"const": "order"},
            "balance": {"anyOf": [{"type": "number", "minimum": -5.5}, {"enum": ["n/a"]}, {"type": "null"}]}
        },
        "required": ["id", "lines", "kind"],
        "additionalProperties": false
    })
}

fn documents() -> Vec<Value> {
    vec![
        json!({"id": "A1", "lines": [{"name": "tea", "n": 2, "price": 3.25}], "kind": "order"}),
        json!({"kind": "order", "gift": true, "note": null, "state": 12, "lines": [{"n": 250, "name": ""}], "id": "é漢🐲"}),
        json!({"state": "newer", "id": "\"\\\n\u{1}", "lines": [{"name": "a", "n": 1}, {"name": "b", "n": 25}],
               "kind": "order", "note": "x", "balance": -5.5}),
        json!({"balance": "n/a", "id": "1", "lines": [{"name": "a", "n": 1, "price": 99.5}], "kind": "order",
               "state": "paid \"twice\"", "gift": false}),
        json!({"balance": null, "state": null, "id": "1", "lines": [{"price": 0.001, "name": "a", "n": 10}],
               "kind": "order"}),
    ]
}

#[test]
fn violations_have_their_kind_and_place() {
    let schema = order();
    let broken = json!({
        "id": 7, "state": "old", "lines": [{"name": "tea", "n": 0}, {"n": 1, "name": "x", "colour": "red"}, {"n": 1}],
        "balance": [], "extra": 1
    });
    let mut found = kinds(&schema, &broken);
    found.sort();
    let expected = [
        ("/balance", "constraint"),
        ("/extra", "extra"),
        ("/id", "type"),
        ("/kind", "missing"),
        ("/lines/0/n", "constraint"),
        ("/lines/1/colour", "extra"),
        ("/lines/2/name", "missing"),
        ("/state", "enum"),
    ];
    assert_eq!(found, expected.map(|(path, kind)| (path.to_string(), kind)));
    let either = json!({"anyOf": [{"type": "string"}, {"type": "null"}]});
    assert_eq!(kinds(&either, &json!(5)), [(String::new(), "type")]);
    assert_eq!(kinds(&json!({"unevaluatedItems": false}), &json!([1])), [("/0".to_string(), "extra")]);
    assert_eq!(kinds(&json!({"properties": {"a/b~": {"const": 1.0}}}), &json!({"a/b~": 1})), []);
    assert_eq!(kinds(&json!({"$ref": "#/nowhere"}), &json!(1)), [(String::new(), "constraint")]);
    assert_eq!(kinds(&json!({"$ref": "#"}), &json!(1)), [(String::new(), "constraint")]);
    assert_eq!(kinds(&json!({"pattern": "("}), &json!(1)), [(String::new(), "constraint")]);
}

#[test]
fn numbers_are_equal_by_value() {
    assert!(equal(&json!({"a": [1, 2.0], "b": null}), &json!({"b": null, "a": [1.0, 2]})));
    assert!(
        !equal(&json!([1, 2]), &json!([2, 1])) && !equal(&json!(1), &json!("1")) && !equal(&json!(0), &json!(false))
    );
    assert!(!equal(&json!(9_007_199_254_740_993_i64), &json!(9_007_199_254_740_992_i64)));
}

#[test]
fn every_beginning_of_a_valid_document_is_viable() {
    let schema = order();
    let prefix = Prefix::new(&schema).unwrap();
    for document in documents() {
        assert_eq!(validate(&schema, &document), Ok(()), "{document}");
        for text in [document.to_string(), serde_json::to_string_pretty(&document).unwrap()] {
            let mut state = prefix.start();
            let n = text.chars().count();
            for (i, c) in text.chars().enumerate() {
                let expected = if i + 1 == n { Viability::Complete } else { Viability::Open };
                assert_eq!(state.push_char(c), expected, "{text} at {i}");
                assert_eq!(state.clone().viability(), expected);
            }
            assert_eq!(prefix.accepts(&text), Viability::Complete);
            assert_eq!(state.push_char('x'), Viability::Dead);
            assert_eq!(state.push_char(' '), Viability::Dead);
        }
    }
}

#[test]
fn a_changed_document_dies_or_is_not_whole_or_is_valid_still() {
    let schema = order();
    let prefix = Prefix::new(&schema).unwrap();
    let mut seeded = Seeded::new(5);
    let (mut dead, mut whole) = (0, 0);
    let letters: Vec<char> = "{}[]\",:0123456789.-aentxru\\ \n".chars().collect();
    for _ in 0..4_000 {
        let documents = documents();
        let mut text: Vec<char> =
            documents[seeded.below(documents.len() as u64) as usize].to_string().chars().collect();
        let at = seeded.below(text.len() as u64) as usize;
        match seeded.below(3) {
            0 => drop(text.remove(at)),
            1 => text[at] = letters[seeded.below(letters.len() as u64) as usize],
            _ => text.insert(at, letters[seeded.below(letters.len() as u64) as usize]),
        }
        let text: String = text.into_iter().collect();
        match prefix.accepts(&text) {
            Viability::Dead => dead += 1,
            Viability::Open => {}
            Viability::Complete => {
                whole += 1;
                let value: Value = serde_json::from_str(&text).unwrap();
                assert_eq!(validate(&schema, &value), Ok(()), "{text}");
            }
        }
    }
    assert!(dead > 2_000 && whole > 100, "{dead} {whole}");
}

#[test]
fn what_breaks_the_schema_dies_where_it_breaks_it() {
    let (prefix, mut wrong) = (Prefix::new(&order()).unwrap(), Vec::new());
    for (text, at) in [
        (" {", 0),
        ("{}", 1),
        ("{\"x", 2),
        ("{\"id\":\"\"", 7),
        ("{\"id\":\"123456789", 15),
        ("{\"id\" :", 5),
        ("{\"id\":  1", 7),
        ("{\"id\":\"a\" ,", 9),
        ("{\"id\":\"a\",}", 10),
        ("{\"id\":\"a\",\"id", 11),
        ("{\"id\":\"\\ud83d\"", 13),
        ("{\"id\":\"\\udc00", 10),
        ("{\"lines\":[]", 10),
        ("{\"lines\":[{\"n\":251", 17),
        ("{\"lines\":[{\"n\":0", 15),
        ("{\"lines\":[{\"n\":1.", 16),
        ("{\"lines\":[{\"price\":0.0}", 22),
        ("{\"state\":13", 10),
        ("{\"state\":\"newest", 14),
        ("{\"note\":n\"", 9),
        ("{\"balance\":-6", 12),
        ("{\"balance\":\"x", 12),
    ] {
        let mut state = prefix.start();
        let died = text.chars().position(|c| state.push_char(c) == Viability::Dead);
        if died != Some(at) {
            wrong.push((text, died));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn a_random_walk_over_allowed_characters_ends_in_a_valid_document() {
    let schemas = [
        order(),
        json!({"type": "array", "maxItems": 2, "items": {"anyOf": [
        {"type": "object", "properties": {"name": {"const": "go"}, "arguments": {"type": "object", "properties":
            {"to": {"type": "string", "maxLength": 3}}, "required": ["to"], "additionalProperties": false}},
            "required": ["name", "arguments"], "additionalProperties": false},
        {"type": "object", "properties": {"name": {"const": "gone"}, "arguments": {"type": "object", "properties":
            {"n": {"type": "integer", "exclusiveMaximum": 0, "minimum": -1234}}, "additionalProperties": false}},
            "required": ["name", "arguments"], "additionalProperties": false}]}}),
    ];
    let letters: Vec<char> = (' '..='~').chain("\n\té漢🐲".chars()).collect();
    let (mut longest, mut seeded) = (0, Seeded::new(3));
    for schema in &schemas {
        let prefix = Prefix::new(schema).unwrap();
        for _ in 0..150 {
            let (mut state, mut text) = (prefix.start(), String::new());
            loop {
                let mut next: Vec<(char, State)> = Vec::new();
                for &c in &letters {
                    let mut ahead = state.clone();
                    if ahead.push_char(c) != Viability::Dead {
                        next.push((c, ahead));
                    }
                }
                let whole = state.viability() == Viability::Complete;
                if next.is_empty() || whole && seeded.below(2) == 0 {
                    assert!(whole, "a dead end: {text}");
                    break;
                }
                let (c, ahead) = next.swap_remove(seeded.below(next.len() as u64) as usize);
                text.push(c);
                state = ahead;
                assert!(text.len() < 4_000, "no end: {text}");
            }
            let value: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
            assert_eq!(validate(schema, &value), Ok(()), "{text}");
            longest = longest.max(text.len());
        }
    }
    assert!(longest > 300, "{longest}");
}

#[test]
fn a_schema_outside_the_subset_is_refused_by_a_sentence() {
    for schema in [
        json!(true),
        json!({}),
        json!({"type": "object"}),
        json!({"type": "object", "additionalProperties": false, "required": ["a"]}),
        json!({"type": "string", "pattern": "a"}),
        json!({"type": "array"}),
        json!({"type": "array", "items": {"type": "null"}, "uniqueItems": true}),
        json!({"type": "array", "items": {"type": "null"}, "minItems": 3, "maxItems": 2}),
        json!({"type": "integer", "multipleOf": 5}),
        json!({"type": "integer", "minimum": 0.5, "maximum": 0.6}),
        json!({"type": "number", "minimum": 2, "exclusiveMaximum": 2}),
        json!({"enum": []}),
        json!({"enum": [[1]]}),
        json!({"type": "string", "enum": [1]}),
        json!({"anyOf": [{"type": "string"}], "type": "string"}),
        json!({"$ref": "#"}),
    ] {
        let refused = Prefix::new(&schema).expect_err(&schema.to_string()).to_string();
        assert!(refused.contains("does not know this schema: "), "{refused}");
    }
}

#[test]
fn a_choice_is_one_of_its_strings() {
    let options = ["no", "not one", "è così", "no"].map(String::from);
    let choice = Choice::new(&options).unwrap();
    for (text, expected) in [
        ("", Viability::Open),
        ("n", Viability::Open),
        ("no", Viability::Complete),
        ("not", Viability::Open),
        ("not one", Viability::Complete),
        ("è cos", Viability::Open),
        ("è così", Viability::Complete),
        ("non", Viability::Dead),
        ("not one ", Viability::Dead),
        ("No", Viability::Dead),
    ] {
        assert_eq!(choice.accepts(text), expected, "{text}");
    }
    assert!(Choice::new(&[]).is_none());
}

#[test]
fn json_is_found_in_what_was_written() {
    let value = json!({"a": [1, {"b": "```"}]});
    let text = value.to_string();
    let found: &[(String, &[&str])] = &[
        (format!("\n {text}\n"), &[]),
        (json!({"a": "plain"}).to_string(), &[]),
        ("```json\n{\"a\": 1}\n```".to_string(), &["fence"]),
        ("```\n[]\n```\n".to_string(), &["fence"]),
        ("```{\"a\": 1}".to_string(), &["fence"]),
        ("Here it is:\n```json\n{\"a\": 1}\n```".to_string(), &["fence", "prose_around"]),
        ("```json\n{\"a\": 1}\n```\nDone.".to_string(), &["fence", "prose_around"]),
        ("Sure! {\"a\": 1}".to_string(), &["prose_around"]),
        ("{\"a\": 1} and more".to_string(), &["prose_around"]),
        ("{} {\"a\": 1}".to_string(), &["prose_around"]),
    ];
    for (text, breaks) in found {
        let extracted = extract(text);
        assert!(extracted.value.is_some(), "{text}");
        assert_eq!(extracted.breaks, *breaks, "{text}");
    }
    assert_eq!(extract(&text).value, Some(value));
    assert_eq!(extract("As in [1], {\"a\": [2]} holds.").value, Some(json!({"a": [2]})));
    for text in ["", "no JSON here", "{\"a\": 1", "{'a': 1}", "```json\n{\"a\":\n```", "{a: 1}"] {
        assert_eq!(extract(text), Extracted { value: None, breaks: vec!["unparsable"] }, "{text}");
    }
}
