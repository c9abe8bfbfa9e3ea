//! Ids, texts and conversations against references made by other programs: the repository's own, on any clone, and
//! the shared ones where they are.

mod common;

use common::{
    Conversation, Reference, as_llama_cpp, check_references, check_stream, data, hugging_face_json, read, rows,
};
use serde::Deserialize;
use tokenizer::{ChatTemplate, Control, GenerationPrompt, Message, Role, Tokenizer, Vocabulary};

/// One vocabulary in every form.
fn forms(model: &[u8], json: &[u8]) -> Vec<(&'static str, Tokenizer)> {
    let vocabulary = || Vocabulary::from_sentencepiece(model).expect("a sound file");
    let ours = hugging_face_json(&vocabulary());
    let all = [
        ("tokenizer.json", Tokenizer::from_json(json)),
        ("tokenizer.json, made here", Tokenizer::from_json(&ours)),
        ("tokenizer.model", Tokenizer::from_sentencepiece(model)),
        ("GGUF, plain", Tokenizer::from_vocabulary(vocabulary())),
        ("GGUF, llama.cpp", Tokenizer::from_vocabulary(as_llama_cpp(vocabulary()))),
    ];
    all.into_iter().map(|(name, tk)| (name, tk.expect(name))).collect()
}

fn small() -> Vec<(&'static str, Tokenizer)> {
    forms(&read(&data("small.model")), &read(&data("small.json")))
}

#[test]
fn every_form_of_the_small_vocabulary_gives_the_reference_ids() {
    let references: Vec<Reference> = rows(&data("texts.jsonl"), 107);
    for (name, tk) in small() {
        check_references(name, &tk, &references);
    }
}

#[test]
fn every_form_of_the_tiny_oracle_gives_the_reference_ids() {
    let files = ["models/tiny/tokenizer.model", "models/tiny/tokenizer.json", "tokenizer/tiny.jsonl"];
    let files = files.map(|f| testkit::shared(&format!("oracles/{f}")));
    let [Some(model), Some(json), Some(references)] = files else { return };
    let references: Vec<Reference> = rows(&references, 884);
    let forms = forms(&read(&model), &read(&json));
    for (name, tk) in &forms {
        check_references(name, tk, &references);
        assert_eq!(tk.sha256(), forms[0].1.sha256(), "{name}: one vocabulary, one hash");
    }
}

#[test]
fn one_vocabulary_has_one_hash_and_another_has_another() {
    let forms = small();
    for (name, tk) in &forms {
        assert_eq!(tk.sha256(), forms[0].1.sha256(), "{name}");
        assert_eq!(tk.n_required(), 420, "{name}");
    }
    let mut other = Vocabulary::from_sentencepiece(&read(&data("small.model"))).expect("a sound file");
    other.scores.swap(300, 301);
    let other = Tokenizer::from_vocabulary(other).expect("sound as well");
    assert_ne!(other.sha256(), forms[0].1.sha256(), "the order of merges counts");
}

#[test]
fn fillers_at_the_end_change_neither_the_hash_nor_the_rows_needed() {
    let mut v = Vocabulary::from_sentencepiece(&read(&data("small.model"))).expect("a sound file");
    for (piece, kind) in [("<image_soft_token>", 4), ("[PAD421]", 5), ("<unused7>", 1)] {
        v.pieces.push(piece.into());
        v.scores.push(0.0);
        v.types.push(kind);
    }
    let tk = Tokenizer::from_vocabulary(v).expect("fillers are sound");
    assert_eq!((tk.n_tokens(), tk.n_required()), (423, 420));
    assert_eq!(tk.sha256(), small()[0].1.sha256());
    assert!((420..423).all(|id| tk.is_control(id)));
    assert!(!tk.encode("[PAD421]", Control::Parse).expect("text").contains(&421), "a filler is not parsed");
    assert_eq!(tk.encode("<unused7>", Control::Parse), Ok(vec![422]));
}

#[test]
fn any_ids_decode_as_hugging_face_decodes_them() {
    #[derive(Deserialize)]
    struct Decode {
        ids: Vec<u32>,
        decoded: String,
        visible: String,
    }
    let rows: Vec<Decode> = rows(&data("decodes.jsonl"), 40);
    for (name, tk) in small() {
        for row in &rows {
            assert_eq!(tk.decode(&row.ids).as_ref(), Ok(&row.decoded), "{name}: {:?}", row.ids);
            check_stream(&tk, &row.ids);
            // Ours also drops <mask>, [multimodal] and <unused0>, which Hugging Face keeps.
            if !row.ids.iter().any(|&id| (4..8).contains(&id)) {
                assert_eq!(tk.decode_visible(&row.ids).as_ref(), Ok(&row.visible), "{name}: {:?}", row.ids);
            }
        }
    }
}

#[test]
fn a_stream_never_shows_half_a_character() {
    let (_, tk) = small().remove(0);
    let ids = tk.encode("a😀b漢", Control::AsText).expect("text");
    let mut stream = tk.stream();
    let shown: Vec<String> = ids.iter().map(|&id| stream.push(id).expect("known")).collect();
    assert_eq!(shown, ["a", "", "", "", "", "😀b", "", "", ""]);
    assert_eq!(stream.finish(), "漢");
}

#[test]
fn templates_render_as_in_jinja2() {
    let conversations: Vec<(String, Conversation)> = rows::<serde_json::Value>(&data("chats.jsonl"), 48)
        .into_iter()
        .map(|row| (row["template"].as_str().expect("a name").into(), serde_json::from_value(row).expect("a row")))
        .collect();
    for (name, tk) in small() {
        for (template, row) in &conversations {
            check_conversation(name, &tk, &load(template), row);
        }
    }
}

#[test]
fn the_built_in_template_renders_the_oracle_conversations() {
    let Some(path) = testkit::shared("oracles/tokenizer/chat.jsonl") else { return };
    for row in rows::<Conversation>(&path, 12) {
        let rendered = ChatTemplate::gemma().render(&row.messages, prompt(&row));
        assert_eq!(rendered.as_ref(), Ok(&row.text));
    }
}

fn load(template: &str) -> ChatTemplate {
    if template == "gemma" {
        return ChatTemplate::gemma();
    }
    let source = read(&data(&format!("{template}.jinja")));
    ChatTemplate::from_jinja(&String::from_utf8(source).expect("UTF-8")).expect(template)
}

fn prompt(row: &Conversation) -> GenerationPrompt {
    if row.add_generation_prompt { GenerationPrompt::Add } else { GenerationPrompt::Omit }
}

fn check_conversation(name: &str, tk: &Tokenizer, template: &ChatTemplate, row: &Conversation) {
    let gp = prompt(row);
    assert_eq!(template.render(&row.messages, gp).as_ref(), Ok(&row.text), "{name}");
    assert_eq!(template.encode(tk, &row.messages, gp).as_ref(), Ok(&row.ids), "{name}: {:?}", row.text);
}

#[test]
fn a_reply_is_tokenised_jointly_with_the_text_before_it() {
    let (_, tk) = small().remove(0);
    let template = ChatTemplate::gemma();
    let messages = [Message { role: Role::User, content: "x".into() }];
    let prompt = template.encode(&tk, &messages, GenerationPrompt::Add).expect("a prompt");
    assert_eq!(template.encode_with_reply(&tk, &messages, ""), Ok(prompt.clone()));
    let ids = template.encode_with_reply(&tk, &messages, "the").expect("ids");
    assert_eq!(ids, [&prompt[..], &tk.encode("the", Control::AsText).expect("text")].concat());
    // The newline that ends the prompt and the reply's own are one token.
    let ids = template.encode_with_reply(&tk, &messages, "\nthe<end_of_turn>").expect("ids");
    assert_eq!(ids[..prompt.len() - 1], prompt[..prompt.len() - 1]);
    assert_eq!(tk.piece(ids[prompt.len() - 1]).as_deref(), Some("\n\n"));
    assert_eq!(ids.iter().filter(|&&id| Some(id) == tk.end_of_turn()).count(), 1, "only the user's turn has ended");
    assert!(tk.decode(&ids).expect("known ids").ends_with("model\n\nthe<end_of_turn>"));
}

#[test]
fn tokens_matched_after_normalisation_are_found_in_spaces() {
    let json = String::from_utf8(read(&data("small.json"))).expect("UTF-8");
    let mut file: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    for token in file["added_tokens"].as_array_mut().expect("a list") {
        token["normalized"] = token["content"].as_str().is_some_and(|c| c.starts_with('▁')).into();
    }
    let merges = file["model"]["merges"].as_array_mut().expect("a list");
    merges.retain(|m| !m[0].as_str().is_some_and(|l| l.starts_with('▁')) || m[1] != "▁");
    let tk = Tokenizer::from_json(file.to_string().as_bytes()).expect("sound");
    let four = tk.id_of("▁▁▁▁").expect("a run of four");
    let three = tk.id_of("▁▁▁").expect("a run of three");
    assert_eq!(tk.encode("       ", Control::AsText), Ok(vec![four, three]));
    assert_eq!(tk.encode(" ▁  ", Control::AsText), Ok(vec![four]), "the raw text holds no run");
    assert_ne!(tk.sha256(), small()[0].1.sha256());
}
