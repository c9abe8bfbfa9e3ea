//! The pages that the app fills: the site's own frame around an empty place, and a sentence for browsers without scripts.

use cards::node::el;

use crate::frame::{Frame, Page, Style};
use crate::{Files, Script};

/// Folder, which is also the name of the place, title, and what the page does.
const PAGES: [(&str, &str, &str); 6] = [
    (
        "run",
        "Run",
        "Puts a model through the probes on your own device: counts with exact intervals, and a card at the end.",
    ),
    ("classify", "Classify", "The probability of each label of a text, as you type, and of the texts of a file."),
    ("c", "Card", "Opens a benchmark card, from a link or from files, and computes its numbers again on your device."),
    (
        "compare",
        "Compare",
        "Puts the links of two cards side by side, item by item where both hold the outcomes of one suite.",
    ),
    ("local", "Kept card", "Opens a card that this browser keeps."),
    ("selftest", "Self-test", "Runs every kernel of the engine against the function that defines it, on your own GPU."),
];

/// Writes them, where the app is.
pub fn write(frame: &Frame, files: &mut Files) {
    if frame.script == Script::None {
        return;
    }
    for (folder, name, about) in PAGES {
        let without = el("noscript").children([
            el("h1").text(name),
            el("p").text(about),
            el("p").text("It computes on your own device, which needs JavaScript and WebAssembly. The command `sweetspot` does the same without a browser."),
        ]);
        let page = Page {
            title: format!("{name} · Sweetspot"),
            description: about.to_owned(),
            content: vec![el("div").attr("data-island", folder), without],
            ..Page::new(folder, "app", Style::Site)
        };
        files.insert(page.path(), frame.html(&page));
    }
}
