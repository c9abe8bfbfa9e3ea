//! Six charts as trees: functions from plain numbers to SVG with its key and its table twin, without scripts.
//!
//! Across, places are percentages of the drawing's width, so that a chart fills any screen while its text keeps its
//! size; down, they are pixels. Marks are clamped to the axis whatever the numbers are, and no difference is told by
//! colour alone. Every number that is drawn or written stands in the twin as well: a mark and its cell carry the same
//! `data-of`, by which a test compares them.

mod dot_whisker;
mod draw;
mod dumbbell;
mod heat_map;
mod position;
mod preview;
mod reliability;
mod strip;

pub use dot_whisker::{DotWhisker, dot_whisker};
pub use dumbbell::{Dumbbell, Side, dumbbell};
pub use heat_map::{LABELS, heat_map};
pub use position::{Position, position_line};
pub use preview::{PREVIEW, preview_svg};
pub use reliability::{Bin, ITEMS_FOR_RELIABILITY, bins, reliability};
pub use strip::{Strip, strip};

/// What a chart is called; the id makes its parts' ids and is the program's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Begins the ids of the chart's parts: letters, digits and hyphens; others are left out.
    pub id: String,
    /// One line: what the chart shows.
    pub title: String,
}

impl Frame {
    /// A name for a chart.
    pub fn new(id: &str, title: impl Into<String>) -> Self {
        let id = id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        Self { id, title: title.into() }
    }
}
