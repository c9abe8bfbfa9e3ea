//! Which files: address, size, digest and number of items of each. A digest is over the bytes at the commit named.

/// Rows of `"path" bytes items from "path in the repository" "sha256";` under the name of their source.
macro_rules! files {
    ($($source:ident: $($path:literal $bytes:literal $records:literal from $at:literal $sha256:literal;)+)+) => {
        &[$($(File { path: $path, source: &$source, at: $at, bytes: $bytes, records: $records, sha256: $sha256 }),+),+]
    };
}

pub(crate) mod blimp;
pub(crate) mod evals;
pub(crate) mod permissive;
pub(crate) mod share_alike;
pub(crate) mod suites;
