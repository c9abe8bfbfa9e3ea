use super::*;
use crate::catalogue::LETTERS;

const PROBE: &str = r#"
id = "desk-mail"
name = "mail to the desk"
about = "What an e-mail to the help desk is about."
lang = "en"
mode = "lpx"
labels = ["password", "printer", "network"]
template = """
Subject: {subject}

{text}

Is this about {options}? Answer with one word."""

[items]
file = "mails.jsonl"
text = "body"
gold = "topic"
id = "number"
cluster = "sender"
kind = "office"
"#;

const ITEMS: &str = r#"
{"number": 7, "subject": "Locked out", "body": "My account asks for a new password.", "topic": "password", "sender": "ann", "office": "north", "note": null}
{"number": 8, "subject": "No paper", "body": "The tray {text} is empty.", "topic": "printer", "sender": "bo", "office": "south"}
"#;

fn parsed(probe: &str, items: &str) -> Declared {
    Declared::parse(probe.as_bytes(), items.as_bytes()).unwrap_or_else(|e| panic!("{e}"))
}

#[track_caller]
fn refused(probe: &str, items: &str, sentence: &str) {
    let error = Declared::parse(probe.as_bytes(), items.as_bytes()).expect_err(sentence).to_string();
    assert_eq!(error, sentence);
    assert!(!error.contains('\n'));
}

/// The probe with one piece of text replaced.
fn with(from: &str, to: &str) -> String {
    assert!(PROBE.contains(from), "{from}");
    PROBE.replacen(from, to, 1)
}

fn prompt(ask: &Ask) -> &str {
    ask.messages.first().map_or("", |m| m.content.as_str())
}

#[test]
fn a_probe_is_read_and_asked() {
    assert_eq!(Spec::parse(PROBE.as_bytes()).unwrap().items_path(), "mails.jsonl");
    let probe = parsed(PROBE, ITEMS);
    assert_eq!((probe.id.as_str(), probe.lang.as_str(), probe.mode), ("desk-mail", "en", Mode::Lpx));
    assert_eq!((probe.ids.join(" "), probe.max_tokens, probe.blank()), ("7 8".to_string(), 0, Blank::Text));
    let question = &probe.questions[1];
    assert_eq!(
        (question.gold[0].as_str(), question.cluster.as_str(), question.kind.as_str()),
        ("printer", "bo", "south")
    );
    assert_eq!(probe.calls(), Calls::Rotations { n: 3, step: 1 });
    let asks: Vec<Ask> = probe.calls().list().into_iter().map(|call| probe.ask(question, call)).collect();
    assert_eq!(
        prompt(&asks[1]),
        "Subject: No paper\n\nThe tray {text} is empty.\n\nIs this about printer, network or password? Answer with one word."
    );
    assert!(asks.iter().all(|ask| ask.labels == ["password", "printer", "network"] && ask.order == [0, 1, 2]));
    assert_eq!(probe, parsed(PROBE, ITEMS));
}

#[test]
fn the_example_of_the_documentation_is_sound() {
    let page = include_str!("../../../../docs/own-probe.md");
    let block = |kind: &str| {
        let from = page.split_once(&format!("```{kind}\n")).expect(kind).1;
        from.split_once("```").expect("an end").0.to_string()
    };
    let (probe, items) = (block("toml"), block("csv"));
    let declared = parsed(&probe, &items);
    assert_eq!((declared.questions.len(), declared.labels.len()), (3, 3));
    refused(&probe, &items.replace("red.\",printer", "red.\",scanner"), block("text").trim());
}

#[test]
fn csv_items_hold_options_and_line_breaks() {
    let probe = with("labels = [\"password\", \"printer\", \"network\"]\n", "")
        .replace("mails.jsonl", "mails.csv")
        .replace("gold = \"topic\"", "gold = \"topic\"\noptions = \"choices\"")
        .replace("id = \"number\"\n", "");
    let items = "subject,body,topic,choices,sender,office,more\r\nHi,\"Two\r\nlines\",b,a|b| c ,x,y,\r\nHo,One,no,no|yes|maybe|never,x,y,\r\n";
    let declared = parsed(&probe, items);
    assert_eq!(declared.questions[0].options, ["a", "b", "c"]);
    assert_eq!(declared.questions[0].text, "Two\r\nlines");
    assert_eq!((declared.ids.join(" "), declared.blank()), ("1 2".to_string(), Blank::All));
    assert_eq!(declared.calls(), Calls::Rotations { n: 3, step: 1 }, "no more orders than the fewest options");
    let file = "mails.csv, line 2:";
    for (from, to, message) in [
        (",b,a|b|", ",d,a|b|", "the gold answer \"d\" is none of the options: \"a\", \"b\", \"c\""),
        (
            "a|b| c ",
            "a|b|B",
            "the options in column \"choices\" \"b\" and \"B\" are the same apart from case, spaces and punctuation",
        ),
        ("a|b| c ", "b", "1 options in column \"choices\"; there must be 2 to 256"),
        ("a|b| c ", "a|b|", "an empty one among the options in column \"choices\""),
    ] {
        refused(&probe, &items.replacen(from, to, 1), &format!("{file} {message}"));
    }
    refused(&probe, &items.replacen(",x,y,\r\nHo", ",x\r\nHo", 1), "mails.csv, line 2: 5 cells where the header has 7");
    refused(&probe, &items.replacen("office", "subject", 1), "mails.csv, line 1: a column stands in the header twice");
    refused(
        &probe,
        &items.replacen("subject", "title", 1),
        "mails.csv, line 2: no column \"subject\", which the template names as {subject}",
    );
}

#[test]
fn orders_are_spread_over_many_options() {
    let labels: Vec<String> = (0..10).map(|i| format!("label{i}")).collect();
    let probe = with("[\"password\", \"printer\", \"network\"]", &format!("{labels:?}"));
    let items = ITEMS.replace("\"password\",", "\"label1\",").replace("\"printer\",", "\"label9\",");
    assert_eq!(parsed(&probe, &items).calls(), Calls::Rotations { n: 4, step: 2 });
}

#[test]
fn true_or_false_asks_both_ways() {
    let probe = r#"
        id = "harbour"
        about = "Facts on our harbour."
        mode = "tf2"
        lang = "it"
        labels = ["vero", "falso"]
        template = "{text} \u00c8 vero?"
        negated = "{text} \u00c8 falso?"
        items = { file = "facts.jsonl" }
    "#;
    let items = r#"{"text": "Il molo \u00e8 di legno.", "gold": "vero"}"#;
    let declared = parsed(probe, items);
    assert_eq!((declared.name.as_str(), declared.calls()), ("harbour", Calls::Polarities));
    let asks: Vec<Ask> = declared.calls().list().into_iter().map(|c| declared.ask(&declared.questions[0], c)).collect();
    assert_eq!(
        asks.iter().map(prompt).collect::<Vec<_>>(),
        ["Il molo \u{e8} di legno. \u{c8} vero?", "Il molo \u{e8} di legno. \u{c8} falso?"]
    );
    assert_eq!((asks[0].order.clone(), asks[1].order.clone()), (vec![0, 1], vec![1, 0]));
    assert_eq!(asks[1].labels, ["vero", "falso"]);
    // Without labels they are true and false; JSON's own true is the text true.
    let plain = probe.replace("labels = [\"vero\", \"falso\"]\n", "");
    assert_eq!(parsed(&plain, r#"{"text": "x", "gold": true}"#).questions[0].gold, ["true"]);
    for (from, to, message) in [
        (
            "negated = \"{text} \\u00c8 falso?\"",
            "",
            "mode tf2 needs negated: the template once more, asking whether the opposite is right",
        ),
        (
            "\\u00c8 falso?",
            "\\u00c8 vero?",
            "negated is the template itself; it must ask whether the opposite is right",
        ),
        ("\"falso\"]", "\"falso\", \"forse\"]", "3 labels; there must be exactly 2"),
        ("\"tf2\"", "\"lp\"", "negated is for mode tf2 only"),
        ("{text} \\u00c8 falso?", "Falso?", "negated lacks {text}"),
    ] {
        refused(&probe.replacen(from, to, 1), items, &format!("the probe file: {message}"));
    }
}

#[test]
fn pairs_are_whole_texts() {
    let probe = r#"
        id = "word-order"
        about = "Which of two sentences is right."
        mode = "pair"
        items = { file = "pairs.jsonl", options = "both" }
    "#;
    let items = r#"{"both": ["We went home.", "We home went."], "gold": "We went home."}"#;
    let declared = parsed(probe, items);
    let ask = declared.ask(&declared.questions[0], Call::default());
    assert_eq!((ask.messages.len(), ask.labels.clone()), (0, vec!["We went home.".into(), "We home went.".into()]));
    assert_eq!((declared.calls(), declared.blank()), (Calls::One, Blank::None));
    let framed = "labels = [\"a\", \"an\"]\ntemplate = \"I saw {option} {text}.\"\n".to_string()
        + &probe.replace(", options = \"both\"", "");
    let declared = parsed(&framed, r#"{"text": "owl", "gold": "an"}"#);
    assert_eq!(declared.ask(&declared.questions[0], Call::default()).labels, ["I saw a owl.", "I saw an owl."]);
    refused(
        &framed.replace("{option}", "an"),
        items,
        "the probe file: template lacks {option}: in mode pair each of two texts stands there",
    );
    refused(
        &framed,
        r#"{"gold": "an"}"#,
        "pairs.jsonl, line 1: no column \"text\", which the probe file gives as text",
    );
    refused(
        probe,
        &items.replace("We home went.", "We went home."),
        "pairs.jsonl, line 1: the options in column \"both\" \"We went home.\" and \"We went home.\" are the same apart from case, spaces and punctuation",
    );
}

#[test]
fn written_answers_are_read() {
    let probe = r#"
        id = "towns"
        about = "Towns on our line."
        mode = "fg"
        template = "Which town comes after {text}?"
        items = { file = "towns.jsonl" }
    "#;
    let items = "{\"text\": \"Elm\", \"gold\": [\"Oak End\", \"Oakend\"]}\n{\"text\": \"Ash\", \"gold\": 5}\n";
    let declared = parsed(probe, items);
    assert_eq!((declared.max_tokens, declared.reader), (32, DeclaredReader::Element));
    let question = &declared.questions[0];
    assert!(declared.read(" oakend. ", question).right && declared.read("Oak End\n", question).right);
    assert!(!declared.read("Elm", question).right && !declared.read("", question).right);
    assert!(declared.ask(question, Call::default()).labels.is_empty());
    assert_eq!(declared.questions[1].gold, ["5"]);
    let labels = probe.replace("mode", "reader = \"label\"\nlabels = [\"north\", \"south\"]\nmax_tokens = 8\nmode");
    let declared = parsed(&labels, r#"{"text": "Elm", "gold": "north"}"#);
    assert_eq!((declared.max_tokens, declared.reader), (8, DeclaredReader::Label));
    assert!(declared.read("It is north.", &declared.questions[0]).right);
    for (from, to, message) in [
        ("\"label\"", "\"regex\"", "the reader \"regex\" is unknown; known are element, label"),
        (
            "labels = [\"north\", \"south\"]",
            "",
            "the reader \"label\" needs labels, or a column of options in items.options",
        ),
        ("= 8", "= 0", "max_tokens is 0; it must be 1 to 4096"),
        ("= 8", "= 5000", "max_tokens is 5000; it must be 1 to 4096"),
        ("\"fg\"", "\"lp\"", "reader is for mode fg only"),
        ("\"south\"", "\"--\"", "\"--\" among the labels has no letter and no digit, so no answer names it"),
    ] {
        refused(&labels.replacen(from, to, 1), items, &format!("the probe file: {message}"));
    }
    refused(
        &labels.replace("reader = \"label\"", "").replace("fg", "lp"),
        items,
        "the probe file: max_tokens is for mode fg only",
    );
    refused(
        probe,
        "{\"text\": \"Elm\", \"gold\": \"--\"}",
        "towns.jsonl, line 1: the gold answer \"--\" has no letter and no digit, so no answer can equal it",
    );
    refused(
        &probe.replace("after {text}", "{options} {text}"),
        items,
        "the probe file: template has {options}, but there are no labels and no items.options",
    );
}

#[test]
fn faults_of_the_probe_file_are_sentences() {
    for (from, to, message) in [
        ("\"lpx\"", "\"best\"", "the mode \"best\" is unknown; known are lp, lpx, tf2, pair, fg"),
        (
            "\"printer\", \"network\"]",
            "\"Password!\"]",
            "the labels \"password\" and \"Password!\" are the same apart from case, spaces and punctuation",
        ),
        ("\"password\", \"printer\", \"network\"", "\"password\"", "1 labels; there must be 2 to 256"),
        ("\"printer\"", "\" \"", "an empty one among the labels"),
        ("\"printer\"", "\"a\\nb\"", "\"a\\nb\" among the labels must be one line of at most 400 bytes"),
        ("text = \"body\"", "text = \" \"", "the column \" \" must be a name of at most 100 characters"),
        (
            "labels = [\"password\", \"printer\", \"network\"]\n",
            "",
            "mode lpx needs labels, or a column of options in items.options",
        ),
        ("\"desk-mail\"", "\"A01\"", "the id \"A01\" must be 1 to 40 lower-case letters, digits, \"_\" and \"-\""),
        ("\"en\"", "\"English\"", "lang is \"English\"; it must be a language tag such as \"en\" or \"it\""),
        (
            "\"What an e-mail to the help desk is about.\"",
            "\" \"",
            "about must be one line of at most 400 characters that says what is measured",
        ),
        ("\"mail to the desk\"", "\"a\\nb\"", "name must be one line of at most 60 characters"),
        (
            "{subject}",
            "{sub\nject}",
            "template has the variable \"sub\\nject\", which is no name; write {{ and }} for braces",
        ),
        ("{subject}", "{}", "template has the variable \"\", which is no name; write {{ and }} for braces"),
        (
            "{subject}",
            "{ subject",
            "template has the variable \"subject\\n\\n{text\", which is no name; write {{ and }} for braces",
        ),
        ("{subject}", "subject}", "template has a single brace; write {{ and }} for braces, {name} for a variable"),
        ("{text}", "text", "template lacks {text}"),
        ("{options}", "what", "template lacks {options}: mode lpx shows them in several orders; mode lp needs none"),
        ("{options}", "{option} {options}", "template has {option}, which is for mode pair; {options} shows all"),
        ("\"mails.jsonl\"", "\"mails.xml\"", "items.file is \"mails.xml\"; it must end in .jsonl or .csv"),
        (
            "\"mails.jsonl\"",
            "\"../mails.csv\"",
            "items.file is \"../mails.csv\"; it must be a path beside or below the probe file",
        ),
        (
            "\"mails.jsonl\"",
            "\"/etc/mails.csv\"",
            "items.file is \"/etc/mails.csv\"; it must be a path beside or below the probe file",
        ),
        (
            "kind = \"office\"",
            "options = \"office\"",
            "labels and items.options are both given; the options of an item are one or the other",
        ),
    ] {
        let error = Declared::parse(with(from, to).as_bytes(), ITEMS.as_bytes()).expect_err(message).to_string();
        assert_eq!(error, format!("the probe file: {message}"));
    }
    let error = |text: &str| Spec::parse(text.as_bytes()).expect_err(text).to_string();
    assert!(
        error(&with("lang =", "tongue ="))
            .starts_with("the probe file, line 5: unknown field `tongue`, expected one of")
    );
    assert!(error(&with("kind =", "sort =")).contains("unknown field `sort`, expected one of `file`, `text`"));
    assert!(error(&with("mode =", "mode ")).starts_with("the probe file, line 6: "));
    assert!(error(&with("mode = \"lpx\"\n", "")).contains("missing field `mode`"));
    assert!(error(&with("\"en\"", "5")).starts_with("the probe file, line 5: invalid type: integer `5`"));
    assert!(error("").contains("missing field"));
    assert_eq!(
        Spec::parse(b"id = \"a\"\nname = \"\xff\"").unwrap_err().to_string(),
        "the probe file, line 2: not UTF-8"
    );
    let large = format!("{PROBE}#{}", "x".repeat(MAX_PROBE_BYTES));
    assert_eq!(error(&large), format!("the probe file: {} bytes; at most 65536 are read", large.len()));
    let deep = format!("id = {}", "[".repeat(60_000));
    assert!(error(&deep).starts_with("the probe file"));
}

#[test]
fn faults_of_the_items_are_sentences() {
    for (from, to, message) in [
        (
            "\"topic\": \"printer\"",
            "\"topic\": \"scanner\"",
            "the gold answer \"scanner\" is none of the options: \"password\", \"printer\", \"network\"",
        ),
        (
            "\"topic\": \"printer\"",
            "\"topic\": [\"printer\", \"network\"]",
            "the gold answer in column \"topic\" is a list, not a text",
        ),
        ("\"topic\": \"printer\"", "\"topic\": {}", "\"topic\" is neither a text nor a list of texts"),
        ("\"topic\": \"printer\"", "\"topic\": null", "no column \"topic\", which the probe file gives as gold answer"),
        ("\"subject\": \"No paper\", ", "", "no column \"subject\", which the template names as {subject}"),
        ("The tray {text} is empty.", "  ", "the text in column \"body\" is empty"),
        ("\"number\": 8", "\"number\": 7", "the id \"7\" stands in line 2 too"),
        ("\"sender\": \"bo\"", "\"sender\": \"\"", "the cluster in column \"sender\" is empty"),
    ] {
        assert!(ITEMS.contains(from), "{from}");
        refused(PROBE, &ITEMS.replacen(from, to, 1), &format!("mails.jsonl, line 3: {message}"));
    }
    let first = ITEMS.lines().nth(1).unwrap();
    let again =
        format!("{first}\n{}\n", first.replace("\"number\": 7", "\"number\": 9").replace("password.", "PASSWORD"));
    refused(PROBE, &again, "mails.jsonl, line 2: the same item as in line 1");
    refused(PROBE, " \n\n", "mails.jsonl: no items");
    for broken in ["[1]", "{\"a\"", "x", "{} {}"] {
        let error = Declared::parse(PROBE.as_bytes(), format!("{first}\n{broken}").as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("mails.jsonl, line 2: not a JSON object ("), "{error}");
    }
    let error = Declared::parse(PROBE.as_bytes(), b"{}\n\xc3\x28").unwrap_err().to_string();
    assert_eq!(error, "mails.jsonl, line 2: not UTF-8");
}

// Node.js 20 ends with a fault of its own, after the test has passed, where a WASI module grew by this much memory.
#[cfg(not(target_family = "wasm"))]
#[test]
fn items_are_limited_in_bytes() {
    let large = vec![b' '; MAX_ITEM_BYTES + 1];
    let error = Declared::parse(PROBE.as_bytes(), &large).unwrap_err().to_string();
    assert_eq!(error, "mails.jsonl: 67108865 bytes; at most 67108864 are read");
}

#[cfg(not(target_family = "wasm"))]
#[test]
fn items_are_limited_in_line() {
    let long = format!("\n{}", "[".repeat(MAX_ITEM_LINE + 1));
    refused(PROBE, &long, "mails.jsonl, line 2: a line of 4194305 bytes; at most 4194304 are read");
}

#[cfg(not(target_family = "wasm"))]
#[test]
fn items_are_limited_in_number() {
    let many = "{}\n".repeat(MAX_ITEMS + 1);
    refused(PROBE, &many, "mails.jsonl, line 200001: more than 200000 items");
}

#[cfg(not(target_family = "wasm"))]
#[test]
fn options_are_limited_in_all() {
    // 256 options for 200,000 items would be memory without end.
    let labels: Vec<String> = (0..MAX_OPTIONS).map(|i| format!("l{i}")).collect();
    let short = format!(
        "id = \"x\"\nabout = \"x\"\nmode = \"lp\"\ntemplate = \"{{text}}\"\nlabels = {labels:?}\nitems = {{ file = \"x.csv\" }}"
    );
    let csv: String =
        std::iter::once("text,gold\n".to_string()).chain((0..7_813).map(|i| format!("t{i},l1\n"))).collect();
    refused(&short, &csv, "x.csv, line 7814: more than 2000000 options in all items together; take fewer items");
}

#[test]
fn braces_are_written_twice() {
    let probe = with("Subject: {subject}", "Reply as {{\"subject\": \"{subject}\"}}");
    let declared = parsed(&probe, ITEMS);
    let ask = declared.ask(&declared.questions[0], Call::default());
    assert!(prompt(&ask).starts_with("Reply as {\"subject\": \"Locked out\"}"), "{}", prompt(&ask));
}

#[test]
fn damaged_files_are_refused_or_read_without_a_panic() {
    let mut draw = crate::seed::Seeded::new(3);
    let pieces =
        ["\"", "{", "}", "[", "]", "\n", "\\", "\u{0}", "\u{e8}", "=", "null", "''", "'''", "{options}", "|", ","];
    let (mut taken, mut faults) = (0, 0);
    for round in 0..4_000 {
        let (mut probe, mut items) = (PROBE.as_bytes().to_vec(), ITEMS.as_bytes().to_vec());
        let file = if round % 2 == 0 { &mut probe } else { &mut items };
        for _ in 0..=draw.below(3) {
            let mut below = |n: usize| draw.below(n as u64) as usize;
            let at = below(file.len());
            match below(4) {
                0 => file.truncate(at.max(1)),
                1 => file[at] = below(256) as u8,
                2 => drop(file.drain(at..(at + 1 + below(30)).min(file.len()))),
                _ => drop(file.splice(at..at, pieces[below(pieces.len())].bytes()).count()),
            }
            if file.is_empty() {
                break;
            }
        }
        match Declared::parse(&probe, &items) {
            Ok(declared) => {
                taken += 1;
                for question in &declared.questions {
                    let ask = declared.ask(question, Call::default());
                    assert!(ask.labels.len() <= LETTERS.len(), "{ask:?}");
                }
            }
            Err(error) => {
                faults += 1;
                let text = error.to_string();
                assert!(!text.is_empty() && !text.contains('\n') && text.len() < 1_500, "{text:?}");
            }
        }
    }
    println!("{taken} taken, {faults} refused");
    assert!(taken > 100 && faults > 1_000, "{taken} taken, {faults} refused");
}
