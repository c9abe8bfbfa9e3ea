//! One of a finite set of texts, character by character.

/// The texts, sorted, so that those with a common beginning stand side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Literals {
    texts: Vec<Vec<char>>,
}

/// Which texts are still possible: `low..high`, after `at` characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    low: usize,
    high: usize,
    at: usize,
}

impl Literals {
    pub(super) fn new<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut texts: Vec<Vec<char>> = texts.into_iter().map(|t| t.chars().collect()).collect();
        texts.sort();
        texts.dedup();
        Self { texts }
    }

    pub(super) fn start(&self) -> Cursor {
        Cursor { low: 0, high: self.texts.len(), at: 0 }
    }

    /// One character further, if a text that `free` admits allows it.
    pub(super) fn step(&self, cursor: Cursor, c: char, free: impl Fn(usize) -> bool) -> Option<Cursor> {
        let of_c = |i: &usize| self.texts.get(*i).and_then(|t| t.get(cursor.at)) == Some(&c);
        let low = (cursor.low..cursor.high).find(of_c)?;
        let high = (low..cursor.high).take_while(of_c).last()? + 1;
        (low..high).any(free).then_some(Cursor { low, high, at: cursor.at + 1 })
    }

    /// The text that is whole at the cursor.
    pub(super) fn whole(&self, cursor: Cursor) -> Option<usize> {
        // The shortest of those with a common beginning comes first.
        let is_whole = cursor.low < cursor.high && self.texts.get(cursor.low).is_some_and(|t| t.len() == cursor.at);
        is_whole.then_some(cursor.low)
    }

    /// Can a whole text go on to become another?
    pub(super) fn may_go_on(cursor: Cursor) -> bool {
        cursor.high - cursor.low > 1
    }

    /// The place of a text.
    pub(super) fn position(&self, text: &str) -> Option<usize> {
        self.texts.iter().position(|t| t.iter().copied().eq(text.chars()))
    }
}
