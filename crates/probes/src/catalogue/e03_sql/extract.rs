//! The query in a written answer.

/// The first query in an answer, without its semicolon, and how the answer departs from the bare query: `fence`,
/// `prose_around`, `extra` (a second statement), `unparsable` (no query at all).
pub fn extract(text: &str) -> (Option<String>, Vec<&'static str>) {
    let mut breaks = Vec::new();
    let parts = unfence(text);
    if parts.fenced {
        breaks.push("fence");
    }
    let Some(start) = start(parts.body) else { return (None, vec!["unparsable"]) };
    let (lead, query) = split(parts.body, start);
    let end = end(query, !parts.fenced);
    let (query, rest) = split(query, end);
    let rest = rest.trim_start().trim_start_matches(';');
    let after = [rest, parts.after];
    if after.iter().any(|text| start_of(text).is_some()) {
        breaks.push("extra");
    }
    if [parts.before, lead].iter().chain(&after).any(|text| is_prose(text)) {
        breaks.push("prose_around");
    }
    (Some(query.trim().to_string()), breaks)
}

/// An answer, cut where its first fence begins and ends.
struct Parts<'a> {
    before: &'a str,
    body: &'a str,
    after: &'a str,
    fenced: bool,
}

fn unfence(text: &str) -> Parts<'_> {
    let text = text.trim();
    if let Some((before, rest)) = text.split_once("```") {
        // A fence that is never closed ends with the text: the answer was cut.
        let (body, after) = rest.split_once("```").unwrap_or((rest, ""));
        return Parts { before, body: without_language(body), after, fenced: true };
    }
    let inner = text.trim_end_matches(';').strip_prefix('`').and_then(|t| t.strip_suffix('`'));
    match inner {
        Some(body) => Parts { before: "", body, after: "", fenced: true },
        None => Parts { before: "", body: text, after: "", fenced: false },
    }
}

/// What follows the name of a language at the beginning of a fence.
fn without_language(body: &str) -> &str {
    let name: &str = body.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let known = ["sql", "sqlite", "sqlite3"].iter().any(|language| name.eq_ignore_ascii_case(language));
    if known { body.strip_prefix(name).unwrap_or(body) } else { body }
}

/// Where the query begins: at the beginning of a line if one does so, else anywhere.
fn start(body: &str) -> Option<usize> {
    let mut offset = 0;
    for line in body.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if begins_query(line.trim_start()) {
            return Some(offset + indent);
        }
        offset += line.len();
    }
    start_of(body)
}

/// The first place where a query begins, at the beginning of any word.
fn start_of(text: &str) -> Option<usize> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if !word(before) && text.get(at..).is_some_and(begins_query) {
            return Some(at);
        }
        before = c;
    }
    None
}

/// `SELECT`, or `WITH` in front of a name and `AS`: in prose both are followed by something else.
fn begins_query(text: &str) -> bool {
    let mut words = text.split(|c: char| c.is_whitespace() || c == '(').filter(|w| !w.is_empty());
    let first = words.next().unwrap_or_default();
    if first.eq_ignore_ascii_case("select") {
        return words.next().is_some();
    }
    first.eq_ignore_ascii_case("with") && words.take(4).any(|word| word.eq_ignore_ascii_case("as"))
}

/// Where the query ends: at the first semicolon outside strings and comments; without one at an empty line, if what
/// follows does not go on with SQL; else at the end.
fn end(query: &str, prose_may_follow: bool) -> usize {
    semicolon(query).or_else(|| prose_may_follow.then(|| paragraph(query)).flatten()).unwrap_or(query.len())
}

fn semicolon(query: &str) -> Option<usize> {
    let mut rest = query.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().map(|(_, next)| *next);
        match (c, next) {
            (';', _) => return Some(at),
            ('\'' | '"' | '`', _) => {
                rest.find(|(_, d)| *d == c);
            }
            ('[', _) => {
                rest.find(|(_, d)| *d == ']');
            }
            ('-', Some('-')) => {
                rest.find(|(_, d)| *d == '\n');
            }
            ('/', Some('*')) => {
                rest.next();
                let mut last = ' ';
                rest.find(|(_, d)| std::mem::replace(&mut last, *d) == '*' && *d == '/');
            }
            _ => {}
        }
    }
    None
}

/// Words with which a query goes on after an empty line.
const GOES_ON: [&str; 16] = [
    "from",
    "where",
    "group",
    "order",
    "having",
    "limit",
    "join",
    "left",
    "inner",
    "and",
    "or",
    "on",
    "union",
    "except",
    "intersect",
    "select",
];

fn paragraph(query: &str) -> Option<usize> {
    let mut offset = 0;
    let mut after_empty = None;
    for line in query.split_inclusive('\n') {
        let first = line.split_whitespace().next();
        match (first, after_empty) {
            (None, _) => after_empty = after_empty.or(Some(offset)),
            (Some(word), Some(cut)) => {
                if GOES_ON.iter().any(|known| word.eq_ignore_ascii_case(known)) || word.starts_with(['(', ')', '-']) {
                    after_empty = None;
                } else {
                    return Some(cut);
                }
            }
            _ => {}
        }
        offset += line.len();
    }
    None
}

/// Whether somebody talks: a letter or digit outside comments.
fn is_prose(text: &str) -> bool {
    text.lines().filter(|line| !line.trim_start().starts_with("--")).any(|line| line.contains(char::is_alphanumeric))
}

fn split(text: &str, at: usize) -> (&str, &str) {
    text.split_at_checked(at).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::extract;

    fn gives(text: &str, query: &str, breaks: &[&str]) {
        let (found, broken) = extract(text);
        assert_eq!((found.as_deref(), broken.as_slice()), (Some(query), breaks), "{text:?}");
    }

    #[test]
    fn a_bare_query_is_taken_as_it_is() {
        for text in ["SELECT 1", "SELECT 1;", "  SELECT 1 ;\n", "SELECT 1;;", "SELECT 1; -- fatto"] {
            gives(text, "SELECT 1", &[]);
        }
        gives("select nome\nfrom clienti\n\nwhere id = 1;", "select nome\nfrom clienti\n\nwhere id = 1", &[]);
        gives("SELECT ';' AS a, \";\" AS b", "SELECT ';' AS a, \";\" AS b", &[]);
        gives("SELECT 1 -- uno; due\n, 2;", "SELECT 1 -- uno; due\n, 2", &[]);
        gives("SELECT 1 /* ; */ + 1;", "SELECT 1 /* ; */ + 1", &[]);
        gives("SELECT nome FROM t WHERE c = 'D''Angelo; ecc.'", "SELECT nome FROM t WHERE c = 'D''Angelo; ecc.'", &[]);
        gives("WITH a AS (SELECT 1) SELECT * FROM a;", "WITH a AS (SELECT 1) SELECT * FROM a", &[]);
        gives(
            "with recursive a(n) as (select 1) select n from a",
            "with recursive a(n) as (select 1) select n from a",
            &[],
        );
        gives("-- la query\nSELECT 1;", "SELECT 1", &[]);
    }

    #[test]
    fn fences_are_taken_off_and_noted() {
        for text in [
            "```sql\nSELECT 1;\n```",
            "```SQL\nSELECT 1\n```",
            "```sqlite\nSELECT 1;```",
            "```\nSELECT 1;\n```",
            "```sql\nSELECT 1;",
            "```SELECT 1;```",
            "`SELECT 1;`",
            "`SELECT 1`;",
        ] {
            gives(text, "SELECT 1", &["fence"]);
        }
        gives("SELECT `nome` FROM `clienti`;", "SELECT `nome` FROM `clienti`", &[]);
    }

    #[test]
    fn prose_is_left_out_and_noted() {
        let both = ["fence", "prose_around"];
        gives("Ecco la query:\n```sql\nSELECT 1;\n```", "SELECT 1", &both);
        gives("```sql\nSELECT 1;\n```\nQuesta query restituisce 1.", "SELECT 1", &both);
        gives("Ecco:\nSELECT 1;\n", "SELECT 1", &["prose_around"]);
        gives("SQL: SELECT 1;", "SELECT 1", &["prose_around"]);
        gives("SELECT 1;\n\nSpero sia utile; l'ho provata.", "SELECT 1", &["prose_around"]);
        gives("SELECT nome\nFROM clienti\n\nLa query mostra l'elenco.", "SELECT nome\nFROM clienti", &["prose_around"]);
        gives("With this in mind:\nSELECT 1", "SELECT 1", &["prose_around"]);
    }

    #[test]
    fn a_second_query_is_extra() {
        gives("SELECT 1; SELECT 2;", "SELECT 1", &["extra", "prose_around"]);
        gives(
            "```sql\nSELECT 1;\n```\noppure\n```sql\nSELECT 2;\n```",
            "SELECT 1",
            &["fence", "extra", "prose_around"],
        );
        gives("SELECT 1; DROP TABLE clienti;", "SELECT 1", &["prose_around"]);
    }

    #[test]
    fn an_answer_without_a_query_is_unparsable() {
        for text in [
            "",
            " \n",
            "Non lo so.",
            "DELETE FROM clienti;",
            "SELECT",
            "selezione di clienti",
            "```sql\n```",
            "…",
            "<pad>",
        ] {
            assert_eq!(extract(text), (None, vec!["unparsable"]), "{text:?}");
        }
    }
}
