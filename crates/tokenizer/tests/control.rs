//! No text becomes a control token unless it is asked to, and no message ever does.

mod common;

use common::{check_as_text, check_stream, data, read};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tokenizer::{ChatTemplate, Control, Error, GenerationPrompt, Message, Role, Tokenizer, Vocabulary};

/// The same cases on every run.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(3), failure_persistence: None, ..ProptestConfig::default() }
}

fn small() -> Tokenizer {
    Tokenizer::from_json(&read(&data("small.json"))).expect("sound")
}

fn template(name: &str) -> ChatTemplate {
    let source = String::from_utf8(read(&data(name))).expect("UTF-8");
    ChatTemplate::from_jinja(&source).expect(name)
}

/// Texts full of control tokens, halves of them, and what could be taken for a mark.
fn spiteful() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("<bos>"),
        Just("<eos>"),
        Just("<start_of_turn>"),
        Just("<end_of_turn>"),
        Just("<unused0>"),
        Just("<mask>"),
        Just("[multimodal]"),
        Just("<"),
        Just("bos>"),
        Just("<start_of"),
        Just("_turn>"),
        Just("\u{E000}"),
        Just("\u{E001}2\u{E001}"),
        Just("\u{E000}8\u{E000}"),
        Just("2"),
        Just("8"),
        Just("\n"),
        Just("  "),
        Just("user"),
        Just("model"),
        Just("<0x0A>"),
        Just("<b>"),
        Just("è"),
        Just("😀"),
        Just("{{ bos_token }}"),
        Just("{% endfor %}"),
    ];
    prop_oneof![prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat()), any::<String>(),]
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn text_stays_text(text in spiteful()) {
        check_as_text(&small(), &text);
    }

    #[test]
    fn any_ids_stream_as_they_decode(ids in prop::collection::vec(0_u32..420, 0..40)) {
        check_stream(&small(), &ids);
    }

    #[test]
    fn messages_add_no_control_token(turns in prop::collection::vec(spiteful(), 1..5), system in prop::option::of(spiteful())) {
        let tk = small();
        let speech = |content: String, i: usize| Message { role: if i.is_multiple_of(2) { Role::User } else { Role::Model }, content };
        let head = system.map(|content| Message { role: Role::System, content });
        let messages: Vec<Message> = head.into_iter().chain(turns.into_iter().enumerate().map(|(i, c)| speech(c, i))).collect();
        for template in [ChatTemplate::gemma(), template("blocks.jinja")] {
            let ids = template.encode(&tk, &messages, GenerationPrompt::Add).expect("a sound conversation");
            let control: Vec<u32> = ids.iter().copied().filter(|&id| tk.is_control(id)).collect();
            let (start, end) = (tk.start_of_turn().expect("there"), tk.end_of_turn().expect("there"));
            let n_turns = messages.iter().filter(|m| m.role != Role::System).count();
            let expected = [vec![tk.bos()], [start, end].repeat(n_turns), vec![start]].concat();
            prop_assert_eq!(control, expected);
            // Nothing is lost either: the ids spell the rendered conversation, but for U+2581.
            let text = template.render(&messages, GenerationPrompt::Add).expect("as above").replace('\u{2581}', " ");
            prop_assert_eq!(tk.decode(&ids), Ok(text));
        }
    }
}

#[test]
fn a_message_cannot_complete_what_the_template_begins() {
    let tk = small();
    let wraps =
        ChatTemplate::from_jinja("{{ bos_token }}<start_of_turn>{% for m in messages %}<{{ m.content }}>{% endfor %}")
            .expect("Jinja");
    let messages = [Message { role: Role::User, content: "bos".into() }];
    let ids = wraps.encode(&tk, &messages, GenerationPrompt::Omit).expect("text");
    assert_eq!(ids.iter().filter(|&&id| tk.is_control(id)).count(), 2);
    assert_eq!(tk.decode(&ids).as_deref(), Ok("<bos><start_of_turn><bos>"));
}

#[test]
fn merges_cannot_make_a_control_or_byte_token() {
    // Every half of `<bos>` and `<0x0A>` is a piece, so that merging could put them together.
    let mut v = Vocabulary::from_sentencepiece(&read(&data("small.model"))).expect("sound");
    for piece in ["<bos", "<bo", "os>", "os", "s>", "<0x0A", "<0x0", "<0x", "0A>", "A>"] {
        v.pieces.push(piece.into());
        v.scores.push(-1.0);
        v.types.push(1);
    }
    let from_scores = Tokenizer::from_vocabulary(v.clone()).expect("sound");
    let from_list = Tokenizer::from_json(&common::hugging_face_json(&v)).expect("sound");
    for tk in [from_scores, from_list] {
        for text in ["<bos>", "<0x0A>", "x<bos><0x0A>"] {
            check_as_text(&tk, text);
            let ids = tk.encode(text, Control::AsText).expect("text");
            assert!(!ids.contains(&tk.id_of("<0x0A>").expect("a byte")), "{text}: {ids:?}");
        }
        assert_eq!(tk.encode("<bos>", Control::Parse), Ok(vec![tk.bos()]));
    }
}

#[test]
fn a_control_token_of_one_character_is_not_made_of_text() {
    let mut v = Vocabulary::from_sentencepiece(&read(&data("small.model"))).expect("sound");
    let e = v.pieces.iter().position(|p| p == "e").expect("a letter");
    v.types[e] = 3;
    let tk = Tokenizer::from_vocabulary(v).expect("sound, if odd");
    assert_eq!(tk.encode("e", Control::AsText), Ok(vec![tk.id_of("<0x65>").expect("a byte")]));
    assert_eq!(tk.encode("e", Control::Parse), Ok(vec![e as u32]));
}

#[test]
fn markup_and_runs_match_in_both_ways() {
    let tk = small();
    for piece in ["<b>", "</b>", "<table>", "\n\n\n", "\t"] {
        let id = tk.id_of(piece).expect(piece);
        for control in [Control::AsText, Control::Parse] {
            assert_eq!(tk.encode(piece, control), Ok(vec![id]), "{piece:?}");
        }
    }
}

/// The refusal is one sentence on one line and holds these words.
fn check(case: &str, result: Result<Vec<u32>, Error>, says: &str) {
    let error = result.expect_err(case).to_string();
    assert!(error.contains(says), "{case}: {error:?} lacks {says:?}");
    assert!(!error.contains('\n') && error.len() < 400, "{case}: {error:?}");
}

fn say(source: &str) -> Result<Vec<u32>, Error> {
    let messages = [Message { role: Role::User, content: "hello".into() }];
    ChatTemplate::from_jinja(source)?.encode(&small(), &messages, GenerationPrompt::Add)
}

#[test]
fn templates_that_misbehave() {
    let nest = "{% for a in range(99999) %}".repeat(5) + &"{% endfor %}".repeat(5);
    check("loops", say(&nest), "it takes too many steps and may never end");
    check("recursion", say("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"), "chat template, line 1: ");
    check("output", say("{% for a in range(30000) %}{{ 'x' * 100000 }}{% endfor %}"), "its output is over 8 MiB");
    check(
        "captured output",
        say("{% set s %}{% for a in range(30000) %}{{ 'x' * 100000 }}{% endfor %}{% endset %}"),
        "its output is over 8 MiB",
    );
    check(
        "literal output",
        say(&format!("{{% for a in range(20000) %}}{}{{% endfor %}}", "x".repeat(10_000))),
        "its output is over 8 MiB",
    );
    check("one long string", say("{{ 'x' * 1000000000000 }}"), "repeated string is too large");
    check("a long range", say("{{ range(1000000000) | list }}"), "too many elements");
    check("syntax", say("{% for %}"), "chat template, line 1: syntax error");
    check("the line", say("\n\n{{ nonsense( }}"), "chat template, line 3: ");
    check(
        "deep syntax",
        say(&format!("{{{{ {}1{} }}}}", "(".repeat(5000), ")".repeat(5000))),
        "chat template, line 1: ",
    );
    check("refusal", say("{{ raise_exception('no\nthank you') }}"), "chat template, line 1: it refuses: no thank you");
    check("unknown function", say("{{ strftime_now('%Y') }}"), "unknown function");
    check("attribute of nothing", say("{{ nothing.more.than }}"), "undefined value");
    check("include", say("{% include 'etc/passwd' %}"), "template not found");
    check("too long", say(&" ".repeat((256 << 10) + 1)), "the length in bytes is 262145, the limit is 262144");
    check("a mark taken apart", say("{{ bos_token[1:] }}"), "it takes a control token apart");
    check("a token built of pieces", say("{{ '<' ~ 'bos>' }}"), "it builds control tokens out of pieces");
}

#[test]
fn the_begin_token_is_put_where_a_template_has_none() {
    let ids = say("{{ messages[0].content }}").expect("plain");
    assert_eq!(ids[0], 2);
    assert_eq!(ids[1..], small().encode("hello", Control::AsText).expect("text"));
    assert_eq!(say("{{ bos_token }}{{ messages[0].content }}"), Ok(ids));
}

#[test]
fn conversations_that_have_no_sense() {
    let tk = small();
    let gemma = |roles: &[Role]| {
        let messages: Vec<Message> = roles.iter().map(|&role| Message { role, content: "x".into() }).collect();
        ChatTemplate::gemma().encode(&tk, &messages, GenerationPrompt::Add)
    };
    check("none", gemma(&[]), "conversation: it has no messages");
    check("two users", gemma(&[Role::User, Role::User]), "user and model turns must alternate");
    check("the model first", gemma(&[Role::Model]), "user and model turns must alternate");
    check("the system alone", gemma(&[Role::System]), "a system turn must come first, and a user turn after it");
    check("the system late", gemma(&[Role::User, Role::System]), "a system turn must come first");
    let every = ('\u{E000}'..='\u{F8FF}').collect::<String>();
    let messages = [Message { role: Role::User, content: every }];
    check(
        "no mark left",
        ChatTemplate::gemma().encode(&tk, &messages, GenerationPrompt::Add),
        "6,400 private-use characters",
    );
    assert!(gemma(&[Role::System, Role::User, Role::Model, Role::User]).is_ok());
}

#[test]
fn a_vocabulary_without_turn_markers_cannot_chat() {
    for (marker, says) in [
        ("<start_of_turn>", "no start-of-turn token (<start_of_turn>)"),
        ("<end_of_turn>", "no end-of-turn token (<end_of_turn>)"),
    ] {
        let mut v = Vocabulary::from_sentencepiece(&read(&data("small.model"))).expect("sound");
        let at = v.pieces.iter().position(|p| p == marker).expect("there");
        v.pieces[at] = "<other>".into();
        let tk = Tokenizer::from_vocabulary(v).expect("enough for text");
        assert!(tk.encode("text", Control::AsText).is_ok());
        let messages = [Message { role: Role::User, content: "x".into() }];
        check(marker, ChatTemplate::gemma().encode(&tk, &messages, GenerationPrompt::Add), says);
    }
}

#[test]
fn roles_are_read_in_both_spellings() {
    let read =
        |role: &str| serde_json::from_str::<Message>(&format!(r#"{{"role":"{role}","content":""}}"#)).map(|m| m.role);
    for (word, role) in
        [("system", Role::System), ("user", Role::User), ("model", Role::Model), ("assistant", Role::Model)]
    {
        assert_eq!(read(word).expect(word), role);
    }
    assert!(read("tool").is_err());
}

#[test]
fn the_hash_of_a_template_is_of_its_text() {
    let (a, b) = (ChatTemplate::from_jinja("a").expect("Jinja"), ChatTemplate::from_jinja("b").expect("Jinja"));
    // The SHA-256 of "a", as sha256sum prints it.
    assert_eq!(a.sha256(), "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
    assert_ne!(a.sha256(), b.sha256());
    assert_eq!(ChatTemplate::gemma().sha256().len(), 64);
}
