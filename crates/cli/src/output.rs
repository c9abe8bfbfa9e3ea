//! Printing: results to stdout, files written whole or not at all.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};

/// An error and its causes as one sentence, control characters made visible.
pub fn sentence(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        // A transparent error repeats its source; say it once.
        if !text.contains(&cause) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&cause);
        }
    }
    visible(&text)
}

/// Replaces control and bidirectional formatting characters, so that a hostile file name or token cannot steer the
/// terminal.
pub fn visible(text: &str) -> String {
    let steers = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}' | '\u{feff}')
    };
    text.chars().flat_map(|c| if steers(c) { c.escape_unicode().collect::<Vec<_>>() } else { vec![c] }).collect()
}

/// Whether the reader of stdout went away, as `| head` does.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe))
}

/// One line on stdout.
pub fn line(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").context("cannot write to stdout")
}

/// Text on stdout at once, without a newline.
pub fn piece(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("cannot write to stdout")
}

/// A value as JSON on stdout.
pub fn json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    line(&serde_json::to_string(value)?)
}

/// Whether a file that exists may be replaced.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Replace {
    /// It may.
    Allowed,
    /// It may not.
    Refused,
}

/// Writes a file whole or not at all: to a temporary name beside it, then renamed.
pub fn write_file(path: &Path, bytes: &[u8], replace: Replace) -> anyhow::Result<()> {
    if replace == Replace::Refused && path.exists() {
        bail!("{} exists already: choose another place or pass --force", path.display());
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let place = || format!("cannot write {}", path.display());
    let mut file = temporary().tempfile_in(folder).with_context(place)?;
    file.write_all(bytes).with_context(place)?;
    file.as_file().sync_all().with_context(place)?;
    file.persist(path).map_err(|e| e.error).with_context(place)?;
    Ok(())
}

/// Makes files that others may read as far as the umask lets them: results are for sharing.
pub fn temporary() -> tempfile::Builder<'static, 'static> {
    #[cfg_attr(not(unix), expect(unused_mut))]
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

/// A folder beside the place where it will stand, readable as the umask lets it; removed unless it is kept.
pub fn temporary_folder(parent: &Path) -> anyhow::Result<tempfile::TempDir> {
    #[cfg_attr(not(unix), expect(unused_mut))]
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    builder.tempdir_in(parent).with_context(|| format!("cannot make a folder in {}", parent.display()))
}

/// A progress bar over bytes, on stderr; silent where stderr is no terminal.
pub fn bytes_bar(total: u64, what: &str) -> ProgressBar {
    bar(total, what, "{msg:<20} {bar:30.cyan/dim} {binary_bytes:>10} of {binary_total_bytes} {elapsed:>4}")
}

/// A progress bar over bytes that come from elsewhere, with their rate and the time left.
pub fn rate_bar(total: u64, what: &str) -> ProgressBar {
    let template =
        "{msg:<8} {bar:20.cyan/dim} {binary_bytes:>10} of {binary_total_bytes} {binary_bytes_per_sec:>12}, {eta} left";
    bar(total, what, template)
}

/// A progress bar over counted things.
pub fn count_bar(total: u64, what: &str) -> ProgressBar {
    bar(total, what, "{msg:<20} {bar:30.cyan/dim} {pos:>6} of {len} {elapsed:>4}, {eta} left")
}

/// A progress bar with a template of its own.
pub fn bar(total: u64, what: &str, template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(total).with_message(what.to_owned()).with_style(style)
}
