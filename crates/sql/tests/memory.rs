//! The limit of memory holds for the whole process, so its test has a process of its own.
#![cfg(feature = "sqlite")]

use sql::{Database, Error, Limits};

#[test]
fn a_query_that_hoards_is_stopped() {
    let database =
        Database::open("CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1), (2), (3), (4), (5), (6), (7);").unwrap();
    let cross = "t a, t b, t c, t d, t e, t f, t g, t h";
    let query = format!("SELECT printf('%.9000c', 'x') || a.n || b.n || c.n AS v FROM {cross} ORDER BY v, d.n, e.n");
    let patient = Limits { steps: u64::MAX, millis: 60_000, ..Limits::default() };
    assert_eq!(database.query(&query, patient), Err(Error::Memory));
    assert_eq!(database.query("SELECT COUNT(*) FROM t", Limits::default()).unwrap().rows.len(), 1);
}
