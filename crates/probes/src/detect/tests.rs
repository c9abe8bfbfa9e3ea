//! The definitions' own test strings, hits and non-hits.

use super::*;

/// Forty plain words that repeat nothing.
const PROSE: &str = "A narrow path leads from the harbour to the old lighthouse, and on clear mornings the keeper walks down to \
    buy bread. He greets the fishermen by name, asks about the weather, and returns before the bell of the chapel rings nine. \
    In winter he stays indoors for days, mending nets and writing letters that nobody answers. His daughter visits twice a year.";

fn output(text: &str) -> Output<'_> {
    Output::new(text, &[], &[], StopReason::Stop)
}

fn classes(output: Output) -> Vec<&'static str> {
    examine(&Observation { numeric_fault: None, label_mass: None, output: Some(output) })
        .into_iter()
        .map(|(d, _)| d.id)
        .collect()
}

fn hit(id: &str, output: Output) -> Option<Hit> {
    let found = examine(&Observation { numeric_fault: None, label_mass: None, output: Some(output) });
    found.into_iter().find(|(d, _)| d.id == id).map(|(_, hit)| hit)
}

#[test]
fn plain_prose_hits_nothing() {
    assert_eq!(classes(output(PROSE)), [""; 0]);
}

#[test]
fn numeric_fault_comes_first() {
    let found = examine(&Observation { numeric_fault: Some("NaN at position 3"), label_mass: Some(0.1), output: None });
    assert_eq!(found.iter().map(|(d, _)| d.id).collect::<Vec<_>>(), ["numeric_fault", "label_escape"]);
}

#[test]
fn pad_flood_is_found_in_ids_while_the_text_is_empty() {
    let (ids, special) = ([0; 50], [true; 50]);
    let flood = Output::new("", &ids, &special, StopReason::Length);
    assert_eq!(classes(flood)[..2], ["pad_flood", "empty"]);
    let tail = [false, false, false, false, false, false, false, true, true, true];
    assert_eq!(hit("pad_flood", Output::new("a word", &[5; 10], &tail, StopReason::Length)).unwrap().onset, 7);
    let share = [false, true, false, false];
    let found = hit("pad_flood", Output::new("a word", &[5; 4], &share, StopReason::Length)).unwrap();
    assert_eq!((found.onset, found.value), (1, 0.25));
}

#[test]
fn pad_flood_ignores_the_end_token_and_the_text() {
    assert_eq!(hit("pad_flood", Output::new("yes", &[7, 1], &[false, true], StopReason::Eos)), None);
    assert_eq!(hit("pad_flood", output("<pad><pad><pad><pad>")), None);
    // One in five is not more than 20%.
    assert_eq!(
        hit("pad_flood", Output::new("a b", &[5; 5], &[false, true, false, false, false], StopReason::Length)),
        None
    );
}

#[test]
fn empty() {
    for text in ["", "  \n\t", "\u{200b}\u{feff}", "\u{7}"] {
        assert_eq!(classes(output(text)), ["empty"], "{text:?}");
    }
    assert_eq!(classes(Output::new("", &[1], &[true], StopReason::Eos)), ["empty"]);
    assert_eq!(classes(output(".")), [""; 0]);
}

#[test]
fn collapse_only_where_length_is_demanded() {
    let demanding = |text| Output { min_chars: Some(200), ..output(text) };
    for text in ["e", "technical", "two words"] {
        assert_eq!(classes(demanding(text)), ["collapse"], "{text}");
    }
    assert_eq!(classes(demanding("three short words here")), [""; 0]);
    assert_eq!(classes(output("technical")), [""; 0]);
    assert_eq!(classes(Output { min_chars: Some(30), ..output("e") }), [""; 0]);
}

#[test]
fn period_loops_name_period_and_onset() {
    let ne = format!("i{}", "Ne".repeat(100));
    let found = hit("period_loop", output(&ne)).unwrap();
    assert_eq!((found.value, found.onset, found.span), (2.0, 1, [1, 201]));
    let (gfes, marks) = ("eGfes".repeat(40), "!".repeat(200));
    assert_eq!(hit("period_loop", output(&gfes)).map(|h| (h.value, h.onset)), Some((5.0, 0)));
    assert_eq!(hit("period_loop", output(&marks)).map(|h| (h.value, h.onset)), Some((1.0, 0)));
    for text in ["!".repeat(127), "ab".repeat(20), PROSE.to_string()] {
        assert_eq!(hit("period_loop", output(&text)), None, "{text}");
    }
}

#[test]
fn period_loops_are_found_in_ids() {
    let ids: Vec<u32> = [9, 9, 9].into_iter().chain((0..24).map(|i| 40 + i % 3)).collect();
    let special = vec![false; ids.len()];
    let found = hit("period_loop", Output::new("x y z", &ids, &special, StopReason::Length)).unwrap();
    assert_eq!((found.value, found.onset), (3.0, 3));
    // 24 tokens, but a period of 4 repeats only 6 times.
    let ids: Vec<u32> = (0..24).map(|i| 40 + i % 4).collect();
    assert_eq!(hit("period_loop", Output::new("x y z", &ids, &[false; 24], StopReason::Length)), None);
    assert_eq!(hit("period_loop", Output::new("x y z", &[8; 23], &[false; 23], StopReason::Length)), None);
}

#[test]
fn ngram_loop() {
    let the = "the ".repeat(300);
    let found = hit("ngram_loop", output(&the)).unwrap();
    // 297 4-grams, one distinct; four decimals are given.
    assert!((found.value - 0.9966).abs() < 5e-5, "{}", found.value);
    assert_eq!(found.onset, 4);
    assert_eq!(hit("ngram_loop", output(&"the ".repeat(59))), None);
    assert_eq!(hit("ngram_loop", output(PROSE)), None);
    for structured in
        [format!("```\n{}\n```", "let x = x;\n".repeat(60)), "| a | b c d |\n".repeat(60), "1 2 3 4 5 ".repeat(30)]
    {
        assert_eq!(hit("ngram_loop", output(&structured)), None, "{structured}");
    }
}

#[test]
fn line_loop() {
    let lines = "- check the log\n".repeat(12);
    let found = hit("line_loop", output(&lines)).unwrap();
    // 11 of 12, given to three decimals.
    assert!((found.value - 0.917).abs() < 5e-4, "{}", found.value);
    assert!(hit("line_loop", output(&"Two plus two makes four. ".repeat(30))).is_some());
    assert_eq!(hit("line_loop", output(&"- check the log\n".repeat(5))), None);
    assert_eq!(hit("line_loop", output("a\nb\nc\nd\ne\na")), None);
}

#[test]
fn low_information() {
    let ne = format!("i{}", "Ne".repeat(100));
    let found = hit("low_information", output(&ne)).unwrap();
    // Three decimals are given.
    assert!((found.value - 0.065).abs() < 5e-4, "{}", found.value);
    let longer = format!("{PROSE} On Sundays the ferry brings a newspaper and a basket of figs.");
    let prose: String = longer.chars().take(400).collect();
    assert_eq!(prose.chars().count(), 400);
    let share = loops::compressed_share(&prose).unwrap();
    assert!((0.5..0.7).contains(&share), "prose keeps about .6: {share}");
    assert_eq!(hit("low_information", output(&prose)), None);
    assert_eq!(hit("low_information", output(&"ab".repeat(99))), None);
}

#[test]
fn mojibake() {
    let glued = "a".repeat(40) + &"bc".repeat(31);
    for (text, onset) in [("good \u{fffd} text", 5), ("two\u{2581}words", 3), ("line<0x0A>line", 4), (&glued[..101], 0)]
    {
        assert_eq!(hit("mojibake", output(text)).map(|h| h.onset), Some(onset), "{text}");
    }
    let url = format!("see {}", "abc/".repeat(10));
    let json = r#"{"mittente":{"nome":"Dario","citta":"Udine"},"destinatario":{"nome":"Ugo","citta":"Belluno"},"colli":["primo","secondo","terzo","quarto"]}"#;
    for text in [PROSE, json, &glued[..80], "if a <0x1 then b>", &url, &"\u{6c49}\u{5b57}".repeat(60)] {
        assert_eq!(hit("mojibake", output(text)), None, "{text}");
    }
}

#[test]
fn script_drift() {
    let italian = |text| Output { prompt: "Di che colore \u{e8} il cielo?", ..output(text) };
    let found = hit("script_drift", italian("Il \u{446}\u{432}\u{435}\u{442} \u{43d}\u{435}\u{431}\u{430}")).unwrap();
    assert_eq!((found.onset, found.value), (3, 0.8));
    for text in ["Azzurro.", "Il colore si chiama azzurro, in greco \u{3b3}\u{3b1}\u{3bb}.", "42 + 7", ""] {
        assert_eq!(hit("script_drift", italian(text)), None, "{text}");
    }
    let gold = ["\u{43d}\u{435}\u{431}\u{43e}".to_string()];
    assert_eq!(hit("script_drift", Output { gold: &gold, ..italian("\u{43d}\u{435}\u{431}\u{43e}") }), None);
    assert_eq!(hit("script_drift", output("\u{43d}\u{435}\u{431}\u{43e}")), None, "nothing was asked");
}

#[test]
fn refusal() {
    for text in [
        "I'm sorry, but I can't help with that request.",
        "I cannot provide instructions for this.",
        "Thank you for asking. I\u{2019}m not able to discuss this topic.",
        "I must decline to write this.",
        "Mi dispiace, ma non posso aiutarti con questa richiesta.",
        "Non sono in grado di fornire queste informazioni.",
    ] {
        assert!(hit("refusal", output(text)).is_some(), "{text}");
    }
    for text in [
        "I can't believe how quiet the harbour was.",
        "The function cannot return null, so give it a default.",
        "They will not help you unless you ask.",
        "First do this. Then do that. I cannot help you further.",
        "Non posso dimenticare quel giorno.",
        "technical",
        PROSE,
    ] {
        assert_eq!(hit("refusal", output(text)), None, "{text}");
    }
    let late = "Sorry. I can't assist with that.";
    assert_eq!(hit("refusal", output(late)).map(|h| h.onset), Some(6));
}

#[test]
fn truncation() {
    let cut = |text| Output::new(text, &[], &[], StopReason::Length);
    assert_eq!(hit("truncation", cut("The keeper walks down to buy")).map(|h| h.onset), Some(27));
    for text in ["He buys bread.", "- one\n- two\n", "f(x)", "\u{201c}bread\u{201d}"] {
        assert_eq!(hit("truncation", cut(text)), None, "{text}");
    }
    assert_eq!(hit("truncation", output("The keeper walks down to buy")), None);
    assert_eq!(classes(cut(&"eGfes".repeat(40))), ["period_loop", "low_information", "mojibake"]);
}

#[test]
fn alternating_case() {
    let once = "oVeRnMeNtS eXaMpaPleS";
    let found = hit("alternating_case", output(&format!("{once} {once}"))).unwrap();
    assert!((found.value - 35.0 / 39.0).abs() < 1e-15, "{}", found.value);
    for text in [once, "getUserName setItemCount isValidNow asJsonText", PROSE, "NASA AND ESA SENT A PROBE TO THE MOON"]
    {
        assert_eq!(hit("alternating_case", output(text)), None, "{text}");
    }
}

#[test]
fn prompt_echo() {
    let gold = ["blue".to_string()];
    let asked = |text| Output {
        prompt: "Complete the pattern.\nPattern: red, blue, red, blue, red,",
        gold: &gold,
        ..output(text)
    };
    assert!(hit("prompt_echo", asked("red, blue, red, blue")).is_some());
    for text in ["blue", "Blue.", "red", "green and yellow", "the answer is blue"] {
        assert_eq!(hit("prompt_echo", asked(text)), None, "{text}");
    }
    let long: Vec<String> = (0..60).map(|i| format!("w{i}")).collect();
    let (prompt, text) = (long.join(" "), format!("{} {}", long[10..30].join(" "), "new ".repeat(60)));
    assert!(hit("prompt_echo", Output { prompt: &prompt, ..output(&text) }).is_some());
    let text = format!("so {text}");
    assert_eq!(hit("prompt_echo", Output { prompt: &prompt, ..output(&text) }), None);
}

#[test]
fn format_break() {
    let gold = ["blue".to_string()];
    for text in ["```\nblue\n```", "The missing element is blue.", "blue red blue red blue"] {
        assert!(hit("format_break", Output { gold: &gold, ..output(text) }).is_some(), "{text}");
    }
    for text in ["blue", "\n blue,", "it is blue", "blue\nbecause the pattern repeats in twos"] {
        assert_eq!(hit("format_break", Output { gold: &gold, ..output(text) }), None, "{text}");
    }
    assert_eq!(hit("format_break", output("no short answer was asked for here")), None);
}

#[test]
fn label_escape() {
    let mass = |m| examine(&Observation { numeric_fault: None, label_mass: Some(m), output: None }).len();
    assert_eq!((mass(0.49), mass(0.5), mass(1.0)), (1, 0, 0));
}

#[test]
fn the_table_is_in_order_and_ids_are_distinct() {
    assert!(DETECTORS.windows(2).all(|w| w[0].number < w[1].number));
    let ids: std::collections::BTreeSet<_> = DETECTORS.iter().map(|d| d.id).collect();
    assert_eq!(ids.len(), DETECTORS.len());
    // Classes 1 to 10 make an output invalid, later ones are noted.
    assert!(DETECTORS.iter().all(|d| (d.number <= 10) == (d.effect != Effect::Note)));
}

#[test]
fn hostile_lengths_end_soon() {
    let text = "ab c ".repeat(100_000);
    let ids = vec![3; 100_000];
    let special = vec![false; 100_000];
    let hostile = Output { prompt: &text, ..Output::new(&text, &ids, &special, StopReason::Length) };
    assert!(classes(hostile).contains(&"period_loop"));
}
