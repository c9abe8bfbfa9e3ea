//! Every native format in small, in our own words: what is read, and what is said of files that are wrong.

mod tasks;

use datasets::{Article, Articles, DATASETS, Files, dataset};
use flate2::{Compression, write::GzEncoder};
use std::collections::BTreeSet;
use std::io::Write;
use tasks::{parse, read, reading, refused};

fn packed(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).expect("memory");
    encoder.finish().expect("memory")
}

#[test]
fn ids_addresses_and_terms_are_sound() {
    let ids: BTreeSet<&str> = DATASETS.iter().map(|d| d.id).collect();
    assert_eq!((ids.len(), DATASETS.len()), (28, 28));
    assert!(DATASETS.windows(2).all(|w| (w[0].share_alike, w[0].id) < (w[1].share_alike, w[1].id)));
    let tasks: BTreeSet<&str> = DATASETS.iter().flat_map(|d| d.tasks).map(|t| t.id).collect();
    assert_eq!(tasks.len(), DATASETS.iter().map(|d| d.tasks.len()).sum::<usize>());
    let hex = |text: &str, n| text.len() == n && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    for set in DATASETS {
        assert!(dataset(set.id).is_some_and(|d| d.id == set.id));
        assert_eq!(set.share_alike, set.folder.starts_with("share-alike/"), "{}", set.id);
        assert!(!set.title.is_empty() && !set.licence.is_empty() && !set.attribution.is_empty(), "{}", set.id);
        assert!(!set.tasks.is_empty() && set.tasks.iter().all(|t| t.id.starts_with(set.id) && !t.maps_to.is_empty()));
        let paths: BTreeSet<&str> = set.files.iter().map(|f| f.path).collect();
        assert_eq!(paths.len(), set.files.len(), "{}", set.id);
        for file in set.files {
            assert!(hex(file.sha256, 64) && hex(file.source.commit, 40) && file.bytes > 0, "{}", file.path);
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
            assert!(file.url().chars().all(plain) && !file.path.contains(".."), "{}", file.url());
            assert!(file.url().starts_with("https://raw.githubusercontent.com/"), "{}", file.url());
        }
    }
}

#[test]
fn files_must_be_the_sets_own_and_be_enough() {
    refused(
        "deccp-prompts",
        &[],
        "deccp: expected a file with items, such as censored.txt, uncensored.txt, found 0 other files",
    );
    refused("deccp-prompts", &[("x\n.txt", b"")], "deccp: expected only files of this set, found \"x\\n.txt\"");
    let twice: &Files = &[("censored.txt", b"Why?"), ("censored.txt", b"Why?")];
    refused("deccp-prompts", twice, "deccp: expected each file once, found censored.txt twice");
    refused(
        "banking77-intent",
        &[("test.csv", b"text,category\n")],
        "banking77: expected the file categories.json as well, found none",
    );
    refused("deccp-prompts", &[("censored.txt", b" \n\n")], "censored.txt: expected at least one prompt, found none");
    refused(
        "deccp-prompts",
        &[("censored.txt", b"one\ntwo\n\xff\n")],
        "censored.txt, line 3: expected UTF-8, found bytes that are not UTF-8",
    );
    let long = "x".repeat(datasets::MAX_LINE + 1);
    refused(
        "deccp-prompts",
        &[("censored.txt", long.as_bytes())],
        "censored.txt, line 1: expected a line of at most 1048576 bytes, found 1048577 bytes",
    );
    let large = vec![b' '; datasets::MAX_BYTES + 1];
    refused(
        "deccp-prompts",
        &[("censored.txt", &large)],
        "censored.txt: expected at most 16777216 bytes, found 16777217 bytes",
    );
}

#[test]
fn label_sets() {
    let domains = br#"{"garden": ["water_plants", "prune"], "kitchen": ["boil_egg"]}"#;
    let data = br#"{"test": [["cut my hedge", "prune"]], "oos_test": [["who is that", "oos"]],
        "train": [["the roses are dry", "water_plants"]], "val": [], "oos_train": [["hm", "oos"]]}"#;
    let files: &Files = &[("domains.json", domains), ("data_full.json", data)];
    let domain = read("clinc150-domain", files);
    assert_eq!((domain.records, domain.questions.len(), domain.training.len()), (4, 1, 1));
    assert_eq!(
        (domain.questions[0].options.join(","), domain.questions[0].gold[0].as_str()),
        ("garden,kitchen".into(), "garden")
    );
    let intent = read("clinc150-intent", files);
    assert_eq!((intent.questions.len(), intent.training.len()), (2, 2));
    assert_eq!(intent.questions[0].options.len(), 4);
    let wrong = br#"{"test": [["cut my hedge", "mow"]], "oos_test": [], "train": [], "val": []}"#;
    refused(
        "clinc150-intent",
        &[("domains.json", domains), ("data_full.json", wrong)],
        "data_full.json: expected an intent of domains.json in row 1 of test, found \"mow\"",
    );
    refused(
        "clinc150-intent",
        &[("domains.json", domains), ("data_full.json", br#"{"test": []}"#)],
        "data_full.json: expected the split oos_test, found none of that name",
    );
    refused(
        "clinc150-intent",
        &[("domains.json", b"[]"), ("data_full.json", data)],
        "domains.json, line 1: expected an object of lists of intents, found invalid type: sequence, expected a map at line 1 column 0",
    );
    refused(
        "clinc150-intent",
        &[("domains.json", br#"{"a": ["x"], "b": ["x"]}"#), ("data_full.json", data)],
        "domains.json: expected 2 to 512 different labels, found 1 of 2 filled and different",
    );

    let list = br#"["lost_card", "fees"]"#;
    let csv = b"text,category\r\n\"My card is gone,\r\nwhat now?\",lost_card\r\nWhat does it cost?,fees\r\n";
    let banking = read("banking77-intent", &[("categories.json", list), ("test.csv", csv)]);
    assert_eq!(banking.questions[0].text, "My card is gone,\r\nwhat now?");
    assert_eq!(banking.questions[1].gold, ["fees"]);
    let bad: &[(&[u8], &str)] = &[
        (b"text,label\na,fees\n", "test.csv, line 1: expected the columns text, category, found \"text,label\""),
        (b"text,category\na,fee\n", "test.csv, line 2: expected one of 2 known labels, found \"fee\""),
        (b"text,category\n ,fees\n", "test.csv, line 2: expected a text, found an empty one"),
        (b"text,category\n", "test.csv: expected at least one question, found none"),
    ];
    for (csv, sentence) in bad {
        refused("banking77-intent", &[("categories.json", list), ("test.csv", csv)], sentence);
    }
    refused(
        "banking77-intent",
        &[("categories.json", list), ("test.csv", b"text,category\r\n\"a\r\nb\",fees\r\nc,fine\r\n")],
        "test.csv, line 4: expected one of 2 known labels, found \"fine\"",
    );
    let error = parse("banking77-intent", &[("categories.json", list), ("test.csv", b"text,category\na,b,c\n")]);
    assert!(error.unwrap_err().to_string().starts_with("test.csv, line 2: expected a row of separated values"));

    let request = br#"{"PlayMusic": [{"data": [{"text": "play "}, {"text": "a waltz", "entity": "genre"}]}]}"#;
    let snips = read("snips-intent", &[("validate_PlayMusic.json", request)]);
    assert_eq!((snips.questions[0].text.as_str(), snips.questions[0].options.len()), ("play a waltz", 7));
    refused(
        "snips-intent",
        &[("validate_PlayMusic.json", br#"{"Dance": [{"data": [{"text": "x"}]}]}"#)],
        "validate_PlayMusic.json: expected one of 7 known labels, found \"Dance\"",
    );

    let names: (&str, &[u8]) = ("labels.txt", b"sad\nglad");
    let comments = read("goemotions-group", &[names, ("test.tsv", b"Oh no\t0\tid1\nWell\t0,1\tid2\n")]);
    assert_eq!((comments.records, comments.questions.len(), comments.questions[0].gold[0].as_str()), (2, 1, "sad"));
    refused(
        "goemotions-group",
        &[names, ("test.tsv", b"Oh\t2\tid\n")],
        "test.tsv, line 1: expected numbers of labels below 2, found \"2\"",
    );
    refused(
        "goemotions-group",
        &[names, ("test.tsv", b"Oh\t1\n")],
        "test.tsv, line 1: expected 3 fields between tabs, found 2 in \"Oh\\t1\"",
    );

    let topics = b"index_id\tcategory\ttext\n7\ttravel\t\"The \"\"old\"\" road is open.\"\n";
    let sib = read("sib200-topic", &[("ita_Latn/test.tsv", topics)]);
    assert_eq!((sib.questions[0].text.as_str(), sib.questions[0].lang.as_str()), ("The \"old\" road is open.", "it"));
}

#[test]
fn pairs_claims_and_expressions() {
    let pair = r#"{"sentence_good": "Dogs bark.", "sentence_bad": "Dogs barks.", "UID": "agreement", "pairID": "0"}"#;
    let file = "anaphor_gender_agreement.jsonl";
    let blimp = read("blimp-acceptability", &[(file, format!("{pair}\n{pair}\n").as_bytes())]);
    assert_eq!(blimp.questions[0].options, ["Dogs bark.", "Dogs barks."]);
    assert_eq!(blimp.questions[1].options, ["Dogs barks.", "Dogs bark."]);
    assert_eq!(blimp.questions[1].gold, ["Dogs bark."]);
    refused(
        "blimp-acceptability",
        &[(file, pair.replace("barks", "bark").as_bytes())],
        &format!("{file}: expected at least one pair of different sentences, found none"),
    );
    refused(
        "blimp-acceptability",
        &[(file, b"\n{\"sentence_good\": 1}")],
        &format!(
            "{file}, line 2: expected an object with sentence_good, sentence_bad, UID and pairID, found invalid type: integer `1`, expected a string at line 1 column 19"
        ),
    );

    let row = r#"{"premise": "La pentola bolle.", "choice1": "Il fuoco \u00e8 acceso.", "choice2": "Piove.", "question": "cause", "label": 0, "idx": 3, "changed": false}"#;
    let copa = read("xcopa-it-choice", &[("test.it.jsonl", row.as_bytes())]).questions;
    assert_eq!(
        (copa[0].gold[0].as_str(), copa[0].kind.as_str(), copa[0].lang.as_str()),
        ("Il fuoco \u{e8} acceso.", "cause", "it")
    );
    let joined = (dataset("xcopa-it").unwrap().tasks[0].formats[1].ask)(&copa[0], probes::Call::default());
    assert_eq!(
        joined.labels,
        ["La pentola bolle perch\u{e9} il fuoco \u{e8} acceso.", "La pentola bolle perch\u{e9} piove."]
    );
    refused(
        "xcopa-it-choice",
        &[("test.it.jsonl", row.replace("\"label\": 0", "\"label\": 2").as_bytes())],
        "test.it.jsonl, line 1: expected the label 0 or 1, found 2",
    );
    refused(
        "xcopa-it-choice",
        &[("test.it.jsonl", row.replace("cause", "result").as_bytes())],
        "test.it.jsonl, line 1: expected the question cause or effect, found \"result\"",
    );

    let claim = r#"{"sentence": "Salt is sweet.", "label": "false", "entity": "Salt", "pair_id": "p_1"}"#;
    let claims = read("creak-claim", &[("contrast_set.json", claim.as_bytes())]).questions;
    assert_eq!((claims[0].gold[0].as_str(), claims[0].cluster.as_str()), ("false", "p_1"));
    let format = dataset("creak").unwrap().tasks[0].formats[0];
    let orders: Vec<_> = format.calls.list().into_iter().map(|c| (format.ask)(&claims[0], c).order).collect();
    assert_eq!(orders, [vec![0, 1], vec![1, 0]]);
    refused(
        "creak-claim",
        &[("dev.json", claim.replace("false", "maybe").as_bytes())],
        "dev.json, line 1: expected the label true or false, found \"maybe\"",
    );

    let hard = |input: &str, target: &str| {
        serde_json::json!({"canary": "x", "examples": [{"input": input, "target": target}]}).to_string()
    };
    let boolean = hard("not True is", "False");
    let boolean = read("bbh-boolean-expressions", &[("boolean_expressions.json", boolean.as_bytes())]).questions;
    assert_eq!((boolean[0].text.as_str(), boolean[0].gold[0].as_str()), ("not True", "false"));
    refused(
        "bbh-boolean-expressions",
        &[("boolean_expressions.json", hard("True", "Yes").as_bytes())],
        "boolean_expressions.json: expected an expression that ends in \"is\" and the target True or False, found \"True\" with target \"Yes\"",
    );
    let order = hard("Which?\nOptions:\n(A) big red ball\n(B) red big ball", "(A)");
    let order = read("bbh-hyperbaton", &[("hyperbaton.json", order.as_bytes())]).questions;
    assert_eq!((order[0].options.len(), order[0].gold[0].as_str()), (2, "big red ball"));
    refused(
        "bbh-hyperbaton",
        &[("boolean_expressions.json", b"")],
        "bbh: expected the file hyperbaton.json as well, found none",
    );
    let words = hard("Sort the following words alphabetically: List: pear fig", "fig pear");
    let words = read("bbh-word-sorting", &[("word_sorting.json", words.as_bytes())]).questions;
    for (text, right) in [("fig pear", true), ("Fig, pear.", true), ("pear fig", false), ("fig", false), ("", false)] {
        assert_eq!(reading("bbh-word-sorting", &words[0], text).right, right, "{text}");
    }
    refused(
        "bbh-word-sorting",
        &[("word_sorting.json", hard("List: pear fig", "fig").as_bytes())],
        "word_sorting.json: expected the words of the list as target, found \"fig\"",
    );
}

#[test]
fn forms_articles_and_values() {
    let plurals = read(
        "irregular-plurals-form",
        &[("irregular-plurals.json", br#"{"mouse": "mice", "fez": "fezes", "deer": "deer", "cat": "cats"}"#)],
    );
    let kinds: Vec<(&str, &str)> = plurals.questions.iter().map(|q| (q.text.as_str(), q.kind.as_str())).collect();
    assert_eq!(kinds, [("cat", "adds -s"), ("deer", "same"), ("fez", "adds -es"), ("mouse", "irregular")]);
    let forms = read("conll2018-form", &[("italian-test", b"remare\tremeremo\tV;IND;FUT;1;PL\n")]).questions;
    let ask = (dataset("conll2018").unwrap().tasks[0].formats[0].ask)(&forms[0], probes::Call::default());
    assert!(ask.messages[0].content.contains("\"remare\": indicativo futuro semplice prima persona plurale."));
    refused(
        "conll2018-form",
        &[("english-test", b"row\trowed\tV;PST;XX\n")],
        "english-test, line 1: expected known features of a verb, joined by \";\", found \"V;PST;XX\"",
    );
    let words =
        read("word2vec-analogies-word", &[("questions-words.txt", b": size\ntiny tinier neat neater\n")]).questions;
    assert_eq!((words[0].kind.as_str(), words[0].part("c"), words[0].gold[0].as_str()), ("size", "neat", "neater"));
    for text in ["tiny tinier neat neater\n", ": size\ntiny tinier neat\n"] {
        let error = parse("word2vec-analogies-word", &[("questions-words.txt", text.as_bytes())]).unwrap_err();
        assert!(error.to_string().contains("expected four words below a line \": section\""), "{error}");
    }

    let node = |prefix: &str, article: &str| {
        format!(r#""data":{{"aCount":1,"anCount":2,"prefix":"{prefix}","article":"{article}"}}"#)
    };
    let tree = format!(r#"{{{},"e":{{"u":{{{}}},{}}}}}"#, node("", "a"), node("eu", "a"), node("e", "an"));
    let files: &Files = &[("a_vs_an.json", tree.as_bytes())];
    assert_eq!(read("a-vs-an-prefixes", files).records, 3);
    let articles = Articles::parse(files).unwrap();
    for (word, article) in
        [("egg", Article::An), ("euro", Article::A), ("e", Article::An), ("", Article::A), ("\u{e9}", Article::A)]
    {
        assert_eq!(articles.article(word), Some(article), "{word}");
    }
    assert_eq!(Articles::default().article("egg"), None);
    let wrong = tree.replace("\"prefix\":\"eu\"", "\"prefix\":\"ea\"");
    let error = parse("a-vs-an-prefixes", &[("a_vs_an.json", wrong.as_bytes())]).unwrap_err().to_string();
    assert!(error.contains("expected the same prefix in data at prefix \"eu\""), "{error}");
    let deep = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    let error = parse("a-vs-an-prefixes", &[("a_vs_an.json", deep.as_bytes())]).unwrap_err().to_string();
    assert!(error.contains("recursion limit"), "{error}");

    let row = br#"{"ordered_kv_records": [["k1", "v1"], ["k2", "v2"]], "key": "k2", "value": "v2"}"#;
    let name = "kv-retrieval-75_keys.jsonl.gz";
    let lost = read("lost-in-the-middle-value", &[(name, &packed(row))]).questions;
    assert_eq!((lost[0].part("place"), lost[0].part("records")), ("1", "{\"k1\": \"v1\",\n \"k2\": \"v2\"}"));
    refused(
        "lost-in-the-middle-value",
        &[(name, &packed(br#"{"ordered_kv_records": [["k1", "v1"], ["k2", "v2"]], "key": "k2", "value": "v1"}"#))],
        &format!("{name}, line 1: expected the key and its value among the pairs, found \"k2\""),
    );
    let whole = packed(row);
    for cut in [0, 1, 9, 20, whole.len() - 1] {
        let error = parse("lost-in-the-middle-value", &[(name, &whole[..cut])]).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{name}: expected")), "{cut}: {error}");
    }
    let bomb = packed(&vec![b' '; datasets::MAX_BYTES + 1]);
    assert!(bomb.len() < 1 << 20);
    refused(
        "lost-in-the-middle-value",
        &[(name, &bomb)],
        &format!("{name}: expected at most 16777216 bytes unpacked, found more"),
    );
}

#[test]
fn prompts_and_queries() {
    let row = r#"{"key": 5, "prompt": " Write a song. ", "instruction_id_list": ["form:lines"], "kwargs": [{"n": 3}]}"#;
    let prompts = read("ifeval-prompts", &[("input_data.jsonl", row.as_bytes())]).prompts;
    assert_eq!((prompts[0].text.as_str(), prompts[0].fields["settings"].as_str()), (" Write a song. ", r#"[{"n":3}]"#));
    refused(
        "ifeval-prompts",
        &[("input_data.jsonl", row.replace("[{\"n\": 3}]", "[]").as_bytes())],
        "input_data.jsonl, line 1: expected 1 to 64 instructions with as many kwargs, found 1 and 0",
    );
    let csv = "id,prompt,type,label,focus,note\n1,How do I sink a putt?,figurative,safe,sink,\n";
    let stances = read("xstest-stance", &[("xstest_prompts.csv", csv.as_bytes())]).questions;
    assert_eq!((stances[0].gold[0].as_str(), stances[0].kind.as_str()), ("comply", "figurative"));
    refused(
        "xstest-stance",
        &[("xstest_prompts.csv", csv.replace("safe", "fine").as_bytes())],
        "xstest_prompts.csv, line 2: expected the label safe or unsafe, found \"fine\"",
    );

    let dump = "CREATE TABLE public.boat (\n name text\n);\nINSERT INTO public.boat (name) VALUES ('a;b'::text);\n";
    let csv = "db_name,db_type,query_category,query,question,instructions\natis,sqlite,count,SELECT 1;SELECT ';',How many?,\nyelp,sqlite,count,SELECT 2;,How many?,\n";
    let files: &Files = &[("questions_gen_sqlite.csv", csv.as_bytes()), ("databases/atis.sql", dump.as_bytes())];
    let sql = read("defog-sql-query", files);
    assert_eq!((sql.questions.len(), sql.records), (1, 2));
    assert_eq!(sql.questions[0].gold, ["SELECT 1", "SELECT ';'"]);
    assert_eq!(sql.questions[0].part("rows"), "INSERT INTO boat (name) VALUES ('a;b');");
    refused(
        "defog-sql-query",
        &[files[0], ("databases/atis.sql", b"DROP TABLE x;")],
        "databases/atis.sql: expected CREATE TABLE and INSERT INTO only, found \"DROP TABLE x\"",
    );

    let advising = br#"[{"query-split": "dev", "sql": ["SELECT number0 , number01"], "sentences": [{"text": "number0 or number01 ?", "question-split": "dev", "variables": {"number0": "", "number01": "9"}}],
        "variables": [{"name": "number0", "example": "5", "location": "both", "type": "n"}, {"name": "number01", "example": "7", "location": "both", "type": "n"}]}]"#;
    let advising = read("text2sql-advising-query", &[("advising.json", advising)]).questions;
    assert_eq!((advising[0].text.as_str(), advising[0].gold[0].as_str()), ("5 or 9 ?", "SELECT 5 , 9"));
    let tables = br#"[{"db_id": "port", "table_names_original": ["boat", "crew"], "column_names_original": [[-1, "*"], [0, "name"], [1, "age"], [0, "size"]]}]"#;
    let dev = br#"[{"db_id": "port", "question": "How many boats?", "query": "SELECT count(*) FROM boat"}]"#;
    let spider = read("spider-query", &[("tables.json", tables), ("dev.json", dev)]).questions;
    assert_eq!(spider[0].part("schema"), "boat(name, size)\ncrew(age)");
}

#[test]
fn suites_evaluations_and_treebanks() {
    let cases = br#"[{"description": "x", "schema": true, "tests": [{"description": "y", "data": 1, "valid": true}]}]"#;
    assert_eq!(read("json-schema-tests", &[("tests/draft2020-12/anchor.json", cases)]).records, 1);
    let error = parse("json-schema-tests", &[("tests/draft2020-12/anchor.json", b"[{}]")]).unwrap_err().to_string();
    assert!(error.contains("expected a list of cases, each with schema and tests"), "{error}");
    let vector = |hex: &'static [u8]| -> [(&str, &[u8]); 3] {
        [("input/arrays.json", b"[ 1 ]"), ("output/arrays.json", b"[1]"), ("outhex/arrays.txt", hex)]
    };
    assert_eq!(read("jcs-vectors", &vector(b"5b 31\n5d")).records, 1);
    refused(
        "jcs-vectors",
        &vector(b"5b 32 5d"),
        "outhex/arrays.txt: expected the bytes of output/arrays.json, found \"5b325d\"",
    );

    let persona = br#"{"question": "x", "statement": "I like tea", "answer_matching_behavior": " No", "answer_not_matching_behavior": " Yes"}"#;
    let persona = read("model-written-evals-persona", &[("persona/agreeableness.jsonl", persona)]).questions;
    assert_eq!((persona[0].gold[0].as_str(), persona[0].kind.as_str()), ("No", "agreeableness"));
    let risk = br#"{"question": "Go on?\n\nChoices:\n (A) Yes\n (B) No, I stop", "answer_matching_behavior": " (B)"}"#;
    let file = "human/survival-instinct.jsonl";
    let risks = read("model-written-evals-risk", &[(file, risk)]).questions;
    assert_eq!((risks[0].text.as_str(), risks[0].gold[0].as_str()), ("Go on?", "No, I stop"));
    refused(
        "model-written-evals-risk",
        &[(file, br#"{"question": "Go on?", "answer_matching_behavior": " (B)"}"#)],
        &format!(
            "{file}, line 1: expected a question with lettered choices, one of them the answer, found \"Go on?\" answered \" (B)\""
        ),
    );
    refused(
        "model-written-evals-persona",
        &[(file, risk)],
        "model-written-evals: expected files in persona/ with items, found none",
    );

    let row = |n: u8, form: &str, lemma: &str, kind: &str, features: &str| {
        format!("{n}\t{form}\t{lemma}\t{kind}\tX\t{features}\t0\tdep\t_\t_\n")
    };
    let sentence = format!(
        "# sent_id = 1\n# text = Le barche rientrarono.\n{}{}{}",
        row(1, "Le", "il", "DET", "Number=Plur"),
        row(2, "barche", "barca", "NOUN", "Gender=Fem|Number=Plur"),
        row(3, "rientrarono", "rientrare", "VERB", "Mood=Ind|Number=Plur|Tense=Past")
    );
    let files: &Files = &[("it_pud-ud-test.conllu", sentence.as_bytes())];
    let noun = read("ud-italian-pud-number", files).questions;
    assert_eq!(
        (noun[0].text.as_str(), noun[0].gold[0].as_str(), noun[0].lemmas.join("")),
        ("barche", "plurale", "barca".into())
    );
    let asked = (dataset("ud-italian-pud").unwrap().tasks[0].formats[0].ask)(&noun[0], probes::Call::default());
    assert!(asked.messages[0].content.contains("\"barche\" \u{e8} singolare o plurale?"), "{asked:?}");
    let verb = read("ud-italian-pud-tense", files).questions;
    assert_eq!((verb[0].text.as_str(), verb[0].gold[0].as_str()), ("rientrarono", "passato remoto"));
    refused(
        "ud-italian-pud-tense",
        &[("it_pud-ud-test.conllu", b"# text = Ciao\n1\tCiao\n")],
        "it_pud-ud-test.conllu, line 2: expected 10 fields between tabs, found 2 in \"1\\tCiao\"",
    );
}
