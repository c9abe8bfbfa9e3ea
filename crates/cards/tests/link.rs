//! The compact form, links and signatures: what goes in comes out, and nothing else does.

mod common;

use std::io::Write;

use cards::*;
use data_encoding::BASE64URL_NOPAD;
use flate2::{Compression, write::DeflateEncoder};
use proptest::prelude::*;

fn key() -> SecretKey {
    SecretKey::from_seed(&[3; 32])
}

fn signed() -> (Card, Vec<SampleRow>, Compact) {
    let (card, rows) = common::sealed();
    let card = card.signed(&rows, &key()).unwrap();
    let compact = Compact::of(&card, &rows).unwrap();
    (card, rows, compact)
}

/// A link around any bytes.
fn around(json: &[u8]) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(json).unwrap();
    format!("1.{}", BASE64URL_NOPAD.encode(&encoder.finish().unwrap()))
}

fn refused(fragment: &str) -> String {
    Compact::from_link(fragment).expect_err("the link was accepted").to_string()
}

/// The sentence for a link whose JSON is changed as text.
fn edited(from: &str, to: &str) -> String {
    let text = to_canonical(&signed().2).unwrap();
    assert!(text.contains(from), "the fixture has no {from} in {text}");
    refused(&around(text.replacen(from, to, 1).as_bytes()))
}

#[test]
fn a_link_says_what_its_card_says() {
    let (card, rows, compact) = signed();
    let link = compact.to_link().unwrap();
    let read = Compact::from_link(&link).unwrap();
    assert_eq!(read, compact);
    assert_eq!((&read.id, &read.title, read.samples.1), (&card.id, &card.title, rows.len() as u64));
    assert_eq!(read.created, 1_795_269_600, "2026-11-21T14:00:00Z");
    let headlines: Vec<&ResultRow> = card.results.iter().filter(|r| r.metric_id == "accuracy").collect();
    assert_eq!(read.results.len(), headlines.len());
    for (short, row) in read.read().iter().zip(headlines) {
        assert_eq!((&short.task, &short.mode, short.k, short.n), (&row.task, &row.mode, row.k, row.n));
        assert_eq!(
            (short.verdict, short.lost),
            (row.verdict, [row.n_unparsable, row.n_degenerate, row.n_error, row.n_skipped])
        );
        let limits = &row.uncertainty.confidence_interval;
        assert!((short.limits.lower - limits.lower).abs() < 1e-4 && (short.limits.upper - limits.upper).abs() < 1e-4);
        let outcomes = read.outcomes_of(&row.task, &row.mode).unwrap();
        let of_task: Vec<&SampleRow> = rows.iter().filter(|s| s.task == row.task).collect();
        assert_eq!(outcomes.len(), of_task.len());
        for (outcome, sample) in outcomes.iter().zip(of_task) {
            assert_eq!(*outcome == Outcome::Correct, sample.verdict == ItemVerdict::Correct, "{}", sample.sample_id);
        }
    }
}

#[test]
fn a_signature_is_of_card_and_link() {
    let (card, rows, compact) = signed();
    let valid = SignatureState::Valid { key: key().public() };
    assert_eq!(card.signature(Some(&rows)), valid);
    assert_eq!(card.signature(None), valid);
    assert_eq!(compact.signature(), valid);
    let (unsigned, _) = common::sealed();
    assert_eq!(unsigned.signature(None), SignatureState::Unsigned);
    assert_eq!(unsigned.id, card.id, "signing leaves the identity alone");
    let written = card.to_canonical_json().unwrap();
    let again = Card::parse(written.as_bytes()).unwrap();
    assert_eq!((again.check(Some(&rows)), again.signature(Some(&rows))), (vec![], valid));
    // Another card under the signature, and other samples under the card.
    let other = Card { id: format!("sha256:{}", common::hash(1)), ..card.clone() };
    assert_eq!(other.signature(None), SignatureState::Wrong);
    assert_eq!(card.signature(Some(&rows[1..])), SignatureState::Wrong);
    let renamed = Compact { title: "Another title".into(), ..compact };
    assert_eq!(renamed.signature(), SignatureState::Wrong);
}

#[test]
fn a_signature_made_elsewhere_is_taken_only_if_it_fits() {
    let (unsigned, rows) = common::sealed();
    let by_us = unsigned.signed(&rows, &key()).unwrap();
    let sig = by_us.sig.clone().unwrap();
    assert_eq!(unsigned.with_signature(&rows, &sig.key, &sig.value).unwrap(), by_us);
    let message = unsigned.signing_message(&rows).unwrap();
    assert!(message.starts_with(b"sweetspot:benchcard/1:c1\0") && message.len() == 25 + 64);
    assert_ne!(unsigned.signing_message(&rows[1..]).unwrap(), message);
    let other = SecretKey::from_seed(&[4; 32]).public();
    for (rows, key, value) in
        [(&rows[1..], &sig.key, &sig.value), (&rows[..], &other, &sig.value), (&rows[..], &sig.key, &sig.key)]
    {
        let refused = unsigned.with_signature(rows, key, value).unwrap_err().to_string();
        assert!(refused.contains("its signature is not what benchcard/1 asks for"), "{refused}");
    }
}

/// Every bit of a signed link: refused, or the signature is wrong, or the content is the same (the spare bits of the last
/// byte, and other codings of the same text).
#[test]
fn no_bit_of_a_signed_link_can_be_changed_unseen() {
    let (_, _, compact) = signed();
    let link = compact.to_link().unwrap();
    let packed = BASE64URL_NOPAD.decode(&link.as_bytes()[2..]).unwrap();
    let (mut refused, mut wrong, mut same) = (0, 0, 0);
    for bit in 0..packed.len() * 8 {
        let mut flipped = packed.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        match Compact::from_link(&format!("1.{}", BASE64URL_NOPAD.encode(&flipped))) {
            Err(_) => refused += 1,
            Ok(read) if read == compact => same += 1,
            Ok(read) => {
                assert_eq!(read.signature(), SignatureState::Wrong, "bit {bit}");
                wrong += 1;
            }
        }
    }
    assert!(refused > 0 && same < 16, "{refused} refused, {wrong} wrong, {same} the same");
}

#[test]
fn damaged_links_have_their_sentence() {
    let link = signed().2.to_link().unwrap();
    insta::assert_snapshot!(refused(""), @"the link holds no card: paste a link, or open a card file");
    insta::assert_snapshot!(refused(&link[..link.len() - 3]), @"the link is cut off: copy it again, or ask for the card as a file");
    insta::assert_snapshot!(refused("1."), @"the link is cut off: copy it again, or ask for the card as a file");
    insta::assert_snapshot!(refused(&link.replacen("1.", "2.", 1)), @"the link is of a newer format (2), and this copy reads 1: open it on a newer copy of the site");
    insta::assert_snapshot!(refused(&link[2..]), @"the link is damaged at character 1: copy it again as a whole");
    insta::assert_snapshot!(refused(&format!("{}!{}", &link[..40], &link[41..])), @"the link is damaged at character 41: copy it again as a whole");
    insta::assert_snapshot!(refused(&format!("1.{}", "A".repeat(MAX_LINK))), @"the link has 16386 characters, more than the 16384 that are read: ask for the card as a file");
    insta::assert_snapshot!(refused("1.____"), @"the link is damaged, its contents cannot be unpacked: copy it again, or ask for the card as a file");
    let mut packed = BASE64URL_NOPAD.decode(&link.as_bytes()[2..]).unwrap();
    packed.extend([0, 0]);
    insta::assert_snapshot!(refused(&format!("1.{}", BASE64URL_NOPAD.encode(&packed))), @"the link has 2 bytes after its end: copy it again as a whole");
    insta::assert_snapshot!(refused(&around(&vec![b' '; MAX_LINK_JSON + 1])), @"the link unpacks to more than 262144 bytes, which no card does; it was not opened");
    insta::assert_snapshot!(refused(&around(&vec![b'['; 200_000])), @"the link holds no card that this copy can read: nesting at [0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0] is deeper than 16 levels; no card needs that");
    insta::assert_snapshot!(refused(&around(b"{}")), @"the link holds no card that this copy can read: at $: missing field `v`");
}

#[test]
fn links_that_lie_have_their_sentence() {
    insta::assert_snapshot!(edited("\"v\":\"c1\"", "\"v\":\"c2\""), @"the link holds no card that this copy can read: at v: unknown variant `c2`, expected `c1`");
    insta::assert_snapshot!(edited("\"accuracy\",18,24,", "\"accuracy\",25,24,"), @"the link holds no card that this copy can read: expected counts of at most n at r[0], found 24; expected shares from 0 to 1 at r[0], found [2.0, 0.0, 1.0, 0.0, 0.8]; expected outcomes that give the counts of its row at o.A01/LPx, found 25");
    insta::assert_snapshot!(edited("\"accuracy\",18,24,", "\"accuracy\",17,24,"), @"the link holds no card that this copy can read: expected outcomes that give the counts of its row at o.A01/LPx, found 17");
    insta::assert_snapshot!(edited("\"d\":", "\"d\":1,\"d\":"), @"the link holds no card that this copy can read: the key `d` occurs twice at $; a card names each key once");
    insta::assert_snapshot!(edited("\"d\":", "\"d\": "), @"the link holds no card that this copy can read: the bytes are not RFC 8785 canonical JSON from byte 5 on; a card is refused, not repaired");
    insta::assert_snapshot!(edited("\"l\":[", "\"l\":[1e999,"), @"the link holds no card that this copy can read: not JSON: number out of range at line 1 column 392");
    insta::assert_snapshot!(edited("\"l\":[", "\"l\":[9007199254740992,"), @"the link holds no card that this copy can read: expected a number within 2^53 - 1 at l[0], found 9007199254740992; other readers would change it");
    insta::assert_snapshot!(edited("\"i\":\"sha256:", "\"i\":\"md5:"), @"the link holds no card that this copy can read: expected `sha256:` and 64 hexadecimal digits at i, found md5:0f73d4f446da26d0fe535e80f4e2e7f4af0791b27563f975f2dc8285dcefe1bb");
    insta::assert_snapshot!(edited("\"x\":[", "\"w\":1,\"x\":["), @"the link holds no card that this copy can read: at w: unknown field `w`, expected one of `v`, `i`, `t`, `d`, `m`, `u`, `e`, `g`, `r`, `s`, `l`, `f`, `x`, `o`, `k`");
}

/// 18 tasks of 96 items whose outcomes no packer can shorten.
fn quick() -> (Card, Vec<SampleRow>) {
    let (mut draft, source) = (common::draft(), common::rows());
    let rows_of: Vec<&SampleRow> = source.iter().filter(|r| r.task == "A04").collect();
    let mut random: u64 = 20_261_122;
    let mut next = move || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize
    };
    let find = |task: &str| draft.tasks.iter().find(|t| t.task == task).unwrap().clone();
    let (task, set) = (find("A04"), draft.datasets[0].clone());
    let result = draft.results.iter().find(|r| r.task == "A04").unwrap().clone();
    let ids: Vec<String> = (1..=18).map(|i| format!("A{i:02}")).collect();
    let mut rows = Vec::new();
    for id in &ids {
        for i in 0..96 {
            let mut row = rows_of[next() % rows_of.len()].clone();
            (row.task, row.sample_id, row.cluster) = (id.clone(), format!("{id}-{i:03}"), format!("{id}-{i}"));
            row.doc_id = rows.len() as u64;
            rows.push(row);
        }
    }
    draft.tasks = ids.iter().map(|id| Task { task: id.clone(), ..task.clone() }).collect();
    draft.datasets = ids.iter().map(|id| Dataset { name: id.clone(), ..set.clone() }).collect();
    let baselines = vec![Baseline { name: "majority".into(), k: Some(32), n: 96, score: 0.0 }];
    draft.results = ids
        .iter()
        .map(|id| ResultDraft { task: id.clone(), n: 96, baselines: baselines.clone(), ..result.clone() })
        .collect();
    draft.bias.clear();
    (Card::seal(draft, &rows).unwrap(), rows)
}

#[test]
fn a_signed_quick_card_with_its_outcomes_stays_short() {
    let (card, rows) = quick();
    let card = card.signed(&rows, &key()).unwrap();
    let compact = Compact::of(&card, &rows).unwrap();
    let link = compact.to_link().unwrap();
    assert_eq!(compact.outcomes.as_ref().map(std::collections::BTreeMap::len), Some(18));
    assert!(link.len() <= SHORT_LINK, "{} characters", link.len());
    assert_eq!(Compact::from_link(&link).unwrap(), compact);
}

proptest! {
    #[test]
    fn any_fragment_is_read_or_refused(fragment in "(1\\.)?[A-Za-z0-9_.&=-]{0,200}") {
        let _ = Compact::from_link(&fragment);
    }

    #[test]
    fn any_json_inside_is_read_or_refused(text in "\\PC{0,80}") {
        prop_assert!(Compact::from_link(&around(text.as_bytes())).is_err());
    }
}
