//! Files from the net: streamed to a temporary file, checked, then renamed.

use std::error::Error;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use datasets::File;
use indicatif::ProgressBar;
use reqwest::blocking::Client;

use crate::interrupt::Interrupt;
use crate::output;

/// Seconds until a server must answer, and for a whole file.
const CONNECT_SECONDS: u64 = 20;
const FILE_SECONDS: u64 = 900;

/// Bytes that are read at a time.
const PIECE: usize = 64 << 10;

/// Downloads files, each whole or not at all.
pub fn files(wanted: &[(&File, PathBuf)], replace: output::Replace) -> anyhow::Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let interrupt = Interrupt::listen()?;
    let client = Client::builder()
        .https_only(true)
        .user_agent(concat!("sweetspot/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(CONNECT_SECONDS))
        .timeout(Duration::from_secs(FILE_SECONDS))
        .build()
        .context("cannot set up TLS")?;
    let bar = output::bytes_bar(wanted.iter().map(|(file, _)| file.bytes).sum(), "downloading");
    let done = wanted.iter().try_for_each(|(file, to)| one(&client, &file.url(), file, to, replace, &bar, &interrupt));
    bar.finish_and_clear();
    done
}

fn one(
    client: &Client,
    url: &str,
    file: &File,
    to: &Path,
    replace: output::Replace,
    bar: &ProgressBar,
    interrupt: &Interrupt,
) -> anyhow::Result<()> {
    let folder = to.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let place = || format!("cannot write {}", to.display());
    let mut temporary = output::temporary().tempfile_in(folder).with_context(place)?;
    let mut response = match client.get(url).send() {
        Ok(response) if response.status().is_success() => response,
        Ok(response) => bail!("the server answered {} for {url}", response.status()),
        Err(error) => bail!(unreachable(url, &error)),
    };
    let mut piece = vec![0; PIECE];
    let mut read = 0;
    loop {
        if interrupt.raised() {
            bail!("stopped before {} was whole; the files before it are there", file.path);
        }
        let n = match response.read(&mut piece) {
            Ok(n) => n,
            Err(error) => bail!(unreachable(url, &error)),
        };
        let Some(bytes) = piece.get(..n).filter(|bytes| !bytes.is_empty()) else { break };
        read += n as u64;
        if read > file.bytes {
            bail!("{url} has more than the {} bytes of the file meant", file.bytes);
        }
        temporary.write_all(bytes).with_context(place)?;
        bar.inc(n as u64);
    }
    temporary.as_file().sync_all().with_context(place)?;
    let bytes = std::fs::read(temporary.path()).with_context(place)?;
    file.check(&bytes).with_context(|| format!("{url} is not the file meant"))?;
    let kept = match replace {
        output::Replace::Allowed => temporary.persist(to),
        output::Replace::Refused => temporary.persist_noclobber(to),
    };
    kept.map_err(|e| e.error).with_context(place)?;
    Ok(())
}

/// Why nothing came, with what to do about it.
fn unreachable(url: &str, error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    format!("cannot download {url} ({cause}): check the connection, or fetch the file otherwise and pass --from")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// Three bytes, `abc`.
    const FILE: File = File {
        path: "abc.txt",
        source: &datasets::Source { repository: "nobody/nothing", commit: "0" },
        at: "abc.txt",
        bytes: 3,
        records: 1,
        sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    };

    /// What `one` says when a server answers so.
    fn answered(answer: &'static [u8], folder: &Path, replace: output::Replace) -> anyhow::Result<()> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/abc.txt", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).unwrap();
            stream.write_all(answer).unwrap();
        });
        let got = fetched(&url, folder, replace);
        server.join().unwrap();
        got
    }

    fn fetched(url: &str, folder: &Path, replace: output::Replace) -> anyhow::Result<()> {
        let client = Client::builder().no_proxy().build().unwrap();
        let to = folder.join("set").join(FILE.path);
        one(&client, url, &FILE, &to, replace, &ProgressBar::hidden(), &Interrupt::never())
    }

    #[test]
    fn a_file_is_kept_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let there = || std::fs::read_dir(folder.path().join("set")).unwrap().count();
        let cases: [(&[u8], &str); 4] = [
            (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "the server answered 404 Not Found"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabd", "is not the file meant: abc.txt: expected SHA-256"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabcdefghi", "has more than the 3 bytes"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", "cannot download"),
        ];
        for (answer, expected) in cases {
            let error = answered(answer, folder.path(), output::Replace::Refused).unwrap_err();
            let sentence = output::sentence(&error);
            assert!(sentence.contains(expected) && sentence.lines().count() == 1, "{sentence}");
            assert_eq!(there(), 0, "nothing is left of {sentence}");
        }
        let whole = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
        answered(whole, folder.path(), output::Replace::Refused).unwrap();
        assert_eq!(std::fs::read(folder.path().join("set/abc.txt")).unwrap(), b"abc");
        assert!(answered(whole, folder.path(), output::Replace::Refused).is_err());
        answered(whole, folder.path(), output::Replace::Allowed).unwrap();
        assert_eq!(there(), 1);
    }

    #[test]
    fn no_connection_is_told_in_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        // A port that was free a moment ago, and on which nobody listens.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let url = format!("http://127.0.0.1:{port}/abc.txt");
        let sentence = output::sentence(&fetched(&url, folder.path(), output::Replace::Refused).unwrap_err());
        assert!(sentence.contains("check the connection") && sentence.lines().count() == 1, "{sentence}");
    }
}
