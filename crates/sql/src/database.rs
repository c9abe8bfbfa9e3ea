//! A database in memory that others may only read.

use crate::{Error, Limits, Table, Value};
use rusqlite::ffi::ErrorCode;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use web_time::Instant;

/// Steps between two looks at the limits. Small, since one step may copy or search [`LONGEST`] bytes.
const STRIDE: u16 = 100;

/// The longest text, value or row inside SQLite, in bytes.
const LONGEST: u16 = 10_000;

/// The most memory that all databases of the process have together, in bytes.
const MEMORY: usize = 256 << 20;

/// Functions that give the same result for the same rows, always and on every build of SQLite. Not among them: those
/// that draw chance, read the clock, make large values out of nothing or reach outside.
const FUNCTIONS: &[&str] = &[
    "abs",
    "avg",
    "char",
    "coalesce",
    "concat",
    "concat_ws",
    "count",
    "cume_dist",
    "date",
    "datetime",
    "dense_rank",
    "first_value",
    "format",
    "glob",
    "group_concat",
    "hex",
    "if",
    "ifnull",
    "iif",
    "instr",
    "julianday",
    "lag",
    "last_value",
    "lead",
    "length",
    "like",
    "lower",
    "ltrim",
    "max",
    "min",
    "nth_value",
    "ntile",
    "nullif",
    "percent_rank",
    "printf",
    "quote",
    "rank",
    "replace",
    "round",
    "row_number",
    "rtrim",
    "sign",
    "strftime",
    "string_agg",
    "substr",
    "substring",
    "sum",
    "time",
    "total",
    "trim",
    "typeof",
    "unicode",
    "unixepoch",
    "upper",
];

/// How the names of tables begin that SQLite itself has.
const FOREIGN: &[&str] = &["sqlite_", "pragma_", "json"];

/// A database in memory.
pub struct Database {
    connection: Connection,
    watch: Watch,
}

/// What the running query has used and been refused; shared with SQLite's hooks.
#[derive(Clone, Default)]
struct Watch(Arc<Mutex<Watched>>);

#[derive(Default)]
struct Watched {
    limits: Limits,
    steps: u64,
    since: Option<Instant>,
    stopped: Option<Error>,
}

impl Watch {
    fn lock(&self) -> MutexGuard<'_, Watched> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, limits: Limits) {
        *self.lock() = Watched { limits, since: Some(Instant::now()), ..Watched::default() };
    }

    /// Counts a stride; true stops the query.
    fn tick(&self) -> bool {
        let mut watched = self.lock();
        watched.steps += u64::from(STRIDE);
        if watched.steps > watched.limits.steps {
            watched.stopped = Some(Error::Steps(watched.limits.steps));
        }
        if watched.since.is_some_and(|since| since.elapsed().as_millis() > u128::from(watched.limits.millis)) {
            let cut = Error::Time(watched.limits.millis);
            watched.stopped.get_or_insert(cut);
        }
        watched.stopped.is_some()
    }

    fn refuse(&self, what: String) -> Authorization {
        self.lock().stopped.get_or_insert(Error::Refused(what));
        Authorization::Deny
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Database(in memory)")
    }
}

impl Database {
    /// Makes a database of a script of ours: tables, then rows. The script is trusted; from then on the database can
    /// only be read.
    pub fn open(schema_and_rows: &str) -> Result<Self, Error> {
        let failed = |error: rusqlite::Error| Error::Script(message(&error));
        let mut connection = Connection::open_in_memory().map_err(failed)?;
        // The limit of memory can only be lowered, and holds for the whole process.
        let settings = format!("PRAGMA temp_store = MEMORY; PRAGMA hard_heap_limit = {MEMORY};");
        connection.execute_batch(&settings).map_err(failed)?;
        connection.execute_batch(schema_and_rows).map_err(failed)?;
        connection.execute_batch("PRAGMA query_only = ON;").map_err(failed)?;
        for (limit, value) in [
            (Limit::SQLITE_LIMIT_LENGTH, i32::from(LONGEST)),
            (Limit::SQLITE_LIMIT_SQL_LENGTH, i32::from(LONGEST)),
            (Limit::SQLITE_LIMIT_COLUMN, 100),
            (Limit::SQLITE_LIMIT_EXPR_DEPTH, 100),
            (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 20),
            (Limit::SQLITE_LIMIT_VDBE_OP, 50_000),
            (Limit::SQLITE_LIMIT_FUNCTION_ARG, 20),
            (Limit::SQLITE_LIMIT_ATTACHED, 0),
            (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200),
            (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 0),
            (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
        ] {
            connection.set_limit(limit, value).map_err(failed)?;
        }
        let tables = tables(&connection).map_err(failed)?;
        let modules = modules(&connection).map_err(failed)?;
        let watch = Watch::default();
        let (ticking, watching) = (watch.clone(), watch.clone());
        connection.progress_handler(i32::from(STRIDE), Some(move || ticking.tick())).map_err(failed)?;
        connection
            .authorizer(Some(move |asked: AuthContext<'_>| allow(&watching, &tables, &modules, &asked)))
            .map_err(failed)?;
        Ok(Self { connection, watch })
    }

    /// Runs exactly one statement that reads, within limits.
    pub fn query(&self, sql: &str, limits: Limits) -> Result<Table, Error> {
        if sql.contains('\0') {
            return Err(Error::Nul);
        }
        if sql.len() > usize::from(LONGEST) {
            return Err(Error::LongText(LONGEST.into()));
        }
        self.watch.begin(limits);
        let mut statement = self.connection.prepare(sql).map_err(|error| self.why(&error))?;
        if statement.is_explain() != 0 {
            return Err(Error::Refused("EXPLAIN".to_string()));
        }
        let width = statement.column_count();
        if !statement.readonly() {
            return Err(Error::Refused("a statement that writes".to_string()));
        }
        if width == 0 {
            return Err(Error::Empty);
        }
        let columns = statement.column_names().map(ToString::to_string).collect();
        let mut table = Table { columns, rows: Vec::new() };
        let mut bytes = 0;
        let mut rows = statement.query([]).map_err(|error| self.why(&error))?;
        while let Some(row) = rows.next().map_err(|error| self.why(&error))? {
            if table.rows.len() == limits.rows {
                return Err(Error::Rows(limits.rows));
            }
            let values = values(row, width).map_err(|error| self.why(&error))?;
            bytes += values.iter().map(Value::size).sum::<usize>();
            if bytes > limits.bytes {
                return Err(Error::Bytes(limits.bytes));
            }
            table.rows.push(values);
        }
        Ok(table)
    }

    /// The error behind a failure: what our hooks stopped, else what SQLite says.
    fn why(&self, error: &rusqlite::Error) -> Error {
        if let Some(stopped) = self.watch.lock().stopped.take() {
            return stopped;
        }
        match (error, error.sqlite_error_code()) {
            (rusqlite::Error::MultipleStatement, _) => Error::Several,
            (_, Some(ErrorCode::TooBig)) => Error::LongValue(LONGEST.into()),
            (_, Some(ErrorCode::OutOfMemory)) => Error::Memory,
            _ => Error::Sqlite(message(error)),
        }
    }
}

/// The tables that a query may read.
fn tables(connection: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    names(connection, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")
}

/// Tables that are there without being made: functions in the place of a table, views of SQLite's own state.
fn modules(connection: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    names(connection, "SELECT name FROM pragma_module_list")
}

fn names(connection: &Connection, query: &str) -> rusqlite::Result<BTreeSet<String>> {
    let mut statement = connection.prepare(query)?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?;
    names.map(|name| name.map(|n| n.to_lowercase())).collect()
}

/// What a statement may do: read tables of ours, and call functions that have no effect.
fn allow(
    watch: &Watch,
    tables: &BTreeSet<String>,
    modules: &BTreeSet<String>,
    asked: &AuthContext<'_>,
) -> Authorization {
    let ours = |name: &str, column: &str| {
        let name = name.to_lowercase();
        // A name without a column may be one that the query itself gives with WITH, as in `SELECT COUNT(*) FROM c`.
        let foreign = FOREIGN.iter().any(|prefix| name.starts_with(prefix)) || modules.contains(&name);
        tables.contains(&name) || column.is_empty() && !foreign
    };
    match asked.action {
        AuthAction::Select | AuthAction::Recursive => Authorization::Allow,
        AuthAction::Read { table_name, column_name } if ours(table_name, column_name) => Authorization::Allow,
        AuthAction::Function { function_name } if FUNCTIONS.contains(&function_name.to_lowercase().as_str()) => {
            Authorization::Allow
        }
        AuthAction::Read { table_name, .. } => watch.refuse(format!("the table {table_name}")),
        AuthAction::Function { function_name } => watch.refuse(format!("the function {function_name}")),
        AuthAction::Pragma { .. } => watch.refuse("PRAGMA".to_string()),
        AuthAction::Attach { .. } => watch.refuse("ATTACH".to_string()),
        AuthAction::Detach { .. } => watch.refuse("DETACH".to_string()),
        AuthAction::Insert { .. } => watch.refuse("a statement that inserts or creates".to_string()),
        AuthAction::Update { .. } => watch.refuse("UPDATE".to_string()),
        AuthAction::Delete { .. } => watch.refuse("a statement that deletes or drops".to_string()),
        AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => watch.refuse("a transaction".to_string()),
        _ => watch.refuse("a statement that changes the schema".to_string()),
    }
}

fn values(row: &Row<'_>, width: usize) -> rusqlite::Result<Vec<Value>> {
    let value = |i| {
        Ok(match row.get_ref(i)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(whole) => Value::Integer(whole),
            ValueRef::Real(real) => Value::Real(real),
            ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
            ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        })
    };
    (0..width).map(value).collect()
}

/// SQLite's own words, on one line.
fn message(error: &rusqlite::Error) -> String {
    let said = match error {
        rusqlite::Error::SqliteFailure(_, Some(said)) | rusqlite::Error::SqlInputError { msg: said, .. } => {
            said.clone()
        }
        other => other.to_string(),
    };
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}
