//! SQL for the probes that are scored by execution.

use probes::Sql;

/// What runs SQL in this build, if anything does.
#[cfg(feature = "sqlite")]
pub fn open() -> anyhow::Result<Option<Box<dyn Sql>>> {
    Ok(Some(Box::new(shop::Shop::open()?)))
}

/// What runs SQL in this build, if anything does.
#[cfg(not(feature = "sqlite"))]
#[expect(clippy::unnecessary_wraps, reason = "the other build can fail")]
pub fn open() -> anyhow::Result<Option<Box<dyn Sql>>> {
    Ok(None)
}

#[cfg(feature = "sqlite")]
mod shop {
    use std::cell::RefCell;
    use std::collections::HashMap;
    use std::rc::Rc;

    use probes::catalogue::Question;
    use probes::catalogue::e03_sql::databases;
    use probes::{Sql, SqlAnswer};
    use sql::{Database, Limits, is_ordered, same_result};

    /// Databases in memory: those of our own probe, and those that questions of other sets bring along.
    pub struct Shop {
        own: Vec<Database>,
        brought: RefCell<HashMap<String, Rc<Result<Database, String>>>>,
    }

    impl Shop {
        pub fn open() -> anyhow::Result<Self> {
            let all = databases().into_iter().map(|(_, script)| Database::open(&script));
            Ok(Self { own: all.collect::<Result<_, _>>()?, brought: RefCell::default() })
        }

        /// The database of a question, made when it is first asked about.
        fn brought(&self, question: &Question) -> Rc<Result<Database, String>> {
            let script = [question.part("schema"), "\n", question.part("rows")].concat();
            let mut known = self.brought.borrow_mut();
            let open = || Rc::new(Database::open(&script).map_err(|e| e.to_string()));
            Rc::clone(known.entry(script.clone()).or_insert_with(open))
        }
    }

    impl Sql for Shop {
        fn compare(&self, question: &Question, query: &str) -> SqlAnswer {
            if question.part("rows").is_empty() {
                return compare(&self.own, &question.gold, query);
            }
            match &*self.brought(question) {
                Ok(database) => compare(std::slice::from_ref(database), &question.gold, query),
                Err(fault) => SqlAnswer::Refused(format!("the question's own database cannot be made: {fault}")),
            }
        }
    }

    /// Is there a gold query with the same result on every database?
    fn compare(databases: &[Database], golds: &[String], query: &str) -> SqlAnswer {
        let mut same = vec![true; golds.len()];
        for database in databases {
            let found = match database.query(query, Limits::default()) {
                Ok(found) => found,
                Err(error) => return SqlAnswer::Refused(error.to_string()),
            };
            for (same, gold) in same.iter_mut().zip(golds) {
                // Every gold query of our own probe runs on every database: a test of the probe sees to it. One of
                // another set that does not run here is no answer that could be met.
                let expected = database.query(gold, Limits::default());
                *same &= expected.is_ok_and(|expected| same_result(&expected, &found, is_ordered(gold)));
            }
        }
        if same.contains(&true) { SqlAnswer::Same } else { SqlAnswer::Different }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        fn question(golds: &[&str]) -> Question {
            let question = Question::open("How many boats?", golds);
            question
                .field("schema", "CREATE TABLE boat (name text);")
                .field("rows", "INSERT INTO boat VALUES ('a'), ('b');")
        }

        #[test]
        fn a_question_is_asked_of_the_database_that_it_brings() {
            let shop = Shop::open().unwrap();
            let boats = question(&["SELECT count(*) FROM boat", "SELECT name, 1 FROM boat"]);
            assert_eq!(shop.compare(&boats, "SELECT 2"), SqlAnswer::Same);
            assert_eq!(shop.compare(&boats, "SELECT name, 1 FROM boat ORDER BY name DESC"), SqlAnswer::Same);
            assert_eq!(shop.compare(&boats, "SELECT 3"), SqlAnswer::Different);
            assert!(matches!(shop.compare(&boats, "SELECT * FROM ordini"), SqlAnswer::Refused(_)));
            assert!(matches!(shop.compare(&boats, "DELETE FROM boat"), SqlAnswer::Refused(_)));
            assert_eq!(shop.compare(&question(&["SELECT count(*) FROM ships"]), "SELECT 2"), SqlAnswer::Different);
            let own = Question::open("Quanti ordini?", &["SELECT count(*) FROM ordini"]);
            assert_eq!(shop.compare(&own, "SELECT count(id) FROM ordini"), SqlAnswer::Same);
            let broken = question(&["SELECT 1"]).field("schema", "CREATE TABLE");
            assert!(
                matches!(shop.compare(&broken, "SELECT 1"), SqlAnswer::Refused(why) if why.contains("own database"))
            );
        }

        /// Every gold query of the public set runs on its database and gives what it gives.
        #[test]
        fn the_golds_of_the_public_questions_run() {
            let Some(folder) = testkit::shared("data/defog-sql") else { return };
            let set = datasets::dataset("defog-sql").unwrap();
            let read: Vec<(&str, Vec<u8>)> =
                set.files.iter().filter_map(|f| Some((f.path, std::fs::read(folder.join(f.path)).ok()?))).collect();
            let files: Vec<(&str, &[u8])> = read.iter().map(|(path, bytes)| (*path, bytes.as_slice())).collect();
            let parsed = (set.tasks[0].parse)(&files).unwrap();
            let shop = Shop::open().unwrap();
            let mut n = 0;
            for question in &parsed.questions {
                for gold in &question.gold {
                    let alone = Question { gold: vec![gold.clone()], ..question.clone() };
                    assert_eq!(shop.compare(&alone, gold), SqlAnswer::Same, "{gold}");
                    n += 1;
                }
            }
            assert_eq!((parsed.questions.len(), n), (130, 200));
        }
    }
}
