//! Preview pictures: an SVG of this program's own painted as PNG, with the fonts in `static/fonts` and no others.

use std::sync::{Arc, OnceLock};

use anyhow::{Context, ensure};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

/// The only fonts there are: the same picture on every machine.
const FONTS: [&[u8]; 2] = [
    include_bytes!("../../../static/fonts/DejaVuSans.ttf"),
    include_bytes!("../../../static/fonts/DejaVuSans-Bold.ttf"),
];

/// Paints an SVG in its own size.
pub fn png(svg: &str) -> anyhow::Result<Vec<u8>> {
    paint(svg)?.encode_png().context("the picture cannot be written as PNG")
}

fn paint(svg: &str) -> anyhow::Result<Pixmap> {
    let [width, height] = cards::chart::PREVIEW;
    let options = Options { fontdb: fonts(), font_family: "DejaVu Sans".to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).context("the picture is no SVG that can be painted")?;
    let size = tree.size().to_int_size();
    ensure!(
        (size.width(), size.height()) == (width, height),
        "the picture has {} by {} pixels, not {width} by {height}",
        size.width(),
        size.height()
    );
    let mut pixels = Pixmap::new(width, height).context("there is no memory for the picture")?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    Ok(pixels)
}

fn fonts() -> Arc<fontdb::Database> {
    static ALL: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let load = || {
        let mut all = fontdb::Database::new();
        for font in FONTS {
            all.load_font_data(font.to_vec());
        }
        Arc::new(all)
    };
    Arc::clone(ALL.get_or_init(load))
}

#[cfg(test)]
mod tests {
    use cards::Level;
    use cards::chart::preview_svg;
    use cards::node::el;

    use super::*;

    fn painted(title: &str) -> Pixmap {
        paint(&preview_svg(title, "demo, Q4_0", &el("div"), Level::SelfConsistent)).unwrap()
    }

    /// Columns from the right that hold nothing but paper, between two rows.
    fn right_margin(pixels: &Pixmap, rows: std::ops::Range<u32>) -> u32 {
        let paper = pixels.pixel(pixels.width() - 1, 0);
        let empty = |x: &u32| rows.clone().all(|y| pixels.pixel(*x, y) == paper);
        (0..pixels.width()).rev().take_while(empty).count() as u32
    }

    #[test]
    fn a_picture_has_its_size_and_is_not_blank() {
        let png = png(&preview_svg("A title", "demo", &el("div"), Level::SelfReported)).unwrap();
        assert_eq!(png[..8], *b"\x89PNG\r\n\x1a\n");
        let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        assert_eq!([side(16), side(20)], cards::chart::PREVIEW);
        let [one, other] = ["A title", "Another one"].map(painted);
        let ink = |pixels: &Pixmap| pixels.pixels().iter().filter(|p| **p != pixels.pixels()[1199]).count();
        // A title alone, with the frame, paints more than this.
        assert!(ink(&one) > 5_000, "{} pixels are not paper", ink(&one));
        assert_ne!(one.data(), other.data(), "the title is painted");
    }

    #[test]
    fn a_long_title_stays_within_the_picture() {
        for title in ["word ".repeat(60), "W".repeat(400), "ж".repeat(300), "What it knows of verbs, ".repeat(9)] {
            let pixels = painted(&title);
            // The title's two lines: their margin is that of the other side.
            let margin = right_margin(&pixels, 70..175);
            assert!((40..600).contains(&margin), "{title}: {margin} pixels");
        }
    }

    #[test]
    fn what_is_no_picture_is_refused_in_a_sentence() {
        for (svg, said) in [
            ("", "no SVG"),
            ("<svg", "no SVG"),
            ("<svg xmlns='http://www.w3.org/2000/svg' width='5' height='5'/>", "5 by 5"),
        ] {
            let why = format!("{:#}", png(svg).unwrap_err());
            assert!(why.contains(said), "{why}");
        }
    }
}
