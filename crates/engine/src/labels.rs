//! Labels of one prompt as a trie of tokens.

use tokenizer::{ChatTemplate, Control, GenerationPrompt, Message, Tokenizer};

use crate::Error;

/// What ends every label of a set, where one label's tokens begin another's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Terminator {
    /// Nothing: no label begins another.
    None,
    /// The end-of-turn token, under the chat template.
    EndOfTurn,
    /// A newline, in plain text.
    Newline,
}

/// One token of one or more labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Token id.
    pub token: u32,
    /// The node before it, or `None` below the prompt's last token.
    pub parent: Option<usize>,
    /// Nodes that continue it. None for the last token of a label.
    pub children: Vec<usize>,
}

/// The labels of one prompt, tokenised jointly with it.
#[derive(Clone, Debug)]
pub struct LabelSet {
    /// Tokens that all labels share: the prompt. Where a label changes how the prompt's end is tokenised, the
    /// tokens from there on belong to the labels, so that all labels are conditioned on the same tokens.
    pub prefix: Vec<u32>,
    /// The tokens of each label, in the order given.
    pub tokens: Vec<Vec<u32>>,
    /// What ends every label.
    pub terminator: Terminator,
    /// The trie; parents come before their children.
    pub nodes: Vec<Node>,
    /// Per label the node of its last token.
    pub leaves: Vec<usize>,
}

impl LabelSet {
    /// Labels that a model would answer to a conversation.
    pub fn chat(
        template: &ChatTemplate,
        tokenizer: &Tokenizer,
        messages: &[Message],
        labels: &[String],
    ) -> Result<Self, Error> {
        let base = template.encode(tokenizer, messages, GenerationPrompt::Add)?;
        let joint = labels
            .iter()
            .map(|label| template.encode_with_reply(tokenizer, messages, label))
            .collect::<Result<Vec<_>, _>>()?;
        let end = tokenizer.end_of_turn().unwrap_or_else(|| tokenizer.eos());
        Self::new(&base, &joint, labels, || {
            let ended = |ids: Vec<u32>| ids.into_iter().chain([end]).collect();
            let joint = labels
                .iter()
                .map(|label| Ok(ended(template.encode_with_reply(tokenizer, messages, label)?)))
                .collect::<Result<_, Error>>()?;
            Ok((joint, Terminator::EndOfTurn))
        })
    }

    /// Labels that continue a plain text.
    pub fn text(tokenizer: &Tokenizer, text: &str, labels: &[String]) -> Result<Self, Error> {
        let encode = |text: &str| -> Result<Vec<u32>, Error> {
            let mut ids = vec![tokenizer.bos()];
            ids.extend(tokenizer.encode(text, Control::AsText)?);
            Ok(ids)
        };
        let joint = |end: &str| -> Result<Vec<Vec<u32>>, Error> {
            labels.iter().map(|label| encode(&format!("{text}{label}{end}"))).collect()
        };
        Self::new(&encode(text)?, &joint("")?, labels, || Ok((joint("\n")?, Terminator::Newline)))
    }

    fn new(
        base: &[u32],
        joint: &[Vec<u32>],
        labels: &[String],
        terminated: impl FnOnce() -> Result<(Vec<Vec<u32>>, Terminator), Error>,
    ) -> Result<Self, Error> {
        if labels.len() < 2 {
            return Err(Error::TooFewLabels { n: labels.len() });
        }
        let (prefix, tokens) = split(base, joint);
        check(labels, &tokens)?;
        let begins_another =
            tokens.iter().enumerate().any(|(i, a)| tokens.iter().enumerate().any(|(j, b)| i != j && b.starts_with(a)));
        if !begins_another {
            return Ok(Self::build(prefix, tokens, Terminator::None));
        }
        let (joint, terminator) = terminated()?;
        let (prefix, tokens) = split(base, &joint);
        check(labels, &tokens)?;
        Ok(Self::build(prefix, tokens, terminator))
    }

    fn build(prefix: Vec<u32>, tokens: Vec<Vec<u32>>, terminator: Terminator) -> Self {
        let mut nodes: Vec<Node> = Vec::new();
        let mut roots: Vec<usize> = Vec::new();
        let mut leaves = Vec::with_capacity(tokens.len());
        for label in &tokens {
            let mut parent = None;
            for &token in label {
                let siblings = parent.map_or(&roots, |p: usize| &nodes[p].children);
                let known = siblings.iter().copied().find(|&s| nodes[s].token == token);
                let node = known.unwrap_or_else(|| {
                    nodes.push(Node { token, parent, children: vec![] });
                    let new = nodes.len() - 1;
                    parent.map_or(&mut roots, |p: usize| &mut nodes[p].children).push(new);
                    new
                });
                parent = Some(node);
            }
            leaves.extend(parent);
        }
        Self { prefix, tokens, terminator, nodes, leaves }
    }

    /// Nodes that follow the prompt's last token.
    pub fn roots(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.nodes.len()).filter(|&n| self.nodes[n].parent.is_none())
    }

    /// Length in tokens of the prompt with its longest label.
    pub fn n_tokens(&self) -> usize {
        self.prefix.len() + self.tokens.iter().map(Vec::len).max().unwrap_or(0)
    }
}

/// Splits jointly tokenised prompts and labels at the last point where all still agree.
fn split(base: &[u32], joint: &[Vec<u32>]) -> (Vec<u32>, Vec<Vec<u32>>) {
    let shared = joint.iter().map(|ids| ids.iter().zip(base).take_while(|(a, b)| a == b).count()).min().unwrap_or(0);
    (base[..shared].to_vec(), joint.iter().map(|ids| ids[shared..].to_vec()).collect())
}

fn check(labels: &[String], tokens: &[Vec<u32>]) -> Result<(), Error> {
    for (i, ids) in tokens.iter().enumerate() {
        if ids.is_empty() {
            return Err(Error::EmptyLabel { label: labels[i].clone() });
        }
        if let Some(j) = tokens[..i].iter().position(|other| other == ids) {
            return Err(Error::EqualLabels { first: labels[j].clone(), second: labels[i].clone() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(base: &[u32], joint: &[&[u32]]) -> Result<LabelSet, Error> {
        let labels: Vec<String> = (0..joint.len()).map(|i| format!("label {i}")).collect();
        let joint: Vec<Vec<u32>> = joint.iter().map(|ids| ids.to_vec()).collect();
        let ended = joint.iter().map(|ids| [ids.as_slice(), &[106]].concat()).collect();
        LabelSet::new(base, &joint, &labels, || Ok((ended, Terminator::EndOfTurn)))
    }

    #[test]
    fn shared_first_tokens_become_one_node() {
        let set = set(&[2, 7], &[&[2, 7, 10, 11], &[2, 7, 10, 12], &[2, 7, 13]]).unwrap();
        assert_eq!(set.prefix, [2, 7]);
        assert_eq!(set.nodes.len(), 4);
        assert_eq!(set.roots().count(), 2);
        assert_eq!(set.terminator, Terminator::None);
        assert_eq!(set.leaves, [1, 2, 3]);
    }

    #[test]
    fn a_label_that_begins_another_gives_all_a_terminator() {
        let set = set(&[2], &[&[2, 5], &[2, 5, 6]]).unwrap();
        assert_eq!(set.terminator, Terminator::EndOfTurn);
        assert_eq!(set.tokens, [vec![5, 106], vec![5, 6, 106]]);
    }

    #[test]
    fn a_boundary_that_a_label_changes_belongs_to_the_labels() {
        let set = set(&[2, 7, 8], &[&[2, 7, 8, 5], &[2, 7, 9]]).unwrap();
        assert_eq!(set.prefix, [2, 7]);
        assert_eq!(set.tokens, [vec![8, 5], vec![9]]);
    }

    #[test]
    fn empty_equal_and_single_labels_are_refused() {
        assert!(matches!(set(&[2], &[&[2], &[2, 5]]), Err(Error::EmptyLabel { .. })));
        assert!(matches!(set(&[2], &[&[2, 5], &[2, 5]]), Err(Error::EqualLabels { .. })));
        assert!(matches!(set(&[2], &[&[2, 5]]), Err(Error::TooFewLabels { n: 1 })));
    }
}
