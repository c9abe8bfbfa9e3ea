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
    use probes::catalogue::e03_sql::databases;
    use probes::{Sql, SqlAnswer};
    use sql::{Database, Limits, is_ordered, same_result};

    /// The probe's databases, in memory.
    pub struct Shop(Vec<Database>);

    impl Shop {
        pub fn open() -> anyhow::Result<Self> {
            let all = databases().into_iter().map(|(_, script)| Database::open(&script));
            Ok(Self(all.collect::<Result<_, _>>()?))
        }
    }

    impl Sql for Shop {
        fn compare(&self, gold: &str, query: &str) -> SqlAnswer {
            let mut same = true;
            for database in &self.0 {
                // Every gold query runs on every database: a test of the probe sees to it.
                let Ok(expected) = database.query(gold, Limits::default()) else { return SqlAnswer::Different };
                match database.query(query, Limits::default()) {
                    Ok(found) => same &= same_result(&expected, &found, is_ordered(gold)),
                    Err(error) => return SqlAnswer::Refused(error.to_string()),
                }
            }
            if same { SqlAnswer::Same } else { SqlAnswer::Different }
        }
    }
}
