//! The pages that the app fills: the site's own frame around an empty place, and a sentence for browsers without scripts.

use cards::node::el;

use crate::frame::{Frame, Hosts, Page, Style};
use crate::{Files, Script};

/// Folder, which is also the name of the place, title, what the page does, and whom it may ask.
const PAGES: [(&str, &str, &str, Hosts); 7] = [
    (
        "run",
        "Run",
        "Puts a model through the probes on your own device: counts with exact intervals, and a card at the end.",
        Hosts::Secure,
    ),
    (
        "classify",
        "Classify",
        "The probability of each label of a text, as you type, and of the texts of a file.",
        Hosts::Secure,
    ),
    ("local", "Kept card", "Opens a card that this browser keeps.", Hosts::Own),
    (
        "c",
        "Card",
        "Opens a benchmark card, from a link or from files, and computes its numbers again on your device.",
        Hosts::Own,
    ),
    (
        "compare",
        "Compare",
        "Puts the links of two cards side by side, item by item where both hold the outcomes of one suite.",
        Hosts::Own,
    ),
    (
        "selftest",
        "Self-test",
        "Runs every kernel of the engine against the function that defines it, on your own GPU.",
        Hosts::Own,
    ),
    (
        "x",
        "Card elsewhere",
        "Fetches a card from the address in a link, when you say so, and shows it only if it is the one that the link names.",
        Hosts::Secure,
    ),
];

/// Writes them, where the app is.
pub fn write(frame: &Frame, files: &mut Files) {
    if frame.script == Script::None {
        return;
    }
    for (folder, name, about, hosts) in PAGES {
        let without = el("noscript").children([
            el("h1").text(name),
            el("p").text(about),
            el("p").text("It computes on your own device, which needs JavaScript and WebAssembly. The command `sweetspot` does the same without a browser."),
        ]);
        let page = Page {
            title: format!("{name} · Sweetspot"),
            description: about.to_owned(),
            content: vec![el("div").attr("data-island", folder), without],
            hosts,
            ..Page::new(folder, "app", Style::Site)
        };
        files.insert(page.path(), frame.html(&page));
    }
}
