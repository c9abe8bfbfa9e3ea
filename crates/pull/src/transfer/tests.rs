//! A scripted server and a disk in memory: every way in which an answer can be wrong, and any mixture of them.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;
use crate::{Digest, Head};

const ADDRESS: &str = "https://files.example/m.bin";

/// What goes wrong with one request.
#[derive(Clone, Debug)]
enum Fault {
    None,
    /// The connection breaks after so many bytes.
    Cut(usize),
    /// No connection.
    Refused,
    /// A byte of the answer is another one.
    Flip,
    /// The whole file, with 200.
    NoRanges,
    /// A `Content-Range` that begins elsewhere.
    WrongStart,
    /// Another total.
    WrongTotal,
    /// 206 without a `Content-Range`.
    NoContentRange,
    /// More bytes than the range has.
    Longer,
    Gzip,
    Html,
    HtmlInDisguise,
    Status(u16, Vec<(&'static str, String)>),
    Redirect(&'static str),
    /// The file is another one from now on.
    Change,
}

struct Server {
    file: Vec<u8>,
    version: u32,
    tagged: bool,
    compares: bool,
    faults: VecDeque<Fault>,
    asked: Vec<Request>,
}

impl Server {
    fn new(file: &[u8], faults: impl IntoIterator<Item = Fault>) -> Self {
        let faults = faults.into_iter().collect();
        Self { file: file.to_vec(), version: 1, tagged: true, compares: true, faults, asked: Vec::new() }
    }

    /// The head, the body, and whether the body ends as it should; nothing where nobody answers.
    fn answer(&mut self, request: &Request) -> Option<(Head, Vec<u8>, bool)> {
        self.asked.push(request.clone());
        let fault = self.faults.pop_front().unwrap_or(Fault::None);
        if matches!(fault, Fault::Change) {
            self.version += 1;
            self.file.iter_mut().for_each(|b| *b = b.wrapping_add(1));
        }
        let field = |name: &str| request.fields.iter().find(|(k, _)| *k == name).map(|(_, v)| v.as_str());
        let tag = format!("\"v{}\"", self.version);
        let mut fields = vec![];
        if self.tagged {
            fields.push(("ETag", tag.clone()));
        }
        let range = field("range").map(|r| {
            let (start, last) = r.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
            (start.parse::<usize>().unwrap(), last.parse::<usize>().unwrap())
        });
        let same = !self.compares || field("if-range").is_none_or(|t| t == tag);
        let len = self.file.len();
        let (mut status, mut body) = match range {
            Some((start, _)) if start >= len && same => {
                fields.push(("Content-Range", format!("bytes */{len}")));
                (416, vec![])
            }
            Some((start, last)) if same && !matches!(fault, Fault::NoRanges) => {
                let last = last.min(len - 1);
                let (from, total) = match fault {
                    Fault::WrongStart => (start + 1, len),
                    Fault::WrongTotal => (start, len + 7),
                    _ => (start, len),
                };
                if !matches!(fault, Fault::NoContentRange) {
                    fields.push(("Content-Range", format!("bytes {from}-{last}/{total}")));
                }
                (206, self.file[start..=last].to_vec())
            }
            _ => {
                fields.push(("Content-Length", len.to_string()));
                (200, self.file.clone())
            }
        };
        let mut whole = true;
        match fault {
            Fault::Refused => return None,
            Fault::Cut(n) => {
                whole = n >= body.len();
                body.truncate(n);
            }
            Fault::Flip => body[0] ^= 1,
            Fault::Longer => body.extend_from_slice(b"more"),
            Fault::Gzip => fields.push(("Content-Encoding", "gzip".to_owned())),
            Fault::Html => fields.push(("Content-Type", "text/html; charset=utf-8".to_owned())),
            Fault::HtmlInDisguise => body = b"\n<!DOCTYPE html><title>Log in</title>".to_vec(),
            Fault::Status(code, more) => {
                (status, fields, body) = (code, more, vec![]);
            }
            Fault::Redirect(to) => (status, fields, body) = (302, vec![("Location", to.to_owned())], vec![]),
            _ => {}
        }
        let fields = fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
        Some((Head { status, fields }, body, whole))
    }
}

/// A machine with a disk.
#[derive(Default)]
struct Machine {
    disk: Vec<u8>,
    free: Option<u64>,
    waits: Vec<Duration>,
    saved: Option<Saved>,
}

impl Machine {
    fn run(&mut self, transfer: &mut Transfer, server: &mut Server) -> Result<Finished, Error> {
        let mut open: Option<(VecDeque<Vec<u8>>, bool)> = None;
        let mut piece;
        let mut head;
        let mut event = Event::Start;
        for _ in 0..200_000 {
            let action = transfer.on(event);
            event = match action {
                Action::Reread { offset, len } => {
                    let from = offset as usize;
                    piece = self.disk[from..(from + (len as usize).min(100)).min(self.disk.len())].to_vec();
                    Event::Reread(&piece)
                }
                Action::Truncate { len } => {
                    self.disk.truncate(len as usize);
                    Event::Truncated
                }
                Action::Room => Event::Room(self.free),
                Action::Send(request) => match server.answer(&request) {
                    None => Event::Broke("connection refused".to_owned()),
                    Some((h, body, whole)) => {
                        head = h;
                        open = Some((body.chunks(97).map(<[u8]>::to_vec).collect(), whole));
                        Event::Head(&head)
                    }
                },
                Action::Read => {
                    let (pieces, whole) = open.as_mut().unwrap();
                    match pieces.pop_front() {
                        Some(next) => {
                            piece = next;
                            Event::Body(&piece)
                        }
                        None if *whole => Event::End,
                        None => Event::Broke("connection reset".to_owned()),
                    }
                }
                Action::Write { offset, bytes } => {
                    assert_eq!(offset as usize, self.disk.len(), "only ever at the end");
                    self.disk.extend_from_slice(bytes);
                    self.saved = Some(transfer.saved());
                    Event::Written
                }
                Action::Wait(time) => {
                    self.waits.push(time);
                    Event::Waited
                }
                Action::Done(finished) => return Ok(finished),
                Action::Fail(error) => return Err(error),
            };
        }
        panic!("it does not end");
    }
}

fn file() -> Vec<u8> {
    (0..1_000_u32).map(|i| (i * 31 % 251) as u8).collect()
}

fn sha(bytes: &[u8]) -> Digest {
    let any = Digest::Sha256([0; 32]);
    let mut hasher = Hasher::new(Some(&any), None);
    hasher.update(bytes);
    hasher.finish(Some(&any)).1.unwrap()
}

fn wanted(digest: Option<Digest>) -> Wanted {
    let len = digest.is_some().then_some(1_000);
    Wanted {
        url: Url::parse(ADDRESS).unwrap(),
        name: "m.bin".to_owned(),
        len,
        digest,
        repo: None,
        token: Token::Absent,
    }
}

fn options() -> Options {
    Options { mode: Mode::Spans(300), ..Options::FILE }
}

/// Fetches with these faults, the hash known and not known.
fn both(faults: &[Fault]) -> [(Result<Finished, Error>, Machine, Server); 2] {
    [Some(sha(&file())), None].map(|digest| {
        let (mut machine, mut server) = (Machine::default(), Server::new(&file(), faults.to_vec()));
        let done = machine.run(&mut Transfer::new(wanted(digest), options(), Partial::default()), &mut server);
        (done, machine, server)
    })
}

fn fails(faults: &[Fault], expected: &str) {
    for (done, _, _) in both(faults) {
        let sentence = done.expect_err(expected).to_string();
        assert!(sentence.contains(expected) && sentence.lines().count() == 1, "{sentence}");
    }
}

#[test]
fn a_file_is_fetched_in_spans_and_hashed() {
    for (done, machine, server) in both(&[]) {
        assert_eq!(machine.disk, file());
        let done = done.unwrap();
        assert_eq!((done.bytes, done.sha256), (1_000, sha(&file()).hex()));
        let ranges: Vec<&str> = server.asked.iter().map(|r| r.fields[1].1.as_str()).collect();
        assert_eq!(ranges, ["bytes=0-299", "bytes=300-599", "bytes=600-899", "bytes=900-999"]);
        assert_eq!(server.asked[0].fields.len(), 2, "nothing to compare with at first");
        assert_eq!(server.asked[1].fields[2], ("if-range", "\"v1\"".to_owned()));
    }
}

#[test]
fn a_connection_cut_twice_goes_on_where_it_broke() {
    for (done, machine, server) in both(&[Fault::Cut(97), Fault::Refused, Fault::Cut(100)]) {
        assert_eq!(done.unwrap().bytes, 1_000);
        assert_eq!(machine.disk, file());
        assert_eq!(machine.waits, [500, 1_000, 500].map(Duration::from_millis));
        assert_eq!(server.asked[1].fields[1].1, "bytes=97-396");
    }
}

#[test]
fn what_lies_on_the_disk_is_hashed_again_and_gone_on_from() {
    for digest in [Some(sha(&file())), None] {
        let mut machine = Machine::default();
        let mut first = Transfer::new(wanted(digest.clone()), options(), Partial::default());
        let cut = [Fault::None, Fault::Cut(50)].into_iter().chain((0..9).map(|_| Fault::Refused));
        machine.run(&mut first, &mut Server::new(&file(), cut)).unwrap_err();
        assert_eq!(machine.disk.len(), 350);
        let partial = Partial { len: 350, saved: machine.saved.clone() };
        let mut server = Server::new(&file(), []);
        machine.run(&mut Transfer::new(wanted(digest), options(), partial), &mut server).unwrap();
        assert_eq!(machine.disk, file());
        assert_eq!(server.asked[0].fields[1].1, "bytes=350-649");
    }
}

#[test]
fn what_lies_on_the_disk_and_is_not_of_this_file_is_thrown_away() {
    let other = Saved::new(&Url::parse("https://files.example/other").unwrap(), Some("\"v1\"".to_owned()), Some(1_000));
    let of_this =
        |validator: Option<&str>| Saved::new(&Url::parse(ADDRESS).unwrap(), validator.map(str::to_owned), Some(1_000));
    for (saved, kept) in [
        (None, 0),
        (Some(other), 0),
        (Some(of_this(None)), 0),
        (Some(of_this(Some("\"old\""))), 500),
        (Some(of_this(Some("\"v1\""))), 500),
    ] {
        let mut machine = Machine { disk: file()[..500].to_vec(), ..Machine::default() };
        let mut server = Server::new(&file(), []);
        machine.run(&mut Transfer::new(wanted(None), options(), Partial { len: 500, saved }), &mut server).unwrap();
        assert_eq!(machine.disk, file());
        assert!(server.asked[0].fields[1].1.starts_with(&format!("bytes={kept}-")), "{:?}", server.asked[0]);
    }
    // Longer than the file, and wrong.
    for disk in [vec![7; 1_001], vec![7; 1_000], vec![7; 10]] {
        let partial = Partial { len: disk.len() as u64, saved: None };
        let mut machine = Machine { disk, ..Machine::default() };
        let mut server = Server::new(&file(), []);
        machine.run(&mut Transfer::new(wanted(Some(sha(&file()))), options(), partial), &mut server).unwrap();
        assert_eq!(machine.disk, file());
    }
}

#[test]
fn a_disk_that_holds_less_than_was_said_is_taken_as_it_is() {
    let mut machine = Machine { disk: file()[..20].to_vec(), ..Machine::default() };
    let partial = Partial { len: 700, saved: None };
    let mut transfer = Transfer::new(wanted(Some(sha(&file()))), options(), partial);
    machine.run(&mut transfer, &mut Server::new(&file(), [])).unwrap();
    assert_eq!(machine.disk, file());
}

#[test]
fn a_flipped_byte_is_found_and_nothing_of_it_kept() {
    let [(known, ..), (unknown, ..)] = both(&[Fault::Flip]);
    let error = known.unwrap_err();
    assert!(error.to_string().contains("is not the file meant: expected SHA-256") && !error.keeps_partial(), "{error}");
    assert_eq!(unknown.unwrap().checked, Checked::Length);
    // Where a part is from before, it may be that part: it is fetched once more, and then not again.
    let partial = Partial { len: 10, saved: None };
    let mut machine = Machine { disk: vec![1; 10], ..Machine::default() };
    let faults = std::iter::repeat_n(Fault::Flip, 20);
    let mut server = Server::new(&file(), faults);
    let done = machine.run(&mut Transfer::new(wanted(Some(sha(&file()))), options(), partial), &mut server);
    assert!(matches!(done, Err(Error::WrongHash { .. })), "{done:?}");
    assert_eq!(server.asked.len(), 8);
}

#[test]
fn a_file_that_changes_between_ranges_is_fetched_anew_or_refused() {
    for compares in [true, false] {
        let mut machine = Machine::default();
        let mut server = Server::new(&file(), [Fault::None, Fault::Change]);
        server.compares = compares;
        machine.run(&mut Transfer::new(wanted(None), options(), Partial::default()), &mut server).unwrap();
        assert_eq!(machine.disk, server.file, "the new one, whole");

        let mut machine = Machine::default();
        let mut server = Server::new(&file(), std::iter::repeat_n(Fault::Change, 50));
        server.compares = compares;
        let done = machine.run(&mut Transfer::new(wanted(None), options(), Partial::default()), &mut server);
        // A server that compares gives the whole file at once, so that it never comes to a second range.
        assert!(compares == done.is_ok(), "{done:?}");
        assert!(done.is_ok() || matches!(done, Err(Error::Changed { times: 3, .. })), "{done:?}");

        let mut machine = Machine::default();
        let mut server = Server::new(&file(), [Fault::None, Fault::Change]);
        server.compares = compares;
        let known = wanted(Some(sha(&file())));
        let done = machine.run(&mut Transfer::new(known, options(), Partial::default()), &mut server);
        assert!(matches!(done, Err(Error::WrongHash { .. })), "{done:?}");
    }
}

#[test]
fn a_server_without_ranges_gives_the_whole_file_again() {
    for (done, machine, _) in both(&[Fault::NoRanges]) {
        assert_eq!((done.unwrap().bytes, machine.disk), (1_000, file()));
    }
    for (done, machine, _) in both(&[Fault::Cut(97), Fault::NoRanges]) {
        assert_eq!((done.unwrap().bytes, machine.disk), (1_000, file()));
    }
    // Without a tag nothing proves that two ranges are of one file, unless its hash is known.
    let [with_hash, without] = [Some(sha(&file())), None].map(|digest| {
        let mut machine = Machine::default();
        let mut server = Server::new(&file(), []);
        server.tagged = false;
        machine.run(&mut Transfer::new(wanted(digest), options(), Partial::default()), &mut server).unwrap();
        assert_eq!(machine.disk, file());
        server.asked.iter().map(|r| r.fields.len()).collect::<Vec<_>>()
    });
    assert_eq!((with_hash, without), (vec![2; 4], vec![2, 1]));
}

#[test]
fn answers_that_are_not_the_file_are_refused() {
    fails(&[Fault::WrongStart], "gave the range bytes 1-299/1000 where the bytes from 0 on");
    fails(&[Fault::NoContentRange], "without a Content-Range");
    fails(&[Fault::Longer], "1000 were expected");
    fails(&[Fault::Gzip], "encoded as gzip");
    fails(&[Fault::Html], "a web page instead of the file");
    fails(&[Fault::None, Fault::Html], "a web page instead of the file");
    let [(known, ..), (unknown, ..)] = both(&[Fault::HtmlInDisguise]);
    // It breaks off before its range is full, and goes on: only its first bytes tell.
    assert!(matches!(known, Err(Error::WebPage { .. })), "{known:?}");
    assert!(matches!(unknown, Err(Error::WebPage { .. })), "{unknown:?}");
    let [(known, ..), _] = both(&[Fault::WrongTotal]);
    assert!(matches!(known, Err(Error::WrongLength { expected: 1_000, found: 1_007, .. })), "{known:?}");
}

#[test]
fn redirects_are_followed_within_bounds() {
    let token = Token::For(Url::parse(ADDRESS).unwrap().origin());
    let mut server = Server::new(&file(), [Fault::Redirect("https://cdn.example/x?sig=1"), Fault::Redirect("/y")]);
    let mut transfer = Transfer::new(Wanted { token, ..wanted(None) }, options(), Partial::default());
    Machine::default().run(&mut transfer, &mut server).unwrap();
    let sent: Vec<(&str, Auth)> = server.asked.iter().take(4).map(|r| (r.url.as_str(), r.auth)).collect();
    assert_eq!(
        sent,
        [
            (ADDRESS, Auth::Token),
            ("https://cdn.example/x?sig=1", Auth::Anonymous),
            ("https://cdn.example/y", Auth::Anonymous),
            // Each range begins at the address itself: what it led to may be valid for minutes only.
            (ADDRESS, Auth::Token),
        ]
    );
    fails(&[Fault::Redirect(ADDRESS)], "redirects in a circle");
    fails(&[Fault::Redirect("/b"), Fault::Redirect("/c"), Fault::Redirect("/b")], "redirects in a circle");
    let far: Vec<Fault> =
        ["/0", "/1", "/2", "/3", "/4", "/5", "/6", "/7", "/8", "/9", "/10"].map(Fault::Redirect).into();
    fails(&far, "too often (11 times)");
    fails(&[Fault::Redirect("http://cdn.example/x?sig=secret")], "redirects to http://cdn.example/x, which");
    fails(&[Fault::Redirect("http://127.0.0.1/x")], "only https://");
    fails(&[Fault::Redirect("")], "nowhere");
    fails(&[Fault::Redirect("file:///etc/passwd")], "only https://");
}

#[test]
fn a_busy_server_is_waited_for_as_long_as_it_asks_and_no_longer() {
    let busy = |seconds: &str| Fault::Status(429, vec![("Retry-After", seconds.to_owned())]);
    for (done, machine, _) in both(&[busy("7"), busy("0"), Fault::Status(503, vec![])]) {
        assert_eq!(done.unwrap().bytes, 1_000);
        assert_eq!(machine.waits, [7_000, 500, 2_000].map(Duration::from_millis));
    }
    fails(&[busy("3600")], "asks to wait 3600 s");
    fails(&std::iter::repeat_n(busy("1"), 9).collect::<Vec<_>>(), "busy or broken");
    fails(&std::iter::repeat_n(Fault::Status(502, vec![]), 9).collect::<Vec<_>>(), "answered 502");
}

#[test]
fn too_many_tries_end_it_and_keep_what_is_there() {
    for (done, machine, server) in both(&[vec![Fault::None], vec![Fault::Refused; 20]].concat()) {
        let error = done.unwrap_err();
        assert!(matches!(error, Error::TooManyTries { tries: 6, .. }) && error.keeps_partial(), "{error}");
        assert_eq!((machine.disk.len(), server.asked.len()), (300, 7));
    }
    // Who never answered is not asked so often.
    for (done, _, server) in both(&vec![Fault::Refused; 20]) {
        assert_eq!((done.is_err(), server.asked.len()), (true, 3));
    }
    // A server without ranges whose connection always breaks.
    let mut server = Server::new(&file(), vec![Fault::Cut(97); 200]);
    server.tagged = false;
    let done = Machine::default().run(&mut Transfer::new(wanted(None), options(), Partial::default()), &mut server);
    assert!(matches!(&done, Err(Error::TooManyTries { tries: 6, .. })), "{done:?}");
}

#[test]
fn a_refusal_says_what_to_do() {
    let page = Url::parse("https://huggingface.co/a/b").unwrap();
    let origin = Url::parse(ADDRESS).unwrap().origin();
    let said = |status, code: &str, token: Token, hub: bool| {
        let fault = Fault::Status(status, vec![("X-Error-Code", code.to_owned())]);
        let repo = hub.then(|| ("a/b".to_owned(), page.clone()));
        let mut transfer = Transfer::new(Wanted { repo, token, ..wanted(None) }, options(), Partial::default());
        Machine::default().run(&mut transfer, &mut Server::new(&file(), [fault])).unwrap_err().to_string()
    };
    let known = || Token::For(origin.clone());
    for (sentence, expected) in [
        (
            said(401, "GatedRepo", Token::Absent, true),
            "accept its licence at https://huggingface.co/a/b, then make a token",
        ),
        (said(403, "GatedRepo", known(), true), "use a token of the account that accepted it"),
        (said(401, "RepoNotFound", Token::Absent, true), "if it is private, set HF_TOKEN"),
        (said(401, "", known(), true), "a valid token"),
        (said(404, "RevisionNotFound", known(), true), "no such branch"),
        (said(404, "EntryNotFound", known(), true), "no such file"),
        (said(404, "", Token::Absent, true), "https://huggingface.co/a/b does not exist"),
        (said(401, "", Token::Absent, false), "asks for a login"),
        (said(404, "", Token::Absent, false), "m.bin does not exist"),
        (said(410, "", Token::Absent, false), "check the address"),
        (said(418, "", Token::Absent, false), "answered 418"),
    ] {
        assert!(sentence.contains(expected) && sentence.lines().count() == 1, "{sentence}");
    }
}

#[test]
fn room_is_asked_for_before_a_byte_is_written() {
    for digest in [Some(sha(&file())), None] {
        let mut machine = Machine { free: Some(999 + crate::RESERVE), ..Machine::default() };
        let mut server = Server::new(&file(), []);
        let done = machine.run(&mut Transfer::new(wanted(digest.clone()), options(), Partial::default()), &mut server);
        assert!(matches!(done, Err(Error::NoRoom { needed: 1_000, .. })), "{done:?}");
        // Where the length is known no request is made at all.
        assert_eq!((machine.disk.len(), server.asked.len()), (0, usize::from(digest.is_none())));
    }
}

#[test]
fn first_bytes_tell_a_model_from_something_else() {
    for (name, bytes, expected) in [
        ("m.gguf", b"<HTML><body>".to_vec(), "a web page"),
        ("m.gguf", b"version https://git-lfs.github.com/spec/v1\noid sha256:0".to_vec(), "a pointer of Git LFS"),
        ("m.GGUF", b"PK\x03\x04 a zip".to_vec(), "no GGUF file (it begins with \"PK"),
        ("m.gguf", vec![], "no GGUF file"),
    ] {
        let wanted = Wanted { name: name.to_owned(), ..wanted(None) };
        let mut transfer = Transfer::new(wanted, options(), Partial::default());
        let sentence = Machine::default().run(&mut transfer, &mut Server::new(&bytes, [])).unwrap_err().to_string();
        assert!(sentence.contains(expected), "{sentence}");
    }
}

#[test]
fn a_document_is_read_whole_and_bounded() {
    let document = |limit, faults: &[Fault]| {
        let options = Options { mode: Mode::Document(limit), ..Options::FILE };
        let (mut machine, mut server) = (Machine::default(), Server::new(&file(), faults.to_vec()));
        let done = machine.run(&mut Transfer::new(wanted(None), options, Partial::default()), &mut server);
        (done, machine.disk, server.asked)
    };
    let (done, disk, asked) = document(1_000, &[Fault::Cut(300), Fault::Gzip]);
    assert_eq!((done.unwrap().bytes, disk), (1_000, file()));
    assert_eq!(asked[0].fields.len(), 1, "no range");
    assert!(matches!(document(999, &[]).0, Err(Error::TooLong { limit: 999, .. })));
    assert!(matches!(document(1_000, &[Fault::Html]).0, Err(Error::WebPage { .. })));
}

#[test]
fn events_out_of_order_end_it_in_a_sentence() {
    let transfer = || Transfer::new(wanted(None), options(), Partial::default());
    assert!(matches!(transfer().on(Event::Body(b"x")), Action::Fail(Error::Order { .. })));
    let mut begun = transfer();
    assert!(matches!(begun.on(Event::Start), Action::Send(_)));
    assert!(matches!(begun.on(Event::Written), Action::Fail(Error::Order { .. })));
    assert!(matches!(begun.on(Event::Start), Action::Fail(Error::Order { .. })));
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        4 => Just(Fault::None),
        4 => (0_usize..320).prop_map(Fault::Cut),
        2 => Just(Fault::Refused),
        1 => Just(Fault::Flip),
        1 => Just(Fault::NoRanges),
        1 => Just(Fault::WrongStart),
        1 => Just(Fault::WrongTotal),
        1 => Just(Fault::Longer),
        1 => Just(Fault::HtmlInDisguise),
        1 => Just(Fault::Redirect("https://cdn.example/x")),
        1 => Just(Fault::Status(503, vec![])),
        1 => Just(Fault::Status(416, vec![("Content-Range", "bytes */5".to_owned())])),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Whatever a server does: the file meant, or an error; never another file, never without end.
    #[test]
    fn whatever_a_server_does_the_file_is_right_or_refused(
        faults in prop::collection::vec(fault(), 0..30), tagged: bool, compares: bool, had in 0_usize..1_100, good: bool,
    ) {
        let mut disk = file();
        disk.resize(had, 9);
        if !good {
            disk.fill(3);
        }
        let partial = Partial { len: had as u64, saved: None };
        let mut machine = Machine { disk, ..Machine::default() };
        let mut server = Server::new(&file(), faults);
        (server.tagged, server.compares) = (tagged, compares);
        let mut transfer = Transfer::new(wanted(Some(sha(&file()))), options(), partial);
        if machine.run(&mut transfer, &mut server).is_ok() {
            prop_assert_eq!(machine.disk, file());
        }
    }
}
