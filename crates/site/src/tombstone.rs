//! The page of a card that was withdrawn: when and why, and none of its numbers.

use cards::node::{el, text};

use crate::Files;
use crate::frame::{Frame, Page, Style, up};
use crate::registers::Withdrawal;

/// Writes `r/<k>/` with nothing but the page.
pub fn write(frame: &Frame, key: &str, withdrawal: &Withdrawal, files: &mut Files) {
    let folder = format!("r/{key}");
    let root = up(&folder);
    let page = Page {
        title: "Withdrawn card · Sweetspot".to_owned(),
        description: format!("This card was withdrawn on {}.", withdrawal.date),
        content: vec![
            el("h1").text("This card was withdrawn"),
            el("p").class("lead").child(el("time").attr("datetime", &withdrawal.date).text(&withdrawal.date)).text(": ").child(
                el("bdi").text(&withdrawal.why),
            ),
            el("p").text("Its numbers are no longer shown here, and no experiment of this site cites them. Whoever has the files can still check what they say of themselves; that they were withdrawn, only this page says."),
            el("dl").class("facts").child(
                el("div").child(el("dt").text("Card")).child(el("dd").child(el("code").text(key))),
            ),
            el("p").children([el("a").attr("href", root.as_str()).text("To the experiments and cards"), text(".")]),
        ],
        ..Page::new(&folder, "withdrawn", Style::Site)
    };
    files.insert(page.path(), frame.html(&page));
}
