//! Conversations to ids, through a chat template.
//!
//! A rendered conversation is one string, in which a control token of the template's and the same letters typed by a
//! user look alike. So the template is rendered twice over: as text for reading, and for ids with every control
//! token of the template's own source replaced by a mark that no message contains. What carries a mark becomes the
//! control token, everything else is text. No message can forge one, nor complete one that the template begins.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use minijinja::value::Value;

use crate::added::Span;
use crate::template::{self, Scope};
use crate::tokenizer::{Control, Tokenizer, hex};
use crate::{Error, control};

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Instructions; Gemma folds them into the first user turn.
    System,
    /// The user.
    User,
    /// The model. `assistant` is read as well.
    #[serde(alias = "assistant")]
    Model,
}

/// One turn of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What they say: text, whatever it contains.
    pub content: String,
}

/// Whether the prompt ends by opening the model's turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GenerationPrompt {
    /// It does: the model answers.
    Add,
    /// It does not: a finished conversation.
    Omit,
}

/// How a conversation is written: a Jinja template as model files carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatTemplate {
    source: String,
}

/// Gives the same text as the template of Gemma 3's instruction-tuned models, for text messages.
const GEMMA: &str = include_str!("gemma.jinja");

impl ChatTemplate {
    /// The built-in template, for files without one. The system turn is put before the first user turn's text with
    /// an empty line between.
    pub fn gemma() -> Self {
        Self { source: GEMMA.to_owned() }
    }

    /// A file's own template. Refused: over 256 KiB, or not Jinja.
    ///
    /// Bounded when it runs: its steps, its recursion, its output. Not bounded: the memory of strings that it builds
    /// and does not write.
    pub fn from_jinja(source: &str) -> Result<Self, Error> {
        template::check(source)?;
        Ok(Self { source: source.to_owned() })
    }

    /// The conversation as text, with Gemma's names for the control tokens. For reading: [`encode`](Self::encode)
    /// gives ids, and encoding this text instead would let messages forge control tokens.
    ///
    /// Refused: no messages, and whatever the template refuses (roles that do not alternate, for Gemma's).
    pub fn render(&self, messages: &[Message], gp: GenerationPrompt) -> Result<String, Error> {
        let named = [control::BOS, control::EOS, control::PAD, control::UNK].map(str::to_owned);
        run(&self.source, messages, gp, &named)
    }

    /// The conversation as ids, with the begin token first (put there if the template does not). Control tokens come
    /// from the template alone; text in a message never becomes one.
    pub fn encode(&self, tk: &Tokenizer, messages: &[Message], gp: GenerationPrompt) -> Result<Vec<u32>, Error> {
        ids(tk, self.spans(tk, messages, gp)?)
    }

    /// The conversation with the model's turn opened, and `reply` in it, as ids. The reply and the template's text
    /// before it are tokenised as one text, as they would be if the model had written the reply; the turn stays open.
    pub fn encode_with_reply(&self, tk: &Tokenizer, messages: &[Message], reply: &str) -> Result<Vec<u32>, Error> {
        let mut spans = self.spans(tk, messages, GenerationPrompt::Add)?;
        match spans.last_mut() {
            Some(Owned::Text(text)) => text.push_str(reply),
            _ => spans.push(Owned::Text(reply.to_owned())),
        }
        ids(tk, spans)
    }

    /// SHA-256, in hexadecimal, of the template's text.
    pub fn sha256(&self) -> String {
        hex(&Sha256::digest(self.source.as_bytes()))
    }

    /// The template's text.
    pub fn source(&self) -> &str {
        &self.source
    }

    fn spans(&self, tk: &Tokenizer, messages: &[Message], gp: GenerationPrompt) -> Result<Vec<Owned>, Error> {
        if tk.start_of_turn().is_none() || tk.end_of_turn().is_none() {
            return Err(no_turns(tk));
        }
        let mark = Mark::absent_from(messages.iter().map(|m| m.content.as_str()).chain([self.source.as_str()]))?;
        let source = mark.put_into(tk, &self.source);
        let tokens = [Some(tk.bos()), Some(tk.eos()), tk.pad(), tk.unk()];
        let tokens = tokens.map(|id| id.map_or(String::new(), |id| mark.write(id)));
        let marked = run(&source, messages, gp, &tokens).and_then(|text| mark.read(&text));
        self.check_marks(tk, messages, gp, &mark, &source, &tokens)?;
        marked
    }

    /// A template that builds a control token out of pieces, such as `'<' + 'bos>'`, writes text where a mark should
    /// be. With harmless words in place of the messages both ways to read its output must agree.
    fn check_marks(
        &self,
        tk: &Tokenizer,
        messages: &[Message],
        gp: GenerationPrompt,
        mark: &Mark,
        source: &str,
        tokens: &[String; 4],
    ) -> Result<(), Error> {
        let harmless = |m: &Message| Message { role: m.role, content: "x".into() };
        let probe: Vec<Message> = messages.iter().map(harmless).collect();
        let named = [Some(tk.bos()), Some(tk.eos()), tk.pad(), tk.unk()];
        let named = named.map(|id| id.and_then(|id| tk.piece(id)).unwrap_or_default());
        let (Ok(text), Ok(marked)) = (run(&self.source, &probe, gp, &named), run(source, &probe, gp, tokens)) else {
            return Ok(()); // it refuses these words, and has had its say on the true ones
        };
        if ids(tk, mark.read(&marked)?)? == with_bos(tk, tk.encode(&text, Control::Parse)?) {
            return Ok(());
        }
        Err(Error::Template {
            line: 0,
            cause: "it builds control tokens out of pieces, so that they cannot be told from the messages' text".into(),
        })
    }
}

/// A span that owns its text.
enum Owned {
    Token(u32),
    Text(String),
}

/// A character of a private-use area that neither the messages nor the template contain. `mark 105 mark`, in digits,
/// stands for control token 105.
struct Mark(char);

impl Mark {
    fn absent_from<'t>(texts: impl Iterator<Item = &'t str>) -> Result<Self, Error> {
        let private = |c: &char| ('\u{E000}'..='\u{F8FF}').contains(c);
        let used: std::collections::BTreeSet<char> = texts.flat_map(str::chars).filter(private).collect();
        let free = ('\u{E000}'..='\u{F8FF}').find(|c| !used.contains(c));
        free.map(Self).ok_or_else(|| Error::Conversation {
            cause: "it uses all 6,400 private-use characters; at least one must be free".into(),
        })
    }

    fn write(&self, id: u32) -> String {
        format!("{}{id}{}", self.0, self.0)
    }

    /// The template with its control tokens replaced.
    fn put_into(&self, tk: &Tokenizer, source: &str) -> String {
        let spans = tk.split_parsed(source).into_iter();
        spans.fold(String::with_capacity(source.len()), |mut out, span| {
            match span {
                Span::Text(text) => out.push_str(text),
                Span::Token(id) if tk.is_control(id) => out.push_str(&self.write(id)),
                Span::Token(id) => out.push_str(&tk.piece(id).unwrap_or_default()),
            }
            out
        })
    }

    /// Cuts rendered text at its marks: text, id, text, id, ..., text.
    fn read(&self, rendered: &str) -> Result<Vec<Owned>, Error> {
        let mut spans = Vec::new();
        let parts: Vec<&str> = rendered.split(self.0).collect();
        for (i, part) in parts.iter().enumerate() {
            if i % 2 == 0 {
                if !part.is_empty() {
                    spans.push(Owned::Text((*part).to_owned()));
                }
                continue;
            }
            let whole = i + 1 < parts.len();
            let id = part.parse().ok().filter(|_| whole).ok_or_else(|| Error::Template {
                line: 0,
                cause: "it takes a control token apart, so that its text cannot be told from the messages'".into(),
            })?;
            spans.push(Owned::Token(id));
        }
        Ok(spans)
    }
}

fn run(source: &str, messages: &[Message], gp: GenerationPrompt, tokens: &[String; 4]) -> Result<String, Error> {
    if messages.is_empty() {
        return Err(Error::Conversation { cause: "it has no messages; at least one user turn is needed".into() });
    }
    let [bos, eos, pad, unk] = tokens;
    let scope = Scope {
        messages: messages.iter().map(message_value).collect(),
        n_messages: messages.len(),
        add_generation_prompt: gp == GenerationPrompt::Add,
        bos,
        eos,
        pad,
        unk,
    };
    template::render(source, &scope)
}

/// Templates know the model as `assistant`, the word that transformers passes.
fn message_value(message: &Message) -> Value {
    let role = match message.role {
        Role::System => "system",
        Role::User => "user",
        Role::Model => "assistant",
    };
    minijinja::context! { role => role, content => message.content.clone() }
}

fn ids(tk: &Tokenizer, spans: Vec<Owned>) -> Result<Vec<u32>, Error> {
    let mut ids = Vec::new();
    for span in spans {
        match span {
            Owned::Token(id) => ids.push(id),
            Owned::Text(text) => ids.extend(tk.encode(&text, Control::AsText)?),
        }
    }
    Ok(with_bos(tk, ids))
}

fn with_bos(tk: &Tokenizer, mut ids: Vec<u32>) -> Vec<u32> {
    if ids.first() != Some(&tk.bos()) {
        ids.insert(0, tk.bos());
    }
    ids
}

fn no_turns(tk: &Tokenizer) -> Error {
    let (what, piece) = if tk.start_of_turn().is_none() {
        ("start-of-turn", control::START_OF_TURN)
    } else {
        ("end-of-turn", control::END_OF_TURN)
    };
    Error::MissingSpecial { what, piece, need: "a conversation needs" }
}
