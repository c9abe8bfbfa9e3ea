//! A chart as a file of its own: SVG with its size, its style and its key, in the light palette.

use super::{Node, el, html, text};

/// The light and the dark palette; the first block is the light one.
const PALETTE: &str = include_str!("../chart/palette.css");
/// How charts look.
const STYLE: &str = include_str!("../chart/chart.css");
/// Fonts where the reader's own are unknown; the first is the one that this project draws pictures with.
const FONTS: &str = "\"DejaVu Sans\",Verdana,sans-serif";
/// Space around the drawing, pixels: marks at the ends of an axis reach beyond it.
const MARGIN: u32 = 16;
/// Height of a line of the key, pixels.
const KEY_LINE: u32 = 24;
/// Mean width of a letter of 13 pixels, in pixels; `DejaVu Sans` has 7.6.
const LETTER: f64 = 7.6;
/// No chart is higher, pixels.
const MAX_HEIGHT: u32 = 40_000;

/// A chart's figure as a file, `width` pixels wide; nothing where the tree holds no chart.
pub fn to_svg(figure: &Node, width: u32) -> Option<String> {
    let width = width.clamp(240, 4_000);
    let drawing = Drawing::of(figure, width - 2 * MARGIN)?;
    let height = drawing.height + 2 * MARGIN;
    let root = el("svg")
        .attr("xmlns", "http://www.w3.org/2000/svg")
        .attr("width", width.to_string())
        .attr("height", height.to_string())
        .attr("viewBox", format!("0 0 {width} {height}"))
        .attr("role", "img")
        .children(drawing.title.clone())
        .child(el("style").child(text(drawing_style())))
        .child(el("rect").class("paper").attr("width", "100%").attr("height", "100%"))
        .child(drawing.at(MARGIN, MARGIN));
    let mut out = String::new();
    html::write(&root, &[], &mut out);
    out.push('\n');
    Some(out)
}

/// The style of a chart outside a page, without variables.
pub(crate) fn drawing_style() -> String {
    let base = ".chart,.key{font-family:var(--sans);font-size:14px}.key{font-size:13px;fill:var(--quiet)}.paper{fill:var(--paper)}";
    resolved(&format!("{base}{STYLE}"))
}

/// A style with the light palette's values in place of its variables.
pub(crate) fn resolved(css: &str) -> String {
    let light = PALETTE.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map_or("", |(block, _)| block);
    let value = |name: &str| {
        let entry = light.split(';').filter_map(|line| line.trim().split_once(':')).find(|(key, _)| *key == name);
        entry.map_or("currentColor", |(_, value)| value)
    };
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("var(") {
        let (name, after) = after.split_once(')').unwrap_or((after, ""));
        out.push_str(before);
        out.push_str(if name == "--sans" { FONTS } else { value(name) });
        rest = after;
    }
    out + rest
}

/// What a figure draws, without the page around it.
pub(crate) struct Drawing {
    title: Option<Node>,
    chart: Vec<Node>,
    key: Vec<Node>,
    chart_height: u32,
    /// Width of all, pixels.
    pub(crate) width: u32,
    /// Height of all, pixels.
    pub(crate) height: u32,
}

impl Drawing {
    /// The chart of a figure with its key below, for a width in pixels.
    pub(crate) fn of(figure: &Node, width: u32) -> Option<Self> {
        let chart = figure.find(&|n| n.tag() == Some("svg") && n.is_of("chart"))?;
        let chart_height = chart.value("height")?.parse::<u32>().ok()?.min(MAX_HEIGHT);
        let title = chart.find(&|n| n.tag() == Some("title")).map(|n| el("title").text(n.plain()));
        let (key, lines) = figure.find(&|n| n.is_of("legend")).map_or((Vec::new(), 0), |key| key_of(key, width));
        let height = chart_height + if lines > 0 { 10 + lines * KEY_LINE } else { 0 };
        Some(Self { title, chart: chart.content().to_vec(), key, chart_height, width, height })
    }

    /// The drawing at a place, pixels.
    pub(crate) fn at(self, x: u32, y: u32) -> Node {
        let part = |class: &str, y: u32, height: u32| {
            el("svg")
                .class(class)
                .attr("x", x.to_string())
                .attr("y", y.to_string())
                .attr("width", self.width.to_string())
                .attr("height", height.to_string())
                .attr("overflow", "visible")
        };
        let below = self.chart_height + 10;
        el("g")
            .child(part("chart", y, self.chart_height).children(self.chart))
            .child(part("key", y + below, self.height.saturating_sub(below).max(1)).children(self.key))
    }
}

/// The entries of a key in lines, and how many lines they take.
fn key_of(key: &Node, width: u32) -> (Vec<Node>, u32) {
    let (mut x, mut line) = (0.0, 0);
    let mut nodes = Vec::new();
    for entry in key.content() {
        let name: String = entry.content().iter().filter(|n| n.tag() != Some("svg")).map(Node::plain).collect();
        let room = 26.0 + LETTER * name.chars().count() as f64 + 16.0;
        if x > 0.0 && x + room > f64::from(width) {
            (x, line) = (0.0, line + 1);
        }
        let marks = entry.content().iter().filter(|n| n.tag() == Some("svg")).flat_map(|n| n.content().to_vec());
        let y = line * KEY_LINE + KEY_LINE / 2;
        let place = |x: f64, y: u32| format!("translate({x:.0} {y})");
        nodes.push(el("g").attr("transform", place(x + 10.0, y)).children(marks));
        nodes.push(el("text").attr("x", format!("{:.0}", x + 26.0)).attr("y", (y + 5).to_string()).text(name));
        x += room;
    }
    let lines = if nodes.is_empty() { 0 } else { line + 1 };
    (nodes, lines)
}
