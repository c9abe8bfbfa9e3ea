//! The page of a card of differences.

use cards::*;

use super::*;

#[test]
fn the_page_of_differences_is_whole_and_obeys_no_text() {
    let (.., card) = demo();
    let html = diff_page(&card);
    for piece in [
        "Differential card · benchcard/1",
        "Demo model, not Gemma.",
        "none differed",
        "37/40 to 8/40, \u{2212}72.5 [\u{2212}83.6, \u{2212}52.4]",
        "A 0/120, B 78/120",
        "<title id=\"dumbbell-title\">",
        "The chart as a table",
        "A01-103-F2-LPx",
        "model.weights_sha256",
        "is what is compared",
    ] {
        assert!(html.contains(piece), "{piece}");
    }
    let order = ["id=\"scope\"", "id=\"checker\"", "id=\"invalid\"", "id=\"changes\""].map(|id| html.find(id).unwrap());
    assert!(order.is_sorted(), "scope, check and invalid outputs come before any score");
    for hostile in common::HOSTILE {
        let mut other = card.clone();
        let text = || hostile.to_owned();
        let of = &mut other.comparison;
        (other.title, other.summary) = (text(), text());
        other.limitations[0].text = text();
        for side in [&mut of.a, &mut of.b] {
            (side.model, side.machine, side.suite, side.engine) = (text(), text(), text(), text());
        }
        (of.tasks[0].task, of.tasks[0].mode) = (text(), text());
        let flip = &mut of.tasks[0].flips[0];
        (flip.sample_id, flip.target, flip.a, flip.b) = (text(), text(), text(), text());
        of.checker.diffs[0].a = text();
        of.training_diff =
            vec![TrainingDifference { id: text(), name: text(), a: text(), b: text(), ratio: Some(2.0) }];
        let html = diff_page(&other);
        let body = &html[html.find("</style></head>").unwrap()..];
        for markup in ["<script", "<img", "onload=alert(3)>", "</bdi></td></table><svg"] {
            assert!(!body.contains(markup), "{markup} of {hostile:?}");
        }
        assert_eq!(html.chars().find(|&c| node::is_hidden(c)), None, "{hostile:?}");
        assert_eq!(html.matches("<style>").count(), 1);
        let words = body.matches("This card contradicts its own data").count();
        assert_eq!(words, 1, "the id no longer fits");
    }
    // For a look at it with a browser.
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/diff.html"), &html).unwrap();
}

#[test]
fn few_pairs_have_no_percentage_and_no_points() {
    let keep = |rows: &mut Vec<SampleRow>| rows.retain(|r| r.sample_id.ends_with(['1', '5', '7']));
    let few = |draft: &mut CardDraft, rows: &mut Vec<SampleRow>| {
        keep(rows);
        for result in &mut draft.results {
            result.n = 7;
            result.k = result.k.map(|k| k.min(7));
        }
    };
    let card = made(&sealed(few), &sealed(few));
    assert_eq!(card.comparison.tasks[0].pairs, 7);
    let html = diff_page(&card);
    let body = &html[html.find("</style></head>").unwrap()..];
    let cells = |label: &str| -> Vec<&str> {
        let mark = format!("data-label=\"{label}\">");
        body.split(mark.as_str()).skip(1).map(|part| part.split('<').next().unwrap_or_default()).collect()
    };
    assert_eq!(body.matches("data-label=\"Difference, points\"><div class=\"cell\">few items</div>").count(), 8);
    assert!(!body.contains("<small>detectable"), "no points below 20 pairs");
    for label in ["A %", "B %", "Lower", "Upper", "Difference"] {
        assert_eq!(cells(label), ["–"; 8], "{label}");
    }
}
