//! Questions to databases. Queries are run elsewhere; here they are read.

use super::asks::written;
use crate::error::{Error, quoted};
use crate::input::{Input, Text};
use crate::{Files, Parsed, Task, pins};
use probes::catalogue::{Ask, Features, Mode, Question, Reader, Rule, first_gold};
use serde::Deserialize;
use std::collections::BTreeMap;

pub(crate) static DEFOG: &[Task] = &[Task {
    id: "defog-sql-query",
    about: "A SQLite query for an English question, on five small databases.",
    maps_to: "E03",
    parse: defog,
    formats: &[written(Mode::Exec, 256, |q, _| {
        let (schema, more) = (q.part("schema"), q.part("instructions"));
        let more = if more.is_empty() { String::new() } else { format!("\n\n{more}") };
        let question = format!("Write one SQLite query that answers this question: {}{more}", q.text);
        Ask::open(format!("{schema}\n\n{question}\n\nAnswer with the query only."))
    })],
    reader: Reader::Sql,
    perfect: first_gold,
    features: Features::None,
    rules: &[Rule { name: "select_1", answer: |_| "SELECT 1;".to_string() }],
}];

pub(crate) static ADVISING: &[Task] = &[Task {
    id: "text2sql-advising-query",
    about: "English questions on courses with a gold query; no rows, so that answers are not run.",
    maps_to: "E03",
    parse: advising,
    formats: &[],
    reader: Reader::Sql,
    perfect: first_gold,
    features: Features::None,
    rules: &[],
}];

pub(crate) static SPIDER: &[Task] = &[Task {
    id: "spider-query",
    about: "English questions on 20 schemas with a gold query; no rows, so that answers are not run.",
    maps_to: "E03",
    parse: spider,
    formats: &[],
    reader: Reader::Sql,
    perfect: first_gold,
    features: Features::None,
    rules: &[],
}];

/// The databases whose dumps are among the files.
const DATABASES: [&str; 5] = ["academic", "atis", "geography", "restaurants", "scholar"];

/// Questions on a database whose dump is at hand; the others are counted only.
fn defog(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("defog-sql", pins::permissive::DEFOG_SQL, files)?;
    let mut dumps: BTreeMap<&str, (String, String)> = BTreeMap::new();
    for name in DATABASES {
        if let Some(file) = input.at_hand(&format!("databases/{name}.sql"))? {
            dumps.insert(name, sqlite(&file)?);
        }
    }
    let file = input.needed("questions_gen_sqlite.csv")?;
    let columns = ["db_name", "db_type", "query_category", "query", "question", "instructions"];
    let (mut questions, mut records) = (Vec::new(), 0);
    for (line, row) in file.table(b',', &columns)? {
        let cell = |i| row.get(i).unwrap_or_default().trim();
        let queries = statements(cell(3));
        let text = file.filled(Some(line), "question", cell(4))?;
        if queries.is_empty() {
            return Err(file.error(Some(line), "at least one query", quoted(cell(3))));
        }
        records += 1;
        if let Some((schema, rows)) = dumps.get(cell(0)) {
            let golds: Vec<&str> = queries.iter().map(String::as_str).collect();
            let question = Question::open(text, &golds).kind(cell(2)).cluster(&format!("{} {text}", cell(0)));
            let question = question.field("database", cell(0)).field("schema", schema).field("rows", rows);
            questions.push(question.field("instructions", cell(5)));
        }
    }
    if records == 0 {
        return Err(file.error(None, "at least one question", "none"));
    }
    Ok(Parsed { questions, records, ..Parsed::default() })
}

/// A dump without what `SQLite` does not know: tables and rows apart.
fn sqlite(file: &Text) -> Result<(String, String), Error> {
    let (mut tables, mut rows) = (Vec::new(), Vec::new());
    for statement in statements(&file.all().replace("public.", "").replace("::text", "").replace("::bigint", "")) {
        if statement.starts_with("CREATE TABLE") {
            tables.push(format!("{statement};"));
        } else if statement.starts_with("INSERT INTO") {
            rows.push(format!("{statement};"));
        } else {
            return Err(file.error(None, "CREATE TABLE and INSERT INTO only", quoted(&statement)));
        }
    }
    let tables = file.some(tables, "table")?;
    Ok((tables.join("\n\n"), rows.join("\n")))
}

/// The statements of a text, without comments and the semicolons between them. Quotes are heeded.
fn statements(sql: &str) -> Vec<String> {
    let mut statements = Vec::new();
    let mut statement = String::new();
    let mut quote = None;
    let mut comment = false;
    let mut letters = sql.chars().peekable();
    while let Some(c) = letters.next() {
        if comment {
            comment = c != '\n';
            continue;
        }
        match (quote, c) {
            (None, '-') if letters.peek() == Some(&'-') => {
                comment = true;
                continue;
            }
            (None, ';') => {
                statements.push(std::mem::take(&mut statement));
                continue;
            }
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
        statement.push(c);
    }
    statements.push(statement);
    statements.iter().map(|s| s.trim().to_string()).filter(|s| !s.is_empty()).collect()
}

/// An entry of the text2sql data: sentences that share a query.
#[derive(Deserialize)]
struct Shared {
    sentences: Vec<Sentence>,
    sql: Vec<String>,
    #[serde(rename = "query-split")]
    split: String,
    variables: Vec<Variable>,
}

#[derive(Deserialize)]
struct Sentence {
    text: String,
    variables: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Variable {
    name: String,
    example: String,
}

/// Variables of an entry at most.
const MAX_VARIABLES: usize = 64;

fn advising(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("text2sql-advising", pins::permissive::TEXT2SQL_ADVISING, files)?;
    let file = input.needed("advising.json")?;
    let entries: Vec<Shared> = file.json("a list of objects with sentences, sql, query-split and variables")?;
    let mut questions = Vec::new();
    for (i, entry) in entries.iter().enumerate() {
        let (Some(sql), true) = (entry.sql.first(), entry.variables.len() <= MAX_VARIABLES) else {
            let found = format!("{} queries, {} variables", entry.sql.len(), entry.variables.len());
            let expected = format!("a query and at most {MAX_VARIABLES} variables in entry {}", i + 1);
            return Err(file.error(None, expected, found));
        };
        for sentence in &entry.sentences {
            let (mut text, mut query) = (sentence.text.clone(), sql.clone());
            // The longest name first: number1 begins number10. A sentence leaves out what only the query names.
            let mut variables: Vec<&Variable> = entry.variables.iter().collect();
            variables.sort_by_key(|v| std::cmp::Reverse(v.name.len()));
            for variable in variables.into_iter().filter(|v| !v.name.is_empty()) {
                let said = sentence.variables.get(&variable.name).filter(|value| !value.is_empty());
                let value = said.unwrap_or(&variable.example);
                // Values are put into texts again and again; nothing may grow without bound.
                if value.len() > 1_000 || text.len().max(query.len()) > 16_000 {
                    return Err(file.error(None, "values of at most 1000 bytes in short texts", quoted(value)));
                }
                text = text.replace(&variable.name, value);
                query = query.replace(&variable.name, value);
            }
            let text = file.filled(None, "sentence", &text)?.to_string();
            let question = Question::open(&text, &[query.trim()]).kind(&entry.split);
            questions.push(question.cluster(&format!("advising {i}")).field("database", "advising"));
        }
    }
    let questions = file.some(questions, "sentence")?;
    Ok(Parsed { records: questions.len() as u64, questions, ..Parsed::default() })
}

#[derive(Deserialize)]
struct Spider {
    db_id: String,
    question: String,
    query: String,
}

#[derive(Deserialize)]
struct Schema {
    db_id: String,
    table_names_original: Vec<String>,
    column_names_original: Vec<(i64, String)>,
}

impl Schema {
    /// `table(column, column)`, one table to a line.
    fn text(&self) -> String {
        let table = |(i, name): (usize, &String)| {
            let own = self.column_names_original.iter().filter(|(of, _)| usize::try_from(*of) == Ok(i));
            format!("{name}({})", own.map(|(_, column)| column.as_str()).collect::<Vec<_>>().join(", "))
        };
        self.table_names_original.iter().enumerate().map(table).collect::<Vec<_>>().join("\n")
    }
}

fn spider(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("spider", pins::share_alike::SPIDER, files)?;
    let list = input.needed("tables.json")?;
    let schemas: Vec<Schema> =
        list.json("a list of objects with db_id, table_names_original and column_names_original")?;
    let file = input.needed("dev.json")?;
    let rows: Vec<Spider> = file.json("a list of objects with db_id, question and query")?;
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    let mut questions = Vec::new();
    for row in &rows {
        let Some(schema) = schemas.iter().find(|s| s.db_id == row.db_id) else {
            return Err(file.error(None, "a database of tables.json", quoted(&row.db_id)));
        };
        let schema = texts.entry(&row.db_id).or_insert_with(|| schema.text());
        let (text, query) = (file.filled(None, "question", &row.question)?, file.filled(None, "query", &row.query)?);
        // Two wordings of a question follow each other and share the query.
        let question = Question::open(text, &[query]).kind(&row.db_id).cluster(&format!("{} {query}", row.db_id));
        questions.push(question.field("database", &row.db_id).field("schema", schema));
    }
    let questions = file.some(questions, "question")?;
    Ok(Parsed { records: questions.len() as u64, questions, ..Parsed::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_end_at_semicolons_outside_quotes() {
        let sql = "-- a; b\nSELECT ';' FROM t; \n SELECT \"a;b\", 'it''s';;";
        assert_eq!(statements(sql), ["SELECT ';' FROM t", "SELECT \"a;b\", 'it''s'"]);
        assert_eq!(statements(" ; "), Vec::<String>::new());
    }
}
