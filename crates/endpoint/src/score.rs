//! The probability of labels.

use probes::{LabelAnswer, LabelQuery, Message};
use serde_json::json;

use crate::client::Client;
use crate::gemma::{self, BOS, END_OF_TURN};
use crate::{Error, LabelScores, subject, wire};

/// The likeliest tokens that servers give.
const TOP: usize = 20;

/// Why a query has no answer.
pub(crate) enum Trouble {
    /// This query alone cannot be answered.
    Query(String),
    /// Nor will others be.
    Run(Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        if error.concerns_one_request() { Self::Query(error.to_string()) } else { Self::Run(error) }
    }
}

/// The scores of a query, or why it alone is refused.
pub(crate) async fn answer(client: &Client, how: LabelScores, query: &LabelQuery) -> Result<LabelAnswer, Error> {
    let scored = match how {
        LabelScores::Exact => exact(client, query).await,
        LabelScores::FirstToken => first_token(client, query).await,
        LabelScores::None => Err(Trouble::Query(NOT_SCORED.to_owned())),
    };
    match scored {
        Ok(answer) => Ok(answer),
        Err(Trouble::Run(error)) => Err(error),
        Err(Trouble::Query(why)) => Ok(LabelAnswer {
            n_bytes: n_bytes(query),
            input_ids_sha256: subject::sha256_of(&query.messages),
            refused: Some(why),
            ..LabelAnswer::default()
        }),
    }
}

const NOT_SCORED: &str = "the endpoint gives no log-probabilities: have the labels written";

fn n_bytes(query: &LabelQuery) -> Vec<u32> {
    query.labels.iter().map(|l| l.len() as u32).collect()
}

/// A prompt's tokens with their log-probabilities, as a server echoes them.
struct Echo {
    tokens: Vec<String>,
    logprobs: Vec<Option<f64>>,
    n_in: Option<u32>,
}

/// Has a prompt scored. One token is written as well, because servers read zero as "no limit"; it is cut off.
async fn echo(client: &Client, prompt: &str) -> Result<Echo, Trouble> {
    let body = json!({"prompt": prompt, "max_tokens": 1, "echo": true, "logprobs": 1, "temperature": 0});
    let done: wire::Completion = client.post("completions", body).await?;
    let choice = done.choices.into_iter().next().ok_or_else(|| client.form("it has no choices"))?;
    let none = || Trouble::Query("the endpoint does not echo log-probabilities of the prompt".to_owned());
    let wire::Logprobs { mut tokens, token_logprobs: mut logprobs } = choice.logprobs.ok_or_else(none)?;
    if tokens.len() != logprobs.len() {
        return Err(client.form("it has not as many log-probabilities as tokens").into());
    }
    let written = done.usage.and_then(|u| u.completion_tokens).unwrap_or(1) as usize;
    // A server that does not echo lists the written token alone.
    let n = tokens.len().checked_sub(written).filter(|n| *n > 0).ok_or_else(none)?;
    tokens.truncate(n);
    logprobs.truncate(n);
    Ok(Echo { tokens, logprobs, n_in: done.usage.and_then(|u| u.prompt_tokens) })
}

/// Does the server put the start token first, and read control tokens as such?
pub(crate) async fn check_echo(client: &Client, query: &LabelQuery) -> Result<(), Trouble> {
    let echo = echo(client, &prompt(client, &query.messages)?).await?;
    let torn =
        echo.tokens.iter().any(|t| t.contains(['<', '>']) && t != BOS && t != END_OF_TURN && t != "<start_of_turn>");
    if torn {
        return Err(Trouble::Query("the endpoint reads control tokens as text".to_owned()));
    }
    let listed = echo.tokens.first().is_some_and(|t| t == BOS);
    // Llama.cpp's Python server lists no start token but counts it.
    let counted = echo.n_in.is_none_or(|n| n as usize == echo.tokens.len() + 1);
    if listed || counted {
        Ok(())
    } else {
        Err(Trouble::Query("the endpoint does not put the start token before a prompt".to_owned()))
    }
}

fn prompt(client: &Client, messages: &[Message]) -> Result<String, Trouble> {
    let template = client.options.template.ok_or_else(|| Trouble::Query(NOT_SCORED.to_owned()))?;
    template.render(messages).map_err(Trouble::Query)
}

/// Whole labels, each tokenised jointly with the prompt, as the engine does it. Where one label's tokens begin another's,
/// every label is ended: by the end of the turn, or by a line feed in a plain text.
pub(crate) async fn exact(client: &Client, query: &LabelQuery) -> Result<LabelAnswer, Trouble> {
    if query.labels.len() < 2 {
        return Err(Trouble::Query("there are fewer than two labels".to_owned()));
    }
    gemma::check(query.labels.iter().map(String::as_str)).map_err(Trouble::Query)?;
    let plain = query.messages.is_empty();
    let (prompt, end) = if plain { (String::new(), "\n") } else { (prompt(client, &query.messages)?, END_OF_TURN) };
    let base = if plain {
        Echo { tokens: vec![BOS.to_owned()], logprobs: vec![None], n_in: Some(1) }
    } else {
        echo(client, &prompt).await?
    };
    let open = ended(client, &base, &prompt, query, "").await?;
    if open.iter().enumerate().any(|(i, a)| open.iter().skip(i + 1).any(|b| a.tokens == b.tokens)) {
        return Err(Trouble::Query("two labels have the same tokens".to_owned()));
    }
    let begins = |a: &Scored, b: &Scored| b.tokens.starts_with(&a.tokens);
    let ambiguous = open.iter().enumerate().any(|(i, a)| open.iter().enumerate().any(|(j, b)| i != j && begins(a, b)));
    let scored = if ambiguous { ended(client, &base, &prompt, query, end).await? } else { open };
    Ok(LabelAnswer {
        logp: scored.iter().map(|s| s.logp).collect(),
        n_tokens: scored.iter().map(|s| s.tokens.len() as u32).collect(),
        n_bytes: n_bytes(query),
        input_ids_sha256: subject::sha256_of(&query.messages),
        n_in: base.n_in.unwrap_or(base.tokens.len() as u32),
        ..LabelAnswer::default()
    })
}

/// The tokens of one label, and the sum of their log-probabilities.
struct Scored {
    tokens: Vec<String>,
    logp: f64,
}

async fn ended(
    client: &Client,
    base: &Echo,
    prompt: &str,
    query: &LabelQuery,
    end: &str,
) -> Result<Vec<Scored>, Trouble> {
    let mut joint = Vec::with_capacity(query.labels.len());
    for label in &query.labels {
        joint.push(echo(client, &[prompt, label, end].concat()).await?);
    }
    // All labels follow the same tokens: where a label changes how the prompt's end is read, that belongs to the label.
    let agree = |e: &Echo| e.tokens.iter().zip(&base.tokens).take_while(|(a, b)| a == b).count();
    let shared = joint.iter().map(agree).min().unwrap_or(0);
    let rest = base.tokens.get(shared..).unwrap_or_default().concat();
    joint.iter().zip(&query.labels).map(|(echo, label)| cut(echo, shared, &[&rest, label, end].concat())).collect()
}

/// The tokens after the shared ones, if they spell the label.
fn cut(echo: &Echo, shared: usize, expected: &str) -> Result<Scored, Trouble> {
    let tokens = echo.tokens.get(shared..).unwrap_or_default().to_vec();
    // Some servers show control tokens as nothing.
    let spelled = tokens.concat();
    let bare = expected.strip_suffix(END_OF_TURN);
    let hidden = bare.is_some_and(|bare| spelled == bare && tokens.last().is_some_and(String::is_empty));
    if tokens.is_empty() || (spelled != expected && !hidden) {
        return Err(Trouble::Query(if shared == 0 {
            "the endpoint gives no probability for the first token of a text".to_owned()
        } else {
            "the endpoint's tokens do not spell the label".to_owned()
        }));
    }
    let mut logp = 0.0;
    for value in echo.logprobs.get(shared..).unwrap_or_default() {
        logp += value.ok_or_else(|| Trouble::Query("the endpoint leaves out a label's probability".to_owned()))?;
    }
    Ok(Scored { tokens, logp })
}

/// The likeliest first tokens of an answer with their log-probabilities, each text once.
pub(crate) async fn likeliest(client: &Client, messages: &[Message]) -> Result<Vec<(String, f64)>, Trouble> {
    likeliest_and_length(client, messages).await.map(|(tokens, _)| tokens)
}

async fn likeliest_and_length(client: &Client, messages: &[Message]) -> Result<(Vec<(String, f64)>, u32), Trouble> {
    let body = json!({
        "messages": subject::messages(messages),
        "max_tokens": 1,
        "temperature": 0,
        "logprobs": true,
        "top_logprobs": TOP
    });
    let done: wire::Chat = client.post("chat/completions", body).await?;
    let choice = done.choices.into_iter().next().ok_or_else(|| client.form("it has no choices"))?;
    let position = choice.logprobs.and_then(|l| l.content).and_then(|c| c.into_iter().next());
    let mut tokens: Vec<(String, f64)> = Vec::new();
    for top in position.map(|p| p.top_logprobs).unwrap_or_default() {
        let Some(logprob) = top.logprob else { continue };
        if !top.token.is_empty() && !tokens.iter().any(|(known, _)| *known == top.token) {
            tokens.push((top.token, logprob));
        }
    }
    Ok((tokens, done.usage.and_then(|u| u.prompt_tokens).unwrap_or(0)))
}

/// The first token of each label: the longest of the likeliest tokens that begins it and no other label.
async fn first_token(client: &Client, query: &LabelQuery) -> Result<LabelAnswer, Trouble> {
    if query.messages.is_empty() {
        return Err(Trouble::Query("a whole text cannot be scored by its first token".to_owned()));
    }
    let (tokens, n_in) = likeliest_and_length(client, &query.messages).await?;
    let logp = by_first_token(&query.labels, &tokens).map_err(Trouble::Query)?;
    Ok(LabelAnswer {
        n_tokens: vec![1; logp.len()],
        logp,
        n_bytes: n_bytes(query),
        input_ids_sha256: subject::sha256_of(&query.messages),
        n_in,
        ..LabelAnswer::default()
    })
}

fn by_first_token(labels: &[String], tokens: &[(String, f64)]) -> Result<Vec<f64>, String> {
    let of_label = |(i, label): (usize, &String)| {
        let begins = tokens.iter().filter(|(token, _)| label.starts_with(token.as_str()));
        let Some((token, logp)) = begins.max_by_key(|(token, _)| token.len()) else {
            return Err(format!("the first token of \"{label}\" is not among the {TOP} likeliest"));
        };
        match labels.iter().enumerate().find(|(j, other)| *j != i && other.starts_with(token.as_str())) {
            Some((_, other)) => Err(format!("\"{label}\" and \"{other}\" begin with the same token")),
            None => Ok(*logp),
        }
    };
    labels.iter().enumerate().map(of_label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_tokens_must_be_likely_and_tell_the_labels_apart() {
        let scored = |labels: &[&str], tokens: &[(&str, f64)]| {
            let labels: Vec<String> = labels.iter().map(|l| (*l).to_owned()).collect();
            let tokens: Vec<(String, f64)> = tokens.iter().map(|(t, p)| ((*t).to_owned(), *p)).collect();
            by_first_token(&labels, &tokens)
        };
        let top = [("tech", -0.5), ("t", -0.1), ("cas", -1.0), ("casual", -3.0), (" technical", -0.01)];
        assert_eq!(scored(&["technical", "casual"], &top), Ok(vec![-0.5, -3.0]));
        assert!(scored(&["technical", "ethical"], &top).unwrap_err().contains("not among the 20 likeliest"));
        assert!(scored(&["technical", "technique"], &top).unwrap_err().contains("begin with the same token"));
        assert!(scored(&["true", "technical"], &top).unwrap_err().contains("begin with the same token"));
    }

    #[test]
    fn tokens_after_the_prompt_must_spell_the_label() {
        let echo = |tokens: &[&str]| Echo {
            tokens: tokens.iter().map(|t| (*t).to_owned()).collect(),
            logprobs: (0..tokens.len()).map(|i| (i > 0).then_some(-1.0)).collect(),
            n_in: None,
        };
        let logp = |e: &Echo, shared, label| cut(e, shared, label).map(|s| s.logp).ok();
        assert_eq!(logp(&echo(&["", "model", "\n", "tech", "nical"]), 3, "technical"), Some(-2.0));
        assert_eq!(logp(&echo(&["", "\n", "a", ""]), 2, "a<end_of_turn>"), Some(-2.0));
        assert_eq!(logp(&echo(&["", "\n", "a", "<end_of_turn>"]), 2, "a<end_of_turn>"), Some(-2.0));
        assert_eq!(logp(&echo(&["", "\n", "a"]), 2, "a<end_of_turn>"), None);
        assert_eq!(logp(&echo(&["", "\n", "a", "b"]), 2, "a"), None);
        assert_eq!(logp(&echo(&["", "\n"]), 2, "a"), None);
        // The first token of a text has no probability of its own.
        assert_eq!(logp(&echo(&["a", "b"]), 0, "ab"), None);
    }
}
