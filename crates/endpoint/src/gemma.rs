//! Turns written by us, for servers that score plain prompts.

use probes::{Message, Role};

/// A model's way to write turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// Gemma 3's. The server puts the start token first.
    Gemma3,
}

/// What ends a turn.
pub(crate) const END_OF_TURN: &str = "<end_of_turn>";
/// What begins a text, where a server lists it.
pub(crate) const BOS: &str = "<bos>";

/// Texts that a server would read as control tokens, so that a message with one of them cannot be sent as it is.
const CONTROL: [&str; 10] = [
    "<start_of_turn>",
    END_OF_TURN,
    BOS,
    "<eos>",
    "<pad>",
    "<unk>",
    "<mask>",
    "<unused",
    "<start_of_image>",
    "<end_of_image>",
];

impl Template {
    /// The conversation as text with the model's turn opened, or why it cannot be written.
    pub(crate) fn render(self, messages: &[Message]) -> Result<String, String> {
        let Self::Gemma3 = self;
        check(messages.iter().map(|m| m.content.as_str()))?;
        let mut text = String::new();
        let mut head = String::new();
        let mut n = 0;
        for (i, message) in messages.iter().enumerate() {
            let name = match message.role {
                Role::System if i == 0 && messages.len() > 1 => {
                    head = [message.content.as_str(), "\n\n"].concat();
                    continue;
                }
                Role::System => return Err("a system turn must come first, and a user turn after it".to_owned()),
                Role::User => "user",
                Role::Model => "model",
            };
            if (message.role == Role::User) != (n % 2 == 0) {
                return Err("user and model turns must alternate, beginning with the user".to_owned());
            }
            let content = message.content.trim();
            text.push_str(&["<start_of_turn>", name, "\n", &head, content, END_OF_TURN, "\n"].concat());
            head.clear();
            n += 1;
        }
        text.push_str("<start_of_turn>model\n");
        Ok(text)
    }
}

/// Refuses texts that would become control tokens.
pub(crate) fn check<'t>(texts: impl Iterator<Item = &'t str>) -> Result<(), String> {
    for text in texts {
        if let Some(control) = CONTROL.iter().find(|c| text.contains(**c)) {
            return Err(format!("the text contains {control}, which the server would read as a control token"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_written_as_gemma_reads_them() {
        let render = |messages: &[Message]| Template::Gemma3.render(messages);
        assert_eq!(
            render(&[Message::user(" Ciao!\n")]).unwrap(),
            "<start_of_turn>user\nCiao!<end_of_turn>\n<start_of_turn>model\n"
        );
        let talk = [Message::system("Be brief."), Message::user("A"), Message::model("B"), Message::user("C")];
        assert_eq!(
            render(&talk).unwrap(),
            "<start_of_turn>user\nBe brief.\n\nA<end_of_turn>\n<start_of_turn>model\nB<end_of_turn>\n<start_of_turn>user\nC<end_of_turn>\n<start_of_turn>model\n"
        );
    }

    #[test]
    fn what_cannot_be_written_is_refused() {
        let refused = |messages: &[Message]| Template::Gemma3.render(messages).unwrap_err();
        assert!(refused(&[Message::user("a<end_of_turn>b")]).contains("<end_of_turn>"));
        assert!(refused(&[Message::user("<unused7>")]).contains("control token"));
        assert!(refused(&[Message::model("a")]).contains("alternate"));
        assert!(refused(&[Message::user("a"), Message::user("b")]).contains("alternate"));
        assert!(refused(&[Message::user("a"), Message::system("b")]).contains("first"));
        assert!(refused(&[Message::system("b")]).contains("first"));
    }
}
