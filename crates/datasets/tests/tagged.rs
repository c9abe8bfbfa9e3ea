//! Files of tagged words in small, and answers that name spans.

mod tasks;

use probes::catalogue::Question;
use tasks::{read, reading, refused};

#[test]
fn tagged_words() {
    let tags = "Anna\tB-person\nde\tI-person\nWit\tI-person\n,\tO\nOslo\tI-location\n\n\nno\tO\n";
    let wnut = read("wnut17-entities", &[("emerging.test.annotated", tags.as_bytes())]).questions;
    assert_eq!((wnut.len(), wnut[0].text.as_str()), (2, "Anna de Wit , Oslo"));
    assert_eq!(wnut[0].gold, [r#"{"location":["Oslo"],"person":["Anna de Wit"]}"#]);
    assert_eq!((wnut[1].gold[0].as_str(), wnut[1].part("types")), ("{}", "location, person"));
    for (tags, sentence) in [
        (
            "a\tO\nb\tX-person\n",
            "emerging.test.annotated, line 1: expected the tag O, B-type or I-type in the sentence from here, found \"X-person\"",
        ),
        ("a\tO\n\nb O\n", "emerging.test.annotated, line 3: expected 2 fields between tabs, found 1 in \"b O\""),
        ("a\tO\n", "emerging.test.annotated: expected 1 to 64 types of spans, found 0"),
    ] {
        refused("wnut17-entities", &[("emerging.test.annotated", tags.as_bytes())], sentence);
    }
    let cross = read("crossner-entities", &[("music/test.txt", b"Waltz\tB-genre\n")]).questions;
    assert_eq!((cross[0].kind.as_str(), cross[0].gold[0].as_str()), ("music", r#"{"genre":["Waltz"]}"#));

    let iob = "# sent_id = 1\n# text = In U.S. ports.\n1\tIn\tO\t-\t-\n2\tU.\tB-LOC\t-\t-\n3\tS.\tI-LOC\t-\t-\n4\tports\tO\t-\t-\n5\t.\tO\t-\t-\n";
    let uner = read("uner-en-pud-entities", &[("en_pud-ud-test.iob2", iob.as_bytes())]).questions;
    assert_eq!((uner[0].text.as_str(), uner[0].gold[0].as_str()), ("In U.S. ports.", r#"{"location":["U.S."]}"#));

    let conll = "# id = 1\n# text = spegni la luce\n# intent = lights/off\n1\tspegni\tlights/off\tO\n2\tla\tlights/off\tO\n3\tluce\tlights/off\tB-device\n\n\
                 # text = c'\u{e8} posta\n# intent = mail\n1\tc'\u{e8}\tmail\tO\n2\tposta\tmail\tO\n";
    let intents = read("xsid-intent", &[("it.test.conll", conll.as_bytes())]).questions;
    assert_eq!((intents[0].options.join(" "), intents[0].gold[0].as_str()), ("lights/off mail".into(), "lights/off"));
    let slots = read("xsid-slots", &[("it.valid.conll", conll.as_bytes())]);
    assert_eq!((slots.questions.len(), slots.training.len(), slots.records), (0, 2, 2));
    assert_eq!(slots.training[0].gold, [r#"{"device":["luce"]}"#]);
    refused(
        "xsid-slots",
        &[("it.test.conll", conll.replace("2\tla\tlights/off", "2\tla\tmail").as_bytes())],
        "it.test.conll, line 5: expected the intent \"lights/off\", found \"mail\"",
    );
    refused(
        "xsid-slots",
        &[("it.test.conll", b"# text = a\n1\ta\tx\tO\n")],
        "it.test.conll, line 1: expected the remarks \"# text = \" and \"# intent = \", found a sentence without",
    );
    refused(
        "xsid-slots",
        &[("it.test.conll", b"# text = a\n# intent = x\n")],
        "it.test.conll, line 1: expected words after the remarks, found none",
    );
}

#[test]
fn spans_are_counted_in_answers() {
    let gold = r#"{"location":["Oslo"],"person":["Anna de Wit","Bo"]}"#;
    let question = Question::open("x", &[gold]).field("types", "location, person");
    let read = |text: &str| reading("wnut17-entities", &question, text);
    let cases: &[(&str, bool, [u64; 3], &[&str])] = &[
        (gold, true, [3, 0, 0], &[]),
        (r#"{"person": ["bo", "Anna  de wit", "Bo"], "location": ["Oslo"]}"#, true, [3, 0, 0], &[]),
        ("```json\n{\"person\": [\"Bo\"]}\n```", false, [1, 0, 2], &["fence"]),
        (r#"Here: {"person": ["Bo", "Oslo"]}"#, false, [1, 1, 2], &["prose_around"]),
        (r#"{"person": "Bo"}"#, false, [0, 0, 3], &["type"]),
        (r#"{"person": ["Bo", 3]}"#, false, [1, 0, 2], &["type"]),
        (r#"{"animal": ["Bo"]}"#, false, [0, 1, 3], &["extra"]),
        ("{}", false, [0, 0, 3], &[]),
        ("", false, [0, 0, 3], &["unparsable"]),
        ("none", false, [0, 0, 3], &["unparsable"]),
        (r#"{"person": ["Bo"]"#, false, [0, 0, 3], &["unparsable"]),
        ("}{", false, [0, 0, 3], &["unparsable"]),
    ];
    for (text, right, counts, breaks) in cases {
        let reading = read(text);
        assert_eq!(
            (reading.right, reading.counts, reading.breaks.as_slice()),
            (*right, Some(*counts), *breaks),
            "{text}"
        );
    }
    let deep = "[".repeat(100_000);
    assert!(!read(&format!("{{\"a\": {deep}}}")).right);
    let nothing = Question::open("x", &["{}"]).field("types", "person");
    assert!(reading("wnut17-entities", &nothing, "{}").right);
}
