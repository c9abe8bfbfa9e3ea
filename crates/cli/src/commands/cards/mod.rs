//! The commands on finished cards: `compare`, `verify`, `replay`, `sign`, `link`, `key`.

pub mod compare;
pub mod replay;
pub mod verify;

use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use cards::{
    Compact, Document, LONG_LINK, MAX_CARD_BYTES, SHORT_LINK, SecretKey, SignatureState, card_page, diff_page,
    replay_page,
};
use serde_json::json;
use zeroize::Zeroize;

use crate::args_cards::{KeyAction, KeyArgs, LinkArgs, SignArgs};
use crate::output::{self, Replace};
use crate::{input, results};

/// Most bytes of a key file.
const MAX_KEY_BYTES: usize = 16 << 10;

/// Runs `key`.
pub fn key(args: &KeyArgs) -> anyhow::Result<()> {
    match &args.action {
        KeyAction::New { out } => {
            let mut seed = [0; 32];
            getrandom::fill(&mut seed).context("the system gives no random numbers")?;
            let key = SecretKey::from_seed(&seed);
            seed.zeroize();
            write_secret(out, key.to_pem()?.as_bytes())?;
            eprintln!("wrote {}: keep it to yourself, and keep a copy", out.display());
            output::line(&key.public())
        }
        KeyAction::Show { key } => output::line(&read_key(key)?.public()),
    }
}

/// Runs `sign`.
pub fn sign(args: &SignArgs) -> anyhow::Result<()> {
    let key = read_key(&args.key)?;
    if args.folder.is_file() {
        return sign_file(args, &key);
    }
    let run = results::load(&args.folder)?;
    if let (Some(sig), false) = (&run.card.sig, args.force) {
        bail!("{} is signed already, by {}: pass --force to replace the signature", args.folder.display(), sig.key);
    }
    let card = run.card.signed(&run.samples, &key)?;
    must_fit(&card.signature(Some(&run.samples)))?;
    let page = card_page(&card, &run.samples);
    output::write_file(&args.folder.join("card.json"), card.to_canonical_json()?.as_bytes(), Replace::Allowed)?;
    output::write_file(&args.folder.join("card.html"), page.as_bytes(), Replace::Allowed)?;
    signed(args, &card.id, &key)
}

/// Signs a card that stands alone, and writes its page beside it.
fn sign_file(args: &SignArgs, key: &SecretKey) -> anyhow::Result<()> {
    let path = &args.folder;
    let document = Document::parse(&input::bytes(path, MAX_CARD_BYTES)?).with_context(|| path.display().to_string())?;
    let (known, state, bytes, page) = match &document {
        Document::Diff(card) => {
            let made = card.signed(key)?;
            (&card.sig, made.signature(), made.to_canonical_json()?, diff_page(&made))
        }
        Document::Replay(card) => {
            let made = card.signed(key)?;
            (&card.sig, made.signature(), made.to_canonical_json()?, replay_page(&made))
        }
        Document::Run(_) => {
            bail!("{} is the card of a run, which is signed with its samples: name its folder", path.display())
        }
        Document::Imported(_) => {
            bail!("{} is an imported card: it states what others measured, and carries no signature", path.display())
        }
    };
    if let (Some(sig), false) = (known, args.force) {
        bail!("{} is signed already, by {}: pass --force to replace the signature", path.display(), sig.key);
    }
    must_fit(&state)?;
    output::write_file(path, bytes.as_bytes(), Replace::Allowed)?;
    output::write_file(&path.with_extension("html"), page.as_bytes(), Replace::Allowed)?;
    signed(args, document.id(), key)
}

fn must_fit(state: &SignatureState) -> anyhow::Result<()> {
    if *state == SignatureState::Wrong {
        bail!("the signature that was just made does not fit: this is a defect of this program; nothing was written");
    }
    Ok(())
}

fn signed(args: &SignArgs, id: &str, key: &SecretKey) -> anyhow::Result<()> {
    if args.json {
        return output::json(&json!({"id": id, "key": key.public()}));
    }
    output::line(&format!("signed {id} with the key {}", key.public()))
}

/// Runs `link`.
pub fn link(args: &LinkArgs) -> anyhow::Result<()> {
    let run = results::load(&args.folder)?;
    if let Some(source) = &args.src {
        return reference(&run.card.id, source, args);
    }
    if args.short && run.card.sig.is_some() {
        bail!("the card is signed together with its items' outcomes: leave --short out, or link the unsigned card");
    }
    let mut compact = Compact::of(&run.card, &run.samples)?;
    if args.short {
        compact.outcomes = None;
    }
    let fragment = compact.to_link()?;
    let base = args.base.as_deref().unwrap_or_default().trim_end_matches('/');
    let link = format!("{base}/c/#{fragment}");
    let n = link.chars().count();
    if n > LONG_LINK {
        bail!(
            "the link would have {n} characters, more than most places take ({LONG_LINK}): send the files, or pass --short"
        );
    }
    if n > SHORT_LINK {
        eprintln!("note: a long link, {n} characters; some places cut links at about {SHORT_LINK}");
    }
    if args.base.is_none() {
        eprintln!("note: put the address of a copy of the site before it, or pass --base");
    }
    if args.json {
        return output::json(&json!({"id": run.card.id, "link": link, "characters": n}));
    }
    output::line(&link)
}

/// A link that names a card by its hash and by where it lies.
fn reference(id: &str, source: &str, args: &LinkArgs) -> anyhow::Result<()> {
    let base = args.base.as_deref().unwrap_or_default().trim_end_matches('/');
    let link = format!(
        "{base}/x/#{}",
        cards::Reference::new(id.strip_prefix("sha256:").unwrap_or(id), source).context("--src")?.write()
    );
    if args.base.is_none() {
        eprintln!("note: put the address of a copy of the site before it, or pass --base");
    }
    eprintln!("note: the host must let other pages read the file (CORS), and not send on to another address");
    if args.json {
        return output::json(&json!({"id": id, "link": link, "characters": link.chars().count()}));
    }
    output::line(&link)
}

fn read_key(path: &Path) -> anyhow::Result<SecretKey> {
    let mut bytes = input::bytes(path, MAX_KEY_BYTES)?;
    let key = std::str::from_utf8(&bytes).map_or_else(|_| SecretKey::from_pem(""), SecretKey::from_pem);
    bytes.zeroize();
    key.with_context(|| path.display().to_string())
}

/// Writes a file that only its owner can read, and never over another.
fn write_secret(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = match options.open(path) {
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("{} exists already, and a key is never replaced: choose another name", path.display())
        }
        file => file.with_context(|| format!("cannot write {}", path.display()))?,
    };
    file.write_all(bytes).and_then(|()| file.sync_all()).with_context(|| format!("cannot write {}", path.display()))
}
