use super::*;
use crate::json::{Prefix, Viability};

const MONTHS: [[&str; 2]; 12] = [
    ["january", "gennaio"],
    ["february", "febbraio"],
    ["march", "marzo"],
    ["april", "aprile"],
    ["may", "maggio"],
    ["june", "giugno"],
    ["july", "luglio"],
    ["august", "agosto"],
    ["september", "settembre"],
    ["october", "ottobre"],
    ["november", "novembre"],
    ["december", "dicembre"],
];

const COUNTED: &[(&str, f64)] = &[
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("twelve", 12.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
    ("forty", 40.0),
    ("forty-two", 42.0),
    ("fifty", 50.0),
    ("sixty", 60.0),
    ("due", 2.0),
    ("tre", 3.0),
    ("quattro", 4.0),
    ("cinque", 5.0),
    ("sette", 7.0),
    ("nove", 9.0),
    ("primo", 1.0),
    ("secondo", 2.0),
    ("terzo", 3.0),
    ("quarto", 4.0),
    ("sesto", 6.0),
];

const HOURS: &[(&str, &str)] = &[
    ("half past six in the morning", "06:30"),
    ("a quarter past nine in the evening", "21:15"),
    ("eight in the evening", "20:00"),
    ("half past three in the afternoon", "15:30"),
    ("seven in the evening", "19:00"),
    ("half past eight in the evening", "20:30"),
    ("ten in the evening", "22:00"),
    ("half past four in the afternoon", "16:30"),
];

/// What a key's truth value is read from: what the text says if it is true, and if it is false.
const SAID: &[(&str, &str, &str)] = &[
    ("express", "Express delivery was asked", "no need for express"),
    ("battery_low", "nearly empty", "is full"),
    ("signed", "signed by the author", "not signed"),
    ("colazione", "con la colazione", "senza colazione"),
    ("vaccinato", "è già vaccinato", "non è ancora vaccinato"),
    ("newsletter", "would like the newsletter", "do not want"),
    ("paid", "has been paid", "has not been paid"),
    ("fragile", "è fragile", "non è fragile"),
    ("approved", "has been approved", "has not been approved"),
    ("warranty", "still valid", "run out"),
    ("ascensore", "con ascensore", "senza ascensore"),
    ("locker", "with a locker", "without a locker"),
    ("explicit", "marked as explicit", "not explicit"),
    ("pagata", "già pagata", "Non risulta"),
    ("child_seat", "with a child", "without a child"),
    ("insured", "is an insurance", "is no insurance"),
    ("dog", "with a dog", "without a dog"),
    ("ridotto", "ridotto", "intero"),
];

/// Values of an enum that the text says otherwise.
const PARAPHRASED: &[(&str, &str)] =
    &[("delivery", "delivered to the door"), ("pickup", "picked up at the shop"), ("carta", "con la carta")];

/// Every number of a text, in digits or words; in Italian the comma divides.
fn numbers(question: &Question) -> Vec<f64> {
    let mut found = Vec::new();
    let text = question.text.to_lowercase();
    let parts: Vec<&str> = text.split([' ', '(', ')', '/', '°', '\u{a0}']).collect();
    for (i, part) in parts.iter().enumerate() {
        let bare = part.trim_matches(|c: char| !c.is_alphanumeric());
        let bare = bare.split("-page").next().unwrap();
        let minus = i > 0 && parts[i - 1] == "minus";
        let value = match COUNTED.iter().find(|(word, _)| *word == bare) {
            Some((_, value)) => Some(*value),
            None if question.lang == "it" => bare.replace(',', ".").parse::<f64>().ok(),
            None => bare.parse::<f64>().ok(),
        };
        found.extend(value.map(|v| if minus { -v } else { v }));
    }
    found
}

fn dates(text: &str) -> Vec<String> {
    let words: Vec<String> = crate::text::words(text);
    let date = |w: &[String]| {
        let month = MONTHS.iter().position(|names| names.contains(&w[1].as_str()))?;
        let (day, year) = (w[0].parse::<u32>().ok()?, w[2].parse::<u32>().ok()?);
        Some(format!("{year:04}-{:02}-{day:02}", month + 1))
    };
    words.windows(3).filter_map(date).collect()
}

fn times(text: &str) -> Vec<String> {
    let clock = text.split_whitespace().filter_map(|word| {
        let (h, m) = word.trim_matches(|c: char| !c.is_alphanumeric()).split_once(':')?;
        Some(format!("{:02}:{:02}", h.parse::<u32>().ok()?, m.parse::<u32>().ok()?))
    });
    // "half past eight in the evening" holds "eight in the evening".
    let longest = HOURS.iter().filter(|(said, _)| text.contains(said)).max_by_key(|(said, _)| said.len());
    clock.chain(longest.map(|(_, t)| t.to_string())).collect()
}

/// Why a leaf of the gold document does not follow from the text.
fn unsaid(question: &Question, key: &str, schema: &Value, leaf: &Value) -> Option<String> {
    let text = &question.text;
    let says = |what: &str| schema["description"].as_str().is_some_and(|d| d.contains(what));
    let found = match leaf {
        Value::Null => question.template.ends_with("-1") && question.kind == "constraints",
        Value::Bool(value) => {
            let (_, yes, no) = SAID.iter().find(|(k, _, _)| *k == key).expect(key);
            let denied = text.contains(no);
            (denied || text.contains(yes)) && *value != denied
        }
        Value::Number(n) => numbers(question).contains(&n.as_f64().unwrap()),
        Value::String(value) if says("YYYY") || says("AAAA") => dates(text).contains(value),
        Value::String(value) if says("HH:MM") => times(text).contains(value),
        Value::String(value) if schema.get("enum").is_some() => {
            let said = |v: &str| {
                let paraphrase = PARAPHRASED.iter().find(|(name, _)| *name == v).map(|(_, said)| *said);
                paraphrase.is_some_and(|p| text.contains(p)) || crate::text::words(text).contains(&v.to_string())
            };
            let others = schema["enum"].as_array().unwrap().iter().filter_map(Value::as_str);
            // One value alone is said, unless the text lists several or corrects itself.
            let several = key.is_empty() || question.kind == "constraints";
            said(value) && (several || others.filter(|o| said(o)).count() == 1)
        }
        Value::String(value) => text.contains(value.as_str()),
        _ => true,
    };
    (!found).then(|| format!("{key}: {leaf} in {text}"))
}

fn leaves(question: &Question, key: &str, schema: &Value, value: &Value, wrong: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (k, v) in map {
                leaves(question, k, &schema["properties"][k], v, wrong);
            }
        }
        Value::Array(list) => list.iter().for_each(|v| leaves(question, "", &schema["items"], v, wrong)),
        leaf => wrong.extend(unsaid(question, key, schema, leaf)),
    }
}

#[test]
fn every_gold_follows_from_its_text() {
    let mut wrong = Vec::new();
    for question in questions().iter().chain(&training(3, 600)) {
        let (schema, gold) = (parsed(question.part("schema")), parsed(&question.gold[0]));
        assert!(gold.is_object(), "{}", question.gold[0]);
        assert_eq!(validate(&schema, &gold), Ok(()), "{gold}");
        assert!(!question.text.contains(['<', '>']) && !question.gold[0].contains(['<', '>']), "{}", question.text);
        assert!(!question.text.contains("  ") && !question.text.contains(" ."), "{}", question.text);
        leaves(question, "", &schema, &gold, &mut wrong);
        // What is long in characters is long in tokens: 160 of them must do.
        assert!(question.gold[0].len() <= 330, "{}", question.gold[0]);
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_text_that_corrects_itself_ends_with_what_holds() {
    let markers = ["Wait,", "Sorry,", "Correction:", "No,", "Rettifica:", "Anzi no", "The X-ray", "Mi correggo"];
    let corrected = |q: &&Question| q.kind == "constraints" && q.template.ends_with("-4");
    let questions = questions();
    let all: Vec<&Question> = questions.iter().filter(corrected).collect();
    assert_eq!(all.len(), 24);
    for question in all {
        let marker = markers.iter().find(|m| question.text.contains(**m)).expect(&question.text);
        let (before, after) = question.text.split_once(marker).unwrap();
        let gold = parsed(&question.gold[0]);
        let part = |text: &str| Question { text: text.to_string(), ..question.clone() };
        let days = |text: &str| -> Vec<String> {
            let named = crate::text::words(text).into_iter().filter(|w| w.ends_with("dì") && w.len() > 4);
            named.chain(dates(text)).collect()
        };
        let (first, last) = (numbers(&part(before)), numbers(&part(after)));
        let leaves: Vec<&Value> = gold.as_object().unwrap().values().collect();
        let number_moved =
            leaves.iter().any(|leaf| leaf.as_f64().is_some_and(|v| last.contains(&v) && !first.contains(&v)));
        let day_moved = leaves
            .iter()
            .filter_map(|l| l.as_str())
            .any(|leaf| days(after).iter().any(|d| d == leaf) && !days(before).iter().any(|d| d == leaf));
        assert!(number_moved || day_moved, "{} {gold}", question.text);
    }
}

#[test]
fn kinds_and_languages_are_balanced() {
    let questions = questions();
    for kind in ["flat", "nested", "arrays_enums", "constraints"] {
        let of: Vec<&Question> = questions.iter().filter(|q| q.kind == kind).collect();
        let italian = of.iter().filter(|q| q.lang == "it").count();
        assert_eq!((of.len(), italian), (96, 32), "{kind}");
    }
    assert_eq!(training(1, 3_000).len(), 3_000);
}

#[test]
fn every_schema_can_constrain_and_every_gold_can_be_written() {
    for question in questions() {
        let prefix = Prefix::new(&parsed(question.part("schema"))).unwrap();
        assert_eq!(prefix.accepts(&question.gold[0]), Viability::Complete, "{}", question.gold[0]);
        let pretty = serde_json::to_string_pretty(&parsed(&question.gold[0])).unwrap();
        assert_eq!(prefix.accepts(&pretty), Viability::Complete, "{pretty}");
    }
}

/// A question with a fixed document.
fn asked() -> Question {
    let schema = r#"{"type":"object","properties":{"a":{"type":"integer","maximum":9},"b":{"enum":["x","y"]},"c":{"type":"array","items":{"type":"string"},"description":"in any order"},"d":{"type":"array","items":{"type":"number"}}},"required":["a","b"],"additionalProperties":false}"#;
    Question::open("a 1, b x, c p and q, d 1 and 2", &[r#"{"a":1,"b":"x","c":["p","q"],"d":[1,2.5]}"#])
        .field("schema", schema)
}

#[test]
fn a_reading_has_its_facets_and_breaks() {
    let question = asked();
    let schema = question.part("schema").to_string();
    let gold = r#"{"a":1,"b":"x","c":["p","q"],"d":[1,2.5]}"#;
    let fenced = format!("```json\n{gold}\n```");
    let prose = format!("Here you are: {gold}");
    let cases: &[(&str, [bool; 3], &[&str])] = &[
        (gold, [true; 3], &[]),
        (" {\"d\": [1.0, 2.5], \"c\": [\"q\", \"p\"],\n \"b\": \"x\", \"a\": 1.0}\n", [true; 3], &[]),
        (&fenced, [true; 3], &["fence"]),
        (&prose, [true; 3], &["prose_around"]),
        (r#"{"a":2,"b":"x","c":["p","q"],"d":[1,2.5]}"#, [true, true, false], &["value"]),
        (r#"{"a":1,"b":"x","c":["p","q"],"d":[2.5,1]}"#, [true, true, false], &["value"]),
        (r#"{"a":1,"b":"x","c":["p"],"d":[1,2.5]}"#, [true, true, false], &["value"]),
        (r#"{"a":1,"b":"x"}"#, [true, true, false], &["value"]),
        (r#"{"a":1,"b":"x","c":["p","q"],"d":[1,2.5],"e":0}"#, [true, false, true], &["extra"]),
        (r#"{"a":"1","b":"x","c":["p","q"],"d":[1,2.5]}"#, [true, false, false], &["type"]),
        (r#"{"a":10,"b":"z"}"#, [true, false, false], &["enum", "constraint"]),
        (r#"{"b":"x","c":["p","q"],"d":[1,2.5]}"#, [true, false, false], &["missing"]),
        (r#"[{"a":1,"b":"x"}]"#, [true, false, false], &["type"]),
        (&schema, [true, false, false], &["schema_echoed"]),
        ("{\"a\":1,", [false; 3], &["unparsable"]),
        ("1", [false; 3], &["unparsable"]),
        ("", [false; 3], &["unparsable"]),
    ];
    for (text, facets, breaks) in cases {
        let reading = read(text, &question);
        assert_eq!(reading.facets.iter().map(|(_, f)| *f).collect::<Vec<_>>(), facets, "{text}");
        assert_eq!(reading.breaks, *breaks, "{text}");
        assert_eq!(reading.right, facets == &[true; 3] && breaks.is_empty(), "{text}");
        assert_eq!(reading.answer.is_some(), facets[0], "{text}");
    }
}

#[test]
fn rules_answer_in_json() {
    for question in questions() {
        assert!(parsed(&scan::copy_through(&question)).is_object());
        assert_eq!(read(&schema_echo(&question), &question).breaks, ["schema_echoed"]);
    }
}
