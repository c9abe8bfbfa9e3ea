//! What the fuzz targets and the mutation test do with any bytes: read, use, compare; a panic is a finding.

use tokenizer::{ChatTemplate, Control, Error, GenerationPrompt, Message, Role, Tokenizer};

const TEXTS: [&str; 4] =
    ["", "The <b>café</b>\n\n  is  <bos> 42 😀", "<start_of_turn>user\n<0x0A>▁▁", "\u{E000}2\u{E000}\0"];

/// The bytes as a vocabulary, in both forms of file.
pub fn tokenizer(bytes: &[u8]) -> Result<(), Error> {
    let json = Tokenizer::from_json(bytes);
    let model = Tokenizer::from_sentencepiece(bytes);
    for tk in [&json, &model].into_iter().flatten() {
        for text in TEXTS {
            for control in [Control::AsText, Control::Parse] {
                let ids = tk.encode(text, control)?;
                assert!(ids.iter().all(|&id| (id as usize) < tk.n_tokens()), "an id that is none");
                assert!(control == Control::Parse || !ids.iter().any(|&id| tk.is_control(id)), "text became control");
                let mut stream = tk.stream();
                let shown: Result<Vec<String>, Error> = ids.iter().map(|&id| stream.push(id)).collect();
                assert_eq!(shown?.concat() + &stream.finish(), tk.decode(&ids)?);
            }
        }
        assert!(tk.n_required() <= tk.n_tokens() && tk.sha256().len() == 64);
    }
    json.or(model).map(|_| ())
}

/// The bytes as a chat template, run on a small vocabulary.
pub fn template(tk: &Tokenizer, bytes: &[u8]) -> Result<(), Error> {
    let template = ChatTemplate::from_jinja(&String::from_utf8_lossy(bytes))?;
    let message = |role, content: &str| Message { role, content: content.into() };
    let messages = [message(Role::System, "<bos>"), message(Role::User, " a\n<end_of_turn>"), message(Role::Model, "")];
    for gp in [GenerationPrompt::Add, GenerationPrompt::Omit] {
        template.render(&messages, gp)?;
        let ids = template.encode(tk, &messages, gp)?;
        assert_eq!(ids.first(), Some(&tk.bos()));
    }
    template.encode_with_reply(tk, &messages, "<end_of_turn>").map(|_| ())
}
