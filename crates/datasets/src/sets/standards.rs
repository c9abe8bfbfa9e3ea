//! Suites that prove our own tools: they are counted and checked here, and run where the tools are.

use crate::error::{Error, quoted};
use crate::input::Input;
use crate::{Files, Parsed, Task, pins};
use probes::catalogue::read::label;
use probes::catalogue::{Features, Reader, first_gold};
use serde::Deserialize;
use serde_json::Value;
use std::fmt::Write;

pub(crate) static JSON_SCHEMA: &[Task] = &[Task {
    id: "json-schema-tests",
    about: "Schemas with instances and the expected verdict, for a validator of draft 2020-12.",
    maps_to: "D01",
    parse: json_schema,
    formats: &[],
    reader: Reader::Text(label),
    perfect: first_gold,
    features: Features::None,
    rules: &[],
}];

pub(crate) static JCS: &[Task] = &[Task {
    id: "jcs-vectors",
    about: "JSON documents and their canonical form, for a canonicaliser.",
    maps_to: "D01",
    parse: jcs,
    formats: &[],
    reader: Reader::Text(label),
    perfect: first_gold,
    features: Features::None,
    rules: &[],
}];

/// A schema is true, false or an object; only that it is JSON is looked at.
#[derive(Deserialize)]
struct Case {
    #[serde(rename = "schema")]
    _schema: Value,
    tests: Vec<Instance>,
}

#[derive(Deserialize)]
struct Instance {
    #[serde(rename = "data")]
    _data: Value,
    #[serde(rename = "valid")]
    _valid: bool,
}

fn json_schema(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("json-schema", pins::suites::JSON_SCHEMA, files)?;
    for file in input.under("remotes/") {
        file?.json::<Value>("a schema")?;
    }
    let mut records = 0;
    for file in input.items() {
        let file = file?;
        let cases: Vec<Case> = file.json("a list of cases, each with schema and tests")?;
        records += file.some(cases, "case")?.iter().map(|case| case.tests.len() as u64).sum::<u64>();
    }
    Ok(Parsed { records, ..Parsed::default() })
}

fn jcs(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("jcs", pins::permissive::JCS, files)?;
    let mut records = 0;
    for file in input.items() {
        let file = file?;
        file.json::<Value>("a JSON document")?;
        let name = file.path.trim_start_matches("input/").trim_end_matches(".json");
        let output = input.needed(&format!("output/{name}.json"))?;
        let hex = input.needed(&format!("outhex/{name}.txt"))?;
        let ours = output.all().bytes().fold(String::new(), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        });
        let theirs: String = hex.all().split_whitespace().collect();
        if ours != theirs {
            return Err(hex.error(None, format!("the bytes of output/{name}.json"), quoted(&theirs)));
        }
        records += 1;
    }
    Ok(Parsed { records, ..Parsed::default() })
}
