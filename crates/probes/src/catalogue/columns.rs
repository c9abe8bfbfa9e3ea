//! Word lists kept as text: one row a line, columns between bars, remarks after `#`.

use crate::seed::Seeded;

/// The rows of a list, without empty lines and remarks.
pub(super) fn rows(list: &str) -> impl Iterator<Item = &str> {
    list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The first `N` columns of a row; columns it lacks are empty.
pub(super) fn columns<const N: usize>(row: &str) -> [&str; N] {
    let mut parts = row.split('|').map(str::trim);
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

/// The rows of a list in columns.
pub(super) fn table<const N: usize>(list: &str) -> Vec<[&str; N]> {
    rows(list).map(columns).collect()
}

/// One of the items; the default of an empty list.
pub(super) fn draw<T: Copy + Default>(seeded: &mut Seeded, items: &[T]) -> T {
    items.get(seeded.below(items.len() as u64) as usize).copied().unwrap_or_default()
}

/// The item at a place, counted around the list; the default of an empty list.
pub(super) fn nth<T: Copy + Default>(items: &[T], at: usize) -> T {
    items.get(at % items.len().max(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_columns() {
        let list = "# remark\na | b b |c\n\nd | e\n";
        assert_eq!(table::<3>(list), [["a", "b b", "c"], ["d", "e", ""]]);
        assert_eq!(nth(&[1, 2, 3], 4), 2);
        assert_eq!((nth::<u8>(&[], 4), draw::<u8>(&mut Seeded::new(1), &[])), (0, 0));
    }
}
