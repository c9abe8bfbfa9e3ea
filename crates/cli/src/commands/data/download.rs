//! The files of a data set: each whole and checked, or not at all.

use std::path::{Path, PathBuf};

use anyhow::Context;
use datasets::File;
use indicatif::ProgressBar;
use pull::{Digest, Partial, Token, Wanted};

use crate::download::{Downloader, Growing};
use crate::output;

/// Downloads files, each whole or not at all.
pub fn files(wanted: &[(&File, PathBuf)], replace: output::Replace) -> anyhow::Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let downloader = Downloader::new(None)?;
    let bar = output::rate_bar(wanted.iter().map(|(file, _)| file.bytes).sum(), "fetching");
    let done = wanted.iter().try_for_each(|(file, to)| one(&downloader, &file.url(), file, to, replace, &bar));
    bar.finish_and_clear();
    done
}

fn one(
    downloader: &Downloader,
    url: &str,
    file: &File,
    to: &Path,
    replace: output::Replace,
    bar: &ProgressBar,
) -> anyhow::Result<()> {
    let folder = to.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let place = || format!("cannot write {}", to.display());
    let temporary = output::temporary().tempfile_in(folder).with_context(place)?;
    let wanted = Wanted {
        url: pull::address(url)?,
        name: file.path.to_owned(),
        len: Some(file.bytes),
        digest: Digest::sha256(file.sha256),
        repo: None,
        token: Token::Absent,
    };
    let mut growing = Growing::of(temporary.reopen().with_context(place)?, temporary.path());
    let from = bar.position();
    downloader
        .file(wanted, &mut growing, Partial::default(), bar, from)
        .with_context(|| format!("cannot fetch {} (a copy of it can be given with --from)", file.path))?;
    // Some systems rename no file that is open twice.
    drop(growing);
    temporary.as_file().sync_all().with_context(place)?;
    let kept = match replace {
        output::Replace::Allowed => temporary.persist(to),
        output::Replace::Refused => temporary.persist_noclobber(to),
    };
    kept.map_err(|e| e.error).with_context(place)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use testkit::http::{Reply, Server};

    /// Three bytes, `abc`.
    const FILE: File = File {
        path: "abc.txt",
        source: &datasets::Source { repository: "nobody/nothing", commit: "0" },
        at: "abc.txt",
        bytes: 3,
        records: 1,
        sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    };

    fn fetched(url: &str, folder: &Path, replace: output::Replace) -> anyhow::Result<()> {
        let mut downloader = Downloader::new(None).unwrap();
        downloader.options.first_wait = Duration::from_millis(1);
        let to = folder.join("set").join(FILE.path);
        one(&downloader, url, &FILE, &to, replace, &ProgressBar::hidden())
    }

    /// What `one` says when a server answers so.
    fn answered(answer: &'static [u8], folder: &Path, replace: output::Replace) -> anyhow::Result<()> {
        let server = Server::start(move |_, _| Reply::Raw(answer.to_vec()));
        fetched(&format!("{}/abc.txt", server.url), folder, replace)
    }

    #[test]
    fn a_file_is_kept_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let there = || std::fs::read_dir(folder.path().join("set")).unwrap().count();
        let cases: [(&[u8], &str); 4] = [
            (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "does not exist (404)"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabd", "is not the file meant: expected SHA-256"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabcdefghi", "has 9 bytes where 3 were expected"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", "given with --from"),
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
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let url = format!("http://127.0.0.1:{port}/abc.txt");
        let sentence = output::sentence(&fetched(&url, folder.path(), output::Replace::Refused).unwrap_err());
        assert!(sentence.contains("check the network") && sentence.lines().count() == 1, "{sentence}");
    }
}
