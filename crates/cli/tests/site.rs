//! `publish` and `site build`, as a user calls them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A run of the demo model in a folder: four items, made now, since a run of another version's battery is not published.
fn run_in(folder: &Path) -> PathBuf {
    let run = folder.join("run");
    done(&["bench", "--probes", "A01", "--items", "4", "--device", "cpu", "--out", path(&run)]);
    run
}

fn sweetspot(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sweetspot")).args(args).output().unwrap()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn done(args: &[&str]) -> String {
    let output = sweetspot(args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(args: &[&str], said: &str) {
    let output = sweetspot(args);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{args:?}: {stderr}");
    assert!(stderr.contains(said), "{said}: {stderr}");
}

#[test]
fn a_run_is_published_once_and_never_changed() {
    let folder = tempfile::tempdir().unwrap();
    let (run, site) = (run_in(folder.path()), folder.path().join("site"));
    std::fs::create_dir_all(&site).unwrap();
    let args = ["publish", path(&run), "--site", path(&site)];
    assert!(done(&args).starts_with("published "));
    assert!(done(&args).starts_with("was published before as "));
    let cards = site.join("cards");
    let key = std::fs::read_dir(&cards).unwrap().next().unwrap().unwrap().path();
    assert_eq!(std::fs::read(key.join("card.json")).unwrap(), std::fs::read(run.join("card.json")).unwrap());
    std::fs::write(key.join("samples.jsonl"), "x").unwrap();
    refused(&args, "which are never changed");
    refused(&["publish", path(&run), "--site", path(&site.join("nowhere"))], "there is no folder");
}

#[test]
fn a_run_that_contradicts_itself_is_not_published() {
    let folder = tempfile::tempdir().unwrap();
    let (run, site) = (run_in(folder.path()), folder.path().join("site"));
    std::fs::create_dir_all(&site).unwrap();
    let samples = std::fs::read_to_string(run.join("samples.jsonl")).unwrap();
    let (_, all_but_one) = samples.split_once('\n').unwrap();
    std::fs::write(run.join("samples.jsonl"), all_but_one).unwrap();
    refused(&["publish", path(&run), "--site", path(&site)], "cannot be published");
    assert!(!site.join("cards").exists(), "nothing is left behind");
}

#[test]
fn the_repositorys_own_site_builds() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    let from = root().join("static");
    let args =
        ["site", "build", "--from", path(&from), "--out", path(&out), "--address", "https://example.org/sweetspot"];
    done(&args);
    for file in
        ["index.html", "feed.xml", "sitemap.xml", "index.json", "sweetspot.css", "published.css", "method/index.html"]
    {
        assert!(out.join(file).is_file(), "no {file}");
    }
    for post in std::fs::read_dir(from.join("experiments")).unwrap() {
        let slug = post.unwrap().path().file_stem().unwrap().to_owned();
        assert!(out.join("e").join(&slug).join("index.html").is_file(), "no page of {}", slug.display());
    }
    // The same place only with --force, and another folder never.
    refused(&args, "pass --force");
    done(&[&args[..], &["--force"]].concat());
    let other = folder.path().join("other");
    std::fs::create_dir_all(&other).unwrap();
    std::fs::write(other.join("letter.txt"), "mine").unwrap();
    refused(&["site", "build", "--from", path(&from), "--out", path(&other), "--force"], "left alone");
    assert!(other.join("letter.txt").is_file());
}

#[test]
fn a_post_with_a_number_of_its_own_stops_the_build() {
    let folder = tempfile::tempdir().unwrap();
    let (from, out) = (folder.path().join("static"), folder.path().join("site"));
    std::fs::create_dir_all(from.join("experiments")).unwrap();
    done(&["publish", path(&run_in(folder.path())), "--site", path(&from)]);
    let key = std::fs::read_dir(from.join("cards")).unwrap().next().unwrap().unwrap().file_name();
    let post = format!(
        "+++\ntitle = \"One\"\ndate = \"2026-11-22\"\ncategory = \"Test\"\nfinding = \"It knows {{{{a.results.A01|kn}}}}.\"\nnot_measured = [\"Speed.\"]\nchange_our_mind = [\"More items.\"]\n[cards]\na = \"{}\"\n+++\nIt was right in 99 of 100.\n",
        key.display()
    );
    std::fs::write(from.join("experiments/one.md"), post).unwrap();
    refused(&["site", "build", "--from", path(&from), "--out", path(&out)], "states a digit");
    assert!(!out.exists(), "nothing is half-written");
}
