//! What every Cargo.toml says.

use super::tree::Tree;

/// Every crate takes the workspace's lints, so that no crate is laxer than the others.
pub fn every_crate_inherits_the_lints(tree: &Tree) -> Vec<String> {
    tree.packages
        .iter()
        .map(|package| format!("{}/Cargo.toml", package.path))
        .filter(|path| !tree.text(path).is_some_and(inherits))
        .map(|path| format!("{path} lacks `[lints]` with `workspace = true`"))
        .collect()
}

fn inherits(manifest: &str) -> bool {
    manifest
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != "[lints]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .any(|line| line.replace(' ', "") == "workspace=true")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_lints_section_counts() {
        assert!(inherits("[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n"));
        assert!(!inherits("[lints]\n[dependencies]\nworkspace = true\n"));
        assert!(!inherits("[package]\nworkspace = true\n"));
    }
}
