//! The site: built by trunk, served for looking at and for tests.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};
use axum::Router;
use axum::http::{HeaderName, HeaderValue};
use clap::Args;
use flate2::Compression;
use flate2::write::GzEncoder;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::job::{self, Show};

/// Pages that are files of their own, so that any static host shows them: the app's routes, and the hosts that a page may ask
/// beside its own when its reader says so.
const PAGES: &[(&str, &str)] = &[
    ("c", ""),
    ("classify", " https:"),
    ("compare", ""),
    ("local", ""),
    ("models", " https:"),
    ("run", " https:"),
    ("selftest", ""),
    ("x", " https:"),
];
/// Where the content security policy names the hosts that a page may ask.
const CONNECT: &str = "connect-src 'self'";
/// What the compiled parts may weigh as they are sent, in bytes after wasm-opt and gzip. A visitor loads `app` before anything
/// moves; `cards` is loaded by the pages that read whole cards of every kind in its place; the worker's is loaded by who tests,
/// runs, classifies or replays: engine, both backends and all questions of the battery.
const BUDGET: &[(&str, u64)] = &[("app_bg.wasm", 500_000), ("cards_bg.wasm", 800_000), ("worker_bg.wasm", 4_000_000)];
/// Where npm's packages are named: wasm-opt, and what drives the browser in tests.
pub const NODE_FOLDER: &str = "playwright-tests";

/// Options of `cargo xtask serve`.
#[derive(Args)]
pub struct ServeOptions {
    /// Serve what was built before
    #[arg(long)]
    built: bool,
    /// Serve this folder, such as one that `sweetspot site build --app target/site` made
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Where to listen, on this machine only
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Serve it below this path as well, there without the headers that isolate it, as a plain host does
    #[arg(long, value_name = "PATH")]
    under: Option<String>,
}

/// `cargo xtask web`
pub fn run(root: &Path) -> Result<ExitCode> {
    let folder = build(root)?;
    println!("{}", folder.display());
    Ok(ExitCode::SUCCESS)
}

/// Builds the site and gives its folder.
pub fn build(root: &Path) -> Result<PathBuf> {
    node_packages(root)?;
    let mut command = job::tool(root, "trunk");
    let bin = root.join(NODE_FOLDER).join("node_modules/.bin");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(bin).chain(std::env::split_paths(&path));
    command.arg("build").env("PATH", std::env::join_paths(paths)?);
    // Trunk reads NO_COLOR as a truth value and refuses 1.
    command.env_remove("NO_COLOR");
    let done = job::run(command, Show::All).context("trunk: `cargo install trunk --version 0.21.14 --locked`")?;
    ensure!(done.ok, "trunk build failed ({})", done.status);
    let folder = folder(root);
    pages(&folder)?;
    card_style(root, &folder)?;
    weigh(&folder)?;
    Ok(folder)
}

/// Where trunk puts the site, as Trunk.toml says.
fn folder(root: &Path) -> PathBuf {
    root.join("target/site")
}

/// Installs what package-lock.json names, if that has not been done.
pub fn node_packages(root: &Path) -> Result<()> {
    let folder = root.join(NODE_FOLDER);
    let changed = |path: &str| folder.join(path).metadata().and_then(|m| m.modified()).ok();
    let wanted = changed("package-lock.json").context("playwright-tests has no package-lock.json")?;
    if changed("node_modules/.package-lock.json").is_some_and(|had| had >= wanted) {
        return Ok(());
    }
    let mut command = npm(&folder);
    command.args(["ci", "--no-fund", "--no-audit"]).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    let done = job::run(command, Show::All).context("npm: install Node.js 20 or newer")?;
    ensure!(done.ok, "npm ci failed ({})", done.status);
    Ok(())
}

/// npm, by the name that the system knows it by.
pub fn npm(folder: &Path) -> Command {
    job::tool(folder, if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// Writes each page's own file: the first page's, with its addresses taken from one folder up.
fn pages(folder: &Path) -> Result<()> {
    let index = std::fs::read_to_string(folder.join("index.html"))?;
    let base = "<meta name=\"sweetspot-base\" content=\"./\"";
    ensure!(index.contains(base), "web/index.html has no {base}, by which a page finds the site's folder");
    let place = "<meta name=\"sweetspot-page\" content=\"\"";
    ensure!(index.contains(place), "web/index.html has no {place}, by which start.js finds the module");
    ensure!(index.contains(CONNECT), "web/index.html has no {CONNECT}, which some pages widen");
    for (page, hosts) in PAGES {
        let up = "../".repeat(page.split('/').count());
        std::fs::create_dir_all(folder.join(page))?;
        let named = index.replace(place, &format!("<meta name=\"sweetspot-page\" content=\"{page}\""));
        let html = named.replace("=\"./", &format!("=\"{up}")).replace(CONNECT, &format!("{CONNECT}{hosts}"));
        std::fs::write(folder.join(page).join("index.html"), html)?;
    }
    Ok(())
}

/// Writes the card's style as the site loads it.
fn card_style(root: &Path, folder: &Path) -> Result<()> {
    let mut style = String::new();
    // As `CARD_STYLE` in the crate `cards` joins them.
    for part in ["chart/palette.css", "chart/chart.css", "page/style.css", "page/diff.css"] {
        let path = root.join("crates/cards/src").join(part);
        style += &std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    }
    std::fs::write(folder.join("card.css"), in_shadow(&style))?;
    Ok(())
}

/// A page's style for a tree that lies in a shadow root, where the host stands for the whole document.
fn in_shadow(style: &str) -> String {
    let mut out = String::from(":host{display:block}\n");
    for rule in style.split_inclusive(['{', '}', ';']) {
        let whole = [":root{", "html{", "body{"].into_iter().find(|whole| rule.trim_start() == *whole);
        match whole {
            Some(whole) => out.push_str(&rule.replacen(whole, ":host{", 1)),
            None => out.push_str(rule),
        }
    }
    out
}

/// Fails when a compiled part is beyond its budget.
fn weigh(folder: &Path) -> Result<()> {
    for (file, most) in BUDGET {
        let whole = std::fs::read(folder.join(file)).with_context(|| format!("trunk made no {file}"))?;
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(&whole)?;
        let bytes = packed.finish()?.len() as u64;
        eprintln!("    {file}: {bytes} bytes as gzip of {most} ({} unpacked)", whole.len());
        if bytes > *most {
            bail!("{file} has {bytes} bytes, its budget is {most}: make it smaller, or raise the budget with a reason");
        }
    }
    Ok(())
}

/// `cargo xtask serve`
pub fn serve(root: &Path, options: &ServeOptions) -> Result<ExitCode> {
    let folder = match &options.folder {
        Some(folder) => folder.clone(),
        None if options.built => folder(root),
        None => build(root)?,
    };
    ensure!(folder.join("index.html").is_file(), "nothing is built in {} yet", folder.display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .with_context(|| format!("cannot listen on {address}: name another with --port"))?;
        eprintln!("http://localhost:{}/", options.port);
        axum::serve(listener, routes(&folder, options.under.as_deref())).await?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Headers that isolate a page from all others, as a good host sends them.
const ISOLATED: [(&str, &str); 2] =
    [("cross-origin-opener-policy", "same-origin"), ("cross-origin-embedder-policy", "require-corp")];
/// What every answer has: nothing is kept by the browser, and nothing is taken for what it does not say it is.
const PLAIN: [(&str, &str); 2] = [("cache-control", "no-cache"), ("x-content-type-options", "nosniff")];

/// The files twice: isolated at the root, and below a path as a host of plain files gives them.
fn routes(folder: &Path, under: Option<&str>) -> Router {
    let mut router = with(Router::new().fallback_service(ServeDir::new(folder)), ISOLATED);
    if let Some(path) = under {
        router = router.nest_service(&format!("/{}", path.trim_matches('/')), ServeDir::new(folder));
    }
    with(router, PLAIN)
}

/// Sends headers with every answer of the routes that are there.
fn with(router: Router, headers: [(&'static str, &'static str); 2]) -> Router {
    headers.into_iter().fold(router, |router, (name, value)| {
        let (name, value) = (HeaderName::from_static(name), HeaderValue::from_static(value));
        router.layer(SetResponseHeaderLayer::overriding(name, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shadow_roots_style_is_the_pages_with_the_host_for_the_document() {
        let page = ":root{--a:1}\n@media print{:root{--a:2}\nbody{margin:0}\n.body{x:y}}\nhtml{a:b}\ntbody{c:d}";
        let host = ":host{display:block}\n:host{--a:1}\n@media print{:host{--a:2}\n:host{margin:0}\n.body{x:y}}\n:host{a:b}\ntbody{c:d}";
        assert_eq!(in_shadow(page), host);
    }
}
