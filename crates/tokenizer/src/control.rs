//! Which pieces are control tokens whatever the file says of them.
//!
//! Files disagree: SentencePiece calls `<start_of_turn>` user-defined, `tokenizer.json` special, and GGUF writers
//! have called it control, user-defined and normal. A piece by one of these names is a control token in every form.

/// Begins every sequence.
pub(crate) const BOS: &str = "<bos>";
/// Ends a document.
pub(crate) const EOS: &str = "<eos>";
/// Fills a batch.
pub(crate) const PAD: &str = "<pad>";
/// Stands for nothing that a text can hold; with byte tokens it is never produced.
pub(crate) const UNK: &str = "<unk>";
/// Begins a turn of a conversation.
pub(crate) const START_OF_TURN: &str = "<start_of_turn>";
/// Ends a turn of a conversation.
pub(crate) const END_OF_TURN: &str = "<end_of_turn>";

const NAMED: [&str; 12] = [
    BOS,
    EOS,
    PAD,
    UNK,
    START_OF_TURN,
    END_OF_TURN,
    "<mask>",
    "<2mass>",
    "[@BOS@]",
    "[multimodal]",
    "<start_of_image>",
    "<end_of_image>",
];

/// Whether a piece of this name is a control token of Gemma's in every form of the vocabulary.
pub(crate) fn is_named(piece: &str) -> bool {
    let unused = || {
        piece
            .strip_prefix("<unused")
            .and_then(|rest| rest.strip_suffix('>'))
            .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    piece == "<image_soft_token>" || NAMED.contains(&piece) || unused()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text_and_markers_are_control() {
        for control in ["<bos>", "<unused0>", "<unused6241>", "<image_soft_token>", "[multimodal]"] {
            assert!(is_named(control), "{control}");
        }
        for text in ["<table>", "<unused>", "<unused1a>", "<0x0A>", "bos", "\n\n", "<>"] {
            assert!(!is_named(text), "{text}");
        }
    }
}
