//! Each way a card or a samples file can lie, by name, with its sentence.

mod common;

use cards::*;
use proptest::prelude::*;
use serde_json::{Value, json};

fn tree() -> Value {
    serde_json::from_str(&common::sealed().0.to_canonical_json().unwrap()).unwrap()
}

/// The sentence for a card changed as a tree and written canonically, with an identity that fits if there is one.
fn changed(change: impl FnOnce(&mut Value)) -> String {
    let mut tree = tree();
    change(&mut tree);
    let map = tree.as_object_mut().unwrap();
    let stated = map.shift_remove("id");
    let id = to_canonical(map).map(|text| format!("sha256:{}", sha256_hex(text.as_bytes()))).unwrap();
    map.insert(
        "id".into(),
        stated.filter(|s| !s.as_str().unwrap_or_default().starts_with("sha256:")).unwrap_or(json!(id)),
    );
    refused(to_canonical(&tree).unwrap().as_bytes())
}

/// The sentence for a card changed as text.
fn edited(from: &str, to: &str) -> String {
    let text = common::sealed().0.to_canonical_json().unwrap();
    assert!(text.contains(from), "the fixture has no {from}");
    refused(text.replacen(from, to, 1).as_bytes())
}

fn refused(bytes: &[u8]) -> String {
    Card::parse(bytes).expect_err("the card was accepted").to_string()
}

/// The sentence for a samples file whose third line is changed as text.
fn row_edited(from: &str, to: &str) -> String {
    let text = samples_to_jsonl(&common::rows()).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    assert!(lines[2].contains(from), "the row has no {from}");
    lines[2] = lines[2].replacen(from, to, 1);
    let text = lines.join("\n") + "\n";
    parse_samples(text.as_bytes()).expect_err("the row was accepted").to_string()
}

#[test]
fn card_too_large() {
    insta::assert_snapshot!(refused(&vec![b' '; MAX_CARD_BYTES + 1]), @"the card has 1048577 bytes, more than the 1048576 that are read; it was not opened");
}

#[test]
fn card_empty() {
    insta::assert_snapshot!(refused(b""), @"not JSON: EOF while parsing a value at line 1 column 0");
}

#[test]
fn card_cut_off() {
    let text = common::sealed().0.to_canonical_json().unwrap();
    insta::assert_snapshot!(refused(&text.as_bytes()[..100]), @"not JSON: EOF while parsing a string at line 1 column 100");
}

#[test]
fn card_with_trailing_bytes() {
    let text = common::sealed().0.to_canonical_json().unwrap();
    assert!(refused(format!("{text}x").as_bytes()).starts_with("not JSON: trailing characters"));
}

#[test]
fn card_with_byte_order_mark() {
    insta::assert_snapshot!(refused(b"\xef\xbb\xbf{}"), @"expected `{` at byte 0, found a byte order mark; save the file without one");
}

#[test]
fn card_not_utf8() {
    insta::assert_snapshot!(refused(b"{\"a\":\"\xff\"}"), @"expected UTF-8, found another byte at byte 6; the file is damaged");
}

#[test]
fn card_with_duplicate_key() {
    insta::assert_snapshot!(refused(br#"{"a":[{"b":1,"b":2}]}"#), @"the key `b` occurs twice at a[0]; a card names each key once");
}

#[test]
fn card_with_duplicate_key_written_as_escape() {
    insta::assert_snapshot!(refused(br#"{"a":1,"\u0061":2}"#), @"the key `a` occurs twice at $; a card names each key once");
}

#[test]
fn card_with_lone_surrogate() {
    for text in [r#"{"a":"\ud800"}"#, r#"{"a":"\ud800\u0041"}"#, r#"{"a":"\udc00"}"#, r#"{"\ud800":1}"#] {
        let sentence = refused(text.as_bytes());
        assert!(sentence.starts_with("not JSON: half of a surrogate pair"), "{text}: {sentence}");
    }
}

#[test]
fn card_nested_too_deeply() {
    let deep = format!("{}1{}", "[".repeat(17), "]".repeat(17));
    insta::assert_snapshot!(refused(deep.as_bytes()), @"nesting at [0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0] is deeper than 16 levels; no card needs that");
    let just = format!("{}1{}", "[".repeat(16), "]".repeat(16));
    assert!(!refused(just.as_bytes()).contains("deeper"));
}

#[test]
fn card_nested_without_end() {
    assert!(refused("[".repeat(1_000_000).as_bytes()).contains("deeper than 16"));
    assert!(refused("{\"a\":".repeat(200_000).as_bytes()).contains("deeper than 16"));
}

#[test]
fn card_with_integer_beyond_a_double() {
    insta::assert_snapshot!(refused(br#"{"a":{"b":9007199254740992}}"#), @"expected a number within 2^53 - 1 at a.b, found 9007199254740992; other readers would change it");
}

#[test]
fn card_with_negative_integer_beyond_a_double() {
    insta::assert_snapshot!(refused(br"[-9007199254740992]"), @"expected a number within 2^53 - 1 at [0], found -9007199254740992; other readers would change it");
}

#[test]
fn card_with_huge_number() {
    insta::assert_snapshot!(refused(br"[1e308]"), @"expected a number within 2^53 - 1 at [0], found 1e+308; other readers would change it");
}

#[test]
fn card_with_infinite_number() {
    insta::assert_snapshot!(refused(br"[1e999]"), @"not JSON: number out of range at line 1 column 6");
}

#[test]
fn card_with_nan() {
    insta::assert_snapshot!(refused(br"[NaN]"), @"not JSON: expected value at line 1 column 2");
}

#[test]
fn card_with_minus_zero() {
    assert!(edited("\"nan_count\":0", "\"nan_count\":-0").contains("not RFC 8785"));
}

#[test]
fn card_with_spaces() {
    assert!(edited("\":", "\": ").contains("not RFC 8785"));
}

#[test]
fn card_with_keys_in_another_order() {
    insta::assert_snapshot!(refused(br#"{"b":1,"a":2}"#), @"the bytes are not RFC 8785 canonical JSON from byte 2 on; a card is refused, not repaired");
}

#[test]
fn card_with_number_in_another_form() {
    insta::assert_snapshot!(refused(br#"{"a":1.0}"#), @"the bytes are not RFC 8785 canonical JSON from byte 6 on; a card is refused, not repaired");
}

#[test]
fn card_of_another_schema() {
    insta::assert_snapshot!(changed(|c| c["schema"] = json!("benchcard/2")), @"expected benchcard/1 at schema, found benchcard/2");
}

#[test]
fn card_of_another_kind() {
    insta::assert_snapshot!(changed(|c| c["kind"] = json!("diff")), @"at kind: unknown variant `diff`, expected `run`");
}

#[test]
fn card_with_unknown_key() {
    let sentence = changed(|c| c["engine"]["colour"] = json!("red"));
    assert!(sentence.starts_with("at engine.colour: unknown field `colour`"), "{sentence}");
}

#[test]
fn card_without_a_key() {
    insta::assert_snapshot!(changed(|c| { c["suite"].as_object_mut().unwrap().shift_remove("name"); }), @"at suite: missing field `name`");
}

#[test]
fn card_with_required_null_left_out() {
    let sentence = changed(|c| {
        c["bias"][0].as_object_mut().unwrap().shift_remove("format_gap");
    });
    assert!(sentence.contains("differ from what benchcard/1 writes"), "{sentence}");
}

#[test]
fn card_with_optional_null_written() {
    assert!(changed(|c| c["ext"] = Value::Null).contains("differ from what benchcard/1 writes"));
}

#[test]
fn card_with_seven_decimals() {
    assert!(changed(|c| c["results"][0]["threshold"] = json!(0.800_000_1)).contains("differ from what"));
}

#[test]
fn card_with_text_for_a_number() {
    insta::assert_snapshot!(changed(|c| c["results"][0]["k"] = json!("18")), @r#"at results[0].k: invalid type: string "18", expected u64"#);
}

#[test]
fn card_with_negative_count() {
    insta::assert_snapshot!(changed(|c| c["results"][0]["k"] = json!(-1)), @"at results[0].k: invalid value: integer `-1`, expected u64");
}

#[test]
fn card_with_ext_of_another_type() {
    insta::assert_snapshot!(changed(|c| c["ext"] = json!({"a": 1})), @"at ext.a: invalid type: integer `1`, expected a string");
}

#[test]
fn card_changed_after_it_was_made() {
    let sentence = edited("Small language tasks", "Great language tasks");
    assert!(sentence.starts_with("the card is not the one its id names"), "{sentence}");
}

#[test]
fn card_with_malformed_id() {
    insta::assert_snapshot!(changed(|c| c["id"] = json!("md5:12")), @"expected `sha256:` and 64 lower-case hexadecimal digits at id, found md5:12");
}

#[test]
fn more_right_than_asked() {
    insta::assert_snapshot!(changed(|c| c["results"][0]["k"] = json!(25)), @"expected a count up to n at results[0].k, found 25 of 24; expected at least the sum of the outcomes at results[0].n, found 24 below 25");
}

#[test]
fn outcomes_beyond_n() {
    insta::assert_snapshot!(changed(|c| c["results"][0]["n_error"] = json!(9_007_199_254_740_991_u64)), @"expected at least the sum of the outcomes at results[0].n, found 24 below 9007199254741009");
}

#[test]
fn no_baseline() {
    insta::assert_snapshot!(changed(|c| c["results"][0]["baselines"] = json!([])), @"expected at least one at results[0].baselines, found none");
}

#[test]
fn baseline_better_than_all() {
    insta::assert_snapshot!(changed(|c| c["results"][0]["baselines"][0]["k"] = json!(25)), @"expected a count up to n at results[0].baselines[0].k, found 25 of 24");
}

#[test]
fn score_beyond_one() {
    insta::assert_snapshot!(changed(|c| c["results"][0]["score"] = json!(1.5)), @"expected a number from 0 to 1 at results[0].score, found 1.5");
}

#[test]
fn interval_turned_round() {
    insta::assert_snapshot!(
        changed(|c| c["results"][0]["uncertainty"]["confidence_interval"]["lower"] = json!(0.99)), @"expected 0 <= lower <= upper <= 1 at results[0].uncertainty.confidence_interval, found 0.99 and 0.90227");
}

#[test]
fn confusion_of_another_shape() {
    insta::assert_snapshot!(changed(|c| c["results"][0]["confusion"] = json!([[1]])), @"expected a row for each label and a column more at results[0].confusion, found another shape");
}

#[test]
fn result_of_an_unknown_task() {
    insta::assert_snapshot!(changed(|c| c["results"][12]["task"] = json!("Z99")), @"expected a task of the card at results[12].task, found Z99");
}

#[test]
fn the_same_result_twice() {
    let sentence = changed(|c| c["results"][1]["metric_id"] = json!("accuracy"));
    assert!(sentence.starts_with("expected each task, mode and metric once at results[1]"), "{sentence}");
}

#[test]
fn the_same_task_twice() {
    let sentence = changed(|c| c["tasks"][1]["task"] = json!("A01"));
    assert!(sentence.contains("expected each task once at tasks, found one twice"), "{sentence}");
}

#[test]
fn too_many_results() {
    let sentence = changed(|c| {
        let row = c["results"][0].clone();
        let rows = (0..600).map(|i| {
            let mut row = row.clone();
            row["metric_id"] = json!(format!("m{i}"));
            row
        });
        c["results"] = rows.collect();
    });
    insta::assert_snapshot!(sentence, @"expected at most 512 rows at results, found 600");
}

#[test]
fn hash_in_capitals() {
    insta::assert_snapshot!(changed(|c| c["suite"]["sha256"] = json!("A".repeat(64))), @"expected 64 lower-case hexadecimal digits at suite.sha256, found AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}

#[test]
fn no_limitation() {
    insta::assert_snapshot!(changed(|c| c["limitations"] = json!([])), @"expected 1 to 12 entries at limitations, found 0");
}

#[test]
fn title_too_long() {
    insta::assert_snapshot!(changed(|c| c["title"] = json!("x".repeat(121))), @"expected 1 to 120 characters at title, found 121");
}

#[test]
fn text_too_long() {
    insta::assert_snapshot!(changed(|c| c["repro"]["command"] = json!("x".repeat(2_001))), @"expected at most 2000 characters at repro.command, found 2001");
}

#[test]
fn time_that_is_none() {
    for bad in [
        "2026-13-01T00:00:00Z",
        "2026-11-21 14:00:00Z",
        "2026-11-21T14:00:00+01:00",
        "yesterday",
        "é026-11-21T14:00:0Z",
    ] {
        assert!(changed(|c| c["created"] = json!(bad)).contains("a UTC time"), "{bad}");
    }
}

#[test]
fn seed_as_a_number() {
    assert!(changed(|c| c["decoding"]["seed"] = json!(7)).starts_with("at decoding.seed: invalid type"));
    insta::assert_snapshot!(changed(|c| c["decoding"]["seed"] = json!("007")), @"expected a 64-bit number as decimal text at decoding.seed, found 007");
}

#[test]
fn file_name_with_a_folder() {
    for bad in ["../../etc/passwd", "a/b", "a\\b", "c:x", "", ".."] {
        assert!(changed(|c| c["samples"]["file_path"] = json!(bad)).contains("a file name without folders"), "{bad}");
        assert!(changed(|c| c["model"]["files"][0]["name"] = json!(bad)).contains("a file name"), "{bad}");
    }
}

#[test]
fn attempted_beyond_planned() {
    insta::assert_snapshot!(changed(|c| c["completeness"]["attempted"] = json!(193)), @"expected a count up to planned at completeness.attempted, found 193");
}

#[test]
fn data_set_of_nothing() {
    insta::assert_snapshot!(changed(|c| c["datasets"][0]["name"] = json!("elsewhere")), @"expected a task's or the suite's name at datasets[0].name, found elsewhere");
}

#[test]
fn hidden_characters_in_an_error_are_escaped() {
    let sentence = changed(|c| c["schema"] = json!("\u{202e}\u{1b}[31m\n"));
    assert!(!sentence.chars().any(|c| c.is_control() || c == '\u{202e}'), "{sentence:?}");
}

#[test]
fn hostile_keys_in_an_error_are_short_and_escaped() {
    let key = format!("\u{202e}{}", "k".repeat(10_000));
    let sentences = [
        changed(|c| c["ext"] = json!({key.as_str(): 1})),
        changed(|c| c["engine"][key.as_str()] = json!(1)),
        changed(|c| c["ext"] = json!({"a": key.as_str(), "b": "x".repeat(2_001)})),
        refused(format!("{{\"{key}\":[1e300]}}").as_bytes()),
        refused(format!("{{\"{key}\":1,\"{key}\":1}}").as_bytes()),
    ];
    for sentence in sentences {
        assert!(sentence.chars().count() < 1_500 && !sentence.contains('\u{202e}'), "{sentence}");
    }
}

#[test]
fn eleven_problems_are_ten_and_one_more() {
    let sentence = changed(|c| {
        for task in c["tasks"].as_array_mut().unwrap() {
            task["fewshot_seed"] = json!("x");
            task["metric_list"] = json!([]);
        }
    });
    assert!(sentence.ends_with("; and 6 more"), "{sentence}");
}

#[test]
fn row_cut_off() {
    let text = samples_to_jsonl(&common::rows()).unwrap();
    insta::assert_snapshot!(parse_samples(text.trim_end().as_bytes()).unwrap_err(), @"expected a JSON object and a line feed at samples line 192, found the end of the file; the file is cut off or edited");
}

#[test]
fn row_empty() {
    let text = samples_to_jsonl(&common::rows()).unwrap().replacen('\n', "\n\n", 1);
    insta::assert_snapshot!(parse_samples(text.as_bytes()).unwrap_err(), @"expected a JSON object and a line feed at samples line 2, found an empty line; the file is cut off or edited");
}

#[test]
fn row_too_long() {
    let mut rows = common::rows();
    rows[2].resps = vec!["x".repeat(MAX_ROW_BYTES)];
    let sentence = samples_to_jsonl(&rows).unwrap_err().to_string();
    assert!(sentence.starts_with("samples line 3: the row has 6"), "{sentence}");
    let mut line = "x".repeat(MAX_ROW_BYTES + 1);
    line.push('\n');
    insta::assert_snapshot!(parse_samples(line.as_bytes()).unwrap_err(), @"samples line 1: the row has 65537 bytes, more than the 65536 that are read; it was not opened");
}

#[test]
fn row_with_carriage_return() {
    let text = samples_to_jsonl(&common::rows()).unwrap().replacen('\n', "\r\n", 1);
    assert!(parse_samples(text.as_bytes()).unwrap_err().to_string().contains("not RFC 8785"));
}

#[test]
fn row_with_unknown_key() {
    let sentence = row_edited("{\"choices\"", "{\"a\":1,\"choices\"");
    assert!(sentence.starts_with("samples line 3: at a: unknown field `a`"), "{sentence}");
}

#[test]
fn row_with_duplicate_key() {
    let sentence = row_edited("{\"choices\"", "{\"choices\":[],\"choices\"");
    insta::assert_snapshot!(sentence, @"samples line 3: the key `choices` occurs twice at $; a card names each key once");
}

#[test]
fn row_with_bad_hash() {
    let sentence = row_edited("\"doc_hash\":\"", "\"doc_hash\":\"zz");
    assert!(sentence.contains("64 lower-case hexadecimal digits at doc_hash"), "{sentence}");
}

#[test]
fn row_with_unknown_verdict() {
    let sentence = row_edited("\"verdict\":\"correct\"", "\"verdict\":\"excellent\"");
    assert!(sentence.starts_with("samples line 3: at verdict: unknown variant `excellent`"), "{sentence}");
}

#[test]
fn row_with_negative_margin() {
    let sentence = row_edited("\"margin\":", "\"margin\":-");
    assert!(sentence.contains("expected 0 or more at margin"), "{sentence}");
}

#[test]
fn row_with_too_many_tokens_at_the_decision() {
    let sentence = row_edited("\"top5\":[", "\"top5\":[[1,1],[1,1],[1,1],[1,1],");
    assert!(sentence.contains("expected at most 5 tokens at top5, found 6"), "{sentence}");
}

#[test]
fn row_with_scores_for_no_choice() {
    let sentence = row_edited("\"lls\":[", "\"lls\":[0,");
    assert!(sentence.contains("expected one score for each choice at lls, found 5 scores for 4 choices"), "{sentence}");
}

#[test]
fn no_rows_at_all() {
    assert_eq!(parse_samples(b"").unwrap(), []);
    let card = Card::seal(common::draft(), &[]).unwrap();
    assert_eq!((card.samples.merkle_root.as_str(), card.completeness.attempted), (EMPTY_SHA256, 0));
}

proptest! {
    // Bounded, so that the suite stays within seconds.
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_changed_byte_is_refused(at in 0_usize..20_000, bit in 0_u8..8) {
        let mut bytes = common::sealed().0.to_canonical_json().unwrap().into_bytes();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        prop_assert!(Card::parse(&bytes).is_err());
    }

    #[test]
    fn any_bytes_give_a_sentence(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Card::parse(&bytes).is_err());
        if let Ok(rows) = parse_samples(&bytes) {
            prop_assert!(rows.is_empty());
        }
    }
}
