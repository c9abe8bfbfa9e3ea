//! A site built from a real run of the demo model: what is shown, and what is refused.

use std::path::PathBuf;

use site::{CardSource, Files, PostSource, Published, Script, Sources, build};

/// A card of 24 items of A01 and of A06, made by `sweetspot bench --probes A01,A06 --items 24 --device cpu`.
fn card() -> CardSource {
    let read = |name: &str| {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/run");
        std::fs::read(folder.join(name)).unwrap()
    };
    let card = read("card.json");
    let id = cards::Card::parse(&card).unwrap().id;
    CardSource { key: cards::card_key(&id).unwrap(), card, samples: Some(read("samples.jsonl")) }
}

fn front(more: &str) -> String {
    format!(
        "+++\ntitle = \"What it knows\"\ndate = \"2026-11-22\"\ncategory = \"Demo\"\nfinding = \"It is right in {{{{a.results.A01/LPx/accuracy|kn}}}}.\"\n\
         not_measured = [\"Any other model.\"]\nchange_our_mind = [\"Another battery.\"]\n[cards]\na = \"{}\"\n{more}+++\n",
        card().key
    )
}

fn sources(text: String) -> Sources {
    Sources {
        posts: vec![PostSource { slug: "what-it-knows".into(), text }],
        cards: vec![card()],
        address: Some("https://example.org/sweetspot".into()),
        ..Sources::default()
    }
}

fn built(body: &str) -> Files {
    build(&sources(front("") + body)).unwrap_or_else(|faults| panic!("{faults}")).files
}

fn page(files: &Files, path: &str) -> String {
    String::from_utf8(files[path].clone()).unwrap()
}

#[test]
fn every_number_is_the_cards_and_links_to_its_row() {
    let card = Published::read(&card()).unwrap();
    let row = |task: &str| card.run().unwrap().results.iter().find(|r| r.task == task).unwrap();
    let files =
        built("Of verbs it knows {{a.results.A06|kn}}: {{a.results.A06.verdict|verdict}}.\n\n{{table:results a}}\n");
    let post = page(&files, "e/what-it-knows/index.html");
    for task in ["A01", "A06"] {
        let row = row(task);
        let shown = format!("href=\"../../r/{}/#task-{task}\">{}/{} (", card.key, row.k, row.n);
        assert!(post.contains(&shown), "{shown}");
    }
    let home = page(&files, "index.html");
    assert!(
        home.contains(&format!("href=\"r/{}/#task-A01\">", card.key)),
        "a finding on the first page links from the root"
    );
    assert!(!post.contains("{{") && !post.contains('\u{f0000}'));
}

#[test]
fn a_post_begins_with_scope_and_ends_with_what_would_change_our_mind() {
    let files = built("## Results\n\nSee {{a.results.A06|kn}}.\n");
    let post = page(&files, "e/what-it-knows/index.html");
    let places: Vec<usize> =
        ["id=\"scope\"", "Not measured", "<h2>Results</h2>", "What would change our mind", "Run it again"]
            .iter()
            .map(|mark| post.find(mark).unwrap_or_else(|| panic!("no {mark}")))
            .collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn the_same_sources_give_the_same_bytes() {
    let body = "See {{a.results.A06|kn}}.\n";
    assert_eq!(built(body), built(body));
}

#[test]
fn a_site_has_its_pages_feed_and_files_and_names_no_other_host() {
    let files = built("See {{a.results.A06|kn}}.\n");
    let key = card().key;
    let folder = format!("r/{key}");
    for path in [
        "index.html".to_owned(),
        "models/index.html".to_owned(),
        "method/index.html".to_owned(),
        "e/what-it-knows/index.html".to_owned(),
        format!("{folder}/index.html"),
        format!("{folder}/card.json"),
        format!("{folder}/samples.jsonl"),
        "feed.xml".to_owned(),
        "sitemap.xml".to_owned(),
        "index.json".to_owned(),
    ] {
        assert!(files.contains_key(&path), "no {path}");
    }
    assert_eq!(files[&format!("{folder}/card.json")], card().card);
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with("index.html")) {
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.contains("default-src &#39;none&#39;"), "{path} has no policy");
        for wanted in ["src=\"http", "url(http", "<style", "onclick", " style=\""] {
            assert!(!text.contains(wanted), "{path} has {wanted}");
        }
    }
}

#[test]
fn without_an_address_there_is_no_feed_and_everything_else() {
    let mut sources = sources(front("") + "See {{a.results.A06|kn}}.\n");
    sources.address = None;
    let files = build(&sources).unwrap().files;
    assert!(!files.contains_key("feed.xml") && !files.contains_key("sitemap.xml") && files.contains_key("index.html"));
}

#[test]
fn what_would_mislead_is_refused_with_its_line() {
    let fine = "See {{a.results.A06|kn}}.\n";
    for (body, line, said) in [
        ("It was right in 23 cases. See {{a.results.A06|kn}}.\n", Some(1), "states a digit"),
        ("See {{a.results.A06|kn}}.\n\n## In 2026\n", Some(3), "states a digit"),
        ("See {{a.results.A06|kn}}.\n\n- one\n- two of 3\n", Some(4), "states a digit"),
        ("| a | b |\n|---|---|\n| x | 9 |\n\nSee {{a.results.A06|kn}}.\n", Some(3), "states a digit"),
        ("See {{a.results.A06|kn}} and {{a.results.A07|kn}}.\n", Some(1), "nothing at `results.A07`"),
        ("See {{b.results.A06|kn}}.\n", Some(1), "no card is called `b`"),
        ("See {{a.results.A06}}.\n", Some(1), "has no format"),
        ("See {{a.results.A06|percent}}.\n", Some(1), "cannot be written as `percent`"),
        ("See {{a.title|kn}} of {{a.results.A06|kn}}.\n", Some(1), "cannot be written as `kn`"),
        ("See {{a.results.A06|kn}.\n", Some(1), "is never closed"),
        ("Only {{a.results.A01|kn}}.\n", None, "also has A06"),
        ("It beats the rule: {{a.results.A06|kn}}.\n", Some(1), "`beats` compares"),
        ("It beats the rule: {{a.results.A06|kn}}, {{a.results.A06.verdict|verdict}}.\n", Some(1), "`beats` compares"),
        ("It is faster: {{a.results.A06|kn}}.\n", Some(1), "compares speeds"),
        ("Recall {{a.results.A06.recall|kn}}.\n", Some(1), "nothing at"),
        ("<b>Look</b> {{a.results.A06|kn}}.\n", Some(1), "HTML is not read"),
        ("<script>alert()</script>\n\nSee {{a.results.A06|kn}}.\n", Some(1), "HTML is not read"),
        ("![x](y.png) {{a.results.A06|kn}}\n", Some(1), "no pictures"),
        ("[x](javascript:alert) {{a.results.A06|kn}}\n", Some(1), "no https address"),
        ("[x](//evil.example/) {{a.results.A06|kn}}\n", Some(1), "no https address"),
        ("# Another title\n\nSee {{a.results.A06|kn}}.\n", Some(1), "begin with ##"),
        ("Text {{table:results a}} text.\n", Some(1), "paragraph of its own"),
        ("{{table:costs a}}\n", Some(1), "no figure or table `costs`"),
        ("In {lit:2026|year} see {{a.results.A06|kn}}.\n", Some(1), "of no known kind"),
        ("As said {lit:75%|cited http://x.example} see {{a.results.A06|kn}}.\n", Some(1), "of no known kind"),
        ("A mark \u{f0001} and {{a.results.A06|kn}}.\n", Some(1), "private-use"),
    ] {
        let front = front("");
        let first = front.lines().count();
        let faults = build(&sources(front + body)).expect_err(body);
        let found = faults.0.iter().any(|f| f.message.contains(said) && f.line == line.map(|l| first + l));
        assert!(found, "{body}\n{faults}");
    }
    built(fine);
}

#[test]
fn what_is_no_claim_is_let_through() {
    for body in [
        "In {lit:2026|date} with {lit:Q8_0|name}: {{a.results.A06|kn}}.\n",
        "Published as {lit:75%|cited https://example.org/a_b}: {{a.results.A06|kn}}.\n",
        "Code `let x = 3;` and `{{a.results.A01|kn}}` stay: {{a.results.A06|kn}}.\n",
        "```\n{{not.a.number}} 12\n```\n\n{{table:results a}}\n",
        "It is worse than a rule ({{a.results.A06.verdict|verdict}}): {{a.results.A06|kn}}.\n",
        "[Method](method/), [here](#scope), [there](https://example.org/1): {{a.results.A06|kn}}.\n",
        "{{fig:dots a}}\n",
    ] {
        built(body);
    }
}

#[test]
fn front_matter_is_refused_in_a_sentence() {
    let with = |from: &str, to: &str| front("").replacen(from, to, 1) + "See {{a.results.A06|kn}}.\n";
    for (text, said) in [
        ("no front matter".to_owned(), "begins with a line +++"),
        (with("date = \"2026-11-22\"", "date = \"22 November\""), "not of the form"),
        (with("date = \"2026-11-22\"", "date = \"2026-13-41\""), "not of the form"),
        (with("category", "kategory"), "front matter"),
        (with("not_measured = [\"Any other model.\"]", "not_measured = []"), "not_measured is empty"),
        (with("change_our_mind = [\"Another battery.\"]", "change_our_mind = []"), "change_our_mind is empty"),
        (with(&card().key, "aaaaaaaaaaaaaaaaaaaaaaaaaa"), "no card is published"),
        (with("It is right in", "It is right in 9 of"), "finding: "),
        (with("What it knows", "What 1 knows"), "title: "),
    ] {
        let faults = build(&sources(text)).expect_err(said);
        assert!(faults.to_string().contains(said), "{said}: {faults}");
    }
}

#[test]
fn a_task_may_be_left_out_by_a_rule_made_before() {
    let body = "Only {{a.results.A01|kn}}.\n";
    let files =
        build(&sources(front("[excluded.a]\nA06 = \"free text is another post's subject\"\n") + body)).unwrap().files;
    assert!(page(&files, "e/what-it-knows/index.html").contains("A06 of a: free text"));
}

#[test]
fn a_card_that_is_not_what_its_folder_says_is_refused() {
    let faults_of = |change: fn(&mut CardSource)| {
        let mut source = card();
        change(&mut source);
        Published::read(&source).expect_err("it was changed").message
    };
    for (change, said) in [
        ((|c| c.key = "aaaaaaaaaaaaaaaaaaaaaaaaaa".into()) as fn(&mut CardSource), "named after another card"),
        (|c| c.samples = None, "samples.jsonl is missing"),
        (|c| c.card.push(b' '), "card.json"),
        (|c| c.samples = c.samples.take().map(|s| s[..s.len() / 2].to_vec()), "samples.jsonl"),
        (
            |c| {
                let rows = c.samples.take().unwrap();
                let cut = rows.iter().position(|&b| b == b'\n').unwrap() + 1;
                c.samples = Some(rows[cut..].to_vec());
            },
            "contradicts its samples",
        ),
    ] {
        let message = faults_of(change);
        assert!(message.contains(said), "{said}: {message}");
    }
}

#[test]
fn an_address_is_checked() {
    for address in
        ["http://example.org", "https://example.org/", "https://a b", "https://x?y", "javascript:x", "https://x\"><b"]
    {
        let mut sources = sources(front("") + "See {{a.results.A06|kn}}.\n");
        sources.address = Some(address.into());
        assert!(build(&sources).is_err(), "{address}");
    }
}

#[test]
fn with_the_app_every_page_loads_it_and_has_one_bar() {
    let mut sources = sources(front("") + "See {{a.results.A06|kn}}.\n");
    sources.script = Script::App;
    let files = build(&sources).unwrap().files;
    let key = card().key;
    let mut pages = 0;
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with("index.html")) {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let up = "../".repeat(path.matches('/').count());
        let up = if up.is_empty() { "./".to_owned() } else { up };
        assert!(text.contains(&format!("<script type=\"module\" src=\"{up}start.js\"></script>")), "{path}");
        assert!(text.contains(&format!("<body data-root=\"{up}\">")), "{path}");
        for page in ["run/", "classify/", "c/", "compare/", "models/", "method/", "selftest/"] {
            assert!(text.contains(&format!("href=\"{up}{page}\"")), "{path} has no {page}");
        }
        pages += 1;
    }
    assert_eq!(pages, 12);
    for path in ["run", "classify", "c", "compare", "local", "selftest", "x"] {
        let text = page(&files, &format!("{path}/index.html"));
        assert!(text.contains(&format!("data-island=\"{path}\"")) && text.contains("<noscript>"), "{path}");
    }
    let home = page(&files, "index.html");
    for mark in [
        "data-island=\"filters\"",
        "data-entry=\"experiment\" data-category=\"Demo\"",
        "data-task=\"A01\nA06\"",
        "data-backend=\"cpu\"",
    ] {
        assert!(home.contains(mark), "{mark}");
    }
    assert!(page(&files, &format!("r/{key}/index.html")).contains("data-island=\"verify\" data-kind=\"run\""));
    // Without the app nothing is loaded and no place is left empty.
    let plain = built("See {{a.results.A06|kn}}.\n");
    assert!(plain.values().all(|bytes| !String::from_utf8_lossy(bytes).contains("data-island")));
}

#[test]
fn a_withdrawn_card_leaves_a_page_without_its_numbers_and_no_post_may_cite_it() {
    let key = card().key;
    let mut sources = sources(front("") + "See {{a.results.A06|kn}}.\n");
    sources.withdrawn =
        Some(format!("{{\"{key}\":{{\"date\":\"2026-11-22\",\"why\":\"The <items> were wrong.\"}}}}").into());
    let faults = build(&sources).expect_err("a post cites it");
    assert!(faults.to_string().contains("was withdrawn on 2026-11-22: a post may not cite it"), "{faults}");
    sources.posts.clear();
    let site = build(&sources).unwrap();
    let tombstone = page(&site.files, &format!("r/{key}/index.html"));
    for said in ["This card was withdrawn", "datetime=\"2026-11-22\"", "The &lt;items&gt; were wrong."] {
        assert!(tombstone.contains(said), "{said}");
    }
    assert!(!tombstone.contains("A06") && !tombstone.contains("/24"));
    let folder = format!("r/{key}/");
    assert_eq!(site.files.keys().filter(|path| path.starts_with(&folder)).count(), 1);
    assert!(site.pictures.is_empty());
    for (path, bytes) in site.files.iter().filter(|(path, _)| !path.starts_with(&folder) && *path != "index.json") {
        assert!(!String::from_utf8_lossy(bytes).contains(&key), "{path} names it");
    }
    // A card whose files are gone keeps its page.
    sources.cards.clear();
    assert!(build(&sources).unwrap().files.contains_key(&format!("{folder}index.html")));
    for (wrong, said) in [
        ("{", "withdrawn.json: it cannot be read"),
        ("{\"x\":{\"date\":\"2026-11-22\",\"why\":\"y\"}}", "no key of a card"),
    ] {
        sources.withdrawn = Some(wrong.into());
        let faults = build(&sources).expect_err(wrong);
        assert!(faults.to_string().contains(said) && faults.0.len() == 1, "{faults}");
    }
}

#[test]
fn a_key_that_the_site_knows_is_named_on_the_cards_that_it_signed_and_only_there() {
    let secret = cards::SecretKey::from_seed(&[7; 32]);
    let mut sources = sources(front("") + "See {{a.results.A06|kn}}.\n");
    sources.script = Script::App;
    sources.keys = Some(format!("{{\"{}\":\"A laboratory\"}}", secret.public()).into());
    let path = format!("r/{}/index.html", card().key);
    let unsigned = build(&sources).unwrap().files;
    assert!(!page(&unsigned, &path).contains("A laboratory"));
    let rows = cards::parse_samples(card().samples.as_ref().unwrap()).unwrap();
    let signed = cards::Card::parse(&card().card).unwrap().signed(&rows, &secret).unwrap();
    sources.cards[0].card = signed.to_canonical_json().unwrap().into_bytes();
    let files = build(&sources).unwrap().files;
    let text = page(&files, &path);
    assert!(text.contains("known to this site as <bdi>A laboratory</bdi>"));
    assert!(text.contains(&format!("data-signer=\"{}\" data-signer-name=\"A laboratory\"", secret.public())));
    sources.keys = None;
    assert!(!page(&build(&sources).unwrap().files, &path).contains("known to this site"));
}

#[test]
fn pictures_are_planned_for_posts_and_cards_and_named_by_whole_addresses_only() {
    let mut sources = sources(front("") + "See {{a.results.A06|kn}}.\n");
    let key = card().key;
    let site = build(&sources).unwrap();
    let paths: Vec<&str> = site.pictures.keys().map(String::as_str).collect();
    assert_eq!(paths, ["e/what-it-knows/og.png".to_owned(), format!("r/{key}/og.png")]);
    assert!(site.pictures.values().all(|svg| svg.contains("width=\"1200\" height=\"630\"")));
    let post = page(&site.files, "e/what-it-knows/index.html");
    assert!(post.contains("property=\"og:image\" content=\"https://example.org/sweetspot/e/what-it-knows/og.png\""));
    sources.address = None;
    assert!(!page(&build(&sources).unwrap().files, "e/what-it-knows/index.html").contains("og:image"));
}

/// A replay of the fixture in which every item agrees, signed by a key made of one byte.
fn replay(seed: Option<u8>, vendor: &str, change: impl Fn(&mut cards::SampleRow)) -> CardSource {
    let source = card();
    let run = cards::Card::parse(&source.card).unwrap();
    let samples = cards::parse_samples(source.samples.as_deref().unwrap()).unwrap();
    let order = cards::replay_order(&run.id, &[5; cards::NONCE_BYTES], samples.len(), samples.len()).unwrap();
    let mut found: Vec<cards::SampleRow> = order.iter().map(|&i| samples[i].clone()).collect();
    found.iter_mut().for_each(change);
    let pairs: Vec<_> = order.iter().map(|&i| &samples[i]).zip(found.iter().map(Some)).collect();
    let mut environment = run.environment.clone();
    vendor.clone_into(&mut environment.adapter.vendor);
    let facts = cards::ReplayFacts {
        created: "2026-11-22T12:00:00Z".into(),
        producer: run.producer.clone(),
        evaluator: run.evaluator.clone(),
        engine: run.engine.clone(),
        environment,
        numerics: cards::Numerics { verdict: cards::GateVerdict::Pass, ..run.numerics.clone() },
        nonce: [5; cards::NONCE_BYTES],
        excluded: vec![],
        drift: cards::Drift { own: 1e-4, stated: 1e-4 },
    };
    let mut made = cards::ReplayCard::make(cards::Sampled { card: &run, samples: &samples }, &pairs, facts).unwrap();
    if let Some(seed) = seed {
        made = made.signed(&cards::SecretKey::from_seed(&[seed; 32])).unwrap();
    }
    let key = cards::card_key(&made.id).unwrap();
    CardSource { key, card: made.to_canonical_json().unwrap().into_bytes(), samples: None }
}

#[test]
fn signed_replays_raise_a_runs_level_and_one_that_contradicts_does_not() {
    let level = |replays: Vec<CardSource>| {
        let mut sources = sources(front("") + "\n{{table:results a}}\n");
        sources.cards.extend(replays);
        let files = build(&sources).unwrap_or_else(|faults| panic!("{faults}")).files;
        page(&files, &format!("r/{}/index.html", card().key))
    };
    let same = |_: &mut cards::SampleRow| ();
    let two = level(vec![replay(Some(1), "cpu", same), replay(Some(2), "apple", same)]);
    assert!(two.contains("replayed (2 keys, 2 adapter families)"));
    assert!(two.contains("48 of 48 items agree: replayed"));
    let unsigned = level(vec![replay(None, "cpu", same)]);
    assert!(!unsigned.contains("replayed (") && unsigned.contains("48 of 48 items agree: replayed"));
    let other = |row: &mut cards::SampleRow| row.prompt_hash = "0".repeat(64);
    let contradicted = level(vec![replay(Some(1), "cpu", same), replay(Some(2), "apple", other)]);
    assert!(!contradicted.contains("replayed (") && contradicted.contains("0 of 48 items agree: contradicted"));
    let alone = Sources { cards: vec![replay(Some(1), "cpu", same)], ..Sources::default() };
    assert!(build(&alone).unwrap_err().to_string().contains("the run that this card replays is not published"));
}
