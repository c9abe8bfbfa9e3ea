//! Files as users have them, and files that lie.

use std::io::Write;
use std::path::PathBuf;

use super::*;

fn fields() -> Fields {
    Fields { text: "text".into(), gold: Some("gold".into()), ..Fields::default() }
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

fn rows(path: &Path, fields: &Fields) -> Vec<Row> {
    let mut corpus = Corpus::open(path, None, fields).unwrap();
    let mut rows = Vec::new();
    while let Some(row) = corpus.row().unwrap() {
        rows.push(row);
    }
    rows
}

/// By row its line, and the text or what is wrong.
fn shown(path: &Path) -> Vec<(u64, Result<String, String>)> {
    rows(path, &fields()).into_iter().map(|r| (r.line, r.content.map(|c| c.text))).collect()
}

fn why(content: &Result<String, String>) -> &str {
    content.as_ref().unwrap_err()
}

#[test]
fn json_lines_give_text_gold_and_id_and_bad_ones_a_reason() {
    let folder = Folder::new();
    let path = folder.file(
        "a.jsonl",
        b"\xef\xbb\xbf{\"text\":\"one\",\"id\":7,\"gold\":\"x\"}\r\n\n{\"text\":\"two\",\"gold\":\" \"}\nnope\n{\"txt\":1}\n{\"text\":5}\n{\"text\":\"\"}\n\xff\n{\"text\":\"last\"}",
    );
    let all = rows(&path, &fields());
    let first = all[0].content.as_ref().unwrap();
    assert_eq!((first.id.clone(), first.gold.as_deref()), (Some(serde_json::json!(7)), Some("x")));
    assert_eq!(all[1].content.as_ref().unwrap().gold, None, "an empty gold is none");
    let shown = shown(&path);
    assert_eq!(shown.iter().map(|r| r.0).collect::<Vec<_>>(), [1, 3, 4, 5, 6, 7, 8, 9]);
    for (at, expected) in [
        (2, "expected a JSON object with \"text\""),
        (3, "no such field"),
        (4, "\"text\" is a number"),
        (5, "the field \"text\" is empty"),
        (6, "not UTF-8 text, byte 0 is invalid"),
    ] {
        assert!(why(&shown[at].1).contains(expected), "{:?}", shown[at]);
    }
    assert_eq!(shown[7].1, Ok("last".into()));
}

#[test]
fn a_line_beyond_the_limit_is_a_bad_row_and_the_next_is_read() {
    let folder = Folder::new();
    let mut bytes = b"{\"text\":\"a\"}\n".to_vec();
    bytes.extend(std::iter::repeat_n(b'x', MAX_ROW_BYTES + 10));
    bytes.extend(b"\n{\"text\":\"b\"}\n");
    let shown = shown(&folder.file("a.jsonl", &bytes));
    assert_eq!((shown.len(), shown[2].clone()), (3, (3, Ok("b".into()))));
    assert!(why(&shown[1].1).contains("more than 4 MiB"), "{:?}", shown[1].1);
}

#[test]
fn csv_gives_rows_by_column_and_names_what_is_wrong() {
    let folder = Folder::new();
    let path = folder.file("a.csv", b"id,text,gold\n1,\"a, \"\"b\"\"\nc\",x\n2,two\n3,,x\n4,\xff,x\n5,five,\n");
    let all = rows(&path, &fields());
    let first = all[0].content.as_ref().unwrap();
    assert_eq!((first.text.as_str(), first.id.clone()), ("a, \"b\"\nc", Some(serde_json::json!("1"))));
    let shown = shown(&path);
    for (at, expected) in [(1, "2 cells where the header has 3"), (2, "is empty"), (3, "not UTF-8")] {
        assert!(why(&shown[at].1).contains(expected), "{:?}", shown[at]);
    }
    assert_eq!(shown[4].1, Ok("five".into()));
}

#[test]
fn headers_that_do_not_fit_are_refused() {
    let folder = Folder::new();
    let open = |bytes: &[u8]| {
        let path = folder.file("a.csv", bytes);
        let error = Corpus::open(&path, None, &fields()).err().unwrap();
        format!("{error:#}")
    };
    assert!(open(b"id,txt,gold\n").contains("no column \"text\"; the header has \"id\", \"txt\", \"gold\""));
    assert!(open(b"text,text,gold\n").contains("stands in the header 2 times"));
    assert!(open(b"\xff,text\n").contains("the header is not UTF-8"));
    assert!(open(b"").contains("no column"));
}

#[test]
fn an_open_quotation_mark_does_not_read_the_whole_file_into_memory() {
    let folder = Folder::new();
    let mut bytes = b"text,gold\n\"never closed ".to_vec();
    bytes.extend(std::iter::repeat_n(b'x', 3 * MAX_ROW_BYTES));
    let path = folder.file("a.csv", &bytes);
    let mut corpus = Corpus::open(&path, None, &fields()).unwrap();
    let error = format!("{:#}", corpus.row().unwrap_err());
    assert!(error.contains("is a quotation mark left open?"), "{error}");
}

#[test]
fn what_is_added_while_reading_is_not_read_and_is_told() {
    let folder = Folder::new();
    for (name, first, more) in
        [("a.jsonl", &b"{\"text\":\"a\"}\n"[..], &b"{\"text\":\"b\"}\n"[..]), ("a.csv", b"text,gold\na,\n", b"b,\n")]
    {
        let path = folder.file(name, first);
        let mut corpus = Corpus::open(&path, None, &fields()).unwrap();
        std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(more).unwrap();
        assert!(corpus.row().unwrap().is_some());
        assert!(corpus.row().unwrap().is_none());
        let error = corpus.check_unchanged().unwrap_err().to_string();
        assert!(error.contains("grew from") && error.contains("--resume"), "{error}");
        std::fs::write(&path, b"x").unwrap();
        assert!(corpus.check_unchanged().unwrap_err().to_string().contains("was changed"));
    }
}

#[test]
fn files_that_are_no_parquet_are_refused_by_a_sentence() {
    let folder = Folder::new();
    for bytes in [&b""[..], b"PAR1", b"PAR1xxxxxxxxPAR1", &[0xff; 200]] {
        let path = folder.file("a.parquet", bytes);
        let error = format!("{:#}", Corpus::open(&path, None, &fields()).err().unwrap());
        assert!(error.contains("not a sound Parquet file") && error.lines().count() == 1, "{error}");
    }
}

/// Writes rows as a file of a format with a text column `label`, and gives its path.
fn written(folder: &Folder, format: Format, from: &Path, name: &str) -> PathBuf {
    let mut corpus = Corpus::open(from, None, &Fields { text: "text".into(), ..Fields::default() }).unwrap();
    let path = folder.0.path().join(name);
    let added = [Added { name: "label".into(), kind: Kind::Text }, Added { name: "p".into(), kind: Kind::Number }];
    let mut sink = Sink::create(&path, format, &corpus, from, &added).unwrap();
    let header = corpus.columns.clone();
    while let Some(row) = corpus.row().unwrap() {
        let values = if row.number % 3 == 0 {
            vec![Value::None, Value::None]
        } else {
            vec![Value::Text(format!("l{}", row.number)), Value::Number(row.number as f64 / 4.0)]
        };
        sink.write(&row, values, &header).unwrap();
    }
    sink.finish().unwrap();
    path
}

/// By row its text, `label` and `p`.
fn read_back(path: &Path) -> Vec<(String, Option<String>, Option<String>)> {
    let fields = Fields { text: "text".into(), others: vec!["label".into(), "p".into()], ..Fields::default() };
    rows(path, &fields)
        .into_iter()
        .map(|row| {
            let content = row.content.unwrap();
            (content.text, content.others[0].clone(), content.others[1].clone())
        })
        .collect()
}

#[test]
fn every_format_is_written_and_read_back() {
    let folder = Folder::new();
    let lines: Vec<String> = (1..=2500).map(|i| format!("{{\"text\":\"text {i}\",\"id\":{i}}}\n")).collect();
    let lines = lines.concat();
    let from = folder.file("a.jsonl", lines.as_bytes());
    let expected: Vec<(String, Option<String>, Option<String>)> = (1..=2500)
        .map(|i| {
            let known = i % 3 != 0;
            let p = f64::from(i) / 4.0;
            // JSON writes 1.0 where others write 1.
            (format!("text {i}"), known.then(|| format!("l{i}")), known.then(|| p.to_string()))
        })
        .collect();
    for (format, name) in [(Format::Jsonl, "b.jsonl"), (Format::Csv, "b.csv"), (Format::Parquet, "b.parquet")] {
        let found = read_back(&written(&folder, format, &from, name));
        assert_eq!(found.len(), 2500, "{name}");
        for (found, expected) in found.iter().zip(&expected) {
            let number = |text: &Option<String>| text.as_ref().map(|t| t.parse::<f64>().unwrap());
            assert_eq!((&found.0, &found.1), (&expected.0, &expected.1), "{name}");
            assert_eq!(number(&found.2), number(&expected.2), "{name}");
        }
    }
}

#[test]
fn the_columns_of_a_parquet_file_are_carried_through() {
    let folder = Folder::new();
    let lines: Vec<String> = (1..=1500).map(|i| format!("{{\"text\":\"text {i}\",\"id\":\"n{i}\"}}\n")).collect();
    let lines = lines.concat();
    let from = folder.file("a.jsonl", lines.as_bytes());
    let once = written(&folder, Format::Parquet, &from, "once.parquet");
    // The columns that exist may not be written again.
    let corpus = Corpus::open(&once, None, &Fields { text: "text".into(), ..Fields::default() }).unwrap();
    assert_eq!(corpus.columns, ["row", "id", "text", "label", "p"]);
    let again = [Added { name: "label".into(), kind: Kind::Text }];
    let error = Sink::create(&folder.0.path().join("x"), Format::Parquet, &corpus, &once, &again).err().unwrap();
    assert!(error.to_string().contains("name the new ones with --prefix"), "{error}");
    // Under another name they stand beside the old ones, which are the same.
    let mut corpus = Corpus::open(&once, None, &Fields { text: "text".into(), ..Fields::default() }).unwrap();
    let twice = folder.0.path().join("twice.parquet");
    let added = [Added { name: "second".into(), kind: Kind::Text }];
    let mut sink = Sink::create(&twice, Format::Parquet, &corpus, &once, &added).unwrap();
    while let Some(row) = corpus.row().unwrap() {
        sink.write(&row, vec![Value::Text("s".into())], &[]).unwrap();
    }
    sink.finish().unwrap();
    assert_eq!(read_back(&twice), read_back(&once));
    let corpus = Corpus::open(&twice, None, &Fields { text: "second".into(), ..Fields::default() }).unwrap();
    assert_eq!(corpus.columns, ["row", "id", "text", "label", "p", "second"]);
}

#[test]
fn own_options_are_read_from_lists_and_cells() {
    let folder = Folder::new();
    let fields = Fields { text: "text".into(), options: Some("options".into()), ..Fields::default() };
    let json = folder.file("a.jsonl", b"{\"text\":\"a\",\"options\":[\"x\",\"y\"]}\n{\"text\":\"a\"}\n");
    let csv = folder.file("a.csv", b"text,options\na,x | y\n");
    let all = rows(&json, &fields);
    assert_eq!(all[0].content.as_ref().unwrap().options, ["x", "y"]);
    assert!(all[1].content.as_ref().unwrap_err().contains("no list of options"));
    assert_eq!(rows(&csv, &fields)[0].content.as_ref().unwrap().options, ["x", "y"]);
}
