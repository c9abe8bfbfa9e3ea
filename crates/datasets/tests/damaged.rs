//! The public files, damaged in many ways: refused in a sentence, or read.

mod common;

use common::{Bytes, borrowed, files, shared};
use datasets::DATASETS;

/// SplitMix64.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }
}

/// Damages a file in one of several ways.
fn damage(bytes: &mut Vec<u8>, draw: &mut Draw) {
    let at = draw.below(bytes.len());
    match draw.below(7) {
        0 => bytes.truncate(at),
        1 => bytes[at] ^= 1 << draw.below(8),
        2 => {
            let to = (at + draw.below(400)).min(bytes.len());
            bytes.drain(at..to);
        }
        3 => {
            let piece: Vec<u8> = bytes[at..(at + draw.below(400)).min(bytes.len())].to_vec();
            let to = draw.below(bytes.len());
            bytes.splice(to..to, piece);
        }
        4 => {
            let pieces =
                ["{", "]", "\"", "\t", "\n\n", "\0", "\u{feff}", "null", "999999999999999999999", "\\ud800", "[[["];
            let piece = pieces[draw.below(pieces.len())].repeat(1 + draw.below(300));
            bytes.splice(at..at, piece.bytes());
        }
        5 => {
            for _ in 0..=draw.below(40) {
                let place = draw.below(bytes.len());
                bytes[place] = draw.below(256) as u8;
            }
        }
        _ => {
            let letter = b"\"{}[]:,\t-"[draw.below(9)];
            if let Some(found) = bytes[at..].iter().position(|b| *b == letter) {
                bytes.remove(at + found);
            }
        }
    }
}

#[test]
fn damaged_files_are_refused_in_a_sentence_or_read() {
    let Some(root) = shared() else { return };
    let mut draw = Draw(20);
    let (mut refused, mut taken) = (0, 0);
    for set in DATASETS {
        let whole = files(&root, set);
        let rounds = if whole.iter().any(|(_, bytes)| bytes.len() > 1_000_000) { 12 } else { 60 };
        for round in 0..rounds {
            let items: Vec<usize> = (0..whole.len()).filter(|i| set.file(whole[*i].0).unwrap().records > 0).collect();
            let Some(&kept) = items.get(draw.below(items.len())) else { continue };
            // One file with items and all that go with it; any of these is damaged.
            let mut some: Bytes = whole.clone();
            let mut i = 0;
            some.retain(|(path, _)| {
                i += 1;
                i - 1 == kept || set.file(path).unwrap().records == 0
            });
            let target = draw.below(some.len());
            // Small files go through more states; most of a large file is alike.
            let bytes = &mut some[target].1;
            if round % 2 == 0 && bytes.len() > 20_000 {
                bytes.truncate(20_000);
            }
            damage(bytes, &mut draw);
            for task in set.tasks {
                match (task.parse)(&borrowed(&some)) {
                    Ok(_) => taken += 1,
                    Err(error) => {
                        refused += 1;
                        let text = error.to_string();
                        assert!(text.contains("expected ") && text.contains(", found "), "{text}");
                        assert!(text.len() < 700 && !text.contains('\n'), "{text}");
                        let names = set.files.iter().any(|f| error.file == f.path) || error.file == set.id;
                        assert!(names, "{text}");
                    }
                }
            }
        }
    }
    println!("{refused} refused, {taken} taken");
    assert!(refused > 300 && taken > 100, "{refused} refused, {taken} taken");
}
