//! What a replay makes of rows that agree, nearly agree and do not.

mod common;

use cards::*;

const NONCE: [u8; NONCE_BYTES] = [1; NONCE_BYTES];
/// Both sides' largest logit difference: 2e-4, as between two backends in f32.
const DRIFT: f64 = 2e-4;

/// Replays all rows of a task against themselves after a change of those found.
fn replayed(task: &str, change: impl Fn(usize, &mut SampleRow)) -> Replayed {
    let (card, rows) = common::sealed();
    let stated: Vec<SampleRow> = rows.into_iter().filter(|r| r.task == task).collect();
    let mut found = stated.clone();
    found.iter_mut().enumerate().for_each(|(i, row)| change(i, row));
    judge(&card, &NONCE, DRIFT, &stated.iter().zip(found.iter().map(Some)).collect::<Vec<_>>())
}

fn counts(replayed: &Replayed) -> [u64; 3] {
    [replayed.agree, replayed.near_tie, replayed.contradict]
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
    assert_eq!(other.rows[0].why, "a score differs by 0.0500 nats, and 0.0032 are allowed");
    let prompt = replayed("A04", |i, row| {
        if i == 3 {
            row.prompt_hash = common::hash(9);
        }
    });
    assert_eq!((counts(&prompt), prompt.rows[3].why.as_str()), ([23, 0, 1], "the prompt's token ids differ"));
}

#[test]
fn another_label_is_a_near_tie_within_rounding_only() {
    let (card, rows) = common::sealed();
    let stated: Vec<SampleRow> = rows.into_iter().filter(|r| r.task == "A04").take(20).collect();
    let outcome = |margin: f64, flipped: usize| {
        let mut stated = stated.clone();
        for row in &mut stated {
            row.margin = Some(margin);
        }
        let mut found = stated.clone();
        for row in found.iter_mut().take(flipped) {
            row.pred = row.choices.iter().find(|c| Some(*c) != row.pred.as_ref()).cloned();
        }
        judge(&card, &NONCE, DRIFT, &stated.iter().zip(found.iter().map(Some)).collect::<Vec<_>>())
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
    assert_eq!(later.rows[0].why, "the texts part at token 2");
    assert_eq!(counts(&replayed("A10", |_, row| row.tok_out = vec![99])), [0, 0, 24]);
    let read = replayed("A10", |_, row| row.pred = Some("something else".into()));
    assert_eq!((counts(&read), read.rows[0].why.as_str()), ([0, 0, 24], "the same tokens, read as something else"));
}

#[test]
fn an_item_without_an_answer_contradicts() {
    let (card, rows) = common::sealed();
    let replayed = judge(&card, &NONCE, DRIFT, &[(&rows[0], None)]);
    assert_eq!((counts(&replayed), replayed.rows[0].why.as_str()), ([0, 0, 1], "it has no answer here"));
    let json = serde_json::to_string(&replayed).unwrap();
    assert_eq!(serde_json::from_str::<Replayed>(&json).unwrap(), replayed);
}
