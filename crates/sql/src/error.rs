//! Why a query gave no table.

use thiserror::Error;

/// Why a query gave no table, in one sentence.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// The script that makes the database fails.
    #[error("the database cannot be made: {0}")]
    Script(String),
    /// Nothing but space and comments, or a command without a result.
    #[error("there is no SQL query")]
    Empty,
    /// C ends a text there, so what follows would go unseen.
    #[error("the SQL text holds a NUL character")]
    Nul,
    /// Longer than any query has to be.
    #[error("the SQL text is longer than {0} bytes")]
    LongText(usize),
    /// A second statement.
    #[error("there is more than one SQL statement")]
    Several,
    /// Something other than reading the tables; the text says what.
    #[error("only a query that reads is allowed: {0} is refused")]
    Refused(String),
    /// Text that SQLite does not understand, a table or column that is not there, a value that does not fit.
    #[error("SQLite reports: {0}")]
    Sqlite(String),
    /// Cut after so many steps of SQLite's machine.
    #[error("the query is cut after {0} steps")]
    Steps(u64),
    /// Cut after so much time.
    #[error("the query is cut after {0} ms")]
    Time(u64),
    /// More rows than allowed.
    #[error("the result has more than {0} rows")]
    Rows(usize),
    /// More bytes than allowed.
    #[error("the result has more than {0} bytes")]
    Bytes(usize),
    /// A single value longer than allowed.
    #[error("a value is longer than {0} bytes")]
    LongValue(usize),
    /// More memory than allowed.
    #[error("the query needs more memory than it may have")]
    Memory,
}
