//! Who imports whom: `cargo metadata` against the table in ARCHITECTURE.md.

use super::tree::{Kind, Row, Tree, Used};

/// Packages that bring a backend, and the crates that may use them.
const BACKENDS: &[(&str, &[&str])] = &[("candle-core", &["engine"]), ("candle-nn", &["engine"]), ("wgpu", &["engine"])];

/// Every dependency between our crates is in the table, and the table has no import that is not used.
pub fn imports_go_one_way(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for package in &tree.packages {
        let Some(row) = find_row(tree, &package.folder) else {
            continue;
        };
        for dependency in ours(tree, &package.folder, Used::Product) {
            if !row.imports.contains(dependency) {
                found.push(format!("{} imports {dependency}, which its row does not allow", row.folder));
            }
        }
        for dependency in ours(tree, &package.folder, Used::Tests) {
            if !row.imports.contains(dependency) && !row.test_imports.contains(dependency) {
                found.push(format!("the tests of {} import {dependency}, which its row does not allow", row.folder));
            }
        }
        for name in &row.imports {
            if !ours(tree, &package.folder, Used::Product).any(|d| d == name) {
                found.push(format!("the row of {} allows {name}, which it does not import", row.folder));
            }
        }
        let development = |name: &&String| find_row(tree, name).is_some_and(|r| r.kind == Kind::Development);
        if row.kind != Kind::Development {
            for name in row.imports.iter().filter(development) {
                found.push(format!("{} imports {name}, which is for development only", row.folder));
            }
        }
    }
    found
}

/// candle and wgpu are dependencies of the engine alone, in tests too.
pub fn only_the_engine_knows_a_backend(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for package in &tree.packages {
        for dependency in &package.dependencies {
            let rule = BACKENDS.iter().find(|(name, _)| dependency.name == *name);
            if let Some((name, allowed)) = rule
                && !allowed.contains(&package.folder.as_str())
            {
                found.push(format!("{} depends on {name}; only {} may", package.folder, allowed.join(", ")));
            }
        }
    }
    found
}

/// Every crate has a row in ARCHITECTURE.md and every row a crate.
pub fn architecture_names_every_crate(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for package in &tree.packages {
        if find_row(tree, &package.folder).is_none() {
            found.push(format!("{} has no row in ARCHITECTURE.md", package.path));
        }
    }
    for row in &tree.rows {
        if !tree.packages.iter().any(|p| p.folder == row.folder) {
            found.push(format!("ARCHITECTURE.md has a row for {}, which is no crate", row.folder));
        }
    }
    found
}

fn find_row<'a>(tree: &'a Tree, folder: &str) -> Option<&'a Row> {
    tree.rows.iter().find(|r| r.folder == folder)
}

/// The dependencies of one kind that are crates of ours.
fn ours<'a>(tree: &'a Tree, folder: &'a str, used: Used) -> impl Iterator<Item = &'a String> {
    tree.packages
        .iter()
        .filter(move |p| p.folder == folder)
        .flat_map(|p| &p.dependencies)
        .filter(move |d| d.used == used && tree.packages.iter().any(|p| p.folder == d.name))
        .map(|d| &d.name)
}

#[cfg(test)]
mod tests {
    use super::super::tree::{Dependency, Package};
    use super::*;

    type Edges<'a> = &'a [(&'a str, Used)];

    fn tree(packages: &[(&str, Edges)], rows: &[(&str, Kind, &[&str], &[&str])]) -> Tree {
        let owned = |names: &[&str]| names.iter().map(|&n| n.to_owned()).collect();
        Tree {
            files: Vec::new(),
            packages: packages
                .iter()
                .map(|(folder, edges)| Package {
                    folder: (*folder).to_owned(),
                    path: format!("crates/{folder}"),
                    dependencies: edges
                        .iter()
                        .map(|&(name, used)| Dependency { name: name.to_owned(), used })
                        .collect(),
                })
                .collect(),
            rows: rows
                .iter()
                .map(|(folder, kind, imports, tests)| Row {
                    folder: (*folder).to_owned(),
                    kind: *kind,
                    imports: owned(imports),
                    test_imports: owned(tests),
                })
                .collect(),
        }
    }

    #[test]
    fn a_wrong_an_unused_and_a_development_import_are_found() {
        let packages: &[(&str, Edges)] = &[
            ("weights", &[("engine", Used::Product), ("testkit", Used::Tests), ("serde", Used::Product)]),
            ("engine", &[("weights", Used::Tests), ("testkit", Used::Product)]),
            ("testkit", &[]),
        ];
        let rows: &[(&str, Kind, &[&str], &[&str])] = &[
            ("weights", Kind::Pure, &[], &["testkit"]),
            ("engine", Kind::Library, &["weights", "testkit"], &[]),
            ("testkit", Kind::Development, &[], &[]),
        ];
        let expected = [
            "weights imports engine, which its row does not allow",
            "the row of engine allows weights, which it does not import",
            "engine imports testkit, which is for development only",
        ];
        assert_eq!(imports_go_one_way(&tree(packages, rows)), expected);
    }

    #[test]
    fn a_backend_outside_the_engine_is_found() {
        let packages: &[(&str, Edges)] =
            &[("engine", &[("candle-core", Used::Product)]), ("probes", &[("candle-core", Used::Tests)])];
        let expected = ["probes depends on candle-core; only engine may"];
        assert_eq!(only_the_engine_knows_a_backend(&tree(packages, &[])), expected);
    }

    #[test]
    fn a_crate_without_a_row_and_a_row_without_a_crate_are_found() {
        let found = architecture_names_every_crate(&tree(&[("a", &[])], &[("b", Kind::Pure, &[], &[])]));
        assert_eq!(found.len(), 2, "{found:?}");
    }
}
