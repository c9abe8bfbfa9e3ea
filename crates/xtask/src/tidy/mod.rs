//! The invariants of ARCHITECTURE.md that can be read off the source and off `cargo metadata`.
//!
//! Each rule is one row of [`RULES`]; its name is also the name of a test, so `cargo test` runs it too.

mod imports;
mod manifests;
mod purity;
mod source;
mod text;
mod tree;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::job::{self, Show};
use tree::Tree;

/// One invariant: its name, which a test shares, and what looks for breaches.
struct Rule {
    name: &'static str,
    find: fn(&Tree) -> Vec<String>,
}

const RULES: &[Rule] = &[
    Rule { name: "imports_go_one_way", find: imports::imports_go_one_way },
    Rule { name: "only_the_engine_knows_a_backend", find: imports::only_the_engine_knows_a_backend },
    Rule { name: "architecture_names_every_crate", find: imports::architecture_names_every_crate },
    Rule { name: "pure_crates_have_no_files_clock_or_chance", find: purity::pure_crates_have_no_files_clock_or_chance },
    Rule { name: "only_cli_and_xtask_touch_files_and_print", find: purity::only_cli_and_xtask_touch_files_and_print },
    Rule { name: "no_unsafe_anywhere", find: purity::no_unsafe_anywhere },
    Rule { name: "nothing_is_left_unfinished", find: purity::nothing_is_left_unfinished },
    Rule { name: "every_crate_inherits_the_lints", find: manifests::every_crate_inherits_the_lints },
    Rule { name: "no_source_file_is_too_long", find: text::no_source_file_is_too_long },
    Rule { name: "no_path_of_one_machine", find: text::no_path_of_one_machine },
    Rule { name: "no_example_in_a_comment", find: text::no_example_in_a_comment },
    Rule { name: "every_test_named_in_architecture_exists", find: text::every_test_named_in_architecture_exists },
    Rule { name: "committed_data_stays_small", find: text::committed_data_stays_small },
];

/// What the rules found.
pub struct Outcome {
    /// Breaches, each with its rule's name.
    pub errors: Vec<String>,
    /// Things worth a look that break nothing.
    pub warnings: Vec<String>,
}

impl Outcome {
    /// Prints every finding.
    pub fn print(&self) {
        for line in &self.warnings {
            eprintln!("    warning: {line}");
        }
        for line in &self.errors {
            eprintln!("    error: {line}");
        }
        eprintln!("    {} rules, {} breaches", RULES.len(), self.errors.len());
    }
}

/// `cargo xtask tidy`
pub fn run(root: &Path) -> Result<ExitCode> {
    let outcome = check(root)?;
    outcome.print();
    Ok(if outcome.errors.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Holds the tree against every rule.
pub fn check(root: &Path) -> Result<Outcome> {
    let tree = Tree::read(root)?;
    let mut errors = Vec::new();
    for rule in RULES {
        errors.extend((rule.find)(&tree).into_iter().map(|e| format!("{}: {e}", rule.name)));
    }
    Ok(Outcome { errors, warnings: text::long_source_files(&tree) })
}

/// `cargo metadata` of the workspace's own packages.
pub fn metadata(root: &Path) -> Result<Value> {
    cargo_metadata(root, &["--no-deps"])
}

/// `cargo metadata` with every dependency.
pub fn full_metadata(root: &Path) -> Result<Value> {
    cargo_metadata(root, &[])
}

fn cargo_metadata(root: &Path, more: &[&str]) -> Result<Value> {
    let mut command = job::cargo(root, ["metadata", "--format-version", "1"]);
    command.args(more);
    let done = job::run(command, Show::Nothing)?;
    if !done.ok {
        bail!("cargo metadata failed ({}):\n{}", done.status, done.stderr);
    }
    serde_json::from_str(&done.stdout).context("cargo metadata is not JSON")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::LazyLock;

    use super::*;

    static TREE: LazyLock<Tree> = LazyLock::new(|| Tree::read(&crate::root().unwrap()).unwrap());

    /// The tree obeys the rule of this name.
    fn obeys(name: &str) {
        let rule = RULES.iter().find(|r| r.name == name).unwrap();
        let found = (rule.find)(&TREE);
        assert!(found.is_empty(), "{name}:\n{}", found.join("\n"));
    }

    macro_rules! rules {
        ($($name:ident)*) => {
            const TESTED: &[&str] = &[$(stringify!($name)),*];
            $(#[test] fn $name() { obeys(stringify!($name)); })*
        };
    }

    rules! {
        imports_go_one_way
        only_the_engine_knows_a_backend
        architecture_names_every_crate
        pure_crates_have_no_files_clock_or_chance
        only_cli_and_xtask_touch_files_and_print
        no_unsafe_anywhere
        nothing_is_left_unfinished
        every_crate_inherits_the_lints
        no_source_file_is_too_long
        no_path_of_one_machine
        no_example_in_a_comment
        every_test_named_in_architecture_exists
        committed_data_stays_small
    }

    #[test]
    fn every_rule_has_its_test() {
        let rules: BTreeSet<&str> = RULES.iter().map(|r| r.name).collect();
        assert_eq!(rules, TESTED.iter().copied().collect());
    }
}
