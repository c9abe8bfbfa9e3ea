//! The repository as the rules see it: files, packages, and the table of ARCHITECTURE.md.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use super::source;
use crate::job::{self, Show};

/// Everything the rules look at. Tests build small ones by hand.
#[derive(Default)]
pub struct Tree {
    /// The repository's files, sorted by path.
    pub files: Vec<File>,
    /// The workspace's packages, sorted by folder.
    pub packages: Vec<Package>,
    /// The rows of ARCHITECTURE.md's table of crates.
    pub rows: Vec<Row>,
}

/// One file.
pub struct File {
    /// Relative to the root, with forward slashes.
    pub path: String,
    /// Its length in bytes.
    pub len_bytes: u64,
    /// Its text; `None` when it is not UTF-8 or longer than [`MOST_TEXT_BYTES`].
    pub text: Option<String>,
}

/// One package of the workspace.
pub struct Package {
    /// The name of its folder: what ARCHITECTURE.md calls it.
    pub folder: String,
    /// Where it lies, relative to the root, with forward slashes: `crates/engine`, `web`.
    pub path: String,
    /// Its dependencies of every kind.
    pub dependencies: Vec<Dependency>,
}

/// One dependency of a package.
pub struct Dependency {
    /// A folder for a package of ours, the package's name otherwise.
    pub name: String,
    /// Whether the product or only tests use it.
    pub used: Used,
}

/// What a dependency is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Used {
    /// In the product.
    Product,
    /// In tests and benches.
    Tests,
}

/// One row of the table of crates.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// The crate's folder.
    pub folder: String,
    /// What sort of crate it is.
    pub kind: Kind,
    /// Our crates that it may import.
    pub imports: Vec<String>,
    /// Our crates that its tests may import besides.
    pub test_imports: Vec<String>,
}

/// What sort of crate a row describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No files, clock, environment, printing, chance or backend.
    Pure,
    /// A library that sees a backend or both sides, and neither touches files nor prints.
    Library,
    /// Where the product meets the machine.
    Edge,
    /// Never shipped.
    Development,
}

/// Longer files are data, whatever they hold.
const MOST_TEXT_BYTES: u64 = 2 << 20;
/// Folders that hold no source of ours.
const LEFT_OUT: &[&str] = &["target", ".git", "results", ".venv", "__pycache__", "node_modules", "artifacts"];

impl Tree {
    /// Reads the checkout at `root`.
    pub fn read(root: &Path) -> Result<Self> {
        let mut files = Vec::new();
        for path in list(root)? {
            let full = root.join(&path);
            let Ok(about) = full.symlink_metadata() else {
                continue;
            };
            if !about.is_file() {
                continue;
            }
            let len_bytes = about.len();
            let text = (len_bytes <= MOST_TEXT_BYTES).then(|| std::fs::read_to_string(&full).ok()).flatten();
            files.push(File { path, len_bytes, text });
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let packages = packages(&super::metadata(root)?)?;
        let architecture = files.iter().find(|f| f.path == "ARCHITECTURE.md");
        let rows = rows(architecture.and_then(|f| f.text.as_deref()).unwrap_or(""));
        Ok(Self { files, packages, rows })
    }

    /// The text of one file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.iter().find(|f| f.path == path)?.text.as_deref()
    }

    /// Every Rust file with its text.
    pub fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .filter(|f| Path::new(&f.path).extension().is_some_and(|e| e == "rs"))
            .filter_map(|f| Some((f.path.as_str(), f.text.as_deref()?)))
    }

    /// The Rust files of a crate's product, comments, strings and tests blanked.
    pub fn product(&self, folder: &str) -> impl Iterator<Item = (&str, String)> {
        let package = self.packages.iter().find(|p| p.folder == folder);
        let start = package.map_or_else(|| format!("crates/{folder}/src/"), |p| format!("{}/src/", p.path));
        self.rust()
            .filter(move |(path, _)| path.starts_with(&start) && !source::is_test_file(path))
            .map(|(path, text)| (path, source::without_tests(&source::code_only(text))))
    }
}

/// The files that git knows or would add; every file, less the usual build outputs, where there is no git.
fn list(root: &Path) -> Result<Vec<String>> {
    let mut git = job::tool(root, "git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]);
    if let Ok(done) = job::run(git, Show::Nothing)
        && done.ok
    {
        let mut all: Vec<String> = done.stdout.split_terminator('\0').map(str::to_owned).collect();
        all.sort_unstable();
        all.dedup();
        return Ok(all);
    }
    let mut all = Vec::new();
    walk(root, &PathBuf::new(), &mut all)?;
    Ok(all)
}

fn walk(root: &Path, below: &Path, all: &mut Vec<String>) -> Result<()> {
    let folder = root.join(below);
    for entry in std::fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() && !LEFT_OUT.iter().any(|&l| entry.file_name() == l) {
            walk(root, &path, all)?;
        } else if kind.is_file() {
            all.push(path.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}

/// The workspace's packages out of `cargo metadata --no-deps`.
fn packages(metadata: &Value) -> Result<Vec<Package>> {
    let all = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    let root = metadata["workspace_root"].as_str().context("cargo metadata names no workspace_root")?;
    let folders: Vec<(&str, String)> = all
        .iter()
        .filter_map(|p| {
            let folder = Path::new(p["manifest_path"].as_str()?).parent()?.file_name()?;
            Some((p["name"].as_str()?, folder.to_string_lossy().into_owned()))
        })
        .collect();
    let folder_of = |name: &str| {
        let ours = folders.iter().find(|(n, _)| *n == name);
        ours.map_or_else(|| name.to_owned(), |(_, folder)| folder.clone())
    };
    let mut packages: Vec<Package> = all
        .iter()
        .filter_map(|p| {
            let dependencies = p["dependencies"].as_array()?;
            let manifest = Path::new(p["manifest_path"].as_str()?).strip_prefix(root).ok()?;
            Some(Package {
                path: manifest.parent()?.to_string_lossy().replace('\\', "/"),
                folder: folder_of(p["name"].as_str()?),
                dependencies: dependencies
                    .iter()
                    .filter_map(|d| {
                        let used = if d["kind"] == "dev" { Used::Tests } else { Used::Product };
                        Some(Dependency { name: folder_of(d["name"].as_str()?), used })
                    })
                    .collect(),
            })
        })
        .collect();
    packages.sort_by(|a, b| a.folder.cmp(&b.folder));
    Ok(packages)
}

/// Rows of the form ``| `folder` | kind | `a`, `b` | `c` | ... |``; other lines are prose.
fn rows(text: &str) -> Vec<Row> {
    text.lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
            let [folder, kind, imports, test_imports, ..] = cells.as_slice() else {
                return None;
            };
            let kind = match *kind {
                "pure" => Kind::Pure,
                "library" => Kind::Library,
                "edge" => Kind::Edge,
                "development" => Kind::Development,
                _ => return None,
            };
            Some(Row {
                folder: folder.strip_prefix('`')?.strip_suffix('`')?.to_owned(),
                kind,
                imports: names(imports),
                test_imports: names(test_imports),
            })
        })
        .collect()
}

/// The words in backticks of one cell.
fn names(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_and_prose_is_not() {
        let text = "| crate | kind | imports | in tests |\n|---|---|---|---|\n\
                    | `cards` | pure | `probes` | `testkit`, `weights` | the card |\n\
                    | `x` | wondrous | | |\nprose | `y` | pure\n";
        let expected = Row {
            folder: "cards".to_owned(),
            kind: Kind::Pure,
            imports: vec!["probes".to_owned()],
            test_imports: vec!["testkit".to_owned(), "weights".to_owned()],
        };
        assert_eq!(rows(text), [expected]);
    }

    #[test]
    fn packages_go_by_their_folders_and_tests_are_told_apart() {
        let metadata = serde_json::json!({ "workspace_root": "/r", "packages": [
            { "name": "sweetspot", "manifest_path": "/r/crates/cli/Cargo.toml",
              "dependencies": [{ "name": "engine", "kind": null }, { "name": "insta", "kind": "dev" }] },
            { "name": "engine", "manifest_path": "/r/crates/engine/Cargo.toml", "dependencies": [] },
        ]});
        let packages = packages(&metadata).unwrap();
        let folders: Vec<&str> = packages.iter().map(|p| p.folder.as_str()).collect();
        assert_eq!(folders, ["cli", "engine"]);
        assert_eq!(packages[1].path, "crates/engine");
        let used: Vec<(&str, Used)> = packages[0].dependencies.iter().map(|d| (d.name.as_str(), d.used)).collect();
        assert_eq!(used, [("engine", Used::Product), ("insta", Used::Tests)]);
    }

    #[test]
    fn git_and_the_walk_agree_that_this_file_exists() {
        let root = crate::root().unwrap();
        let mut walked = Vec::new();
        walk(&root, &PathBuf::new(), &mut walked).unwrap();
        let this = "crates/xtask/src/tidy/tree.rs".to_owned();
        assert!(walked.contains(&this));
        assert!(!walked.iter().any(|p| p.starts_with("target/")));
        assert!(list(&root).unwrap().contains(&this));
    }
}
