//! The public files themselves, where they are: what they are, how many items they hold, what becomes of them.

mod common;

use common::{Bytes, borrowed, files, shared};
use datasets::{Article, Articles, DATASETS, Dataset, Parsed, Task, dataset};
use probes::catalogue::{Mode, Question, Reader};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Where a user keeps files that the shared folder lacks: a folder with those of the sets in it.
const MORE: &str = "SWEETSPOT_DATASETS";

fn parsed(task: &Task, files: &Bytes) -> Parsed {
    (task.parse)(&borrowed(files)).unwrap_or_else(|e| panic!("{}: {e}", task.id))
}

fn task(id: &str) -> (&'static Dataset, &'static Task) {
    let all = DATASETS.iter().flat_map(|set| set.tasks.iter().map(move |task| (set, task)));
    all.into_iter().find(|(_, task)| task.id == id).unwrap_or_else(|| panic!("no task {id}"))
}

/// What a task makes of the shared files, or of some of them.
fn read(root: &std::path::Path, id: &str, only: &[&str]) -> Parsed {
    let (set, task) = task(id);
    let mut files = files(root, set);
    files.retain(|(path, _)| only.is_empty() || only.contains(path));
    parsed(task, &files)
}

fn tally<K: Ord>(questions: &[Question], key: impl Fn(&Question) -> K) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    for question in questions {
        *counts.entry(key(question)).or_default() += 1;
    }
    counts
}

#[test]
fn pins_equal_the_manifest() {
    let Some(root) = shared() else { return };
    let manifest = std::fs::read(root.join("MANIFEST.json")).expect("a manifest");
    let manifest: Value = serde_json::from_slice(&manifest).expect("JSON");
    let sets = manifest["datasets"].as_array().expect("a list");
    assert_eq!(sets.len(), 24);
    for theirs in sets {
        let text = |key: &str| theirs[key].as_str().expect("a text");
        let ours = dataset(text("name")).unwrap_or_else(|| panic!("no set {}", text("name")));
        assert_eq!(ours.folder, text("folder"));
        assert_eq!(ours.licence, text("licence"), "{}", ours.id);
        assert_eq!(ours.attribution, text("attribution"), "{}", ours.id);
        assert_eq!(ours.share_alike, ours.folder.starts_with("share-alike/"), "{}", ours.id);
        let mut records = 0;
        for file in theirs["files"].as_array().expect("a list") {
            let path = file["path"].as_str().expect("a path");
            let path = path.strip_prefix(ours.folder).and_then(|p| p.strip_prefix('/')).expect("in the folder");
            let pin = ours.file(path).unwrap_or_else(|| panic!("{} lacks {path}", ours.id));
            assert_eq!(Some(pin.sha256), file["sha256"].as_str(), "{path}");
            assert_eq!(Some(pin.bytes), file["bytes"].as_u64(), "{path}");
            assert_eq!(Some(pin.url().as_str()), file["source_url"].as_str(), "{path}");
            assert_eq!(pin.records, file["n"].as_u64().unwrap_or(0), "{path}");
            records += pin.records;
        }
        assert_eq!(Some(records), theirs["n"].as_u64(), "{}", ours.id);
    }
}

/// Each file with those that only go with others, given to every task of its set.
fn check_set(set: &'static Dataset, all: &Bytes) {
    set.check(&borrowed(all)).unwrap_or_else(|e| panic!("{}: {e}", set.id));
    let companion = |path: &str| set.file(path).is_some_and(|f| f.records == 0);
    for (path, _) in all.iter().filter(|(path, _)| !companion(path)) {
        let these: Vec<(&str, &[u8])> =
            all.iter().filter(|(p, _)| p == path || companion(p)).map(|(p, b)| (*p, b.as_slice())).collect();
        let read: Vec<u64> = set.tasks.iter().filter_map(|t| (t.parse)(&these).ok()).map(|p| p.records).collect();
        let expected = set.file(path).expect("a file of the set").records;
        assert!(!read.is_empty() && read.iter().all(|n| *n == expected), "{} {path}: {read:?} of {expected}", set.id);
    }
}

#[test]
fn every_shared_file_is_the_one_pinned_and_holds_its_items() {
    let Some(root) = shared() else { return };
    let mut n = 0;
    for set in DATASETS {
        let all = files(&root, set);
        n += all.len();
        check_set(set, &all);
    }
    assert_eq!(n, 151);
}

#[test]
fn files_beyond_the_shared_ones_hold_their_items_where_a_user_has_them() {
    let Some(root) = std::env::var_os(MORE).map(PathBuf::from) else {
        eprintln!("skipped: sets and files that ../shared lacks ({MORE} names no folder)");
        return;
    };
    let mut n = 0;
    for set in DATASETS {
        let all = files(&root, set);
        n += all.len();
        check_set(set, &all);
        for task in set.tasks.iter().filter(|_| !all.is_empty()) {
            if let Ok(parsed) = (task.parse)(&borrowed(&all)) {
                check_questions(set, task, &parsed);
            }
        }
    }
    println!("{n} files under {}", root.display());
    assert!(n > 0, "{} holds no file of any set", root.display());
}

#[test]
fn a_file_that_is_another_is_refused() {
    let Some(root) = shared() else { return };
    for set in DATASETS {
        for (path, mut bytes) in files(&root, set) {
            let file = set.file(path).expect("a file of the set");
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            let error = file.check(&bytes).expect_err("another byte").to_string();
            assert!(error.contains(path) && error.contains(file.sha256), "{error}");
            bytes.pop();
            let error = file.check(&bytes).expect_err("a byte less").to_string();
            assert!(error.contains(&format!("{} bytes", file.bytes)), "{error}");
            assert!(set.check(&[(path, &bytes)]).is_err());
        }
        assert!(set.check(&[("no/such.file", b"")]).is_err());
    }
}

/// What the pipeline of the catalogue relies on.
fn check_questions(set: &Dataset, task: &Task, parsed: &Parsed) {
    let Reader::Text(reader) = task.reader else { return };
    for (i, question) in parsed.questions.iter().enumerate() {
        assert!(!question.text.trim().is_empty() && !question.gold.is_empty(), "{} {question:?}", task.id);
        assert!(["en", "it"].contains(&question.lang.as_str()) && !question.kind.is_empty(), "{}", task.id);
        if !question.options.is_empty() {
            assert_eq!(question.gold.len(), 1, "{}", task.id);
            assert!(question.options.len() >= 2 && question.options.contains(&question.gold[0]), "{}", task.id);
            let distinct: BTreeSet<&String> = question.options.iter().collect();
            assert_eq!(distinct.len(), question.options.len(), "{} {question:?}", task.id);
        }
        if i % 53 != 0 {
            continue;
        }
        for format in task.formats {
            for call in format.calls.list() {
                let ask = (format.ask)(question, call);
                let generated = matches!(format.mode, Mode::Fg | Mode::Set | Mode::Exec);
                assert_eq!(generated, format.max_tokens > 0, "{}", task.id);
                assert_eq!(ask.labels.len(), if generated { 0 } else { question.options.len() }, "{}", task.id);
                assert_eq!(ask.messages.is_empty(), format.mode == Mode::Pair, "{}", task.id);
                let mut order = ask.order.clone();
                order.sort_unstable();
                assert_eq!(order, (0..ask.labels.len()).collect::<Vec<_>>(), "{}", task.id);
            }
        }
        let perfect = (task.perfect)(question);
        // Options of a pair may hold one another; they are compared, not read.
        if task.formats.first().is_none_or(|f| f.mode != Mode::Pair) {
            let reading = reader(&perfect, question);
            assert!(reading.right && reading.breaks.is_empty(), "{} {perfect:?}: {reading:?}", task.id);
            for option in question.options.iter().filter(|o| !question.gold.contains(o)) {
                let same_words = |o: &str| o.to_lowercase().replace(|c: char| !c.is_alphanumeric(), " ");
                if same_words(option) != same_words(&question.gold[0]) && set.id != "xstest" {
                    assert!(!reader(option, question).right, "{} {option:?}", task.id);
                }
            }
        }
        for nothing in ["", "\n", "..."] {
            assert!(!reader(nothing, question).right, "{} {question:?}", task.id);
        }
    }
    for question in &parsed.training {
        assert!(!question.text.is_empty() && question.gold.len() == 1 && question.options.is_empty(), "{}", task.id);
    }
    for prompt in &parsed.prompts {
        assert!(!prompt.text.trim().is_empty() && !prompt.kind.is_empty() && prompt.lang == "en", "{}", task.id);
    }
}

#[test]
fn every_question_can_be_asked_and_read() {
    let Some(root) = shared() else { return };
    for set in DATASETS {
        let all = files(&root, set);
        for task in set.tasks.iter().filter(|_| !all.is_empty()) {
            // One task of BIG-Bench Hard has its file elsewhere.
            let Ok(parsed) = (task.parse)(&borrowed(&all)) else {
                assert_eq!(task.id, "bbh-word-sorting");
                continue;
            };
            println!(
                "{}: {} questions, {} for development, {} prompts, {} records",
                task.id,
                parsed.questions.len(),
                parsed.training.len(),
                parsed.prompts.len(),
                parsed.records
            );
            assert_eq!(parsed, (task.parse)(&borrowed(&all).into_iter().rev().collect::<Vec<_>>()).expect("again"));
            check_questions(set, task, &parsed);
        }
    }
}

#[test]
fn rules_do_not_decide_a_set() {
    let Some(root) = shared() else { return };
    for (set, task) in DATASETS.iter().flat_map(|set| set.tasks.iter().map(move |t| (set, t))) {
        let all = files(&root, set);
        let Reader::Text(reader) = task.reader else { continue };
        if all.is_empty() || task.rules.is_empty() {
            continue;
        }
        let questions = parsed(task, &all).questions;
        for rule in task.rules {
            let right = questions.iter().filter(|q| reader(&(rule.answer)(q), q).right).count();
            println!("{} {}: {right}/{}", task.id, rule.name, questions.len());
            assert!(right as f64 <= 0.85 * questions.len() as f64, "{} {}", task.id, rule.name);
        }
    }
}

#[test]
fn label_sets_are_what_their_readme_says() {
    let Some(root) = shared() else { return };
    let clinc = read(&root, "clinc150-domain", &[]);
    assert_eq!((clinc.questions.len(), clinc.training.len(), clinc.records), (4_500, 18_000, 23_700));
    assert!(tally(&clinc.questions, |q| q.gold[0].clone()).values().all(|n| *n == 450));
    assert!(clinc.questions.iter().all(|q| q.options.len() == 10));
    let clinc = read(&root, "clinc150-intent", &[]);
    assert_eq!((clinc.questions.len(), clinc.training.len()), (5_500, 18_200));
    assert!(clinc.questions.iter().all(|q| q.options.len() == 151));
    assert_eq!(tally(&clinc.questions, |q| q.gold[0] == "oos")[&true], 1_000);
    let found = clinc.questions.iter().find(|q| q.text == "how would you say fly in italian").expect("a request");
    assert_eq!(found.gold, ["translate"]);

    let banking = read(&root, "banking77-intent", &[]).questions;
    assert!(tally(&banking, |q| q.gold[0].clone()).values().all(|n| *n == 40));
    let snips = read(&root, "snips-intent", &[]).questions;
    assert_eq!(tally(&snips, |q| q.gold[0].clone()).into_values().collect::<Vec<_>>(), [100; 7]);
    assert!(snips.iter().any(|q| q.text == "What will the weather be faraway from here?"));
    let comments = read(&root, "goemotions-group", &[]);
    assert_eq!((comments.questions.len(), comments.records), (5_027, 5_427));
    let found = comments.questions.iter().find(|q| q.text.starts_with("I didn't know that, thank you")).expect("one");
    assert_eq!(found.gold, ["positive"]);
    for (file, lang) in [("eng_Latn/test.tsv", "en"), ("ita_Latn/test.tsv", "it")] {
        let topics = read(&root, "sib200-topic", &[file]).questions;
        assert!(topics.iter().all(|q| q.lang == lang && !q.text.contains("\"\"")));
        let counts: Vec<usize> = tally(&topics, |q| q.gold[0].clone()).into_values().collect();
        assert_eq!(counts, [19, 17, 22, 30, 51, 25, 40]);
    }
}

#[test]
fn pairs_and_claims_are_what_their_readme_says() {
    let Some(root) = shared() else { return };
    let blimp = read(&root, "blimp-acceptability", &[]).questions;
    let first = tally(&blimp, |q| (q.kind.clone(), q.gold[0] == q.options[0]));
    assert_eq!(first.len(), 32);
    assert!(first.values().all(|n| *n == 500), "no place is right more often");
    let copa = read(&root, "xcopa-it-choice", &[]).questions;
    assert_eq!(tally(&copa, |q| q.kind.clone()).into_values().collect::<Vec<_>>(), [246, 254]);
    assert_eq!(tally(&copa, |q| q.gold[0] == q.options[0])[&true], 250);
    for (id, file, counts) in [
        ("creak-claim", "dev.json", [680, 691]),
        ("creak-claim", "contrast_set.json", [250, 250]),
        ("bbh-boolean-expressions", "boolean_expressions.json", [115, 135]),
    ] {
        let questions = read(&root, id, &[file]).questions;
        assert_eq!(tally(&questions, |q| q.gold[0].clone()).into_values().collect::<Vec<_>>(), counts, "{file}");
    }
    let order = read(&root, "bbh-hyperbaton", &[]).questions;
    assert_eq!(tally(&order, |q| q.gold[0] == q.options[0])[&true], 121);
    let stances = read(&root, "xstest-stance", &[]).questions;
    assert_eq!(tally(&stances, |q| q.gold[0].clone()).into_values().collect::<Vec<_>>(), [250, 200]);
    assert_eq!(tally(&stances, |q| q.kind.clone()).into_values().collect::<Vec<_>>(), [25; 18]);
}

/// The value of a Boolean expression by the rules of Python: not before and before or.
fn value(tokens: &[&str]) -> bool {
    let mut depth = 0;
    let mut split = |name: &str| {
        tokens.iter().position(|t| {
            depth += i32::from(*t == "(") - i32::from(*t == ")");
            depth == 0 && *t == name
        })
    };
    if let Some(at) = split("or") {
        return value(&tokens[..at]) | value(&tokens[at + 1..]);
    }
    if let Some(at) = split("and") {
        return value(&tokens[..at]) & value(&tokens[at + 1..]);
    }
    match tokens {
        ["not", rest @ ..] => !value(rest),
        ["(", inner @ .., ")"] => value(inner),
        [word] => *word == "True",
        _ => panic!("{tokens:?}"),
    }
}

#[test]
fn boolean_golds_are_the_values_of_the_expressions() {
    let Some(root) = shared() else { return };
    for question in read(&root, "bbh-boolean-expressions", &[]).questions {
        let tokens: Vec<&str> = question.text.split_whitespace().collect();
        assert_eq!(value(&tokens).to_string(), question.gold[0], "{}", question.text);
    }
}

/// Spans of a file of tags, counted without the reader: every B- begins one.
fn begun(root: &std::path::Path, path: &str, column: usize) -> usize {
    let text = std::fs::read_to_string(root.join(path)).expect("a file");
    text.lines().filter(|l| l.split('\t').nth(column).is_some_and(|tag| tag.starts_with("B-"))).count()
}

fn golds(questions: &[Question]) -> Vec<BTreeMap<String, Vec<String>>> {
    questions.iter().map(|q| serde_json::from_str(&q.gold[0]).expect("JSON")).collect()
}

#[test]
fn spans_are_those_of_the_tags() {
    let Some(root) = shared() else { return };
    for (id, set, file, column, tags, types) in [
        ("wnut17-entities", "wnut17", "emerging.test.annotated", 1, 1_079, 6),
        ("crossner-entities", "share-alike/crossner", "ai/test.txt", 1, 1_809, 14),
        ("crossner-entities", "share-alike/crossner", "politics/test.txt", 1, 4_209, 9),
        ("uner-en-pud-entities", "share-alike/uner-en-pud", "en_pud-ud-test.iob2", 2, 1_075, 3),
        ("xsid-slots", "share-alike/xsid", "en.test.conll", 3, begun(&root, "share-alike/xsid/en.test.conll", 3), 34),
        ("xsid-slots", "share-alike/xsid", "it.test.conll", 3, begun(&root, "share-alike/xsid/it.test.conll", 3), 34),
    ] {
        assert_eq!(begun(&root, &format!("{set}/{file}"), column), tags, "{file}");
        let questions = read(&root, id, &[file]).questions;
        let golds = golds(&questions);
        let spans: usize = golds.iter().flat_map(|g| g.values().map(Vec::len)).sum();
        // A passage that stands twice in a sentence is one element of the set.
        assert!(spans <= tags && spans > tags * 9 / 10, "{file}: {spans} of {tags}");
        let named: BTreeSet<&String> = golds.iter().flat_map(BTreeMap::keys).collect();
        assert_eq!(named.len(), types, "{file}: {named:?}");
        for (question, gold) in questions.iter().zip(&golds) {
            for span in gold.values().flatten() {
                assert!(question.text.contains(span.as_str()), "{span:?} is not in {:?}", question.text);
            }
        }
    }
}

#[test]
fn requests_have_their_intents_and_slots() {
    let Some(root) = shared() else { return };
    for (file, lang) in [("it.test.conll", "it"), ("en.test.conll", "en")] {
        let requests = read(&root, "xsid-intent", &[file]).questions;
        assert!(requests.len() == 500 && requests.iter().all(|q| q.lang == lang && q.options.len() == 15));
    }
    let both = read(&root, "xsid-slots", &[]);
    assert_eq!((both.questions.len(), both.training.len(), both.records), (1_000, 600, 1_600));
    assert!(both.questions.iter().all(|q| q.part("types").split(", ").count() == 34));
}

#[test]
fn forms_and_values_are_what_their_readme_says() {
    let Some(root) = shared() else { return };
    let plurals = tally(&read(&root, "irregular-plurals-form", &[]).questions, |q| q.kind.clone());
    assert_eq!(plurals.into_values().collect::<Vec<_>>(), [35, 93, 161, 130]);
    for (file, bundles) in [("english-test", 5), ("italian-test", 51)] {
        let forms = read(&root, "conll2018-form", &[file]).questions;
        assert_eq!(tally(&forms, |q| q.kind.clone()).len(), bundles);
        assert_eq!(tally(&forms, |q| q.part("form").to_string()).len(), bundles, "each bundle has its own words");
    }
    let analogies = tally(&read(&root, "word2vec-analogies-word", &[]).questions, |q| q.kind.clone());
    assert_eq!(analogies.len(), 14);
    assert_eq!((analogies["gram8-plural"], analogies["gram7-past-tense"], analogies["family"]), (1_332, 1_560, 506));
    for question in read(&root, "lost-in-the-middle-value", &["kv-retrieval-75_keys.jsonl.gz"]).questions {
        let records: BTreeMap<String, String> = serde_json::from_str(question.part("records")).expect("JSON");
        assert_eq!((records.len(), &records[&question.text]), (75, &question.gold[0]));
    }
    let (_, trie) = (0, files(&root, dataset("a-vs-an").expect("a set")));
    let articles = Articles::parse(&borrowed(&trie)).expect("a tree");
    assert_eq!(articles.len(), 1_451);
    for (word, article) in
        [("hour", Article::An), ("house", Article::A), ("F", Article::A), ("FBI", Article::An), ("apple", Article::An)]
    {
        assert_eq!(articles.article(word), Some(article), "{word}");
    }
    assert_eq!(articles.counts("hon"), Some((1_688, 32_280)));
}

#[test]
fn prompts_and_queries_are_what_their_readme_says() {
    let Some(root) = shared() else { return };
    let prompts = read(&root, "ifeval-prompts", &[]).prompts;
    let ids: Vec<&str> = prompts.iter().flat_map(|p| p.fields["instructions"].split(',')).collect();
    assert_eq!((prompts.len(), ids.len(), ids.iter().collect::<BTreeSet<_>>().len()), (541, 834, 25));
    let prompts = read(&root, "deccp-prompts", &[]).prompts;
    assert_eq!(prompts.iter().filter(|p| p.kind == "censored").count(), 95);
    assert_eq!(prompts.iter().filter(|p| p.kind == "uncensored").count(), 37);
    let sql = read(&root, "defog-sql-query", &[]);
    assert_eq!((sql.questions.len(), sql.records), (130, 210));
    assert_eq!(sql.questions.iter().map(|q| q.gold.len()).sum::<usize>(), 200);
    let databases: Vec<usize> = tally(&sql.questions, |q| q.part("database").to_string()).into_values().collect();
    assert_eq!(databases, [25, 30, 25, 25, 25]);
    for question in &sql.questions {
        let (schema, rows) = (question.part("schema"), question.part("rows"));
        assert!(schema.starts_with("CREATE TABLE ") && !schema.contains("public."), "{schema}");
        assert!(rows.contains("INSERT INTO") && !rows.contains("::"), "{rows}");
    }
}
