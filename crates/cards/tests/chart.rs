//! The six charts: whole against hostile numbers, equal to their table twins, and files of their own.

use std::collections::BTreeMap;

use cards::chart::*;
use cards::node::{Node, to_html, to_svg};
use cards::{Level, TaskVerdict};
use probes::stats::{Stated, interval};

/// What a mark of the drawing says.
#[derive(Debug)]
enum Said {
    /// The words that are written.
    Words(String),
    /// A place on an axis: its value, the axis' ends, how exact the place is, and the cell that it is counted from.
    Place { value: f64, axis: [f64; 2], step: f64, from: Option<String> },
}

/// Collects what the drawing says, by cell.
fn drawn(node: &Node, x: [f64; 2], y: [f64; 4], out: &mut Vec<(String, Said)>) {
    let numbers = |text: &str| text.split(' ').map(|n| n.parse::<f64>().unwrap()).collect::<Vec<_>>();
    let x = node.value("data-x").map_or(x, |text| numbers(text).try_into().unwrap());
    let y = node.value("data-y").map_or(y, |text| numbers(text).try_into().unwrap());
    let place = |names: [&str; 2]| {
        names.iter().find_map(|name| node.value(name)).unwrap().trim_end_matches('%').parse::<f64>().unwrap()
    };
    if let Some(of) = node.value("data-of") {
        let said = if matches!(node.tag(), Some("text" | "tspan")) {
            Said::Words(node.plain())
        } else {
            let span = x[1] - x[0];
            let from = node.value("data-from").map(str::to_owned);
            Said::Place { value: x[0] + place(["x", "x1"]) / 100.0 * span, axis: x, step: span * 0.000_05, from }
        };
        out.push((of.to_owned(), said));
    }
    if let Some(of) = node.value("data-of-y") {
        let per_pixel = (y[1] - y[0]) / (y[3] - y[2]);
        let value = y[0] + (place(["y", "y1"]) - y[2]) * per_pixel;
        out.push((of.to_owned(), Said::Place { value, axis: [y[0], y[1]], step: per_pixel.abs() * 0.005, from: None }));
    }
    node.content().iter().for_each(|child| drawn(child, x, y, out));
}

/// Collects the twin's cells: words and the column's heading.
fn cells(node: &Node, heading: &str, out: &mut BTreeMap<String, (String, String)>) {
    let heading = node.value("data-label").unwrap_or(heading);
    if let Some(of) = node.value("data-of") {
        assert_eq!(out.insert(of.to_owned(), (node.plain(), heading.to_owned())), None, "cell {of} twice");
    }
    node.content().iter().for_each(|child| cells(child, heading, out));
}

/// The number of a cell in units of the axis, and half of its last digit.
fn number(words: &str, heading: &str) -> (f64, f64) {
    let plain = words.replace('\u{2212}', "-").replace(['+', ','], "");
    if let Some((k, n)) = plain.split_once('/') {
        return (k.parse::<f64>().unwrap() / n.parse::<f64>().unwrap(), 0.0);
    }
    let digits = plain.split(' ').next().unwrap();
    let decimals = digits.split_once('.').map_or(0, |(_, d)| d.len());
    let unit = if heading.contains('%') || heading.contains("points") { 100.0 } else { 1.0 };
    // Percentages of exactly 0 and 1 have no decimals, and are exact.
    let half = if decimals == 0 { 0.0 } else { 0.5 * 0.1_f64.powi(i32::try_from(decimals).unwrap()) };
    (digits.parse::<f64>().unwrap() / unit, half / unit)
}

/// Everything that the drawing says stands in the twin, everything numbered in the twin is drawn, and both are equal.
fn check(figure: &Node, marks: usize) {
    let svg = figure.find(&|n| n.is_of("chart")).expect("a drawing");
    let table = figure.find(&|n| n.tag() == Some("table")).expect("a table");
    let (mut said, mut cell) = (Vec::new(), BTreeMap::new());
    drawn(svg, [0.0, 1.0], [0.0, 1.0, 1.0, 0.0], &mut said);
    cells(table, "", &mut cell);
    assert_eq!(said.len(), marks, "marks");
    for (of, mark) in &said {
        let (words, heading) = cell.get(of).unwrap_or_else(|| panic!("no cell {of}"));
        match mark {
            Said::Words(drawn) => assert_eq!(drawn, words, "{of}"),
            Said::Place { value, axis, step, from } => {
                let (mut expected, mut half) = number(words, heading);
                if let Some((words, heading)) = from.as_ref().map(|from| &cell[from]) {
                    let start = number(words, heading);
                    (expected, half) = (expected + start.0, half + start.1);
                }
                let expected = expected.clamp(axis[0], axis[1]);
                assert!((value - expected).abs() <= half + step + 1e-9, "{of}: drawn {value}, in the table {expected}");
            }
        }
    }
    for of in cell.keys() {
        assert!(said.iter().any(|(mark, _)| mark == of), "cell {of} is not drawn");
    }
    let names: Vec<&str> = svg.content().iter().take(2).filter_map(Node::tag).collect();
    assert_eq!(names, ["title", "desc"]);
}

fn dots() -> Node {
    let row = |name: &str, k, n, n_skipped, verdict| {
        let limits = interval(k, n);
        DotWhisker {
            name: name.into(),
            detail: "a task".into(),
            k,
            n,
            n_skipped,
            score: k as f64 / n as f64,
            limits: [limits.lower, limits.upper],
            chance: 0.25,
            baseline: (n_skipped == 0).then_some(1.0 / 3.0),
            threshold: 0.8,
            verdict,
        }
    };
    let f1 = DotWhisker { score: 0.6135, ..row("F1", 3, 30, 0, None) };
    let rows = [
        row("A01", 18, 24, 0, Some(TaskVerdict::Undecided)),
        row("A02", 0, 1_234, 0, Some(TaskVerdict::Avoid)),
        row("A03", 384, 384, 0, Some(TaskVerdict::Use)),
        row("A04", 7, 24, 14, None),
        f1,
    ];
    dot_whisker(&Frame::new("dots", "Scores"), &rows)
}

fn bells() -> Node {
    let side = |k, n| Side { k, n, score: k as f64 / n as f64 };
    let row = |name: &str, a, b, difference, limits| Dumbbell {
        name: name.into(),
        detail: String::new(),
        a,
        b,
        difference,
        limits,
        word: "improved".into(),
    };
    let rows = [
        row("A01", side(12, 24), side(18, 24), 0.25, Some([0.0312, 0.4411])),
        row("A02", side(23, 24), side(24, 24), 1.0 / 24.0, Some([-0.121, 0.2])),
        row("A03", side(12, 24), side(3, 24), -0.375, None),
    ];
    dumbbell(&Frame::new("bells", "Two models"), ["one", "other"], &rows)
}

fn heat() -> Node {
    let labels = ["past", "gerund", "base"].map(String::from);
    heat_map(&Frame::new("heat", "Confusion"), &labels, &[vec![10, 2, 0, 1], vec![0, 1_300, 3, 0], vec![4, 0, 0, 0]])
}

fn line() -> Node {
    let points = [(18, 24), (9, 24), (0, 24), (24, 24)].map(|(k, n)| {
        let limits = interval(k, n);
        Position { name: format!("place {k}"), k, n, limits: [limits.lower, limits.upper] }
    });
    position_line(&Frame::new("line", "By place"), "place of the right option", &points, Some(0.25))
}

/// Confidences that are too high by a fifth.
fn answers(n: u32) -> Vec<Stated> {
    (0..n)
        .map(|i| {
            let p = (0.2 + 0.8 * f64::from(i % 97) / 96.0).min(1.0);
            Stated { p, so: f64::from(i * 7 % 100) < p * 80.0 }
        })
        .collect()
}

fn times() -> Node {
    let tests = [
        Strip { name: "tg128@d0".into(), samples_ns: vec![20_123_456, 12_000_111, 12_100_222, 11_999_333, 12_050_444] },
        Strip { name: "pp512@d0".into(), samples_ns: vec![1_999, 2_000] },
        Strip { name: "nothing".into(), samples_ns: vec![] },
    ];
    strip(&Frame::new("times", "Repetitions"), &tests)
}

#[test]
fn every_chart_says_what_its_table_says() {
    check(&dots(), 4 * 7 + 3);
    check(&bells(), 3 * 5 + 2 * 2);
    // Twelve cells with the row's sum in each, which is one cell of the table.
    check(&heat(), 24);
    check(&line(), 4 * 3 + 1);
    let stated = answers(400);
    let bins = bins(&stated);
    check(&reliability(&Frame::new("rely", "Reliability"), &bins).unwrap(), bins.len() * 5);
    check(&times(), 5 + 2 + 2 * 4);
}

#[test]
#[should_panic(expected = "in the table")]
fn a_mark_at_the_wrong_place_is_found() {
    fn shift(node: Node) -> Node {
        match node {
            Node::Element { tag, mut attrs, children } => {
                if attrs.iter().any(|(_, value)| value == "0.upper") {
                    attrs.iter_mut().filter(|(name, _)| *name == "x").for_each(|(_, x)| *x = "91.00%".into());
                }
                Node::Element { tag, attrs, children: children.into_iter().map(shift).collect() }
            }
            text @ Node::Text(_) => text,
        }
    }
    check(&shift(dots()), 4 * 7 + 3);
}

#[test]
fn the_band_runs_through_the_limits() {
    let figure = line();
    let band = figure.find(&|n| n.is_of("band")).and_then(|n| n.value("d")).unwrap();
    let corners: Vec<&str> = band.trim_start_matches('M').trim_end_matches('z').split('L').collect();
    assert_eq!(corners.len(), 8);
    let caps: Vec<(String, String)> = [(0, "upper"), (3, "upper"), (3, "lower"), (0, "lower")]
        .map(|(i, limit)| {
            let cap = figure.find(&|n| n.value("data-of-y") == Some(&format!("{i}.{limit}"))).unwrap();
            (cap.value("x").unwrap().trim_end_matches('%').to_owned(), cap.value("y").unwrap().to_owned())
        })
        .into();
    for (corner, (x, y)) in [0, 3, 4, 7].into_iter().zip(caps) {
        assert_eq!(corners[corner], format!("{x} {y}"));
    }
}

#[test]
fn reliability_needs_300_items() {
    let frame = Frame::new("rely", "Reliability");
    assert!(reliability(&frame, &bins(&answers(299))).is_none());
    let figure = reliability(&frame, &bins(&answers(300))).unwrap();
    assert!(figure.find(&|n| n.is_of("ideal")).is_some());
    let odd = [f64::NAN, -0.1, 1.1, f64::INFINITY, 0.0, 1.0].map(|p| Stated { p, so: true });
    assert_eq!(bins(&odd).iter().map(|bin| bin.n).sum::<u64>(), 2, "what is no probability is left out");
}

#[test]
fn a_matrix_beyond_twelve_labels_is_a_table_alone() {
    for (n, is_drawn) in [(1, false), (2, true), (12, true), (13, false)] {
        let labels: Vec<String> = (0..n).map(|i| format!("label {i}")).collect();
        let counts = vec![vec![1; n + 1]; n];
        let node = heat_map(&Frame::new("heat", "Confusion"), &labels, &counts);
        assert_eq!(node.find(&|n| n.is_of("chart")).is_some(), is_drawn, "{n}");
        assert!(node.find(&|n| n.tag() == Some("table")).is_some());
    }
}

/// Every chart with numbers and names that no honest source gives.
fn hostile() -> Vec<Node> {
    let name = "</svg><script>alert(1)</script>\u{202e}\0]]>&\u{ffff}".repeat(4);
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e308, -1e308, -0.0, 0.5];
    let frame = Frame::new("x\" onload=\"y", name.as_str());
    let mut all = Vec::new();
    for (i, &x) in odd.iter().enumerate() {
        let y = odd[(i + 3) % odd.len()];
        let (k, n) = ([u64::MAX, 0, 7][i % 3], [0, u64::MAX, 3][i % 3]);
        let rows = vec![
            DotWhisker {
                name: name.clone(),
                detail: name.clone(),
                k,
                n,
                n_skipped: n / 2,
                score: x,
                limits: [x, y],
                chance: y,
                baseline: Some(x),
                threshold: y,
                verdict: None,
            };
            600
        ];
        all.push(dot_whisker(&frame, &rows));
        let side = Side { k, n, score: x };
        let bell = Dumbbell {
            name: name.clone(),
            detail: name.clone(),
            a: side,
            b: Side { score: y, ..side },
            difference: y,
            limits: Some([x, y]),
            word: name.clone(),
        };
        all.push(dumbbell(&frame, [&name, ""], &[bell]));
        let points = vec![Position { name: name.clone(), k, n, limits: [x, y] }; 100];
        all.push(position_line(&frame, &name, &points, Some(x)));
        all.extend(reliability(&frame, &[Bin { stated: x, k, n }, Bin { stated: y, k: n, n: k }]));
    }
    all.push(heat_map(&frame, &vec![name.clone(); 12], &[vec![u64::MAX; 40], vec![]]));
    all.push(heat_map(&frame, &[], &[]));
    all.push(strip(
        &frame,
        &[Strip { name: name.clone(), samples_ns: vec![u64::MAX, 0, 1] }, Strip { name, samples_ns: vec![0; 5_000] }],
    ));
    all.extend([strip(&frame, &[]), dot_whisker(&frame, &[]), position_line(&frame, "", &[], None)]);
    all
}

#[test]
fn hostile_numbers_and_names_stay_within_the_drawing() {
    fn walk(node: &Node) {
        for name in ["x", "y", "x1", "x2", "y1", "y2", "width", "height"] {
            if let Some(value) = node.value(name) {
                let percent = value.strip_suffix('%');
                let number: f64 = percent.unwrap_or(value).parse().unwrap_or_else(|_| panic!("{name}={value}"));
                assert!(number.is_finite() && number >= 0.0, "{name}={value}");
                assert!(percent.is_none() || number <= 100.0, "{name}={value}");
            }
        }
        if let Some(path) = node.value("d") {
            assert!(!path.contains("NaN") && !path.contains("inf"), "{path}");
        }
        node.content().iter().for_each(walk);
    }
    for figure in hostile() {
        if let Some(svg) = figure.find(&|n| n.is_of("chart")) {
            walk(svg);
            assert!(svg.value("height").unwrap().parse::<u32>().unwrap() < 100_000);
        }
        let html = to_html(&figure);
        assert!(!html.contains("<script") && !html.contains("onload=\""), "{html}");
        assert!(html.len() < 4_000_000, "{}", html.len());
    }
}

#[test]
fn a_chart_becomes_a_file_of_its_own() {
    let figures =
        [dots(), bells(), heat(), line(), times(), reliability(&Frame::new("r", "R"), &bins(&answers(400))).unwrap()];
    for figure in figures.iter().chain(&hostile()) {
        let Some(svg) = to_svg(figure, 960) else {
            assert!(figure.find(&|n| n.is_of("chart")).is_none());
            continue;
        };
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"960\" height=\""));
        assert!(!svg.contains("var(") && !svg.contains("currentColor"), "every colour is written out");
        assert!(
            svg.chars().all(|c| c == '\n' || (' '..'\u{fffe}').contains(&c) || c > '\u{ffff}'),
            "characters of XML alone"
        );
        well_formed(&svg);
    }
    assert_eq!(to_svg(&cards::node::el("p"), 960), None);
    assert!(to_svg(&dots(), 960).unwrap().contains(">best baseline</text>"), "with its key");
    // For a look at them.
    for (name, figure) in ["dots", "bells", "heat", "line", "times", "reliability"].iter().zip(&figures) {
        let path = format!("{}/{name}.svg", env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(path, to_svg(figure, 700).unwrap()).unwrap();
    }
    let all: String = figures.iter().map(to_html).collect();
    let page = format!(
        "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'><style>{}</style><div class=page>{all}</div>",
        cards::CARD_STYLE
    );
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/charts.html"), page).unwrap();
}

/// Tags that balance, attributes in quotes, each once, and no `<` elsewhere.
fn well_formed(xml: &str) {
    let mut open = Vec::new();
    for part in xml.trim_end().split('<').skip(1) {
        let (tag, rest) = part.split_once('>').expect("a tag that ends");
        assert!(!rest.contains('>'), "{rest}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
            continue;
        }
        let (name, attrs) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut names: Vec<&str> = attrs.split("\" ").filter_map(|a| a.split_once("=\"")).map(|a| a.0).collect();
        let n = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), n, "an attribute twice in <{tag}>");
        open.push(name);
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn previews_are_svg_without_anything_from_elsewhere() {
    for (title, chart) in
        [("Small language tasks on a demo model".to_owned(), dots()), ("<b>\u{202e}&\0".repeat(90), bells())]
            .into_iter()
            .chain(hostile().into_iter().map(|figure| ("x".repeat(300), figure)))
    {
        let svg = preview_svg(&title, "gemma-3-270m-it, Q4_0", &chart, Level::SelfConsistent);
        well_formed(&svg);
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1200\" height=\"630\""));
        for outside in ["href", "url(", "@import", "var(", "<image", "<script"] {
            assert!(!svg.contains(outside), "{outside}");
        }
        assert!(svg.contains(">self-consistent<"));
    }
    let svg = preview_svg(
        "Small language tasks on a demo model",
        "Sweetspot demo (not Gemma), Q8_0",
        &dots(),
        Level::SelfReported,
    );
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/preview.svg"), &svg).unwrap();
    assert!(svg.contains(">k of n, with 95% intervals<"));
    let many = hostile().remove(0);
    assert!(preview_svg("t", "m", &many, Level::SelfReported).contains(">the first rows; all are on the card<"));
    assert_eq!(
        svg,
        preview_svg(
            "Small language tasks on a demo model",
            "Sweetspot demo (not Gemma), Q8_0",
            &dots(),
            Level::SelfReported
        )
    );
}

#[test]
fn the_words_of_the_ladder() {
    for (level, word) in [
        (Level::SelfReported, "self-reported"),
        (Level::SelfConsistent, "self-consistent"),
        (Level::Replayed { keys: 1, families: 1 }, "replayed (1 key, 1 adapter family)"),
        (Level::Replayed { keys: 3, families: 2 }, "replayed (3 keys, 2 adapter families)"),
        (Level::CiAttested, "CI-attested"),
    ] {
        assert_eq!(level.word(), word);
    }
}
