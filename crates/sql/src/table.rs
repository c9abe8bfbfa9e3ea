//! Results and when two of them are the same.

/// What a query may use. The defaults are far above what a question over some hundred rows needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Steps of SQLite's machine, rounded up to the next hundred: the limit that is the same on every machine.
    pub steps: u64,
    /// Milliseconds: the last resort, for what is slow within a step.
    pub millis: u64,
    /// Rows of the result.
    pub rows: usize,
    /// Bytes of the result: 8 for each number, the length of each text.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 2_000_000, millis: 1_000, rows: 1_000, bytes: 100_000 }
    }
}

/// One value of a result.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// A whole number.
    Integer(i64),
    /// A floating-point number.
    Real(f64),
    /// Text; bytes that are no UTF-8 are replaced.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl Value {
    /// What it counts for in [`Limits::bytes`].
    pub fn size(&self) -> usize {
        match self {
            Self::Null => 1,
            Self::Integer(_) | Self::Real(_) => 8,
            Self::Text(text) => text.len(),
            Self::Blob(bytes) => bytes.len(),
        }
    }
}

/// What a query gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The names of the columns, which no comparison looks at.
    pub columns: Vec<String>,
    /// The rows, each as long as `columns`.
    pub rows: Vec<Vec<Value>>,
}

/// A value as it is compared: numbers by their value whatever their type, to 12 significant digits where they are not
/// whole, so that the order in which a sum was made does not show.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Null,
    Whole(i64),
    Fraction(String),
    Text(String),
    Blob(Vec<u8>),
}

fn key(value: &Value) -> Key {
    match value {
        Value::Null => Key::Null,
        Value::Integer(whole) => Key::Whole(*whole),
        Value::Real(real) => number(*real),
        Value::Text(text) => Key::Text(text.clone()),
        Value::Blob(bytes) => Key::Blob(bytes.clone()),
    }
}

fn number(real: f64) -> Key {
    let whole = |x: f64| (x.fract() == 0.0 && x.abs() < 9.2e18).then_some(Key::Whole(x as i64));
    let rounded = format!("{real:.11e}");
    whole(real).or_else(|| rounded.parse().ok().and_then(whole)).unwrap_or(Key::Fraction(rounded))
}

/// Whether two results are the same: the same rows, each as often, compared column by column in their places; in the
/// same order too if `ordered`. Numbers are equal by value, text exactly, and names of columns do not count.
pub fn same_result(gold: &Table, got: &Table, ordered: bool) -> bool {
    if gold.columns.len() != got.columns.len() || gold.rows.len() != got.rows.len() {
        return false;
    }
    let keys = |table: &Table| -> Vec<Vec<Key>> {
        let mut rows: Vec<Vec<Key>> = table.rows.iter().map(|row| row.iter().map(key).collect()).collect();
        if !ordered {
            rows.sort();
        }
        rows
    };
    keys(gold) == keys(got)
}

/// Whether a query asks for an order of its result: an `ORDER BY` outside parentheses, strings and comments.
pub fn is_ordered(query: &str) -> bool {
    let words = outer_words(query);
    words.windows(2).any(|pair| matches!(pair, [order, by] if order == "ORDER" && by == "BY"))
}

/// The words outside parentheses, strings, quoted names and comments, in upper case.
fn outer_words(query: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let (mut depth, mut rest) = (0_usize, query.chars().peekable());
    while let Some(c) = rest.next() {
        let next = rest.peek().copied();
        let word = match (c, next) {
            ('\'' | '"' | '`', _) => {
                rest.by_ref().find(|&d| d == c);
                None
            }
            ('[', _) => {
                rest.by_ref().find(|&d| d == ']');
                None
            }
            ('-', Some('-')) => {
                rest.by_ref().find(|&d| d == '\n');
                None
            }
            ('/', Some('*')) => {
                rest.next();
                let mut last = ' ';
                rest.by_ref().find(|&d| std::mem::replace(&mut last, d) == '*' && d == '/');
                None
            }
            ('(', _) => {
                depth += 1;
                None
            }
            (')', _) => {
                depth = depth.saturating_sub(1);
                None
            }
            _ if depth == 0 && (c.is_alphanumeric() || c == '_') => Some(c),
            _ => None,
        };
        match (word, words.last_mut()) {
            (Some(c), Some(last)) => last.extend(c.to_uppercase()),
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[Value]]) -> Table {
        let columns = rows.first().map_or(0, |row| row.len());
        Table { columns: vec![String::from("c"); columns], rows: rows.iter().map(|r| r.to_vec()).collect() }
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_string())
    }

    #[test]
    fn rows_count_as_often_as_they_occur_in_any_order() {
        let (a, b) = ([Value::Integer(1), text("x")], [Value::Integer(2), text("y")]);
        let gold = table(&[&a, &b, &a]);
        let other = table(&[&b, &a, &a]);
        assert!(same_result(&gold, &other, false) && !same_result(&gold, &other, true));
        assert!(same_result(&gold, &gold, true));
        assert!(!same_result(&gold, &table(&[&a, &b, &b]), false));
        assert!(!same_result(&gold, &table(&[&a, &b]), false));
        let swapped = [text("x"), Value::Integer(1)];
        assert!(!same_result(&table(&[&a]), &table(&[&swapped]), false));
        assert!(!same_result(&table(&[&a]), &table(&[&a[..1]]), false));
    }

    #[test]
    fn names_of_columns_do_not_count_and_their_number_does() {
        let mut other = table(&[&[Value::Integer(1)]]);
        other.columns = vec![String::from("another")];
        assert!(same_result(&table(&[&[Value::Integer(1)]]), &other, true));
        let none = |columns: usize| Table { columns: vec![String::new(); columns], rows: Vec::new() };
        assert!(same_result(&none(2), &none(2), false) && !same_result(&none(1), &none(2), false));
    }

    #[test]
    fn numbers_are_equal_by_value_and_text_exactly() {
        let same = |a: Value, b: Value| same_result(&table(&[&[a]]), &table(&[&[b]]), false);
        assert!(same(Value::Integer(3), Value::Real(3.0)));
        assert!(same(Value::Real(0.1 + 0.2), Value::Real(0.3)));
        assert!(same(Value::Real(0.0), Value::Real(-0.0)));
        assert!(same(Value::Real(2.999_999_999_999_99), Value::Integer(3)));
        assert!(!same(Value::Real(45.25), Value::Real(45.26)));
        assert!(!same(Value::Real(45.333_333), Value::Real(45.33)));
        assert!(!same(Value::Integer(i64::MAX), Value::Integer(i64::MAX - 1)));
        assert!(!same(Value::Integer(3), text("3")) && !same(Value::Integer(0), Value::Null));
        assert!(!same(text("Bari"), text("bari")) && !same(text("Bari"), text("Bari ")));
        assert!(!same(text("a"), Value::Blob(b"a".to_vec())) && same(Value::Null, Value::Null));
    }

    #[test]
    fn an_order_is_asked_for_outside_of_everything() {
        for query in
            ["select a from t order by a", "SELECT a FROM (SELECT 1) ORDER\n  BY a LIMIT 2", "x /*(*/ order by 1"]
        {
            assert!(is_ordered(query), "{query}");
        }
        for query in [
            "SELECT a FROM t",
            "SELECT a FROM (SELECT a FROM t ORDER BY a)",
            "SELECT ' order by '",
            "SELECT \"order by\"",
            "SELECT 1 -- order by 1",
            "SELECT 1 /* order by 1 */",
            "SELECT ROW_NUMBER() OVER (ORDER BY a) FROM t",
            "SELECT order_by FROM t",
            "",
        ] {
            assert!(!is_ordered(query), "{query}");
        }
    }
}
