//! What a query may not do, and that it ends.
#![cfg(feature = "sqlite")]

use sql::{Database, Error, Limits, Table, Value};
use std::time::{Duration, Instant};

/// Each query is over long before; the slack is for a machine that does other things.
const SOON: Duration = Duration::from_mins(1);

const SCRIPT: &str = "
    CREATE TABLE clienti (id INTEGER PRIMARY KEY, nome TEXT NOT NULL, saldo REAL);
    INSERT INTO clienti VALUES (1, 'Anna', 2.5), (2, 'Bruno', NULL), (3, 'Anna', 4);
    CREATE TABLE numeri (n INTEGER);
    WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 1000) INSERT INTO numeri SELECT i FROM c;
";

fn database() -> Database {
    Database::open(SCRIPT).unwrap()
}

/// The refusal of a query, which must come soon, say something, and leave the database as it was.
fn refusal(sql: &str) -> Error {
    refusal_within(sql, Limits::default())
}

fn refusal_within(sql: &str, limits: Limits) -> Error {
    let database = database();
    let begun = Instant::now();
    let error = database.query(sql, limits).expect_err(sql);
    let took = begun.elapsed();
    assert!(took < SOON, "{took:?} for {sql}");
    let said = error.to_string();
    println!("{took:>10.1?}  {said}   <- {}", sql.chars().take(60).collect::<String>());
    assert!(said.len() > 15 && said.len() < 300 && !said.contains('\n'), "{said}");
    let rows = database.query("SELECT COUNT(*), SUM(saldo) FROM clienti", Limits::default()).unwrap().rows;
    assert_eq!(rows, [[Value::Integer(3), Value::Real(6.5)]], "after {sql}");
    error
}

fn rows(sql: &str) -> Table {
    database().query(sql, Limits::default()).unwrap_or_else(|error| panic!("{sql}: {error}"))
}

#[test]
fn a_query_gives_its_rows() {
    let table = rows("SELECT nome AS n, saldo FROM clienti ORDER BY id");
    assert_eq!(table.columns, ["n", "saldo"]);
    let text = |t: &str| Value::Text(t.to_string());
    let expected = [[text("Anna"), Value::Real(2.5)], [text("Bruno"), Value::Null], [text("Anna"), Value::Real(4.0)]];
    assert_eq!(table.rows, expected);
}

#[test]
fn what_models_write_is_understood() {
    for sql in [
        "SELECT nome FROM clienti;",
        "  select Nome from CLIENTI ; -- fatto",
        "/* prima */ SELECT COUNT(*) FROM clienti",
        "WITH c AS (SELECT * FROM clienti) SELECT COUNT(*) FROM c",
        "SELECT nome FROM clienti WHERE nome = \"Anna\"",
        "SELECT `nome`, [id] FROM clienti",
        "SELECT strftime('%Y', '2023-05-01'), substr('abc', 1, 2), round(2.567, 1)",
        "SELECT nome, ROW_NUMBER() OVER (ORDER BY id) FROM clienti",
        "SELECT GROUP_CONCAT(nome, ', ') FROM clienti WHERE nome LIKE 'A%'",
        "SELECT COUNT(*) FROM clienti AS a JOIN clienti AS b ON a.id < b.id",
        "SELECT 1 UNION SELECT 2 EXCEPT SELECT 2",
        "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 9) SELECT i FROM c",
        "VALUES (1, 2)",
        "SELECT CASE WHEN saldo IS NULL THEN 0 ELSE CAST(saldo AS INTEGER) END FROM clienti",
    ] {
        assert!(!rows(sql).rows.is_empty(), "{sql}");
    }
    assert!(rows("SELECT nome FROM clienti WHERE id > 9").rows.is_empty());
}

#[test]
fn nothing_is_written_and_nothing_else_is_reached() {
    for sql in [
        "INSERT INTO clienti VALUES (4, 'Carla', 1)",
        "INSERT INTO clienti VALUES (4, 'Carla', 1) RETURNING id",
        "REPLACE INTO clienti VALUES (1, 'Carla', 1)",
        "UPDATE clienti SET saldo = 0",
        "UPDATE clienti SET saldo = 0 RETURNING saldo",
        "DELETE FROM clienti",
        "DELETE FROM clienti RETURNING id",
        "WITH x AS (SELECT 1) DELETE FROM clienti",
        "DROP TABLE clienti",
        "CREATE TABLE altra (id INTEGER)",
        "CREATE TEMP TABLE altra AS SELECT * FROM clienti",
        "CREATE VIEW vista AS SELECT 1",
        "CREATE INDEX indice ON clienti (nome)",
        "CREATE TRIGGER t AFTER INSERT ON clienti BEGIN DELETE FROM clienti; END",
        "CREATE VIRTUAL TABLE f USING fts5(x)",
        "ALTER TABLE clienti ADD COLUMN altro TEXT",
        "ATTACH DATABASE 'prova.db' AS altro",
        "ATTACH ':memory:' AS altro",
        "DETACH DATABASE main",
        "PRAGMA table_info(clienti)",
        "PRAGMA query_only = OFF",
        "PRAGMA writable_schema = ON",
        "SELECT * FROM pragma_table_info('clienti')",
        "SELECT * FROM sqlite_master",
        "SELECT * FROM json_each('[1]')",
        "SELECT COUNT(*) FROM sqlite_schema",
        "SELECT COUNT(*) FROM pragma_table_info('clienti')",
        "SELECT COUNT(*) FROM json_each('[1]')",
        "SELECT COUNT(*) FROM dbstat",
        "SELECT load_extension('libc')",
        "SELECT load_extension('libc', 'main')",
        "SELECT random()",
        "SELECT CURRENT_TIMESTAMP",
        "SELECT sqlite_version()",
        "SELECT fts3_tokenizer('simple')",
        "VACUUM",
        "VACUUM INTO 'copia.db'",
        "ANALYZE",
        "BEGIN",
        "COMMIT",
        "SAVEPOINT s",
        "EXPLAIN SELECT * FROM clienti",
        "EXPLAIN QUERY PLAN SELECT * FROM clienti",
    ] {
        let error = refusal(sql);
        assert!(matches!(error, Error::Refused(_)), "{sql}: {error:?}");
    }
}

#[test]
fn one_statement_and_no_less() {
    for sql in
        ["SELECT 1; SELECT 2", "SELECT 1;;SELECT 2;", "SELECT nome FROM clienti; -- e poi\nSELECT id FROM clienti"]
    {
        assert_eq!(refusal(sql), Error::Several, "{sql}");
    }
    refusal("SELECT 1; DROP TABLE clienti");
    refusal("SELECT 1; e questo spiega la query");
    for sql in ["", " \n\t ", ";", ";;", "-- soltanto un commento", "/* SELECT 1 */", "-- SELECT 1;", "REINDEX"] {
        assert_eq!(refusal(sql), Error::Empty, "{sql:?}");
    }
    for sql in ["\0", "SELECT 1\0; DROP TABLE clienti", "SELECT '\0'"] {
        assert_eq!(refusal(sql), Error::Nul, "{sql:?}");
    }
}

#[test]
fn what_is_no_sql_is_refused() {
    for sql in [
        "Ecco la query richiesta",
        "SELECT",
        "SELECT FROM",
        "SELECT * FROM fornitori",
        "SELECT cognome FROM clienti",
        "SELECT nome FROM clienti WHERE",
        "SELECT 'aperto",
        "SELECT (((((1)",
        "SELECT YEAR('2023-01-01')",
        "SELECT ?1",
        "SELECT :nome",
        "SELECT \u{1F600}",
        "{\"query\": \"SELECT 1\"}",
        "<pad><pad><pad>",
    ] {
        let error = refusal(sql);
        assert!(matches!(error, Error::Sqlite(_) | Error::Refused(_)), "{sql}: {error:?}");
    }
    assert!(matches!(refusal(&"x".repeat(20_000)), Error::LongText(_)));
    refusal(&format!("SELECT {}1{}", "(".repeat(3_000), ")".repeat(3_000)));
    refusal(&format!("SELECT {}1", "+ ".repeat(4_000)));
    refusal(&format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(500)));
    refusal(&format!("SELECT 1{}", ",1".repeat(4_000)));
}

#[test]
fn whatever_runs_on_is_cut() {
    let endless = "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c)";
    for sql in [
        format!("{endless} SELECT COUNT(*) FROM c"),
        format!("{endless} SELECT MAX(i) FROM c WHERE i < 0"),
        format!("{endless} SELECT i FROM c ORDER BY i"),
        "SELECT COUNT(*) FROM numeri a, numeri b, numeri c".to_string(),
        "SELECT SUM(a.n * b.n - c.n) FROM numeri a, numeri b, numeri c, numeri d".to_string(),
        "SELECT COUNT(*) FROM numeri a JOIN numeri b ON a.n <> b.n JOIN numeri c ON c.n > b.n GROUP BY a.n".to_string(),
        "SELECT DISTINCT a.n + b.n * 1000 + c.n * 1000000 FROM numeri a, numeri b, numeri c ORDER BY 1".to_string(),
        "SELECT n FROM numeri a WHERE (SELECT COUNT(*) FROM numeri b WHERE (SELECT COUNT(*) FROM numeri c WHERE \
         c.n > a.n + b.n) > 5) > 5"
            .to_string(),
    ] {
        // By steps alone: a machine that does other things as well may be slow.
        let limits = Limits { millis: 60_000, ..Limits::default() };
        assert_eq!(refusal_within(&sql, limits), Error::Steps(limits.steps), "{sql}");
    }
    assert_eq!(refusal(&format!("{endless} SELECT i FROM c")), Error::Rows(1_000));
    assert_eq!(refusal("SELECT a.n FROM numeri a, numeri b"), Error::Rows(1_000));
    let long = "SELECT printf('%.500c', 'x') FROM numeri";
    assert_eq!(refusal(long), Error::Bytes(100_000));
}

#[test]
fn large_values_are_not_made() {
    for sql in [
        "SELECT printf('%.*c', 2000000000, 'x')",
        "SELECT length(printf('%2000000000d', 1))",
        "SELECT format('%.*c', 20000, 'x')",
        "SELECT replace(printf('%.9000c', 'x'), 'x', 'xxxxxxxxxxxxxxxxxxxx')",
        "WITH RECURSIVE c(s) AS (SELECT 'x' UNION ALL SELECT s || s FROM c) SELECT MAX(length(s)) FROM c",
        "SELECT GROUP_CONCAT(printf('%.100c', 'x')) FROM numeri",
        "SELECT hex(printf('%.9000c', 'x'))",
    ] {
        let error = refusal(sql);
        assert!(matches!(error, Error::LongValue(_)), "{sql}: {error:?}");
    }
    for sql in ["SELECT zeroblob(2000000000)", "SELECT length(zeroblob(9))", "SELECT randomblob(1000000000)"] {
        assert!(matches!(refusal(sql), Error::Refused(_)), "{sql}");
    }
    // Slow functions over long values: the limits are looked at often enough.
    let long = "printf('%.9000c', 'a')";
    let pattern = "%a".repeat(90);
    for sql in [
        format!(
            "SELECT COUNT(*) FROM numeri a, numeri b, numeri c WHERE {long} || a.n || b.n || c.n LIKE '{pattern}b'"
        ),
        format!(
            "SELECT COUNT(*) FROM numeri a, numeri b WHERE replace({long}, printf('%.4500c', 'a') || a.n || b.n, '') = ''"
        ),
        format!("SELECT DISTINCT {long} || a.n || b.n AS x FROM numeri a, numeri b ORDER BY x DESC"),
    ] {
        let error = refusal(&sql);
        assert!(matches!(error, Error::Steps(_) | Error::Time(_) | Error::Memory), "{sql}: {error:?}");
    }
}

#[test]
fn limits_are_the_callers() {
    let (database, few) = (database(), Limits { rows: 2, ..Limits::default() });
    let all = "SELECT nome FROM clienti";
    assert_eq!(database.query(all, few), Err(Error::Rows(2)));
    assert_eq!(database.query(&format!("{all} LIMIT 2"), few).unwrap().rows.len(), 2);
    assert_eq!(database.query(all, Limits { bytes: 10, ..few }), Err(Error::Bytes(10)).or(Err(Error::Rows(2))));
    let count = "SELECT SUM(n) FROM numeri WHERE n > 1";
    let cut = Limits { steps: 1_000, ..Limits::default() };
    assert_eq!(database.query(count, cut), Err(Error::Steps(1_000)));
    assert_eq!(database.query(count, Limits::default()).unwrap().rows, [[Value::Integer(500_499)]]);
    let hasty = Limits { steps: u64::MAX, millis: 50, ..Limits::default() };
    let endless = "SELECT COUNT(*) FROM numeri a, numeri b, numeri c, numeri d";
    let begun = Instant::now();
    assert_eq!(database.query(endless, hasty), Err(Error::Time(50)));
    assert!(begun.elapsed() < SOON);
}

#[test]
fn a_query_is_cut_at_the_same_step_each_time() {
    let database = database();
    let query = "SELECT COUNT(*) FROM numeri WHERE n % 7 < 3 AND n < 900";
    let least = |database: &Database| {
        let enough = |strides: u64| {
            let limits = Limits { steps: strides * 100, millis: u64::MAX, ..Limits::default() };
            database.query(query, limits).is_ok()
        };
        (1..100_000).find(|&strides| enough(strides)).unwrap()
    };
    let first = least(&database);
    assert!(first > 10, "{first}");
    assert_eq!(least(&database), first);
    assert_eq!(least(&self::database()), first);
}

#[test]
fn a_script_that_fails_says_so() {
    for script in ["CREATE TABLE", "INSERT INTO nulla VALUES (1)", "questo non va"] {
        let error = Database::open(script).unwrap_err();
        assert!(matches!(&error, Error::Script(why) if why.len() > 5), "{error:?}");
    }
}
