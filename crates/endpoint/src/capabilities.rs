//! What a server can do, found out by asking.

use probes::{Constraint, GenerateQuery, LabelQuery, Message};

use crate::client::Client;
use crate::score::Trouble;
use crate::{Error, generate, score};

/// How the probability of a label can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelScores {
    /// Of the whole label, by echoing prompt and label: needs a [`Template`](crate::Template).
    Exact,
    /// Of the label's first token, where it stands among the likeliest and tells the labels apart.
    FirstToken,
    /// Not at all: labels must be written (`Source::written`).
    None,
}

/// How a server is told to keep to a JSON schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaForm {
    /// `response_format` of type `json_schema`.
    JsonSchema,
    /// `response_format` of type `json_object` with the schema beside it.
    JsonObject,
}

/// How a server is told to answer with one of some strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChoiceForm {
    /// A grammar in the form of llama.cpp.
    Grammar,
    /// `guided_choice`.
    GuidedChoice,
    /// `structured_outputs` with a `choice`.
    StructuredOutputs,
}

impl SchemaForm {
    pub(crate) const ALL: [Self; 2] = [Self::JsonSchema, Self::JsonObject];
}

impl ChoiceForm {
    pub(crate) const ALL: [Self; 3] = [Self::Grammar, Self::GuidedChoice, Self::StructuredOutputs];
}

/// What one server does for one model. A server that ignores a field does not have what the field stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// How labels are scored.
    pub labels: LabelScores,
    /// Does it answer conversations?
    pub chat: bool,
    /// How answers keep to a JSON schema, if they can.
    pub schema: Option<SchemaForm>,
    /// How answers keep to some strings, if they can.
    pub choice: Option<ChoiceForm>,
    /// Why something is missing, one sentence each.
    pub notes: Vec<String>,
}

impl Capabilities {
    /// How labels are scored, one sentence.
    pub fn scoring(&self) -> &'static str {
        match self.labels {
            LabelScores::Exact => {
                "labels are scored by the endpoint's log-probabilities of all their tokens, after turns written by Sweetspot"
            }
            LabelScores::FirstToken => {
                "labels are scored by the probability of their first token alone; an item counts as an error where one of them is not among the 20 likeliest, which is all that the endpoint gives"
            }
            LabelScores::None => "labels are not scored but written: the endpoint gives no log-probabilities",
        }
    }

    /// What the server can do, one line each.
    pub fn lines(&self) -> Vec<String> {
        let answer = |found: Option<&str>| found.unwrap_or("no").to_owned();
        let chat = if self.chat { "yes" } else { "no" };
        let schema = self.schema.map(|form| match form {
            SchemaForm::JsonSchema => "response_format json_schema",
            SchemaForm::JsonObject => "response_format json_object with a schema",
        });
        let choice = self.choice.map(|form| match form {
            ChoiceForm::Grammar => "grammar",
            ChoiceForm::GuidedChoice => "guided_choice",
            ChoiceForm::StructuredOutputs => "structured_outputs",
        });
        let mut lines = vec![
            self.scoring().to_owned(),
            ["conversations: ", chat].concat(),
            ["answers under a JSON schema: ", &answer(schema)].concat(),
            ["answers from a list: ", &answer(choice)].concat(),
        ];
        lines.extend(self.notes.iter().cloned());
        lines
    }
}

/// A word that no model writes unless it must.
const ODD: &str = "qzx";

/// Asks for each thing once.
pub(crate) async fn probe(client: &Client) -> Result<Capabilities, Error> {
    let mut notes = Vec::new();
    let exact = match client.options.template {
        Some(_) => exact(client, &mut notes).await?,
        None => false,
    };
    let (chat, first) = match chat(client, &mut notes).await {
        Ok(found) => found,
        // A server of plain completions can still score labels.
        Err(error) if exact && is_absence(&error) => {
            notes.push(["no conversations: ", &error.to_string()].concat());
            (false, false)
        }
        Err(error) => return Err(error),
    };
    let labels = match (exact, first) {
        (true, _) => LabelScores::Exact,
        (false, true) => LabelScores::FirstToken,
        (false, false) => LabelScores::None,
    };
    let mut found = Capabilities { labels, chat, schema: None, choice: None, notes };
    if chat {
        found.schema = schema(client).await?;
        found.choice = choice(client).await?;
    }
    Ok(found)
}

/// Is what was asked for missing, rather than the server?
fn is_absence(error: &Error) -> bool {
    // Some servers fail with 500 at what they do not know.
    matches!(
        error,
        Error::Refused { .. }
            | Error::NotFound { .. }
            | Error::Server { .. }
            | Error::Form { .. }
            | Error::NotJson { .. }
    )
}

/// The error itself, unless it says that something is missing.
fn absence(trouble: Trouble) -> Result<String, Error> {
    match trouble {
        Trouble::Query(why) => Ok(why),
        Trouble::Run(error) if is_absence(&error) => Ok(error.to_string()),
        Trouble::Run(error) => Err(error),
    }
}

async fn exact(client: &Client, notes: &mut Vec<String>) -> Result<bool, Error> {
    let query =
        LabelQuery { messages: vec![Message::user("Say yes.")], labels: vec!["yes".to_owned(), "no".to_owned()] };
    let checked = async {
        score::check_echo(client, &query).await?;
        score::exact(client, &query).await
    };
    match checked.await {
        Ok(_) => Ok(true),
        Err(trouble) => {
            notes.push(["whole labels cannot be scored: ", &absence(trouble)?].concat());
            Ok(false)
        }
    }
}

/// Does it answer conversations, and with the likeliest tokens?
async fn chat(client: &Client, notes: &mut Vec<String>) -> Result<(bool, bool), Error> {
    let messages = [Message::user("Say yes.")];
    let why = match score::likeliest(client, &messages).await {
        Ok(tokens) if tokens.len() > 1 => return Ok((true, true)),
        Ok(_) => "the endpoint leaves log-probabilities out".to_owned(),
        Err(trouble) => absence(trouble)?,
    };
    // Without log-probabilities it may still answer. If it does not, its reason is the one to tell.
    let query = GenerateQuery::greedy(messages.to_vec(), 1);
    match generate::answer(client, None, None, &query).await {
        Ok(_) => {}
        Err(Trouble::Run(error)) => return Err(error),
        Err(Trouble::Query(why)) => return Err(client.form(&why)),
    }
    notes.push(["first tokens cannot be scored: ", &why].concat());
    Ok((true, false))
}

async fn schema(client: &Client) -> Result<Option<SchemaForm>, Error> {
    let schema = serde_json::json!({
        "type": "object",
        "properties": {ODD: {"type": "string", "enum": [ODD]}},
        "required": [ODD],
        "additionalProperties": false
    });
    let query = GenerateQuery {
        constraint: Some(Constraint::Schema(schema.to_string())),
        ..GenerateQuery::greedy(vec![Message::user("Name a colour, as JSON.")], 48)
    };
    // A small model may fill the answer with white space, which every schema allows, until the tokens run out.
    let whole = serde_json::json!({ODD: ODD}).to_string();
    let kept = |text: &str| {
        let text: String = text.split_whitespace().collect();
        text.contains(ODD) && whole.starts_with(&text)
    };
    for form in SchemaForm::ALL {
        if is_kept(generate::answer(client, Some(form), None, &query).await, kept)? {
            return Ok(Some(form));
        }
    }
    Ok(None)
}

async fn choice(client: &Client) -> Result<Option<ChoiceForm>, Error> {
    let options = [ODD, "xzq"].map(str::to_owned).to_vec();
    let query = GenerateQuery {
        constraint: Some(Constraint::Choice(options.clone())),
        ..GenerateQuery::greedy(vec![Message::user("Name a colour.")], 16)
    };
    for form in ChoiceForm::ALL {
        if is_kept(generate::answer(client, None, Some(form), &query).await, |t| options.iter().any(|o| o == t))? {
            return Ok(Some(form));
        }
    }
    Ok(None)
}

fn is_kept(answer: Result<probes::GenerateAnswer, Trouble>, kept: impl FnOnce(&str) -> bool) -> Result<bool, Error> {
    match answer {
        Ok(answer) => Ok(kept(&answer.text)),
        Err(trouble) => absence(trouble).map(|_| false),
    }
}
