//! The picture that other sites show beside a link: title, model, chart, level.

use crate::{
    Level,
    node::{Drawing, Node, drawing_style, el, resolved, to_html, visible},
};

/// Width and height of a preview in pixels, the size that Open Graph readers expect for a large picture.
pub const PREVIEW: [u32; 2] = [1200, 630];

/// Space at the sides, pixels.
const SIDE: u32 = 56;
/// Where the chart's room ends, pixels from the top.
const FLOOR: u32 = 552;
/// Scales of the chart, the first that fits; at the last one, what is lower is cut.
const SCALES: [f64; 12] = [1.7, 1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1.0, 0.9, 0.8, 0.7, 0.6];
/// Size of the title's letters, pixels.
const TITLE: f64 = 44.0;
/// Lines of the title.
const LINES: usize = 2;

/// A picture of 1200 by 630 pixels, as SVG without variables, links or fonts of its own: it names `DejaVu Sans`, which the
/// program that paints it must have.
pub fn preview_svg(title: &str, model: &str, chart: &Node, level: Level) -> String {
    let [width, height] = PREVIEW;
    let room = width - 2 * SIDE;
    let lines = wrapped(&visible(title), f64::from(room) / TITLE, LINES);
    let at = |class: &str, x: u32, y: u32| el("text").class(class).attr("x", x.to_string()).attr("y", y.to_string());
    let first = 112;
    let titles: Vec<Node> =
        lines.iter().zip(0_u32..).map(|(line, i)| at("title", SIDE, first + i * 50).text(line)).collect();
    let below = first + 50 * (titles.len().max(1) as u32 - 1) + 40;
    let model = wrapped(&visible(model), f64::from(room) / 25.0, 1).concat();
    let top = below + 24;
    let drawn = fitted(chart, top);
    let note = match &drawn {
        Some((_, Fit::Cut)) => "the first rows; all are on the card",
        Some((_, Fit::Whole)) => "k of n, with 95% intervals",
        None => "",
    };
    let root = el("svg")
        .attr("xmlns", "http://www.w3.org/2000/svg")
        .attr("width", width.to_string())
        .attr("height", height.to_string())
        .attr("viewBox", format!("0 0 {width} {height}"))
        .attr("role", "img")
        .child(el("title").text(title))
        .child(el("style").text(style()))
        .child(el("rect").class("paper").attr("width", "100%").attr("height", "100%"))
        .child(el("rect").class("edge").attr("width", "14").attr("height", "100%"))
        .child(at("kicker", SIDE, 56).text("Sweetspot benchmark card"))
        .children(titles)
        .child(at("model", SIDE, below).text(model))
        .children(drawn.map(|(node, _)| node))
        .child(
            el("rect")
                .class("edge")
                .attr("x", SIDE.to_string())
                .attr("y", "568")
                .attr("width", room.to_string())
                .attr("height", "2"),
        )
        .child(at("level", SIDE, 606).text("Level: ").child(el("tspan").class("word").text(level.word())))
        .child(at("level", width - SIDE, 606).attr("text-anchor", "end").text(note));
    to_html(&root)
}

/// The chart in what room there is, scaled as a whole; nothing where the tree holds none.
fn fitted(chart: &Node, top: u32) -> Option<(Node, Fit)> {
    let [width, _] = PREVIEW;
    let (wide, high) = (f64::from(width - 2 * SIDE), f64::from(FLOOR - top));
    let least = SCALES.last().copied().unwrap_or(1.0);
    let drawing = |scale: f64| Drawing::of(chart, (wide / scale) as u32).map(|drawing| (scale, drawing));
    let fits = SCALES.into_iter().filter_map(drawing).find(|(scale, d)| f64::from(d.height) * scale <= high);
    let (scale, drawing) = fits.or_else(|| drawing(least))?;
    let height = drawing.height;
    // Marks at the ends of the axis reach beyond it.
    let reach = 8.0;
    let (inner, tall) = (f64::from(drawing.width) + 2.0 * reach, high / scale);
    let node = el("svg")
        .attr("x", format!("{:.1}", f64::from(SIDE) - reach * scale))
        .attr("y", top.to_string())
        .attr("width", format!("{:.1}", inner * scale))
        .attr("height", format!("{high:.1}"))
        .attr("viewBox", format!("{:.1} 0 {inner:.1} {tall:.1}", -reach))
        .child(drawing.at(0, 0));
    let fit = if f64::from(height) * scale > high { Fit::Cut } else { Fit::Whole };
    Some((node, fit))
}

/// Whether the picture has room for the whole chart.
enum Fit {
    Whole,
    Cut,
}

fn style() -> String {
    let own = "text{font-family:var(--sans);fill:var(--ink)}.edge{fill:var(--ink)}.kicker{font-size:20px;fill:var(--quiet)}\
        .title{font-size:44px;font-weight:700}.model{font-size:25px;fill:var(--quiet)}.level{font-size:22px;fill:var(--quiet)}\
        .word{font-weight:700;fill:var(--ink)}";
    resolved(own) + &drawing_style()
}

/// Text in lines of so many ems at most, broken at spaces where there are any; what is left over becomes `…`.
fn wrapped(text: &str, ems: f64, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0.0;
    for word in text.split_whitespace() {
        let width: f64 = word.chars().map(em).sum();
        if used > 0.0 && used + em(' ') + width > ems {
            lines.push(String::new());
            used = 0.0;
        } else if used > 0.0 {
            used += em(' ');
            lines.last_mut().into_iter().for_each(|line| line.push(' '));
        }
        for c in word.chars() {
            if used + em(c) > ems {
                lines.push(String::new());
                used = 0.0;
            }
            used += em(c);
            lines.last_mut().into_iter().for_each(|line| line.push(c));
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while last.chars().map(em).sum::<f64>() + 1.0 > ems {
                last.pop();
            }
            last.push('…');
        }
    }
    lines
}

/// The advance of a character of bold `DejaVu Sans` in ems, by its kind, rather too wide than too narrow.
fn em(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.40,
        ' ' => 0.35,
        'f' | 'r' | 't' | '(' | ')' | '-' => 0.50,
        'a' | 'c' | 'e' | 's' | 'z' => 0.68,
        'm' | 'M' | 'w' | 'W' | '@' | '%' => 1.10,
        'A'..='Z' => 0.83,
        // Greek, Cyrillic and all beyond: the widest of them, so that no title leaves the picture.
        c if u32::from(c) >= 0x0370 => 1.25,
        _ => 0.72,
    }
}

#[cfg(test)]
mod tests {
    use super::{em, wrapped};

    #[test]
    fn long_titles_are_broken_and_cut() {
        assert_eq!(wrapped("short", 20.0, 2), ["short"]);
        assert_eq!(wrapped("two words", 4.0, 2), ["two", "words"]);
        assert_eq!(wrapped("", 4.0, 2), [""]);
        for text in ["word ".repeat(60), "x".repeat(400), "漢".repeat(90), "WM ".repeat(80)] {
            let lines = wrapped(&text, 24.0, 2);
            assert_eq!(lines.len(), 2);
            assert!(lines[1].ends_with('…'), "{lines:?}");
            assert!(lines.iter().all(|line| line.chars().map(em).sum::<f64>() <= 24.0), "{lines:?}");
        }
    }
}
