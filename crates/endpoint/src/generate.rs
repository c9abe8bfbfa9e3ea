//! Written answers.

use probes::{Constraint, GenerateAnswer, GenerateQuery, StopReason};
use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::score::Trouble;
use crate::{ChoiceForm, Error, SchemaForm, subject, wire};

/// The answer to a query, refused alone where it alone cannot be asked.
pub(crate) async fn answer_or_refuse(
    client: &Client,
    schema: Option<SchemaForm>,
    choice: Option<ChoiceForm>,
    query: &GenerateQuery,
) -> Result<GenerateAnswer, Error> {
    match answer(client, schema, choice, query).await {
        Ok(answer) => Ok(answer),
        Err(Trouble::Run(error)) => Err(error),
        Err(Trouble::Query(why)) => {
            Ok(GenerateAnswer { refused: Some(why), ..written(query, String::new(), StopReason::Error, 0) })
        }
    }
}

pub(crate) async fn answer(
    client: &Client,
    schema: Option<SchemaForm>,
    choice: Option<ChoiceForm>,
    query: &GenerateQuery,
) -> Result<GenerateAnswer, Trouble> {
    let mut body = json!({
        "messages": subject::messages(&query.messages),
        "max_tokens": query.max_tokens,
        "temperature": query.temperature
    });
    if let Some(map) = body.as_object_mut() {
        if query.temperature > 0.0 {
            map.insert("seed".to_owned(), Value::from(query.seed));
        }
        if !query.stop.is_empty() {
            map.insert("stop".to_owned(), Value::from(query.stop.clone()));
        }
        match &query.constraint {
            None => {}
            Some(Constraint::Schema(text)) => keep_to_schema(map, schema, text)?,
            Some(Constraint::Choice(options)) => keep_to_choice(map, choice, options)?,
        }
    }
    let done: wire::Chat = client.post("chat/completions", body).await?;
    let n_in = done.usage.and_then(|u| u.prompt_tokens).unwrap_or(0);
    let first = done.choices.into_iter().next().ok_or_else(|| client.form("it has no choices"))?;
    let stop_reason = match first.finish_reason.as_deref() {
        Some("stop" | "eos" | "eos_token") if query.stop.is_empty() => StopReason::Eos,
        Some("stop" | "eos" | "eos_token") => StopReason::Stop,
        Some("length") => StopReason::Length,
        Some(other) => {
            return Err(Trouble::Query(format!(
                "the endpoint ended its answer for \"{}\"",
                crate::error::shown(other)
            )));
        }
        None => return Err(client.form("it does not say why the answer ended (finish_reason)").into()),
    };
    Ok(written(query, first.message.content.unwrap_or_default(), stop_reason, n_in))
}

/// Token ids and times stay empty: the server tells no ids, and what passes on a network is no speed.
fn written(query: &GenerateQuery, text: String, stop_reason: StopReason, n_in: u32) -> GenerateAnswer {
    GenerateAnswer {
        text,
        output_ids: Vec::new(),
        special_ids: Vec::new(),
        stop_reason,
        input_ids_sha256: subject::sha256_of(&query.messages),
        n_in,
        t_prefill_ns: 0,
        t_decode_ns: 0,
        top: Vec::new(),
        numeric_fault: None,
        refused: None,
    }
}

fn keep_to_schema(body: &mut Map<String, Value>, form: Option<SchemaForm>, text: &str) -> Result<(), Trouble> {
    let form = form.ok_or_else(|| Trouble::Query("the endpoint does not keep to a JSON schema".to_owned()))?;
    let schema: Value =
        serde_json::from_str(text).map_err(|e| Trouble::Query(format!("the schema is no JSON: {e}")))?;
    let format = match form {
        SchemaForm::JsonSchema => {
            json!({"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": true}})
        }
        SchemaForm::JsonObject => json!({"type": "json_object", "schema": schema}),
    };
    body.insert("response_format".to_owned(), format);
    Ok(())
}

fn keep_to_choice(body: &mut Map<String, Value>, form: Option<ChoiceForm>, options: &[String]) -> Result<(), Trouble> {
    let form = form.ok_or_else(|| Trouble::Query("the endpoint does not keep to a list of answers".to_owned()))?;
    match form {
        ChoiceForm::Grammar => body.insert("grammar".to_owned(), Value::from(grammar(options))),
        ChoiceForm::GuidedChoice => body.insert("guided_choice".to_owned(), json!(options)),
        ChoiceForm::StructuredOutputs => body.insert("structured_outputs".to_owned(), json!({"choice": options})),
    };
    Ok(())
}

/// One of some strings, in llama.cpp's form of a grammar.
fn grammar(options: &[String]) -> String {
    let quoted = |text: &String| {
        let mut out = String::from("\"");
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                c => out.push(c),
            }
        }
        out.push('"');
        out
    };
    ["root ::= ", &options.iter().map(quoted).collect::<Vec<_>>().join(" | ")].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grammar_quotes_what_it_must() {
        let options = ["past", "a \"b\"\\", "x\ny"].map(str::to_owned);
        assert_eq!(grammar(&options), r#"root ::= "past" | "a \"b\"\\" | "x\ny""#);
    }
}
