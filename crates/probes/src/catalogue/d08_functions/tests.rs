use super::*;
use crate::json::{Prefix, Viability};
use std::collections::BTreeSet;

const KINDS: [&str; 6] = ["pick", "flat", "nested", "none", "parallel", "missing"];

const COUNTED: &[(&str, u64)] = &[("two", 2), ("three", 3), ("four", 4), ("five", 5)];

/// What a truth value is read from.
const SAID: &[(&str, &str, &str)] = &[("urgent", "as urgent", "not urgent"), ("color", "in color", "without color")];

/// Does a value of an argument stand in the request?
fn stands(text: &str, key: &str, value: &Value) -> bool {
    match value {
        Value::Object(map) => map.iter().all(|(k, v)| stands(text, k, v)),
        Value::Array(list) => list.iter().all(|v| stands(text, key, v)),
        Value::String(s) => text.to_lowercase().contains(&s.to_lowercase()),
        Value::Number(n) => {
            let digits = text.split(|c: char| !(c.is_ascii_digit() || c == '.')).map(|d| d.trim_matches('.'));
            let counted = COUNTED.iter().filter(|(word, _)| text.contains(word)).map(|(_, n)| *n as f64);
            let mut all = digits.filter_map(|d| d.parse::<f64>().ok()).chain(counted);
            all.any(|d| Some(d) == n.as_f64())
        }
        Value::Bool(b) => {
            let (_, yes, no) = SAID.iter().find(|(k, _, _)| *k == key).unwrap();
            let denied = text.contains(no);
            (denied || text.contains(yes)) && *b != denied
        }
        Value::Null => false,
    }
}

#[test]
fn every_gold_follows_from_the_request_and_the_tools() {
    for question in questions().iter().chain(&training(2, 500)) {
        let (text, schema) = (&question.text, parsed(question.part("schema")));
        assert!(!text.contains(['<', '>']) && !text.contains("  "), "{text}");
        let gold = parsed(&question.gold[0]);
        assert!(gold.is_array(), "{}", question.gold[0]);
        assert_eq!(validate(&schema, &gold), Ok(()), "{gold}");
        let gold = gold.as_array().unwrap();
        let tools: Vec<Value> = question.part("tools").lines().map(parsed).collect();
        assert!((3..=4).contains(&tools.len()));
        let calls: Vec<&Value> = gold.iter().filter(|g| g.get("name").is_some()).collect();
        assert!(calls.iter().all(|call| stands(text, "", &call["arguments"])), "{text} {gold:?}");
        match question.kind.as_str() {
            "none" => assert!(gold.is_empty()),
            "parallel" => {
                assert_eq!((gold.len(), calls.len()), (2, 2));
                assert!(!equal(calls[0], calls[1]), "{text}");
            }
            "missing" => {
                let [one] = gold.as_slice() else { panic!("{text}") };
                let asked = &one["ask"];
                let takes = |t: &&Value| t["parameters"]["required"].as_array().unwrap().contains(asked);
                assert!(tools.iter().any(|t| takes(&t)), "{text}");
                // Two times or two amounts would leave no doubt what is missing; one that stands there would.
                let clock =
                    text.contains(':') && ["time", "until", "at", "open_again"].contains(&asked.as_str().unwrap());
                assert!(!clock, "{text}");
            }
            kind => {
                assert_eq!((gold.len(), calls.len()), (1, 1), "{text}");
                let arguments = calls[0]["arguments"].as_object().unwrap();
                let nested = arguments.values().any(|v| v.is_object() || v.is_array());
                assert_eq!(nested, kind == "nested", "{text}");
                assert!(kind != "flat" || arguments.len() > 1, "{text}");
            }
        }
    }
}

#[test]
fn kinds_are_balanced_and_the_order_of_tools_gives_nothing_away() {
    let questions = questions();
    for kind in KINDS {
        assert_eq!(questions.iter().filter(|q| q.kind == kind).count(), 64, "{kind}");
    }
    let families: BTreeSet<&str> = questions.iter().filter_map(|q| q.template.split('-').next()).collect();
    assert_eq!(families.len(), 24);
    let mut places = [0_u32; 4];
    for question in &questions {
        let gold = parsed(&question.gold[0]);
        let Some(name) = gold[0].get("name") else { continue };
        let place = question.part("tools").lines().position(|line| parsed(line)["name"] == *name).unwrap();
        places[place] += 1;
    }
    assert!(places.iter().all(|n| (25..=110).contains(n)), "{places:?}");
    let trained: BTreeSet<String> = training(1, 2_000).into_iter().map(|q| q.kind).collect();
    assert_eq!(trained.len(), KINDS.len());
}

#[test]
fn a_tool_is_in_one_split_only() {
    let names = |families: &[Family]| -> BTreeSet<String> {
        families.iter().flat_map(|f| f.tools).map(|line| Tool::read(line).expect(line).name).collect()
    };
    let asked: BTreeSet<String> =
        [home::FAMILIES, work::FAMILIES, trade::FAMILIES].into_iter().flat_map(names).collect();
    let trained = names(train::FAMILIES);
    assert!(asked.is_disjoint(&trained), "{:?}", asked.intersection(&trained));
}

#[test]
fn every_answer_can_be_written_under_the_constraint() {
    for question in questions() {
        let prefix = Prefix::new(&parsed(question.part("schema"))).unwrap();
        assert_eq!(prefix.accepts(&question.gold[0]), Viability::Complete, "{}", question.gold[0]);
        assert_eq!(prefix.accepts("[{\"name\":\"fly_to_the_moon\""), Viability::Dead);
    }
}

fn asked(kind: &str, gold: &str) -> Question {
    let lines = ["go(to: str, speed: int, by?: car|bus) Goes.", "stop() Stops."];
    let tools: Vec<Tool> = lines.iter().map(|line| Tool::read(line).unwrap()).collect();
    let shown: Vec<String> = tools.iter().map(|t| t.shown().to_string()).collect();
    let question = Question::open("Go to Rome at 50.", &[gold]).kind(kind);
    question.field("tools", &shown.join("\n")).field("schema", &schema(&tools).to_string())
}

#[test]
fn a_call_is_read_with_its_facets_and_breaks() {
    let gold = r#"[{"name":"go","arguments":{"to":"Rome","speed":50}}]"#;
    let question = asked("flat", gold);
    let fenced = format!("```json\n{gold}\n```");
    let echoed = format!("[{}]", question.part("tools").lines().next().unwrap());
    let cases: &[(&str, [bool; 3], &[&str])] = &[
        (gold, [true; 3], &[]),
        ("[ {\"arguments\": {\"speed\": 50.0, \"to\": \"Rome\"}, \"name\": \"go\"} ]", [true; 3], &[]),
        (&fenced, [true; 3], &["fence"]),
        (r#"{"name":"go","arguments":{"to":"Rome","speed":50}}"#, [true; 3], &["type"]),
        (r#"[{"name":"go","arguments":{"to":"Oslo","speed":50}}]"#, [true, true, false], &["value"]),
        (r#"[{"name":"go","arguments":{"to":"Rome","speed":50,"by":"car"}}]"#, [true, true, false], &["value"]),
        (r#"[{"name":"go","arguments":{"to":"Rome","speed":50,"by":"ship"}}]"#, [true, true, false], &["enum"]),
        (r#"[{"name":"go","arguments":{"to":"Rome","speed":"50"}}]"#, [true, true, false], &["type"]),
        (r#"[{"name":"go","arguments":{"to":"Rome"}}]"#, [true, true, false], &["missing"]),
        (r#"[{"name":"go","arguments":{"to":"Rome","speed":50,"x":1}}]"#, [true, true, false], &["extra"]),
        (r#"[{"name":"fly","arguments":{"to":"Rome","speed":50}}]"#, [true, false, true], &["enum"]),
        (
            r#"[{"name":"go","arguments":{"to":"Rome","speed":50}},{"name":"stop","arguments":{}}]"#,
            [true, false, false],
            &["value"],
        ),
        ("[]", [false; 3], &["value"]),
        (r#"[{"ask":"to"}]"#, [false; 3], &["value"]),
        (r#"[{"tool":"go"}]"#, [false; 3], &["missing"]),
        (r#"["go"]"#, [false; 3], &["type"]),
        (&echoed, [true, true, false], &["schema_echoed"]),
        ("go(\"Rome\")", [false; 3], &["unparsable"]),
        ("", [false; 3], &["unparsable"]),
    ];
    for (text, facets, breaks) in cases {
        let reading = read(text, &question);
        assert_eq!(reading.facets.iter().map(|(_, f)| *f).collect::<Vec<_>>(), facets, "{text}");
        assert_eq!(reading.breaks, *breaks, "{text}");
        assert_eq!(reading.right, facets == &[true; 3] && breaks.is_empty(), "{text}");
    }
}

#[test]
fn no_call_and_questions_are_read_too() {
    let none = asked("none", "[]");
    assert!(read(" []\n", &none).right);
    for (text, no_call) in
        [("[{\"ask\":\"to\"}]", true), ("[{\"name\":\"stop\",\"arguments\":{}}]", false), ("No.", false)]
    {
        let reading = read(text, &none);
        assert!(!reading.right && reading.facets == [("no_call", no_call)], "{text}");
    }
    let missing = asked("missing", "[{\"ask\":\"speed\"}]");
    assert!(read("[{\"ask\": \"speed\"}]", &missing).right);
    for text in ["[{\"ask\":\"to\"}]", "[]", "{\"ask\":\"speed\"}", "[{\"ask\":\"speed\"},{\"ask\":\"speed\"}]"] {
        let reading = read(text, &missing);
        assert!(!reading.right && reading.facets[0] == ("no_call", true), "{text}");
    }
    let two = r#"[{"name":"go","arguments":{"to":"A","speed":1}},{"name":"stop","arguments":{}}]"#;
    let swapped = r#"[{"name":"stop","arguments":{}},{"name":"go","arguments":{"speed":1,"to":"A"}}]"#;
    assert!(read(swapped, &asked("parallel", two)).right);
    let once = r#"[{"name":"stop","arguments":{}},{"name":"stop","arguments":{}}]"#;
    assert!(!read(once, &asked("parallel", two)).right);
}
