//! The page: whole, balanced, without markup from foreign text, and honest.

mod common;

use std::collections::BTreeSet;

use cards::*;
use pulldown_cmark::{Event, Options, Parser, Tag};

/// Every tag of a page with the names and values of its attributes; panics where the markup is not balanced.
fn tags(html: &str) -> Vec<(String, Vec<(String, String)>)> {
    let start = html.find("<style>").unwrap();
    let end = html.find("</style>").unwrap();
    let mut rest = format!("{}{}", &html[..start], &html[end + 8..]).replace("<!doctype html>", "");
    let (mut found, mut open) = (Vec::new(), Vec::new());
    while let Some(at) = rest.find('<') {
        let close = at + rest[at..].find('>').expect("a tag that ends");
        let inside = rest[at + 1..close].to_owned();
        rest = rest[close + 1..].to_owned();
        if let Some(name) = inside.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "unbalanced end tag");
            continue;
        }
        let (name, mut attrs) = inside.split_once(' ').unwrap_or((&inside, ""));
        let mut list = Vec::new();
        while let Some((key, more)) = attrs.split_once("=\"") {
            let (value, more) = more.split_once('"').expect("a value that ends");
            list.push((key.trim().to_owned(), value.to_owned()));
            attrs = more;
        }
        assert_eq!(attrs.trim(), "", "loose text in <{inside}>");
        if !["br", "hr", "meta", "wbr", "img"].contains(&name) {
            open.push(name.to_owned());
        }
        found.push((name.to_owned(), list));
    }
    assert!(open.is_empty(), "unclosed: {open:?}");
    found
}

const TAGS: &[&str] = &[
    "a", "article", "b", "bdi", "body", "caption", "code", "dd", "desc", "details", "div", "dl", "dt", "figure",
    "footer", "g", "h1", "h2", "h3", "h4", "head", "header", "html", "li", "line", "main", "meta", "nav", "p", "path",
    "pre", "rect", "section", "small", "span", "strong", "summary", "svg", "table", "tbody", "td", "text", "th",
    "thead", "title", "tr", "tspan", "ul",
];

const ATTRS: &[&str] = &[
    "aria-hidden",
    "aria-label",
    "aria-labelledby",
    "charset",
    "class",
    "content",
    "d",
    "data-label",
    "data-of",
    "data-of-y",
    "data-x",
    "data-y",
    "height",
    "href",
    "http-equiv",
    "id",
    "lang",
    "name",
    "overflow",
    "role",
    "scope",
    "tabindex",
    "text-anchor",
    "title",
    "viewBox",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];

/// Tags and attributes are the program's own, ids are unique, nothing leads out of the page.
fn check(html: &str) {
    let mut ids = BTreeSet::new();
    let mut targets = Vec::new();
    for (tag, attrs) in tags(html) {
        assert!(TAGS.contains(&tag.as_str()), "<{tag}>");
        for (name, value) in attrs {
            assert!(ATTRS.contains(&name.as_str()), "{name}= in <{tag}>");
            match name.as_str() {
                "id" => assert!(ids.insert(value.clone()), "id {value} twice"),
                "href" => targets.push(value.strip_prefix('#').expect("a link within the page").to_owned()),
                _ => {}
            }
        }
    }
    for target in targets {
        assert!(ids.contains(&target), "nothing has the id {target}");
    }
    let hidden = html.chars().find(|&c| node::is_hidden(c));
    assert_eq!(hidden, None, "a hidden character in the page");
}

/// What a reader of Markdown sees: no link, picture, HTML or note, whatever the card says; gives the text.
fn check_markdown(markdown: &str) -> String {
    let mut seen = String::new();
    for event in Parser::new_ext(markdown, Options::all()) {
        match event {
            Event::Text(text) | Event::Code(text) => seen.push_str(&text),
            Event::SoftBreak | Event::HardBreak => panic!("a block of more than one line: {seen}"),
            Event::Start(
                Tag::Heading { .. }
                | Tag::Paragraph
                | Tag::List(None)
                | Tag::Item
                | Tag::Strong
                | Tag::Emphasis
                | Tag::CodeBlock(_)
                | Tag::Table(_)
                | Tag::TableHead
                | Tag::TableRow
                | Tag::TableCell,
            )
            | Event::End(_) => seen.push('\n'),
            other => panic!("{other:?} after {}", &seen[seen.len().saturating_sub(80)..]),
        }
    }
    assert_eq!(markdown.chars().find(|&c| node::is_hidden(c)), None, "a hidden character");
    // Addresses that renderers link by themselves stand in code alone.
    for part in markdown.split('`').step_by(2) {
        assert!(!part.contains("://") && !part.contains("www."), "{part}");
    }
    seen
}

#[test]
fn the_card_as_markdown_says_what_the_page_says() {
    let (card, rows) = common::sealed();
    let markdown = card_markdown(&card, &rows);
    let seen = check_markdown(&markdown);
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/card.md"), &markdown).unwrap();
    let html = card_page(&card, &rows);
    for title in ["# Small language tasks on a demo model", "## Scope and limitations", "## Results", "## Hashes"] {
        assert!(markdown.lines().any(|line| line == title), "{title}");
    }
    for piece in
        ["18/24", "[53.3, 90.2]", "below 12.5% (rule of three)", "prompt_echo", &card.id, "undecided", "unsigned"]
    {
        assert!(seen.contains(piece) && html.contains(piece), "{piece}");
    }
    // Every table of the page, with as many rows.
    let rows_of_tables = markdown.lines().filter(|line| line.starts_with('|')).count();
    let tables = html.matches("<table").count();
    assert_eq!(rows_of_tables - tables, html.matches("<tr").count());
    assert!(markdown.contains("| **A01** domain | LPx | 0 | 18/24 · 75.0% | \\[53.3, 90.2\\] | 10/24 · rule: suffix | undecided · too few items · insufficient | 80.0% | 246 |"), "{markdown}");
}

#[test]
fn the_page_of_the_fixture_is_whole() {
    let (card, rows) = common::sealed();
    let html = card_page(&card, &rows);
    check(&html);
    assert!(html.starts_with("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;;"));
    for piece in [
        "Demo model, not Gemma.",
        "238/244",
        "none differed",
        "18/24 75.0% [53.3, 90.2]",
        "0/24",
        "below 12.5% (rule of three)",
        "\\u{202e}",
        "\\u{200b}",
        "self-reported",
    ] {
        let expected = piece != "238/244";
        assert_eq!(html.contains(piece), expected, "{piece}");
    }
    // For a look at it with a browser.
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/card.html"), &html).unwrap();
}

#[test]
fn hostile_text_everywhere_is_only_text() {
    for hostile in common::HOSTILE {
        let mut draft = common::draft();
        draft.title = hostile.into();
        draft.summary = hostile.into();
        draft.interpretation = Some(hostile.into());
        draft.limitations[0] = Note { code: 0, text: hostile.into() };
        draft.out_of_scope[0] = Note { code: 0, text: hostile.into() };
        draft.evaluator.source_organization_name = hostile.into();
        draft.producer.name = hostile.into();
        draft.stop_reason = hostile.into();
        draft.suite.version = hostile.into();
        draft.model.id = hostile.into();
        draft.model.developer = hostile.into();
        draft.model.revision = hostile.into();
        draft.model.format = hostile.into();
        draft.model.quantization = hostile.into();
        draft.engine.git_commit = hostile.into();
        draft.engine.build_flags = hostile.into();
        draft.environment.adapter.vendor = hostile.into();
        draft.environment.adapter.device = Some(hostile.into());
        draft.environment.os.family = hostile.into();
        draft.environment.features = vec![hostile.into()];
        draft.decoding.stop = vec![hostile.into()];
        draft.decoding.act_dtype = hostile.into();
        draft.numerics.dtype = hostile.into();
        draft.repro.command = hostile.into();
        draft.repro.url = hostile.into();
        draft.repro.container = Some(hostile.into());
        let mut rows = common::rows();
        for (i, task) in draft.tasks.iter_mut().enumerate() {
            let old = task.task.clone();
            task.task = format!("{hostile}{i}");
            task.doc_to_text = hostile.into();
            let first = task.labels.as_ref().and_then(|l| l.first()).map(|l| l.text.clone());
            if let Some(label) = task.labels.as_mut().and_then(|l| l.first_mut()) {
                label.text = hostile.into();
            }
            draft.datasets[i].name.clone_from(&task.task);
            draft.datasets[i].license = hostile.into();
            draft.results.iter_mut().filter(|r| r.task == old).for_each(|r| {
                r.task.clone_from(&task.task);
                r.mode = hostile.into();
                r.baselines[0].name = hostile.into();
                if r.metric_id != "accuracy" {
                    r.metric_id = hostile.into();
                }
            });
            draft.bias.iter_mut().filter(|b| b.task == old).for_each(|b| b.task.clone_from(&task.task));
            for row in rows.iter_mut().filter(|r| r.task == old) {
                row.task.clone_from(&task.task);
                row.mode = hostile.into();
                row.sample_id.push_str(hostile);
                row.detectors.push(DetectorHit { class: hostile.into(), onset: Some(0) });
                let swap = |text: &mut String| {
                    if Some(&*text) == first.as_ref() {
                        *text = hostile.into();
                    }
                };
                row.choices.iter_mut().chain(&mut row.resps).chain(&mut row.pred).for_each(swap);
                swap(&mut row.target);
                row.target_hash = row.hash_of_target();
            }
        }
        let card = Card::seal(draft, &rows).unwrap();
        assert_eq!(card.check(Some(&rows)), []);
        let html = card_page(&card, &rows);
        check(&html);
        assert!(!html.to_lowercase().contains("<script"));
        let seen = check_markdown(&card_markdown(&card, &rows));
        let title = visible_in_a_line(hostile);
        assert!(seen.contains(&title), "{title} in {seen}");
    }
}

fn visible_in_a_line(text: &str) -> String {
    node::visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn one_answer_for_everything_is_named() {
    let (card, mut rows) = common::sealed();
    assert!(!card_page(&card, &rows).contains("constant_answer"));
    for row in rows.iter_mut().filter(|r| r.task == "A05") {
        row.pred = Some("singular".to_owned());
        row.lls = vec![Some(-0.25), Some(-3.0)];
        let right = row.target == "singular";
        row.verdict = if right { ItemVerdict::Correct } else { ItemVerdict::Incorrect };
    }
    let html = card_page(&Card::seal(common::draft(), &rows).unwrap(), &rows);
    check(&html);
    assert!(html.contains("<dt>Detector <bdi>constant_answer</bdi>: <bdi>singular</bdi></dt><dd>24/24"), "not named");
}

#[test]
fn a_contradiction_stands_before_the_numbers() {
    let (mut card, rows) = common::sealed();
    card.results[0].score = 0.95;
    card.id = card.content_id().unwrap();
    let html = card_page(&card, &rows);
    check(&html);
    let start = html.find("<div class=\"alert\"").unwrap();
    let end = start + html[start..].find("</div>").unwrap();
    insta::assert_snapshot!(&html[start..end], @r#"<div class="alert" role="alert"><p><strong>This card contradicts its own data in one place.</strong></p><ul><li><code>results[0].score</code>: the card states <b><bdi>0.95</bdi></b>, its data give <b><bdi>0.75</bdi></b></li></ul>"#);
    assert!(start < html.find("id=\"results\"").unwrap());
    assert!(!html.contains("none differed"));
}

#[test]
fn a_failed_gate_shows_no_score() {
    let mut draft = common::draft();
    draft.numerics.nan_count = 3;
    let rows = common::rows();
    let html = card_page(&Card::seal(draft, &rows).unwrap(), &rows);
    check(&html);
    assert!(html.contains("The numeric gate failed"));
    assert!(!html.contains("18/24") && !html.contains("<figure"));
}

#[test]
fn a_stopped_run_says_so() {
    let mut rows = common::rows();
    rows.truncate(24 * 7 + 10);
    let html = card_page(&Card::seal(common::draft(), &rows).unwrap(), &rows);
    check(&html);
    assert!(html.contains("partial, 178/192 items"));
    assert!(html.contains("14/24 skipped") && html.contains("no verdict"));
    // Who was not asked did not answer wrongly: what was asked is counted.
    assert!(html.contains(" of 10 asked"));
}

#[test]
fn the_state_of_a_card_in_badges() {
    let (card, rows) = common::sealed();
    let html = card_page(&card, &rows);
    let start = html.find("<ul class=\"badges\"").unwrap();
    let end = start + html[start..].find("</ul>").unwrap();
    insta::assert_snapshot!(html[start..end].replace("<li", "\n<li"), @r#"
    <ul class="badges" aria-label="State of this card">
    <li class="badge good"><span>Gate:</span> <b>passed</b></li>
    <li class="badge open"><span>Level:</span> <b>self-reported</b></li>
    <li class="badge good"><span>Run:</span> <b>complete, 192/192 items</b></li>
    <li class="badge open"><span>Signature:</span> <b>unsigned</b></li>
    <li class="badge bad"><span>Invalid outputs:</span> <b>10/192</b></li>
    <li class="badge open"><span>Insufficient:</span> <b>5/8 tasks</b></li>
    "#);
}

#[test]
fn a_result_line() {
    let (card, rows) = common::sealed();
    let html = card_page(&card, &rows);
    let table = &html[html.find("<table class=\"stack results\"").unwrap()..];
    let body = &table[table.find("<tbody").unwrap()..];
    let end = body.find("</tr>").unwrap();
    insta::assert_snapshot!(body[..end].replace("<td", "\n<td").replace("<th", "\n<th"), @r##"
    <tbody role="rowgroup"><tr role="row">
    <th role="rowheader" class="w" data-label="Task"><a href="#task-A01"><b><bdi>A01</bdi></b> domain</a></th>
    <td role="cell" class="w" data-label="Mode"><bdi>LPx</bdi></td>
    <td role="cell" class="n" data-label="Invalid">0</td>
    <td role="cell" class="n" data-label="Right"><div class="cell">18/24<small>75.0%</small></div></td>
    <td role="cell" class="n" data-label="95% interval"><div class="cell">[53.3, 90.2]</div></td>
    <td role="cell" class="n" data-label="Best baseline"><div class="cell">10/24<small class="words"><bdi>rule: suffix</bdi></small></div></td>
    <td role="cell" class="w" data-label="Verdict"><div class="cell"><span class="verdict undecided"><svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path class="line" d="M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z"></path><path class="line" d="M5 8h6"></path></svg>undecided</span><small>too few items</small><small>insufficient</small></div></td>
    <td role="cell" class="n" data-label="At">80.0%</td>
    <td role="cell" class="n" data-label="Needs n">246</td>
    "##);
}

#[test]
fn chart_and_table_twin_give_the_same_counts() {
    let (card, rows) = common::sealed();
    let html = card_page(&card, &rows);
    let chart = &html[html.find("<svg class=\"chart\"").unwrap()..html.find("<ul class=\"legend\"").unwrap()];
    let twin =
        &html[html.find("<table class=\"stack twin\"").unwrap()..html.find("<table class=\"stack results\"").unwrap()];
    for row in card.results.iter().filter(|r| r.metric_id == "accuracy") {
        let count = format!("{}/{}", row.k, row.n);
        assert!(chart.contains(&format!(">{count}<")), "{count} in the chart");
        assert!(twin.contains(&format!(">{count}<")), "{count} in the table");
    }
    assert_eq!(chart.matches("class=\"dot ").count(), 8);
    assert_eq!(twin.matches("<tr").count(), 9);
}

#[test]
fn a_signature_is_named_by_its_key_and_a_wrong_one_in_words() {
    let (card, rows) = common::sealed();
    let key = SecretKey::from_seed(&[7; 32]);
    let signed = card.signed(&rows, &key).unwrap();
    let html = card_page(&signed, &rows);
    check(&html);
    let start: String = key.public().chars().take(12).collect();
    assert!(
        html.contains("<li class=\"badge good\"><span>Signature:</span> <b><span class=\"key\">signed by key <code")
    );
    assert!(html.contains(&start) && html.contains(&format!("title=\"{}\"", key.public())));
    let mut wrong = signed;
    wrong.sig.as_mut().unwrap().key = SecretKey::from_seed(&[8; 32]).public();
    let html = card_page(&wrong, &rows);
    check(&html);
    assert!(html.contains("<li class=\"badge bad\"><span>Signature:</span> <b>wrong: changed after signing"));
}

#[test]
fn the_link_of_the_page_is_the_cards_own_with_its_length() {
    let (card, rows) = common::sealed();
    let html = card_page(&card, &rows);
    let at = html.find("/c/#1.").unwrap() + 4;
    let link = &html[at..at + html[at..].find('<').unwrap()];
    assert_eq!(Compact::from_link(link).unwrap(), Compact::of(&card, &rows).unwrap());
    assert!(html.contains(&format!("{} characters, to be put after", link.len() + 4)));
    assert!(!html.contains("long link"));
}

#[test]
fn a_constant_baseline_is_compared_on_the_same_items() {
    let (card, rows) = common::sealed();
    assert!(!card_page(&card, &rows).contains("Against the best baseline"), "a rule's answers are not in the samples");
    let page = |name: &str, k: u64| {
        let mut draft = common::draft();
        for row in draft.results.iter_mut().filter(|r| r.task == "A08") {
            row.baselines = vec![Baseline { name: name.into(), k: Some(k), n: 24, score: 0.0 }];
        }
        card_page(&Card::seal(draft, &rows).unwrap(), &rows)
    };
    let html = page("constant:true", 12);
    check(&html);
    let panel = &html[html.find("Against the best baseline").unwrap()..];
    let panel = &panel[..panel.find("</dl>").unwrap()];
    let of = |wanted: fn(&SampleRow) -> bool| rows.iter().filter(|r| r.task == "A08" && wanted(r)).count();
    let right = |r: &SampleRow| r.verdict == ItemVerdict::Correct;
    for (name, count) in [
        ("Both right", of(|r| r.verdict == ItemVerdict::Correct && r.target == "true")),
        ("Model alone", of(|r| r.verdict == ItemVerdict::Correct && r.target != "true")),
        ("Baseline alone", of(|r| r.verdict != ItemVerdict::Correct && r.target == "true")),
        ("Neither", of(|r| r.verdict != ItemVerdict::Correct && r.target != "true")),
    ] {
        assert!(panel.contains(&format!("<dt>{name}</dt><dd>{count}/24</dd>")), "{panel}");
    }
    assert_eq!(rows.iter().filter(|r| r.task == "A08" && right(r)).count(), 19);
    // (19 - 12) / 24 = 29.2 points.
    assert!(panel.contains("+29.2 ["), "{panel}");
    for (name, k) in [("constant:true", 13), ("majority", 12), ("rule:true", 12), ("constant:other", 12)] {
        assert!(!page(name, k).contains("Against the best baseline"), "{name} {k}: not what the samples give");
    }
}

#[test]
fn a_long_baselines_name_is_cut_in_the_table_and_whole_in_its_panel() {
    let mut draft = common::draft();
    let name = format!("majority:{}", "SELECT AVG(x) ".repeat(20).trim_end());
    draft.results[0].baselines[0] = Baseline { name: name.clone(), k: Some(23), n: 24, score: 0.0 };
    let rows = common::rows();
    let html = card_page(&Card::seal(draft, &rows).unwrap(), &rows);
    check(&html);
    let (before, after) = html.split_at(html.find("id=\"tasks\"").unwrap());
    assert!(!before.contains(&name) && before.contains("<bdi>majority:SELECT AVG(x) SELECT A…</bdi>"));
    assert!(after.contains(&name));
}

#[test]
fn a_baseline_that_is_no_count_has_no_percentage_below_20_items() {
    let (mut card, rows) = common::sealed();
    for (n, shown) in [(19, ">0.500<"), (20, ">50.0%<")] {
        card.results[0].baselines = vec![Baseline { name: "rule".into(), k: None, n, score: 0.5 }];
        let html = card_page(&card, &rows);
        let table = &html[html.find("<table class=\"stack results\"").unwrap()..];
        assert!(table[..table.find("</tr><tr").unwrap() + 2_000].contains(shown), "{n}");
    }
}

#[test]
fn prompts_are_compared_only_where_several_were_asked() {
    let mut draft = common::draft();
    draft.tasks[0].template_ids.push("other".into());
    let mut rows = common::rows();
    assert!(!card_page(&Card::seal(draft.clone(), &rows).unwrap(), &rows).contains("<h4>Prompts</h4>"));
    let others: Vec<SampleRow> = rows
        .iter()
        .filter(|r| r.task == "A01")
        .take(10)
        .map(|r| SampleRow { template: "other".into(), sample_id: format!("{}-o", r.sample_id), ..r.clone() })
        .collect();
    let k = others.iter().filter(|r| r.verdict == ItemVerdict::Correct).count();
    rows.extend(others);
    let html = card_page(&Card::seal(draft, &rows).unwrap(), &rows);
    check(&html);
    assert!(html.contains(&format!("<dt><bdi>other</bdi></dt><dd>{k}/10</dd>")), "no percentage below 20 items");
}

#[test]
fn a_detector_says_where_it_begins_and_failed_items_come_first() {
    let (card, rows) = common::sealed();
    let html = card_page(&card, &rows);
    assert!(html.contains("Detector <bdi>prompt_echo</bdi></dt><dd>9/24<small>from 3</small>"));
    let task = &html[html.find("id=\"task-A01\"").unwrap()..];
    assert!(task.find("6 items not right").unwrap() < task.find("18 items right").unwrap());
    assert!(
        html.contains("<bdi>technical</bdi>\u{a0}\u{2212}0.50"),
        "the label that a token begins, and its log-probability"
    );
    let many = |n: u64| {
        let mut rows = common::rows();
        let first = rows.iter().position(|r| r.task == "A10").unwrap();
        for (i, row) in rows[first..].iter_mut().enumerate() {
            row.detectors = if (i as u64) < n {
                vec![DetectorHit { class: "loop".into(), onset: Some(i as u64 * 5) }]
            } else {
                vec![]
            };
        }
        card_page(&Card::seal(common::draft(), &rows).unwrap(), &rows)
    };
    assert!(many(3).contains("<bdi>loop</bdi></dt><dd>3/24<small>from 0 to 10, median 5</small>"));
}

#[test]
fn the_level_is_what_the_caller_knows() {
    let (card, rows) = common::sealed();
    assert_eq!(card.level(&rows), Level::SelfReported, "the fixture's suite is nobody's");
    let body = node::to_html(&card_body_at(&card, &rows, Level::SelfConsistent));
    assert!(body.contains("<span>Level:</span> <b>self-consistent</b>") && !body.contains("remain self-reported"));
    let body = node::to_html(&card_body(&card, &rows));
    assert!(body.contains("<span>Level:</span> <b>self-reported</b>"));
}

#[test]
fn three_hundred_items_have_a_reliability_chart() {
    let page = |copies: u64| {
        let rows: Vec<SampleRow> = (0..copies)
            .flat_map(|copy| {
                common::rows().into_iter().filter(|r| r.task == "A05").map(move |mut r| {
                    r.sample_id = format!("{}-{copy}", r.sample_id);
                    r
                })
            })
            .collect();
        let mut draft = common::draft();
        draft.results.retain(|r| r.task == "A05");
        draft.results.iter_mut().for_each(|row| row.n = rows.len() as u64);
        card_page(&Card::seal(draft, &rows).unwrap(), &rows)
    };
    assert!(!page(12).contains("<h4>Reliability</h4>"));
    let html = page(13);
    check(&html);
    assert!(html.contains("<h4>Reliability</h4>"));
}

#[test]
fn more_items_than_a_page_holds_are_counted() {
    let rows: Vec<SampleRow> = (0..100_u64)
        .flat_map(|copy| {
            common::rows().into_iter().filter(|r| r.task == "A01").map(move |mut r| {
                r.sample_id = format!("{}-{copy}", r.sample_id);
                r
            })
        })
        .collect();
    let mut draft = common::draft();
    draft.results.retain(|r| r.task == "A01");
    for row in &mut draft.results {
        row.n = 2_400;
    }
    let html = card_page(&Card::seal(draft, &rows).unwrap(), &rows);
    check(&html);
    assert!(html.contains("400 more are in the samples file."));
}
