//! Reads Hugging Face's `tokenizer.json`.
//!
//! Every field is used, checked against the one value that Gemma's tokenizers have, or named here as harmless:
//! `version`, `truncation` and `padding` (how batches are shaped, not what ids a text has) and `post_processor` (it
//! adds the begin token; the caller does that).

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::parts::{self, Given, Kind, Merges, Parts};
use crate::{Error, byte, control, merges};

/// Names this form in messages.
pub(crate) const FORM: &str = "tokenizer.json";

/// Gemma 3's is 33 MB.
const MAX_BYTES: usize = 128 << 20;
/// A normaliser, pre-tokeniser or decoder of Gemma's is under 300 bytes.
const MAX_STEP_BYTES: usize = 8 << 10;

/// Reads and checks a whole file.
pub(crate) fn read(bytes: &[u8]) -> Result<Parts, Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooLarge { form: FORM, what: "the length in bytes", found: bytes.len(), limit: MAX_BYTES });
    }
    let file: File = parse("the file", bytes)?;
    check_step("normalizer", file.normalizer, &[NORMALIZER])?;
    check_step("pre_tokenizer", file.pre_tokenizer, &[PRE_TOKENIZER, "null"])?;
    check_step("decoder", file.decoder, &[DECODER])?;
    let model = read_model(file.model)?;
    let (pieces, mut kinds) = lay_out(model.vocab.0, &file.added_tokens)?;
    for (id, token) in file.added_tokens.iter().enumerate() {
        token.check(id)?;
    }
    for token in &file.added_tokens {
        if let Some(kind) = kinds.get_mut(token.id as usize)
            && *kind == Kind::Normal
        {
            *kind = if token.special { Kind::Control } else { Kind::UserDefined };
        }
    }
    let mut spelled = BTreeSet::new();
    for (at, token) in file.added_tokens.iter().enumerate().filter(|(_, t)| t.normalized) {
        match kinds.get(token.id as usize) {
            Some(Kind::UserDefined) => _ = spelled.insert(token.id),
            _ if token.content.contains([' ', '\u{2581}']) => return Err(token.unsupported(at, "normalized")),
            _ => {} // without a space in it, a control token is the same either way
        }
    }
    let parts = Parts::new(FORM, pieces, kinds, Merges::Listed(model.merges.0), Given::default())?;
    Ok(Parts { spelled, ..parts })
}

/// A space becomes U+2581 and nothing else changes.
const NORMALIZER: &str = r#"{"type":"Replace","pattern":{"String":" "},"content":"▁"}"#;
/// Splits at spaces, of which the normaliser has left none.
const PRE_TOKENIZER: &str =
    r#"{"type":"Split","pattern":{"String":" "},"behavior":"MergedWithPrevious","invert":false}"#;
/// The way back.
const DECODER: &str = r#"{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"}]}"#;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    #[serde(default, rename = "version")]
    _version: IgnoredAny,
    #[serde(default, rename = "truncation")]
    _truncation: IgnoredAny,
    #[serde(default, rename = "padding")]
    _padding: IgnoredAny,
    #[serde(default, rename = "post_processor")]
    _post_processor: IgnoredAny,
    #[serde(default)]
    added_tokens: Vec<AddedToken>,
    #[serde(borrow, default)]
    normalizer: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pre_tokenizer: Option<&'a RawValue>,
    #[serde(borrow, default)]
    decoder: Option<&'a RawValue>,
    #[serde(borrow)]
    model: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "the fields of the file format")]
struct AddedToken {
    id: u32,
    content: String,
    #[serde(default)]
    single_word: bool,
    #[serde(default)]
    lstrip: bool,
    #[serde(default)]
    rstrip: bool,
    #[serde(default)]
    normalized: bool,
    #[serde(default)]
    special: bool,
}

impl AddedToken {
    /// Gemma matches its added tokens plainly.
    fn check(&self, at: usize) -> Result<(), Error> {
        let options = [("single_word", self.single_word), ("lstrip", self.lstrip), ("rstrip", self.rstrip)];
        match options.iter().find(|(_, set)| *set) {
            None => Ok(()),
            Some((name, _)) => Err(self.unsupported(at, name)),
        }
    }

    fn unsupported(&self, at: usize, option: &str) -> Error {
        Error::Unsupported {
            form: FORM,
            what: format!("`{option}` of added token {at} ({})", crate::error::quoted(&self.content)),
            advice: "Gemma's added tokens are matched plainly",
        }
    }
}

#[derive(Deserialize)]
struct ModelType {
    #[serde(rename = "type")]
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Model {
    #[serde(default, rename = "type")]
    _type: IgnoredAny,
    #[serde(default)]
    dropout: Option<f32>,
    #[serde(default, rename = "unk_token")]
    _unk_token: IgnoredAny, // with all byte pieces there, no text gives it
    #[serde(default)]
    continuing_subword_prefix: Option<String>,
    #[serde(default)]
    end_of_word_suffix: Option<String>,
    #[serde(default, rename = "fuse_unk")]
    _fuse_unk: IgnoredAny, // as `unk_token`
    #[serde(default)]
    byte_fallback: bool,
    #[serde(default)]
    ignore_merges: bool,
    vocab: VocabEntries,
    merges: MergeEntries,
}

fn read_model(raw: &RawValue) -> Result<Model, Error> {
    let unsupported = |what: String| Error::Unsupported {
        form: FORM,
        what,
        advice: "only Gemma's BPE with byte fallback is; use the tokenizer that belongs to the model",
    };
    let kind: ModelType = parse("model", raw.get().as_bytes())?;
    if let Some(name) = kind.name
        && name != "BPE"
    {
        return Err(unsupported(format!("the model type {}", crate::error::quoted(&name))));
    }
    let model: Model = parse("model", raw.get().as_bytes())?;
    let options = [
        ("dropout", model.dropout.is_some_and(|p| p != 0.0)),
        ("continuing_subword_prefix", model.continuing_subword_prefix.as_ref().is_some_and(|s| !s.is_empty())),
        ("end_of_word_suffix", model.end_of_word_suffix.as_ref().is_some_and(|s| !s.is_empty())),
        ("ignore_merges", model.ignore_merges),
        ("the absence of byte_fallback", !model.byte_fallback),
    ];
    match options.iter().find(|(_, set)| *set) {
        Some((name, _)) => Err(unsupported(format!("{name} in `model`"))),
        None => Ok(model),
    }
}

/// Pieces and kinds by id. Added tokens outside the vocabulary extend it; the ids must be 0 to n - 1.
fn lay_out(vocab: Vec<(String, u32)>, added: &[AddedToken]) -> Result<(Vec<String>, Vec<Kind>), Error> {
    let n_most = vocab.len().saturating_add(added.len());
    let mut pieces: Vec<Option<String>> = Vec::with_capacity(n_most);
    pieces.resize(vocab.len(), None);
    let own = vocab.into_iter().map(|(piece, id)| (id, piece, "model.vocab"));
    let more = added.iter().map(|t| (t.id, t.content.clone(), "added_tokens"));
    for (id, piece, place) in own.chain(more) {
        let slot = id as usize;
        if slot >= n_most {
            let expected = format!("ids without holes (below {n_most})");
            return Err(Error::malformed(FORM, place, expected, id.to_string()));
        }
        if slot >= pieces.len() {
            pieces.resize(slot + 1, None);
        }
        let Some(slot) = pieces.get_mut(slot) else { continue };
        match slot {
            None => *slot = Some(piece),
            Some(there) if place == "added_tokens" && *there == piece => {}
            Some(there) => {
                let found = format!("{} and {}", crate::error::quoted(there), crate::error::quoted(&piece));
                return Err(Error::malformed(FORM, place, format!("one piece with id {id}"), found));
            }
        }
    }
    let n = pieces.len();
    let whole: Vec<String> = pieces.iter_mut().map_while(Option::take).collect();
    if whole.len() < n {
        let expected = format!("ids without holes (0 to {})", n - 1);
        return Err(Error::malformed(FORM, "model.vocab", expected, format!("no piece with id {}", whole.len())));
    }
    let kinds = whole.iter().map(|piece| kind_of(piece)).collect();
    Ok((whole, kinds))
}

fn kind_of(piece: &str) -> Kind {
    if control::is_named(piece) {
        return Kind::Control;
    }
    byte::value(piece).map_or(Kind::Normal, Kind::Byte)
}

fn check_step(name: &str, raw: Option<&RawValue>, accepted: &[&str]) -> Result<(), Error> {
    let text = raw.map_or("null", RawValue::get);
    let found: Value = if text.len() > MAX_STEP_BYTES { Value::Null } else { parse(name, text.as_bytes())? };
    let same = |wanted: &&str| serde_json::from_str::<Value>(wanted).is_ok_and(|w| w == found);
    if text.len() <= MAX_STEP_BYTES && accepted.iter().any(same) {
        return Ok(());
    }
    Err(Error::Unsupported {
        form: FORM,
        what: format!("the {name} {}", crate::error::quoted(text)),
        advice: "only Gemma's is; use the tokenizer that belongs to the model",
    })
}

fn parse<'a, T: Deserialize<'a>>(place: &str, bytes: &'a [u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|e| {
        let found = crate::error::one_line(&e.to_string());
        Error::malformed(FORM, place, "the JSON of a Hugging Face BPE tokenizer", found)
    })
}

/// `model.vocab`: pieces and ids in the order of the file; duplicates stay, to be refused by name.
struct VocabEntries(Vec<(String, u32)>);

impl<'de> Deserialize<'de> for VocabEntries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = VocabEntries;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map from pieces to ids")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<VocabEntries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry::<String, u32>()? {
                    entries.push(entry);
                    parts::check_count(FORM, entries.len()).map_err(de::Error::custom)?;
                }
                Ok(VocabEntries(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// `model.merges`: pairs, or in older files strings with one space.
struct MergeEntries(Vec<(String, String)>);

impl<'de> Deserialize<'de> for MergeEntries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = MergeEntries;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of merges")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<MergeEntries, A::Error> {
                let mut entries = Vec::new();
                while let Some(Pair(left, right)) = seq.next_element()? {
                    entries.push((left, right));
                    merges::check_count(FORM, entries.len()).map_err(de::Error::custom)?;
                }
                Ok(MergeEntries(entries))
            }
        }
        deserializer.deserialize_seq(Entries)
    }
}

struct Pair(String, String);

impl<'de> Deserialize<'de> for Pair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Halves;
        impl<'de> Visitor<'de> for Halves {
            type Value = Pair;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a merge: two pieces, or a string of two pieces with one space between")
            }
            fn visit_str<E: de::Error>(self, both: &str) -> Result<Pair, E> {
                match both.split_once(' ') {
                    Some((left, right)) if !right.contains(' ') => Ok(Pair(left.into(), right.into())),
                    _ => Err(E::invalid_value(de::Unexpected::Str(both), &self)),
                }
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Pair, A::Error> {
                let half = |n: usize| de::Error::invalid_length(n, &Halves);
                let left = seq.next_element()?.ok_or_else(|| half(0))?;
                let right = seq.next_element()?.ok_or_else(|| half(1))?;
                match seq.next_element::<IgnoredAny>()? {
                    None => Ok(Pair(left, right)),
                    Some(_) => Err(half(3)),
                }
            }
        }
        deserializer.deserialize_any(Halves)
    }
}
