//! Each way a vocabulary can lie is refused with one sentence that names place and cause.

mod common;

use common::{data, read};
use serde_json::{Value, json};
use tokenizer::{Control, Error, Tokenizer, Vocabulary};

/// The refusal is one sentence on one line and holds these words.
fn check<T: std::fmt::Debug>(case: &str, result: Result<T, Error>, says: &str) {
    let error = result.expect_err(case).to_string();
    assert!(error.contains(says), "{case}: {error:?} lacks {says:?}");
    assert!(!error.contains('\n') && error.len() < 600, "{case}: {error:?}");
}

fn small_json() -> Value {
    serde_json::from_slice(&read(&data("small.json"))).expect("JSON")
}

fn check_json(case: &str, change: impl FnOnce(&mut Value), says: &str) {
    let mut file = small_json();
    change(&mut file);
    check(case, Tokenizer::from_json(file.to_string().as_bytes()), says);
}

fn vocabulary() -> Vocabulary {
    Vocabulary::from_sentencepiece(&read(&data("small.model"))).expect("sound")
}

fn check_vocabulary(case: &str, change: impl FnOnce(&mut Vocabulary), says: &str) {
    let mut v = vocabulary();
    change(&mut v);
    check(case, Tokenizer::from_vocabulary(v), says);
}

#[test]
fn json_that_is_none() {
    let whole = read(&data("small.json"));
    let from = |bytes: &[u8]| Tokenizer::from_json(bytes);
    check("empty", from(b""), "tokenizer.json: expected the JSON of a Hugging Face BPE tokenizer, found EOF");
    check("truncated", from(&whole[..whole.len() / 2]), "at the file");
    check("not JSON", from(b"GGUF"), "at the file");
    check("not UTF-8", from(b"{\"model\": \"\xFF\"}"), "at the file");
    check("a list", from(b"[]"), "at the file");
    check("no model", from(b"{}"), "missing field `model`");
    check("deep", from("[".repeat(100_000).as_bytes()), "at the file");
    let deep = format!("{{\"model\": {{}}, \"normalizer\": {}1{}}}", "[".repeat(2000), "]".repeat(2000));
    check("deep inside", from(deep.as_bytes()), "recursion limit exceeded");
    let skipped = format!("{{\"truncation\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    check("deep where it is skipped", from(skipped.as_bytes()), "missing field `model`");
    check("huge", from(&vec![b' '; (128 << 20) + 1]), "the length in bytes is 134217729, the limit is 134217728");
    check_json("unknown field", |f| f["surprise"] = json!(1), "unknown field `surprise`");
}

#[test]
fn json_of_another_algorithm() {
    for name in ["Unigram", "WordPiece", "WordLevel"] {
        check_json(name, |f| f["model"]["type"] = json!(name), &format!("the model type \"{name}\" is not supported"));
    }
    check_json(
        "a Unigram vocabulary",
        |f| f["model"] = json!({"type": "Unigram", "unk_id": 0, "vocab": [["a", 0.0]]}),
        "\"Unigram\"",
    );
    check_json("vocabulary as a list", |f| f["model"]["vocab"] = json!([["a", 0.0]]), "a map from pieces to ids");
    check_json("dropout", |f| f["model"]["dropout"] = json!(0.1), "dropout in `model` is not supported");
    check_json("prefix", |f| f["model"]["continuing_subword_prefix"] = json!("##"), "continuing_subword_prefix");
    check_json("suffix", |f| f["model"]["end_of_word_suffix"] = json!("</w>"), "end_of_word_suffix");
    check_json("ignore_merges", |f| f["model"]["ignore_merges"] = json!(true), "ignore_merges");
    check_json("no byte fallback", |f| f["model"]["byte_fallback"] = json!(false), "the absence of byte_fallback");
    check_json("unknown model field", |f| f["model"]["vocab_limit"] = json!(3), "unknown field `vocab_limit`");
    check_json(
        "normaliser",
        |f| f["normalizer"] = json!({"type": "NFKC"}),
        "the normalizer \"{\\\"type\\\":\\\"NFKC\\\"}\" is not supported",
    );
    check_json("no normaliser", |f| f["normalizer"] = Value::Null, "the normalizer \"null\"");
    check_json("pre-tokeniser", |f| f["pre_tokenizer"] = json!({"type": "ByteLevel"}), "the pre_tokenizer");
    check_json("decoder", |f| f["decoder"] = json!({"type": "ByteLevel"}), "the decoder");
    check_json("a long normaliser", |f| f["normalizer"] = json!(vec![0; 10_000]), "the normalizer");
    for option in ["single_word", "lstrip", "rstrip"] {
        check_json(option, |f| f["added_tokens"][4][option] = json!(true), &format!("`{option}` of added token 4"));
    }
    let run = |f: &mut Value| {
        let at = f["added_tokens"].as_array().expect("a list").len();
        f["model"]["vocab"]["<▁>"] = json!(420);
        f["added_tokens"][at - 1] = json!({"id": 420, "content": "<▁>", "normalized": true, "special": true});
    };
    check_json("a control token with a space in it, normalised", run, "`normalized` of added token");
}

#[test]
fn json_whose_parts_disagree() {
    check_json("a hole", |f| f["model"]["vocab"]["he"] = json!(420), "ids without holes");
    check_json("a far id", |f| f["model"]["vocab"]["he"] = json!(4_000_000_000_u32), "4000000000");
    check_json("an id over 32 bits", |f| f["model"]["vocab"]["he"] = json!(1_u64 << 40), "at model");
    check_json("a negative id", |f| f["model"]["vocab"]["he"] = json!(-1), "at model");
    check_json(
        "two pieces, one id",
        |f| f["model"]["vocab"]["he"] = f["model"]["vocab"]["in"].clone(),
        "one piece with id",
    );
    check_json(
        "an added token of another name",
        |f| f["added_tokens"][0]["content"] = json!("<filler>"),
        "one piece with id 0",
    );
    check_json(
        "an added token twice",
        |f| f["added_tokens"][0] = json!({"id": 420, "content": "he"}),
        "a piece of its own, found \"he\" as piece",
    );
    check_json(
        "an empty piece",
        |f| f["model"]["vocab"][""] = json!(420),
        "expected text, found an empty piece, at piece 420",
    );
    let long = "x".repeat(513);
    check_json(
        "a long piece",
        |f| f["model"]["vocab"][&long] = json!(420),
        "the length in bytes of a piece is 513, the limit is 512",
    );
    check_json(
        "no pieces",
        |f| f["model"] = json!({"byte_fallback": true, "vocab": {}, "merges": []}),
        "expected 256 byte pieces, found 2",
    );
    check_json(
        "a merge of an unknown piece",
        |f| f["model"]["merges"][3] = json!(["he", "漢"]),
        "pieces of the vocabulary, found \"漢\", which is none, at merge 3",
    );
    check_json(
        "a merge into an unknown piece",
        |f| f["model"]["merges"][3] = json!(["he", "x"]),
        "\"hex\", which is none, at merge 3",
    );
    check_json("a merge twice", |f| f["model"]["merges"][3] = f["model"]["merges"][9].clone(), "a merge of its own");
    check_json("a merge of one", |f| f["model"]["merges"][3] = json!(["he"]), "two pieces");
    check_json("a merge of three", |f| f["model"]["merges"][3] = json!(["h", "e", "x"]), "two pieces");
    check_json("a merge of numbers", |f| f["model"]["merges"][3] = json!([1, 2]), "at model");
    check_json("a merge in one word", |f| f["model"]["merges"][3] = json!("he"), "one space between");
    check_json("merges as text", |f| f["model"]["merges"] = json!("a b"), "a list of merges");
}

#[test]
fn json_without_special_tokens() {
    let without = |piece: &'static str| {
        move |f: &mut Value| {
            let id = f["model"]["vocab"][piece].clone();
            let vocab = f["model"]["vocab"].as_object_mut().expect("a map");
            vocab.shift_remove(piece);
            vocab.insert(format!("({piece})"), id);
            f["added_tokens"].as_array_mut().expect("a list").retain(|t| t["content"] != piece);
        }
    };
    check_json(
        "no <bos>",
        without("<bos>"),
        "the tokenizer has no begin-of-sequence token (<bos>), which must begin every prompt",
    );
    check_json("no <eos>", without("<eos>"), "no end-of-sequence token (<eos>)");
    check_json("no byte", without("<0x7F>"), "expected 256 byte pieces, found 255; <0x7F> is missing");
}

#[test]
fn a_character_of_its_own_does_for_its_byte() {
    let mut file = small_json();
    let vocab = file["model"]["vocab"].as_object_mut().expect("a map");
    let (byte, spare) = (vocab["<0x65>"].clone(), "(spare)".to_owned());
    vocab.shift_remove("<0x65>");
    vocab.insert(spare, byte);
    let tk = Tokenizer::from_json(file.to_string().as_bytes()).expect("every text still has ids");
    assert_eq!(tk.encode("e", Control::AsText), Ok(vec![tk.id_of("e").expect("a piece")]));
}

#[test]
fn merges_in_the_older_spelling_are_the_same() {
    let mut file = small_json();
    for merge in file["model"]["merges"].as_array_mut().expect("a list") {
        *merge = format!("{} {}", merge[0].as_str().expect("left"), merge[1].as_str().expect("right")).into();
    }
    let older = Tokenizer::from_json(file.to_string().as_bytes()).expect("sound");
    let newer = Tokenizer::from_json(&read(&data("small.json"))).expect("sound");
    assert_eq!(older.sha256(), newer.sha256());
}

#[test]
fn embedded_vocabularies() {
    for model in ["gpt2", "bert", "t5", "rwkv", ""] {
        check_vocabulary(
            model,
            |v| v.model = model.into(),
            &format!("the tokenizer model \"{model}\" is not supported"),
        );
    }
    check_vocabulary("a long name", |v| v.model = "é\n".repeat(10_000), "is not supported");
    check_vocabulary("a space prefix", |v| v.add_space_prefix = Some(true), "add_space_prefix");
    check_vocabulary("no pieces", |v| v.pieces.clear(), "expected pieces, found none");
    check_vocabulary("fewer scores", |v| _ = v.scores.pop(), "as many scores as pieces (420), found 419");
    check_vocabulary("more types", |v| v.types.push(1), "as many token types as pieces (420), found 421");
    check_vocabulary("NaN", |v| v.scores[300] = f32::NAN, "expected a finite score, found NaN, at piece 300");
    check_vocabulary(
        "infinity",
        |v| v.scores[300] = f32::NEG_INFINITY,
        "expected a finite score, found -inf, at piece 300",
    );
    for kind in [0, 7, -1, i32::MAX] {
        check_vocabulary(
            "a type",
            |v| v.types[300] = kind,
            &format!("a token type from 1 to 6, found {kind}, at piece 300"),
        );
    }
    check_vocabulary("a byte piece that is none", |v| v.types[300] = 6, "a byte piece such as <0x0A>");
    check_vocabulary(
        "a byte twice",
        |v| v.pieces[300] = "<0x41>".into(),
        "a piece of its own, found \"<0x41>\" as piece",
    );
    check_vocabulary("an empty piece", |v| v.pieces[300].clear(), "an empty piece, at piece 300");
    check_vocabulary("a long piece", |v| v.pieces[300] = "x".repeat(513), "513");
    check_vocabulary("no begin token", |v| v.pieces[2] = "<b_o_s>".into(), "no begin-of-sequence token (<bos>)");
    check_vocabulary("no end token", |v| v.pieces[1] = "<e_o_s>".into(), "no end-of-sequence token (<eos>)");
    check_vocabulary(
        "begin out of range",
        |v| v.bos = Some(420),
        "expected an id below 420, found 420, at the begin-of-sequence token's id",
    );
    check_vocabulary(
        "end is text",
        |v| v.eos = Some(300),
        "expected the id of a control token, found 300, which is text, at the end-of-sequence",
    );
    check_vocabulary("turn end is text", |v| v.eot = Some(300), "end-of-turn token's id");
    check_vocabulary("padding out of range", |v| v.pad = Some(u32::MAX), "4294967295");
    let many = |v: &mut Vocabulary| {
        v.pieces = vec![String::new(); (1 << 20) + 1];
        v.scores = vec![0.0; v.pieces.len()];
        v.types = vec![1; v.pieces.len()];
    };
    check_vocabulary("too many pieces", many, "the number of pieces is 1048577, the limit is 1048576");
    let much = |v: &mut Vocabulary| {
        v.pieces = (0..70_000).map(|i| format!("{i:0512}")).collect();
        v.scores = vec![0.0; v.pieces.len()];
        v.types = vec![1; v.pieces.len()];
    };
    check_vocabulary("too much text", much, "the length in bytes of all pieces");
    // 150 letters of two bytes, each in runs of up to 256: 4.9 million ways to cut them.
    let runs = |v: &mut Vocabulary| {
        let pieces: Vec<String> =
            ('\u{0400}'..).take(150).flat_map(|c| (1..=256).map(move |n| c.to_string().repeat(n))).collect();
        v.scores.extend(pieces.iter().map(|_| 0.0));
        v.types.extend(pieces.iter().map(|_| 1));
        v.pieces.extend(pieces);
    };
    check_vocabulary("merges without end", runs, "the number of merges is");
}

#[test]
fn a_vocabulary_of_runs_does_not_explode() {
    let mut v = vocabulary();
    let one: Vec<char> = ('\u{4E00}'..).take(40).collect();
    for c in one {
        for n in 1..=170 {
            v.pieces.push(c.to_string().repeat(n));
            v.scores.push(0.0);
            v.types.push(1);
        }
    }
    let tk = Tokenizer::from_vocabulary(v).expect("575,000 merges are allowed");
    assert!(tk.encode(&"\u{4E00}".repeat(10_000), Control::AsText).is_ok());
}

/// A field of a protocol buffer: number, wire type 2.
fn field(number: u8, value: &[u8]) -> Vec<u8> {
    let mut bytes = vec![number << 3 | 2];
    let mut n = value.len();
    while n >= 0x80 {
        bytes.push(n as u8 | 0x80);
        n >>= 7;
    }
    bytes.push(n as u8);
    bytes.extend_from_slice(value);
    bytes
}

#[test]
fn sentencepiece_files() {
    let whole = read(&data("small.model"));
    let from = |bytes: &[u8]| Tokenizer::from_sentencepiece(bytes);
    check("empty", from(b""), "a Unigram model is not supported"); // the format's default
    check("truncated", from(&whole[..whole.len() - 1]), "tokenizer.model: expected");
    check(
        "a GGUF file",
        from(b"GGUF\x03\0\0\0"),
        "tokenizer.model: expected a wire type of 0, 1, 2 or 5, found 7, at byte 0",
    );
    check(
        "a lying length",
        from(&[0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]),
        "expected 34359738367 bytes, found 0, at byte 6",
    );
    check("a piece that lies", from(&field(1, &[0x0A, 9, b'x'])), "expected 9 bytes, found 1, at byte 4");
    check("a piece without text", from(&field(1, &[])), "expected text, found none, at piece 0");
    check("not UTF-8", from(&field(1, &[0x0A, 2, b'x', 0xFF])), "expected UTF-8, found a bad byte after 1, at piece 0");
    check("a piece that is a number", from(&[0x08, 1]), "field 1 in its own wire type, found a varint");
    check(
        "a score of 8 bytes",
        from(&field(1, &[0x11, 0, 0, 0, 0, 0, 0, 0, 0])),
        "field 2 in its own wire type, found 8 bytes",
    );
    check("a charsmap that is a number", from(&field(3, &[0x10, 1])), "field 2 in its own wire type");
    check("a model type that is a float", from(&field(2, &[0x1D, 0, 0, 0, 0])), "found 4 bytes");
    check("a prefix that is a text", from(&field(3, &[0x1A, 0])), "found a length and bytes");
    let with = |extra: &[u8]| from(&[&whole[..], extra].concat());
    check("word model", with(&field(2, &[0x18, 3])), "a word model");
    check("character model", with(&field(2, &[0x18, 4])), "a character model");
    check("unknown model", with(&field(2, &[0x18, 99])), "a model of unknown type");
    check("no byte fallback", with(&field(2, &[0x98, 0x02, 0])), "without byte fallback");
    check("suffix", with(&field(2, &[0xC0, 0x01, 1])), "treat_whitespace_as_suffix");
    check("normaliser", with(&field(3, &[0x12, 1, 0])), "a normaliser that changes characters");
    check("dummy prefix", with(&field(3, &[0x18, 1])), "add_dummy_prefix");
    check("extra spaces", with(&field(3, &[0x20, 1])), "remove_extra_whitespaces");
    check("spaces", with(&field(3, &[0x28, 0])), "escape_whitespaces");
    check(
        "a piece more, of no type",
        with(&field(1, &[0x0A, 2, b'z', b'z', 0x18, 9])),
        "a token type from 1 to 6, found 9, at piece 420",
    );
    check(
        "a type over 32 bits",
        with(&field(1, &[0x0A, 2, b'z', b'z', 0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F])),
        "at piece 420",
    );
    check(
        "a score that is none",
        with(&field(1, &[0x0A, 2, b'z', b'z', 0x15, 0, 0, 0xC0, 0x7F])),
        "a finite score, found NaN, at piece 420",
    );
    check("huge", from(&vec![0; (64 << 20) + 1]), "the limit is 67108864");
    assert!(with(&field(4, b"self-test data")).is_ok(), "what does not concern ids is skipped");
}

#[test]
fn texts_and_ids() {
    let tk = Tokenizer::from_json(&read(&data("small.json"))).expect("sound");
    check(
        "a long text",
        tk.encode(&"x".repeat((8 << 20) + 1), Control::AsText),
        "text: the length in bytes is 8388609, the limit is 8388608",
    );
    check("an unknown id", tk.decode(&[2, 420]), "token id 420 is not in the vocabulary of 420 tokens (0 to 419)");
    check("the largest id", tk.decode_visible(&[u32::MAX]), "token id 4294967295");
    check("an unknown id in a stream", tk.stream().push(420), "token id 420");
    assert_eq!((tk.piece(420), tk.is_control(420), tk.id_of("漢字")), (None, false, None));
    assert_eq!(tk.encode("", Control::Parse), Ok(vec![]));
    assert_eq!(tk.decode(&[]), Ok(String::new()));
    let mut stream = tk.stream();
    let byte = tk.id_of("<0xC3>").expect("a byte");
    assert_eq!(stream.push(byte), Ok(String::new()));
    assert!(stream.push(420).is_err(), "refused");
    assert_eq!(stream.push(tk.id_of("<0xA8>").expect("a byte")), Ok(String::new()), "and nothing lost");
    assert_eq!(stream.finish(), "è");
}
