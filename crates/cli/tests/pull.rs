//! `pull` against a small server of the tests' own, which does everything wrong that a server can.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use pull::{Digest, Hasher};
use serde_json::{Value, json};
use testkit::http::{Reply, Request, Server, answer, cut, ranged};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const DEMO: &[u8] = include_bytes!("../../../static/models/demo-q4_0.gguf");
const CONFIG: &[u8] = b"{}\n";

fn sha256(bytes: &[u8]) -> String {
    let mut hasher = Hasher::new(None, None);
    hasher.update(bytes);
    hasher.finish(None).0
}

fn git_blob(bytes: &[u8]) -> String {
    let any = Digest::GitBlob([0; 20]);
    let mut hasher = Hasher::new(Some(&any), Some(bytes.len() as u64));
    hasher.update(bytes);
    hasher.finish(Some(&any)).1.unwrap().hex()
}

/// What the hub says about the repository `a/b`: a GGUF file and a small one.
fn info(bytes: u64) -> Reply {
    let model = json!({"rfilename": "m-Q4_0.gguf", "size": bytes, "blobId": "0".repeat(40),
                       "lfs": {"sha256": sha256(DEMO), "size": bytes, "pointerSize": 134}});
    let config = json!({"rfilename": "x/config.json", "size": CONFIG.len(), "blobId": git_blob(CONFIG)});
    let body = json!({"id": "a/b", "sha": COMMIT, "gated": false, "siblings": [config, model],
                      "cardData": {"license": "gemma"}});
    Reply::Json(200, body)
}

/// A hub whose model file is answered by `model`, which is told how many requests for it came before.
fn hub(model: impl Fn(&Request, usize) -> Reply + Send + 'static) -> Server {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    Server::start(move |request, _| match request.path.as_str() {
        path if path.starts_with("/api/models/a/b/revision/main") => info(DEMO.len() as u64),
        path if path.ends_with("/x/config.json") => Reply::Raw(ranged(request, CONFIG, "c")),
        _ => model(request, asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst)),
    })
}

fn whole(request: &Request) -> Vec<u8> {
    ranged(request, DEMO, "t")
}

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn command(&self, url: &str, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sweetspot"));
        command
            .args(args)
            .current_dir(self.0.path())
            .env("HF_ENDPOINT", url)
            .env("HF_HOME", self.0.path().join("hf"))
            .env("HF_HUB_CACHE", self.cache())
            .env("NO_PROXY", "127.0.0.1");
        for name in
            ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH", "HF_HUB_OFFLINE", "HF_HUB_DISABLE_IMPLICIT_TOKEN"]
        {
            command.env_remove(name);
        }
        command
    }

    fn run(&self, url: &str, args: &[&str]) -> Output {
        self.command(url, args).output().unwrap()
    }

    fn cache(&self) -> PathBuf {
        self.0.path().join("cache")
    }

    fn repo(&self) -> PathBuf {
        self.cache().join("models--a--b")
    }

    fn blob(&self) -> PathBuf {
        self.repo().join("blobs").join(sha256(DEMO))
    }

    fn incomplete(&self) -> PathBuf {
        self.repo().join("blobs").join([&sha256(DEMO), ".incomplete"].concat())
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn done(output: &Output) -> String {
    assert!(output.status.success(), "{}", stderr(output));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// It failed with one sentence that says so, and printed nothing else.
fn refused(output: &Output, expected: &str) {
    let text = stderr(output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    let errors: Vec<&str> = text.lines().filter(|l| l.starts_with("error: ")).collect();
    assert!(errors.len() == 1 && errors[0].contains(expected), "expected {expected}: {text}");
    assert!(output.stdout.is_empty());
}

/// Nothing that could be taken for the model is in the cache.
fn nothing_kept(home: &Home) {
    assert!(!home.blob().exists() && !home.repo().join("refs").exists() && !home.repo().join("snapshots").exists());
}

/// `pull a/b` is refused so when the model file is answered so.
fn refuses(model: impl Fn(&Request, usize) -> Reply + Send + 'static, expected: &str) -> Home {
    let (home, server) = (Home::new(), hub(model));
    refused(&home.run(&server.url, &["pull", "a/b"]), expected);
    nothing_kept(&home);
    home
}

#[test]
fn a_model_is_pulled_into_the_cache_of_the_hub_and_found_there() {
    let (home, server) = (Home::new(), hub(|r, _| Reply::Raw(whole(r))));
    let output = home.run(&server.url, &["pull", "a/b"]);
    let path = home.repo().join("snapshots").join(COMMIT).join("m-Q4_0.gguf");
    assert_eq!(done(&output), path.display().to_string());
    assert!(stderr(&output).contains("Gemma Terms of Use"), "{}", stderr(&output));
    assert_eq!(std::fs::read(home.blob()).unwrap(), DEMO);
    assert_eq!(std::fs::read_to_string(home.repo().join("refs/main")).unwrap(), COMMIT);
    #[cfg(unix)]
    assert_eq!(std::fs::read_link(&path).unwrap(), Path::new("../../blobs").join(sha256(DEMO)));
    let paths: Vec<String> = server.seen().iter().map(|r| r.path.clone()).collect();
    let file = format!("/a/b/resolve/{COMMIT}/m-Q4_0.gguf");
    assert_eq!(paths, ["/api/models/a/b/revision/main?blobs=true", &file], "nothing else is asked for");

    // A second time nothing but the commit of the name is asked for.
    let again = home.run(&server.url, &["pull", "a/b:q4_0", "--json"]);
    let report: Value = serde_json::from_str(&done(&again)).unwrap();
    assert_eq!((&report["files"][0]["state"], &report["model"]), (&json!("present"), &json!(path)));
    assert_eq!(server.seen().len(), 3);

    // A file in a folder of the repository, by its path; it is checked by Git's object id.
    let config = done(&home.run(&server.url, &["pull", "a/b:x/config.json"]));
    assert!(config.ends_with(&format!("{COMMIT}/x/config.json")), "{config}");
    assert_eq!(std::fs::read(config).unwrap(), CONFIG);

    // Other commands take the model by its name, and ask nobody.
    let asked = server.seen().len();
    let inspected = home.run(&server.url, &["inspect", "a/b:Q4_0", "--json"]);
    assert!(done(&inspected).contains("n_params"));
    assert!(home.run(&server.url, &["inspect", &format!("a/b@{COMMIT}")]).status.success());
    assert_eq!(server.seen().len(), asked);
}

#[test]
fn a_bench_of_a_model_in_the_cache_is_called_after_it() {
    let (home, server) = (Home::new(), hub(|r, _| Reply::Raw(whole(r))));
    done(&home.run(&server.url, &["pull", "a/b"]));
    let args = ["bench", "--model", "a/b", "--probes", "A01", "--items", "2", "--no-gate", "--device", "cpu", "--json"];
    let card: Value = serde_json::from_str(&done(&home.run(&server.url, &args))).unwrap();
    assert_eq!(card["model"]["id"], "m-Q4_0");
    assert!(card.to_string().contains("sweetspot bench --model a/b "), "{card}");
    assert!(!card.to_string().contains(home.0.path().to_str().unwrap()), "no path of this machine");
}

#[test]
fn nothing_is_asked_for_that_is_not_pulled() {
    let (home, server) = (Home::new(), hub(|r, _| Reply::Raw(whole(r))));
    refused(&home.run(&server.url, &["inspect", "a/b"]), "`sweetspot pull a/b` fetches it");
    refused(&home.run(&server.url, &["bench", "--model", "a/b"]), "`sweetspot pull a/b` fetches it");
    let offline = home.command(&server.url, &["pull", "a/b"]).env("HF_HUB_OFFLINE", "1").output().unwrap();
    refused(&offline, "no request is made");
    assert!(done(&home.run(&server.url, &["pull", "--list"])).contains("gemma-3-270m-it-q8_0"));
    assert!(server.seen().is_empty());
}

#[test]
fn a_dry_run_fetches_nothing() {
    let (home, server) = (Home::new(), hub(|r, _| Reply::Raw(whole(r))));
    assert!(done(&home.run(&server.url, &["pull", "a/b", "--dry-run"])).contains("missing  m-Q4_0.gguf"));
    assert_eq!(server.seen().len(), 1);
    assert!(!home.cache().exists());
}

#[test]
fn a_connection_cut_twice_is_taken_up_where_it_broke() {
    let half = DEMO.len() / 2;
    let (home, server) =
        (Home::new(), hub(move |r, n| Reply::Raw(if n < 2 { cut(&whole(r), half / (n + 1)) } else { whole(r) })));
    done(&home.run(&server.url, &["pull", "a/b"]));
    assert_eq!(std::fs::read(home.blob()).unwrap(), DEMO);
    let ranges: Vec<usize> = server.seen()[1..]
        .iter()
        .map(|r| r.field("range").unwrap().split(['=', '-']).nth(1).unwrap().parse().unwrap())
        .collect();
    assert_eq!(ranges, [0, half, half + half / 2]);
}

#[test]
fn a_run_that_failed_goes_on_in_the_next() {
    let half = DEMO.len() / 2;
    let (home, server) = (
        Home::new(),
        hub(move |r, n| match n {
            0 => Reply::Raw(cut(&whole(r), half)),
            1 => Reply::Raw(answer("418 I'm a teapot", "", b"")),
            _ => Reply::Raw(whole(r)),
        }),
    );
    refused(&home.run(&server.url, &["pull", "a/b"]), "answered 418");
    assert_eq!(home.incomplete().metadata().unwrap().len(), half as u64);
    nothing_kept(&home);
    let again = home.run(&server.url, &["pull", "a/b"]);
    done(&again);
    assert!(stderr(&again).contains(&format!("going on after {half} of")), "{}", stderr(&again));
    assert_eq!(std::fs::read(home.blob()).unwrap(), DEMO);
    assert!(server.seen().last().unwrap().field("range").unwrap().starts_with(&format!("bytes={half}-")));
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_it_and_the_next_run_goes_on() {
    let (home, server) = (
        Home::new(),
        hub(|r, n| match n {
            0 => Reply::Slow(whole(r), 64 << 10, Duration::from_millis(40)),
            _ => Reply::Raw(whole(r)),
        }),
    );
    let child =
        home.command(&server.url, &["pull", "a/b"]).stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    // As soon as something has come.
    for _ in 0..500 {
        if home.incomplete().metadata().is_ok_and(|m| m.len() > 0) {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    refused(&output, "the same command goes on from there");
    let had = home.incomplete().metadata().unwrap().len();
    assert!(had > 0 && had < DEMO.len() as u64);
    done(&home.run(&server.url, &["pull", "a/b"]));
    assert_eq!(std::fs::read(home.blob()).unwrap(), DEMO);
}

#[test]
fn a_damaged_beginning_on_the_disk_is_noticed_and_fetched_anew() {
    let (home, server) = (Home::new(), hub(|r, _| Reply::Raw(whole(r))));
    std::fs::create_dir_all(home.repo().join("blobs")).unwrap();
    std::fs::write(home.incomplete(), [&DEMO[..5_000], &[0; 100]].concat()).unwrap();
    done(&home.run(&server.url, &["pull", "a/b"]));
    assert_eq!(std::fs::read(home.blob()).unwrap(), DEMO);
    assert_eq!(server.seen().len(), 3, "the rest, and then all");
}

#[test]
fn a_flipped_byte_is_refused() {
    let flipped = |r: &Request, _| {
        let mut answer = whole(r);
        let last = answer.len() - 9;
        answer[last] ^= 1;
        Reply::Raw(answer)
    };
    let home = refuses(flipped, "is not the file meant: expected SHA-256");
    assert!(!home.incomplete().exists());
}

#[test]
fn a_gated_model_says_what_to_do() {
    let gated = |code: &'static str| {
        move |_: &Request, _: usize| Reply::Raw(answer(code, "x-error-code: GatedRepo\r\n", b"{\"error\": \"x\"}"))
    };
    refuses(gated("401 Unauthorized"), "a/b is gated: accept its licence at http://127.0.0.1");
    refuses(gated("403 Forbidden"), "set HF_TOKEN to it");
    refuses(|_, _| Reply::Raw(answer("401 Unauthorized", "", b"")), "if it is private, set HF_TOKEN");
    refuses(|_, _| Reply::Raw(answer("404 Not Found", "x-error-code: EntryNotFound\r\n", b"")), "no such file");
}

#[test]
fn a_token_goes_to_the_hub_alone_and_is_shown_and_stored_nowhere() {
    let other = Server::start(|r, _| Reply::Raw(whole(r)));
    let to = format!("location: {}/x?signature=s3cret\r\n", other.url);
    let server = hub(move |_, _| Reply::Raw(answer("302 Found", &to, b"")));
    for from_file in [false, true] {
        let home = Home::new();
        let mut command = home.command(&server.url, &["pull", "a/b"]);
        if from_file {
            std::fs::create_dir_all(home.0.path().join("hf")).unwrap();
            std::fs::write(home.0.path().join("hf/token"), "hf_verysecret\n").unwrap();
        } else {
            command.env("HF_TOKEN", "hf_verysecret");
        }
        let output = command.output().unwrap();
        done(&output);
        for request in server.seen() {
            assert_eq!(request.field("authorization").as_deref(), Some("Bearer hf_verysecret"));
        }
        assert!(other.seen().iter().all(|r| r.field("authorization").is_none()));
        assert!(!stderr(&output).contains("secret") && !String::from_utf8_lossy(&output.stdout).contains("secret"));
        let mut texts = String::new();
        texts_below(&home.cache(), &mut texts);
        assert!(!texts.contains("verysecret") && !texts.contains("s3cret"));
    }
    assert!(!other.seen().is_empty());
    // What no header can carry is refused before anything is asked.
    let home = Home::new();
    let asked = server.seen().len();
    let output = home.command(&server.url, &["pull", "a/b"]).env("HF_TOKEN", "hf_very secret").output().unwrap();
    refused(&output, "HF_TOKEN");
    assert!(!stderr(&output).contains("very") && server.seen().len() == asked);
}

fn texts_below(folder: &Path, texts: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts_below(&path, texts);
        } else {
            texts.push_str(&path.display().to_string());
            texts.push_str(&String::from_utf8_lossy(&std::fs::read(&path).unwrap()));
        }
    }
}

#[test]
fn a_redirect_loop_is_left() {
    refuses(|_, _| Reply::Raw(answer("302 Found", "location: /a/b/resolve/x\r\n", b"")), "redirects in a circle");
}

#[test]
fn a_redirect_to_an_unprotected_address_is_not_followed() {
    refuses(|_, _| Reply::Raw(answer("302 Found", "location: http://cdn.example/m?key=1\r\n", b"")), "only https://");
}

#[test]
fn a_web_page_is_not_taken_for_the_model() {
    let page = b"<!doctype html><title>Log in</title>";
    refuses(|_, _| Reply::Raw(answer("200 OK", "content-type: text/html\r\n", page)), "a web page instead of the file");
    let server = Server::start(|_, _| Reply::Raw(answer("200 OK", "content-type: text/html\r\n", page)));
    let home = Home::new();
    refused(&home.run(&server.url, &["pull", "a/b"]), "a web page");
    refused(&home.run(&server.url, &["pull", &format!("{}/m.gguf", server.url)]), "a web page");
    assert!(!home.0.path().join("m.gguf").exists() && !home.0.path().join("m.gguf.part").exists());
}

#[test]
fn a_server_without_ranges_is_enough() {
    let (home, server) = (
        Home::new(),
        hub(|_, n| {
            let all = answer("200 OK", "", DEMO);
            Reply::Raw(if n == 0 { cut(&all, 9_999) } else { all })
        }),
    );
    done(&home.run(&server.url, &["pull", "a/b"]));
    assert_eq!(std::fs::read(home.blob()).unwrap(), DEMO);
}

#[test]
fn a_wrong_content_range_is_refused() {
    refuses(
        |_, _| Reply::Raw(answer("206 Partial Content", "content-range: bytes 5-9/10\r\n", b"GGUFx")),
        "gave the range bytes 5-9/10 where the bytes from 0 on were asked for",
    );
    refuses(
        |_, _| Reply::Raw(answer("206 Partial Content", "content-range: bytes 0-4/10\r\n", b"GGUFx")),
        "has 10 bytes where",
    );
}

#[test]
fn an_encoded_answer_is_refused() {
    refuses(|_, _| Reply::Raw(answer("200 OK", "content-encoding: gzip\r\n", b"x")), "came encoded as gzip");
}

#[test]
fn a_server_that_asks_for_patience_gets_it() {
    let (home, server) = (
        Home::new(),
        hub(|r, n| match n {
            0 => Reply::Raw(answer("429 Too Many Requests", "retry-after: 1\r\n", b"")),
            _ => Reply::Raw(whole(r)),
        }),
    );
    done(&home.run(&server.url, &["pull", "a/b"]));
    refuses(
        |_, _| Reply::Raw(answer("429 Too Many Requests", "retry-after: 9000\r\n", b"")),
        "asks to wait 9000 s before the next request",
    );
}

#[test]
fn what_is_larger_than_any_model_is_refused_unless_meant() {
    let (home, server) = (Home::new(), Server::start(|_, _| info(5 << 30)));
    refused(&home.run(&server.url, &["pull", "a/b"]), "pass --yes");
    assert_eq!(server.seen().len(), 1);
    // More than any disk has.
    let server = Server::start(|_, _| info(1 << 60));
    refused(&home.run(&server.url, &["pull", "a/b", "--yes"]), "not enough room");
    nothing_kept(&home);
}

#[test]
fn a_file_of_an_address_goes_where_it_is_told() {
    let server = Server::start(|r, _| Reply::Raw(whole(r)));
    let (home, url) = (Home::new(), format!("{}/files/x/m.gguf?key=s3cret", server.url));
    let output = home.run(&server.url, &["pull", &url]);
    assert_eq!(done(&output), "m.gguf");
    assert!(stderr(&output).contains(&sha256(DEMO)) && !stderr(&output).contains("s3cret"));
    assert_eq!(std::fs::read(home.0.path().join("m.gguf")).unwrap(), DEMO);
    assert_eq!(std::fs::read_dir(home.0.path()).unwrap().count(), 1, "nothing beside it");
    refused(&home.run(&server.url, &["pull", &url]), "exists already");
    done(&home.run(&server.url, &["pull", &url, "--sha256", &sha256(DEMO)]));
    assert_eq!(server.seen().len(), 1, "it is there, and was only hashed");
    let wrong = ["pull", &url, "--out", "n.gguf", "--sha256", &"0".repeat(64)];
    refused(&home.run(&server.url, &wrong), "expected SHA-256 0000");
    assert!(!home.0.path().join("n.gguf").exists() && !home.0.path().join("n.gguf.part").exists());
    refused(&home.run(&server.url, &["pull", "http://models.example/m.gguf"]), "only https://");
}

#[test]
fn a_file_that_changes_between_ranges_is_fetched_anew() {
    let (home, other) = (Home::new(), [b"GGUF".as_slice(), &vec![7; 90_000]].concat());
    let expected = other.clone();
    let server = Server::start(move |r, n| {
        Reply::Raw(if n == 0 { cut(&whole(r), 50_000) } else { ranged(r, &other, "another") })
    });
    done(&home.run(&server.url, &["pull", &format!("{}/m.gguf", server.url)]));
    assert_eq!(std::fs::read(home.0.path().join("m.gguf")).unwrap(), expected);
    assert_eq!(server.seen()[1].field("if-range").as_deref(), Some("\"t\""));
    // And one that is of the hub has a hash, which the new one does not have.
    let home = refuses(
        |r, n| Reply::Raw(if n == 0 { cut(&whole(r), 50_000) } else { ranged(r, &[7; 9], "another") }),
        "has 9 bytes where",
    );
    assert!(!home.incomplete().exists());
}

#[test]
fn wrong_names_are_told_in_a_sentence() {
    let (home, server) = (Home::new(), hub(|r, _| Reply::Raw(whole(r))));
    for (what, expected) in [
        ("model.gguf", "names nothing to fetch"),
        ("a/b:nothing.gguf", "a/b has no file nothing.gguf: it has m-Q4_0.gguf"),
        ("ftp://x/y", "names nothing to fetch"),
    ] {
        refused(&home.run(&server.url, &["pull", what]), expected);
    }
    assert_eq!(home.run(&server.url, &["pull"]).status.code(), Some(2));
}
