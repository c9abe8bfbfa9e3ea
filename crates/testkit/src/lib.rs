//! Development only: what several test suites share.

pub mod gguf;
pub mod golden;
pub mod http;
pub mod source;
pub mod tolerance;

use std::path::PathBuf;

/// A file or folder of the shared oracles and data, which come on top of the repository's own goldens.
///
/// The root is the environment variable `SWEETSPOT_SHARED`, or `../shared` beside the checkout.
/// Where it is absent the caller skips; the skip is printed, and `REQUIRE_SHARED=1` turns it into a failure.
pub fn shared(relative: &str) -> Option<PathBuf> {
    let root = std::env::var_os("SWEETSPOT_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")), PathBuf::from);
    let path = root.join(relative);
    if path.exists() {
        return Some(path);
    }
    assert!(
        std::env::var_os("REQUIRE_SHARED").is_none_or(|v| v != "1"),
        "REQUIRE_SHARED=1, but {} does not exist",
        path.display()
    );
    eprintln!("skipped: {relative} (no shared folder)");
    None
}
