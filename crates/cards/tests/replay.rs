//! What a replay makes of rows that agree, nearly agree and do not, and what its card holds against its run.

mod common;

use cards::*;

const NONCE: [u8; NONCE_BYTES] = [1; NONCE_BYTES];
/// Each side's largest logit difference: 1e-4, as of a backend in f32.
const DRIFT: Drift = Drift { own: 1e-4, stated: 1e-4 };

fn facts(card: &Card) -> ReplayFacts {
    ReplayFacts {
        created: "2026-11-22T10:00:00Z".to_owned(),
        producer: card.producer.clone(),
        evaluator: card.evaluator.clone(),
        engine: card.engine.clone(),
        environment: card.environment.clone(),
        numerics: card.numerics.clone(),
        nonce: NONCE,
        excluded: vec![],
        drift: DRIFT,
    }
}

/// Judges rows against those found.
fn judged(stated: &[SampleRow], found: &[SampleRow]) -> Replay {
    let (card, samples) = common::sealed();
    let pairs: Vec<_> = stated.iter().zip(found.iter().map(Some)).collect();
    ReplayCard::make(Sampled { card: &card, samples: &samples }, &pairs, facts(&card)).unwrap().replay
}

/// Replays all rows of a task against themselves after a change of those found.
fn replayed(task: &str, change: impl Fn(usize, &mut SampleRow)) -> Replay {
    let stated: Vec<SampleRow> = common::sealed().1.into_iter().filter(|r| r.task == task).collect();
    let mut found = stated.clone();
    found.iter_mut().enumerate().for_each(|(i, row)| change(i, row));
    judged(&stated, &found)
}

fn counts(replayed: &Replay) -> [u64; 3] {
    [replayed.agree, replayed.near_tie, replayed.contradict]
}

/// The card of a replay in which one item contradicts.
fn drawn() -> (Card, Vec<SampleRow>, ReplayCard) {
    let (card, samples) = common::sealed();
    let order = replay_order(&card.id, &NONCE, samples.len(), REPLAY_ITEMS).unwrap();
    let stated: Vec<&SampleRow> = order.iter().map(|&i| &samples[i]).collect();
    let mut found: Vec<SampleRow> = stated.iter().map(|row| (*row).clone()).collect();
    found[7].prompt_hash = common::hash(9);
    let pairs: Vec<_> = stated.iter().copied().zip(found.iter().map(Some)).collect();
    let made = ReplayCard::make(Sampled { card: &card, samples: &samples }, &pairs, facts(&card)).unwrap();
    (card, samples, made)
}

#[test]
fn equal_rows_and_rounding_agree() {
    let same = replayed("A04", |_, _| ());
    assert_eq!((counts(&same), same.outcome), ([24, 0, 0], ReplayOutcome::Replayed));
    // LPx, labels of one token and the end of the turn: 2 x 2e-4 x 2 x 4 = 3.2e-3.
    let tolerance = same.rows[0].tolerance;
    assert!((tolerance - 3.2e-3).abs() < 1e-12, "{tolerance}");
    let rounded = replayed("A04", |i, row| row.lls[i % 3] = row.lls[i % 3].map(|x| x + 0.9 * tolerance));
    assert_eq!(counts(&rounded), [24, 0, 0]);
    assert!(rounded.rows.iter().all(|r| (r.difference.unwrap() - 0.9 * tolerance).abs() < 1e-9));
}

#[test]
fn another_model_contradicts_although_its_labels_are_the_same() {
    let other = replayed("A04", |_, row| row.lls[0] = row.lls[0].map(|x| x - 0.05));
    assert_eq!((counts(&other), other.outcome), ([0, 0, 24], ReplayOutcome::Contradicted));
    assert_eq!((other.rows[0].why, other.rows[0].difference), (Why::OtherScore, Some(0.05)));
    let prompt = replayed("A04", |i, row| {
        if i == 3 {
            row.prompt_hash = common::hash(9);
        }
    });
    assert_eq!((counts(&prompt), prompt.rows[3].why), ([23, 0, 1], Why::OtherPrompt));
    let labels = replayed("A04", |_, row| row.choices.reverse());
    assert_eq!((counts(&labels), labels.rows[0].why), ([0, 0, 24], Why::OtherLabels));
}

#[test]
fn another_label_is_a_near_tie_within_rounding_only() {
    let stated: Vec<SampleRow> = common::sealed().1.into_iter().filter(|r| r.task == "A04").take(20).collect();
    let outcome = |margin: f64, flipped: usize| {
        let mut stated = stated.clone();
        for row in &mut stated {
            row.margin = Some(margin);
        }
        let mut found = stated.clone();
        for row in found.iter_mut().take(flipped) {
            row.pred = row.choices.iter().find(|c| Some(*c) != row.pred.as_ref()).cloned();
        }
        judged(&stated, &found)
    };
    assert_eq!((counts(&outcome(1e-3, 1)), outcome(1e-3, 1).outcome), ([19, 1, 0], ReplayOutcome::Replayed));
    assert_eq!((counts(&outcome(1e-3, 2)), outcome(1e-3, 2).outcome), ([18, 2, 0], ReplayOutcome::Open));
    assert_eq!((counts(&outcome(0.1, 1)), outcome(0.1, 1).outcome), ([19, 0, 1], ReplayOutcome::Contradicted));
}

#[test]
fn texts_agree_by_their_tokens() {
    assert_eq!(counts(&replayed("A10", |_, _| ())), [24, 0, 0]);
    // Texts that part later are left open: how near the tokens were is not recorded.
    let later = replayed("A10", |_, row| row.tok_out = vec![17, 99, 98]);
    assert_eq!((counts(&later), later.outcome), ([0, 24, 0], ReplayOutcome::Open));
    assert_eq!((later.rows[0].why, later.rows[0].parted), (Why::Parts, Some(1)));
    let first = replayed("A10", |_, row| row.tok_out = vec![99]);
    assert_eq!((counts(&first), first.rows[0].why), ([0, 0, 24], Why::OtherToken));
    let read = replayed("A10", |_, row| row.pred = Some("something else".into()));
    assert_eq!((counts(&read), read.rows[0].why), ([0, 0, 24], Why::OtherReading));
}

#[test]
fn an_item_without_an_answer_contradicts() {
    let (card, samples) = common::sealed();
    let pairs = [(&samples[0], None)];
    let made = ReplayCard::make(Sampled { card: &card, samples: &samples }, &pairs, facts(&card)).unwrap();
    assert_eq!((counts(&made.replay), made.replay.rows[0].why), ([0, 0, 1], Why::NoAnswer));
}

#[test]
fn a_side_is_believed_what_its_precision_allows_and_no_more() {
    let believed = |own, stated| Drift::of(own, 1e-3, stated, 1e-3);
    assert_eq!(believed(1e-5, Some(2e-5)), Drift { own: 1e-5, stated: 2e-5 });
    assert_eq!(believed(1e-5, None), Drift { own: 1e-5, stated: 1e-5 });
    assert_eq!(believed(7.0, Some(7.0)), Drift { own: 1e-3, stated: 1e-3 });
    assert_eq!(believed(1.000_1e-5, Some(0.0)), Drift { own: 1.1e-5, stated: 0.0 });
}

#[test]
fn a_replay_is_a_card_that_is_read_back_signed_and_held_against_its_run() {
    let (card, samples, made) = drawn();
    let run = Sampled { card: &card, samples: &samples };
    assert_eq!((made.replay.k, counts(&made.replay)), (59, [58, 0, 1]));
    assert_eq!(made.replay.population, samples.len() as u64);
    let text = made.to_canonical_json().unwrap();
    assert_eq!(Document::parse(text.as_bytes()).unwrap(), Document::Replay(Box::new(made.clone())));
    assert_eq!((made.check(None), made.check(Some(run))), (vec![], vec![]));
    let key = SecretKey::from_seed(&[3; 32]);
    let signed = made.signed(&key).unwrap();
    assert_eq!((signed.id.as_str(), signed.check(Some(run))), (made.id.as_str(), vec![]));
    assert_eq!(signed.signature(), SignatureState::Valid { key: key.public() });
    let changed = ReplayCard { title: "Another".into(), ..signed };
    let renamed = ReplayCard { id: changed.content_id().unwrap(), ..changed };
    assert_eq!(renamed.signature(), SignatureState::Wrong);
    let page = replay_page(&made);
    assert!(page.contains("58/59") && page.contains("token ids differ"));
    assert!(
        page.contains("Demo model, not Gemma.") == made.limitations.iter().any(|n| n.code == limitation::DEMO_MODEL)
    );
}

/// A path, and a change that must be found there.
type Change = (&'static str, fn(&mut Replay));

/// One field changed, the identity computed anew: what a verifier who cheats would publish.
#[test]
fn every_change_is_found_and_named() {
    let (card, samples, made) = drawn();
    let run = Sampled { card: &card, samples: &samples };
    let found = |change: &dyn Fn(&mut Replay)| {
        let mut forged = made.clone();
        change(&mut forged.replay);
        forged.id = forged.content_id().unwrap();
        forged.check(Some(run)).into_iter().map(|c| c.path).collect::<Vec<_>>()
    };
    let changes: [Change; 12] = [
        ("replay.k", |r| r.k = 60),
        ("replay.agree", |r| r.agree = 59),
        ("replay.contradict", |r| r.contradict = 0),
        ("replay.outcome", |r| r.outcome = ReplayOutcome::Replayed),
        ("replay.population", |r| r.population = 100),
        ("replay.rows[7].judgement", |r| r.rows[7].judgement = Judgement::Agrees),
        ("replay.rows[0].sample_id", |r| r.rows.swap(0, 1)),
        ("replay.rows[0].margin", |r| r.rows[0].margin = Some(9.0)),
        ("replay.rows[0].stated", |r| r.rows[0].stated = Some("other".into())),
        ("replay.rows[0].tolerance", |r| r.rows[0].tolerance = 5.0),
        ("replay.target.weights_sha256", |r| r.target.weights_sha256 = common::hash(4)),
        ("replay.drift.stated", |r| r.drift.stated = 2.0),
    ];
    for (path, change) in changes {
        let all = found(&change);
        assert!(all.iter().any(|p| p == path), "{path}: {all:?}");
    }
    // Another nonce draws other items.
    let other = found(&|r| r.nonce = "00".repeat(NONCE_BYTES));
    assert!(other.iter().any(|p| p.contains("].sample_id")), "{other:?}");
    assert_eq!(found(&|r| r.target.id = format!("sha256:{}", common::hash(4))), ["replay.target.id"]);
    // An agreement that its own figures deny.
    let denied = found(&|r| {
        let row = r.rows.iter_mut().find(|row| row.difference.is_some()).unwrap();
        row.difference = Some(row.tolerance + 1.0);
    });
    assert!(denied.iter().any(|p| p.contains("].why")), "{denied:?}");
}

#[test]
fn a_replay_that_breaks_a_rule_is_refused_by_name() {
    let (_, _, made) = drawn();
    let refused = |change: &dyn Fn(&mut ReplayCard)| {
        let mut forged = made.clone();
        change(&mut forged);
        forged.id = forged.content_id().unwrap();
        ReplayCard::parse(forged.to_canonical_json().unwrap().as_bytes()).unwrap_err().to_string()
    };
    for (path, change) in [
        ("numerics.verdict", &(|c: &mut ReplayCard| c.numerics.verdict = GateVerdict::NotCompared) as &dyn Fn(&mut _)),
        ("provenance", &|c: &mut ReplayCard| c.provenance = Provenance::Imported),
        ("replay.nonce", &|c: &mut ReplayCard| c.replay.nonce = "zz".into()),
        ("replay.rows", &|c: &mut ReplayCard| c.replay.rows.clear()),
        ("replay.rows", &|c: &mut ReplayCard| c.replay.rows.push(c.replay.rows[0].clone())),
        ("replay.population", &|c: &mut ReplayCard| c.replay.population = 3),
        ("replay.excluded", &|c: &mut ReplayCard| c.replay.excluded = vec!["B".into(), "A".into()]),
        ("replay.drift.own", &|c: &mut ReplayCard| c.replay.drift.own = -1.0),
        ("replay.rows[2]", &|c: &mut ReplayCard| c.replay.rows[2].margin = Some(2e9)),
    ] {
        let why = refused(change);
        assert!(why.contains(path), "{path}: {why}");
    }
}
