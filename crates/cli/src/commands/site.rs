//! `sweetspot publish` and `sweetspot site build`: cards and posts as plain files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use cards::{CARD_STYLE, Document, MAX_CARD_BYTES, MAX_SAMPLES_BYTES, card_key};
use serde_json::json;
use site::{CardSource, KEYS, PostSource, Published, Script, Site, Sources, WITHDRAWN};

use crate::args_site::{PublishArgs, SiteAction, SiteArgs, SiteBuildArgs};
use crate::input;
use crate::output::{self, Replace, visible};
use crate::picture;

/// Most bytes of a post.
const MAX_POST_BYTES: usize = 1 << 20;

/// Most bytes of `withdrawn.json` and of `keys.json`.
const MAX_REGISTER_BYTES: usize = 1 << 20;

/// The style of every page.
const STYLE: &str = include_str!("../../../../static/css/sweetspot.css");

/// The faces that the style names, with their licences, by their place on the site.
const FONTS: [(&str, &[u8]); 4] = [
    ("fonts/inter.woff2", include_bytes!("../../../../static/fonts/pages/inter.woff2")),
    ("fonts/jetbrains-mono.woff2", include_bytes!("../../../../static/fonts/pages/jetbrains-mono.woff2")),
    ("fonts/LICENSE-Inter", include_bytes!("../../../../static/fonts/pages/LICENSE-Inter")),
    ("fonts/LICENSE-JetBrainsMono", include_bytes!("../../../../static/fonts/pages/LICENSE-JetBrainsMono")),
];

/// What posts and published cards need beside the card's own style.
const POST_STYLE: &str = include_str!("../../../../static/css/published.css");

/// By this file a folder is known as a site that this program built.
const MARK: &str = "index.json";

/// Runs `publish`.
pub fn publish(args: &PublishArgs) -> anyhow::Result<()> {
    if !args.site.is_dir() {
        bail!("there is no folder {}: name the sources of the site with --site", args.site.display());
    }
    let path = card_file(&args.folder);
    let card = input::bytes(&path, MAX_CARD_BYTES)?;
    let document = Document::parse(&card).with_context(|| path.display().to_string())?;
    let key = card_key(document.id()).context("the card has no identity")?;
    let mut files = Vec::new();
    if let Document::Run(_) = &document {
        super::cards::verify::must_hold(&args.folder)?;
        // The samples first: a card without them would not be built.
        files.push(("samples.jsonl", input::bytes(&args.folder.join("samples.jsonl"), MAX_SAMPLES_BYTES)?));
    }
    let samples = files.first().map(|(_, bytes)| bytes.clone());
    let source = CardSource { key: key.clone(), card: card.clone(), samples };
    let published = Published::read(&source).map_err(|fault| anyhow!("{fault}"))?;
    let withdrawn = register(&args.site, WITHDRAWN)?;
    let withdrawn = site::withdrawals(withdrawn.as_deref()).map_err(|fault| anyhow!("{fault}"))?;
    if let Some(gone) = withdrawn.get(&key) {
        bail!("{key} was withdrawn on {}, and is not published again: a correction is a new card", gone.date);
    }
    let others = cards(&args.site.join("cards"))?;
    let others: Vec<Published> = others.iter().filter_map(|source| Published::read(source).ok()).collect();
    published
        .held_against(|key| others.iter().find(|c| c.key == key), &withdrawn)
        .map_err(|fault| anyhow!("{fault}"))?;
    files.push(("card.json", card));
    let folder = args.site.join("cards").join(&key);
    let mut written = 0;
    for (name, bytes) in files {
        let path = folder.join(name);
        if path.is_file() {
            if input::bytes(&path, MAX_SAMPLES_BYTES)? != bytes {
                bail!("{} is published already with other bytes, which are never changed", path.display());
            }
            continue;
        }
        output::write_file(&path, &bytes, Replace::Refused)?;
        written += 1;
    }
    if args.json {
        return output::json(&json!({"id": document.id(), "key": key, "folder": folder, "files_written": written}));
    }
    let state = if written == 0 { "was published before as" } else { "published" };
    output::line(&format!("{state} {}", folder.display()))
}

/// The card of a folder: of a run, of differences, or imported; or the file itself.
fn card_file(path: &Path) -> PathBuf {
    let names = ["card.json", "diff.json", "imported.json", "replay.json"];
    let found = names.iter().map(|name| path.join(name)).find(|file| file.is_file());
    if path.is_dir() { found.unwrap_or_else(|| path.join("card.json")) } else { path.to_owned() }
}

/// Runs `site`.
pub fn run(args: &SiteArgs) -> anyhow::Result<()> {
    match &args.action {
        SiteAction::Build(args) => build(args),
    }
}

fn build(args: &SiteBuildArgs) -> anyhow::Result<()> {
    let sources = Sources {
        posts: posts(&args.from.join("experiments"))?,
        cards: cards(&args.from.join("cards"))?,
        withdrawn: register(&args.from, WITHDRAWN)?,
        keys: register(&args.from, KEYS)?,
        address: args.address.clone(),
        script: if args.app.is_some() { Script::App } else { Script::None },
    };
    let (n_posts, n_cards) = (sources.posts.len(), sources.cards.len());
    let Site { mut files, pictures } = match site::build(&sources) {
        Ok(site) => site,
        Err(faults) => {
            for fault in &faults.0 {
                eprintln!("{}", visible(&fault.to_string()));
            }
            bail!("the site was not built: {} things above are wrong, and nothing was written", faults.0.len());
        }
    };
    for (path, svg) in &pictures {
        files.insert(path.clone(), picture::png(svg).with_context(|| format!("cannot paint {path}"))?);
    }
    files.insert("sweetspot.css".to_owned(), STYLE.as_bytes().to_vec());
    files.extend(FONTS.map(|(path, bytes)| (path.to_owned(), bytes.to_vec())));
    files.insert("published.css".to_owned(), format!("{CARD_STYLE}\n{POST_STYLE}").into_bytes());
    if let Some(app) = &args.app {
        if !app.join("start.js").is_file() {
            bail!("{} is no built app: build it with `cargo xtask web`", app.display());
        }
        for path in below(app)? {
            let name = path.strip_prefix(app)?.to_string_lossy().replace('\\', "/");
            // What the site has itself comes from the site: its pages, in one frame, and its style.
            if let std::collections::btree_map::Entry::Vacant(free) = files.entry(name) {
                free.insert(std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?);
            }
        }
    }
    swap_in(&args.out, &files, args.force)?;
    let bytes: usize = files.values().map(Vec::len).sum();
    if args.json {
        return output::json(&json!({"posts": n_posts, "cards": n_cards, "files": files.len(), "bytes": bytes}));
    }
    output::line(&format!(
        "{}: {n_posts} posts, {n_cards} cards, {} files, {:.1} MB",
        args.out.display(),
        files.len(),
        bytes as f64 / 1e6
    ))
}

/// Writes everything beside the place and puts it there at once, so that no half-built site is ever served.
fn swap_in(out: &Path, files: &site::Files, force: bool) -> anyhow::Result<()> {
    let used = out.is_dir() && std::fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some());
    if out.is_file() || (used && !out.join(MARK).is_file()) {
        bail!("{} is no site of this program, and is left alone: choose another place", out.display());
    }
    if used && !force {
        bail!("{} exists already: choose another place or pass --force", out.display());
    }
    let parent = out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).with_context(|| format!("cannot make the folder {}", parent.display()))?;
    let made = output::temporary_folder(parent)?;
    for (name, bytes) in files {
        let path = made.path().join(name);
        let folder = path.parent().unwrap_or(parent);
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let made = made.keep();
    if out.is_dir() {
        let old = output::temporary_folder(parent)?.keep();
        let aside = old.join("old");
        std::fs::rename(out, &aside).with_context(|| format!("cannot move {} aside", out.display()))?;
        std::fs::rename(&made, out).with_context(|| format!("cannot put the site at {}", out.display()))?;
        return std::fs::remove_dir_all(&old)
            .with_context(|| format!("cannot remove the old site in {}", old.display()));
    }
    std::fs::rename(&made, out).with_context(|| format!("cannot put the site at {}", out.display()))
}

fn posts(folder: &Path) -> anyhow::Result<Vec<PostSource>> {
    let mut found = Vec::new();
    for path in entries(folder)? {
        if path.extension().is_some_and(|e| e == "md") {
            let bytes = input::bytes(&path, MAX_POST_BYTES)?;
            let text = String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8", path.display()))?;
            let slug = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
            found.push(PostSource { slug, text: text.replace("\r\n", "\n") });
        }
    }
    Ok(found)
}

/// A file of the sources that need not be there.
fn register(from: &Path, name: &str) -> anyhow::Result<Option<Vec<u8>>> {
    let path = from.join(name);
    if path.is_file() { input::bytes(&path, MAX_REGISTER_BYTES).map(Some) } else { Ok(None) }
}

fn cards(folder: &Path) -> anyhow::Result<Vec<CardSource>> {
    let mut found = Vec::new();
    for path in entries(folder)? {
        if !path.is_dir() {
            continue;
        }
        let samples = path.join("samples.jsonl");
        found.push(CardSource {
            key: path.file_name().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default(),
            card: input::bytes(&path.join("card.json"), MAX_CARD_BYTES)?,
            samples: if samples.is_file() { Some(input::bytes(&samples, MAX_SAMPLES_BYTES)?) } else { None },
        });
    }
    Ok(found)
}

/// What lies in a folder, sorted; nothing where there is no such folder.
fn entries(folder: &Path) -> anyhow::Result<BTreeSet<PathBuf>> {
    if !folder.is_dir() {
        return Ok(BTreeSet::new());
    }
    let read = || format!("cannot read the folder {}", folder.display());
    std::fs::read_dir(folder).with_context(read)?.map(|entry| Ok(entry.with_context(read)?.path())).collect()
}

/// All files below a folder.
fn below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in entries(folder)? {
        if path.is_dir() { found.extend(below(&path)?) } else { found.push(path) }
    }
    Ok(found)
}
