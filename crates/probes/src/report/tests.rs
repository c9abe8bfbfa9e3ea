//! Reports whose numbers were computed by hand.

use super::*;
use crate::stats::Paired;
use ItemVerdict::{Correct, Degenerate, Incorrect, Unparsable};

/// Half of the sixth decimal: the goldens are given to six.
const HALF_DIGIT: f64 = 5.000_01e-7;

fn close(name: &str, found: f64, expected: f64) {
    assert!((found - expected).abs() < HALF_DIGIT, "{name}: {found}, expected {expected}");
}

/// An item that is its own cluster, right if it is answered with its gold.
fn item(id: usize, gold: &str, predicted: &str) -> Judged {
    Judged {
        item_id: format!("i{id:03}"),
        cluster: format!("c{id:03}"),
        gold: gold.to_string(),
        predicted: Some(predicted.to_string()),
        verdict: if gold == predicted { Correct } else { Incorrect },
        margin: None,
    }
}

fn broken(id: usize, gold: &str, verdict: ItemVerdict) -> Judged {
    Judged { predicted: None, verdict, ..item(id, gold, "") }
}

/// Two runs over items with gold `a`, from how often each pair of answers occurs.
fn two(counts: &[(&str, &str, usize)]) -> (Vec<Judged>, Vec<Judged>) {
    let answers = counts.iter().flat_map(|&(first, second, n)| std::iter::repeat_n((first, second), n));
    answers.enumerate().map(|(i, (first, second))| (item(i, "a", first), item(i, "a", second))).unzip()
}

fn counts(share: Share) -> (u64, u64) {
    (share.rate.k, share.rate.n)
}

#[test]
fn golden_agreement() {
    let (first, second) = two(&[("a", "a", 20), ("a", "b", 5), ("b", "a", 10), ("b", "b", 15)]);
    let found = agreement(&first, &second, 0).unwrap();
    let kappa = found.kappa.unwrap();
    close("kappa", kappa.value, 0.4);
    close("half-width", kappa.half_width, 0.254_040);
    assert_eq!(found.correct, Paired { both: 20, first_only: 5, second_only: 10, neither: 15 });
    // 2·(1 + 15 + 105 + 455 + 1365 + 3003)/2^15, and less 3003/2^15.
    close("p", found.mcnemar.p, 9_888.0 / 32_768.0);
    close("mid-p", found.mcnemar.mid_p, 6_885.0 / 32_768.0);
    close("difference", found.difference.value, -0.1);
    assert_eq!((counts(found.agreed), counts(found.right_where_agreed)), ((35, 50), (20, 35)));
    let pair = |first: &str, second: &str, n, first_right, second_right| PairCount {
        first: first.into(),
        second: second.into(),
        n,
        first_right,
        second_right,
    };
    assert_eq!(found.pairs, [pair("b", "a", 10, 0, 10), pair("a", "b", 5, 5, 0)]);
    assert_eq!(found.only_first, ["i020", "i021", "i022", "i023", "i024"]);
    assert_eq!((found.only_second.len(), found.only_second[0].as_str()), (10, "i025"));
    assert_eq!((found.n, found.clusters, found.clustered, found.by_coverage.len()), (50, 50, None, 0));
    // The specification's table for Newcombe's interval.
    let (first, second) = two(&[("a", "a", 36), ("a", "b", 12), ("b", "a", 2)]);
    let found = agreement(&first, &second, 0).unwrap();
    for (name, value, expected) in [
        ("value", found.difference.value, 0.2),
        ("lower", found.difference.lower, 0.056_930),
        ("upper", found.difference.upper, 0.340_428),
        ("p", found.mcnemar.p, 212.0 / 16_384.0),
    ] {
        close(name, value, expected);
    }
}

#[test]
fn missing_answers_agree_with_nothing() {
    let first = [item(0, "a", "a"), broken(1, "a", Unparsable), broken(2, "b", Degenerate), item(3, "b", "b")];
    let second =
        [item(0, "a", "a"), broken(1, "a", Unparsable), item(2, "b", "a"), item(3, "b", "b"), item(9, "a", "a")];
    let found = agreement(&first, &second, 0).unwrap();
    assert_eq!((counts(found.agreed), counts(found.right_where_agreed)), ((2, 4), (2, 2)));
    let pairs: Vec<(&str, &str)> = found.pairs.iter().map(|p| (p.first.as_str(), p.second.as_str())).collect();
    assert_eq!(pairs, [("(degenerate)", "a"), ("(unparsable)", "(unparsable)")]);
    assert_eq!((found.n, found.unmatched), (4, vec!["i009".to_string()]));
    // po 1/2; by chance a 1·2, b 1·1 of 16: (1/2 - 3/16)/(1 - 3/16).
    close("kappa", found.kappa.unwrap().value, 5.0 / 13.0);
    let same: Vec<Judged> = (0..5).map(|i| item(i, "a", "a")).collect();
    assert_eq!(agreement(&same, &same, 0).unwrap().kappa, None);
    let open: Vec<Judged> = (0..=MOST_LABELS).map(|i| item(i, "a", &format!("text {i}"))).collect();
    assert_eq!(agreement(&open, &open, 0).unwrap().kappa, None);
}

#[test]
fn agreement_by_coverage_goes_by_the_smaller_margin() {
    let run = |margin: &dyn Fn(usize) -> Option<f64>, predicted: &dyn Fn(usize) -> &'static str| -> Vec<Judged> {
        (0..10).map(|i| Judged { margin: margin(i), ..item(i, "a", predicted(i)) }).collect()
    };
    // Both say the same on 0, 1, 2, 3, 4 and 7, and are right together on 0, 1, 2 and 7.
    let says = |i: usize| if [0, 1, 2, 7].contains(&i) { "a" } else { "b" };
    let other = |i: usize| if [0, 1, 2, 3, 4, 7].contains(&i) { says(i) } else { "c" };
    let shown = |a: &dyn Fn(usize) -> Option<f64>, b: &dyn Fn(usize) -> Option<f64>| -> Vec<[(u64, u64); 2]> {
        let found = agreement(&run(a, &says), &run(b, &other), 0).unwrap();
        assert!(
            found.by_coverage.iter().map(|c| c.coverage).eq([1.0, 0.8, 0.5].into_iter().take(found.by_coverage.len()))
        );
        found.by_coverage.iter().map(|c| [counts(c.agreed), counts(c.right_where_agreed)]).collect()
    };
    let falling = |i: usize| Some(10.0 - i as f64);
    let sure = |_| Some(20.0);
    assert_eq!(shown(&falling, &sure), [[(6, 10), (4, 6)], [(6, 8), (4, 6)], [(5, 5), (3, 5)]]);
    // The second is unsure of item 0 or does not say, which puts it last.
    let last = [[(6, 10), (4, 6)], [(5, 8), (3, 5)], [(4, 5), (2, 4)]];
    assert_eq!(shown(&falling, &|i| Some(if i == 0 { 0.5 } else { 20.0 })), last);
    assert_eq!(shown(&falling, &|i| (i > 0).then_some(20.0)), last);
    assert_eq!(shown(&falling, &|i| Some(if i == 0 { f64::NAN } else { 20.0 })), last);
    assert!(shown(&falling, &|_| None).is_empty());
}

#[test]
fn clusters_of_several_items_have_limits_of_their_own() {
    // In 6 of 24 clusters of two items the first is right on both and the second on neither.
    let run = |right_in: usize, clusters: usize| -> Vec<Judged> {
        let one = |i: usize| {
            let predicted = if i / 2 < right_in { "a" } else { "b" };
            Judged { cluster: format!("k{}", i / 2), ..item(i, "a", predicted) }
        };
        (0..2 * clusters).map(one).collect()
    };
    let found = agreement(&run(12, 24), &run(6, 24), 7).unwrap();
    let limits = found.clustered.unwrap();
    close("difference", found.difference.value, 0.25);
    // The limits of a mean of 24 independent clusters, of which a quarter is 1: about .25 ± .17.
    assert!((0.06..0.11).contains(&limits.lower) && (0.40..0.44).contains(&limits.upper), "{limits:?}");
    // Six clusters all one way: 2/2^6, to within four standard errors of 10,000 draws.
    assert!((found.sign_flip_p - 2.0 / 64.0).abs() < 4.0 * (0.031_25_f64 * 0.968_75 / 10_000.0).sqrt());
    assert_eq!(found.clusters, 24);
    assert_eq!(agreement(&run(12, 19), &run(6, 19), 7).unwrap().clustered, None);
}

/// Runs of formats `F1` and so on, from one column of 0 and 1 for each.
fn format_runs(columns: &[&str], cluster: impl Fn(usize) -> usize) -> Vec<FormatRun> {
    let run = |(f, column): (usize, &&str)| {
        let one = |(i, c): (usize, char)| {
            let predicted = if c == '1' { "a" } else { "b" };
            Judged { cluster: format!("k{:02}", cluster(i)), ..item(i, "a", predicted) }
        };
        FormatRun { format: format!("F{}", f + 1), items: column.chars().enumerate().map(one).collect() }
    };
    columns.iter().enumerate().map(run).collect()
}

#[test]
fn golden_format_matrix() {
    // The rows 111 110 110 100 111 010 100 000 110 101 of the specification, by columns.
    let runs = format_runs(&["1111101011", "1110110010", "1000100001"], |i| i);
    let found = formats(&runs, 3).unwrap();
    let q = found.cochran.unwrap();
    close("Q", q.statistic, 5.428_571);
    close("p", q.p, 0.066_252);
    assert_eq!(
        found.rows.iter().map(|r| (r.format.as_str(), r.right.rate.k, r.right.rate.n)).collect::<Vec<_>>(),
        [("F1", 8, 10), ("F2", 6, 10), ("F3", 3, 10)]
    );
    // Clopper-Pearson of 8/10.
    close("lower", found.rows[0].right.interval.lower, 0.443_905);
    close("upper", found.rows[0].right.interval.upper, 0.974_789);
    let best = found.best.unwrap();
    let total = found.rows.iter().find(|r| r.format == best.format).unwrap().right.rate.k;
    assert_eq!(best.chosen_on.rate.k + best.confirmed_on.rate.k, total);
    assert_eq!((best.chosen_on.rate.n, best.confirmed_on.rate.n, best.clusters), (5, 5, [5, 5]));
    assert!(best.too_few_clusters);
}

#[test]
fn the_best_format_is_confirmed_on_other_clusters() {
    // Forty clusters of two items; the first format is right on all, the second on one of two, the third on none.
    let runs = format_runs(&["1".repeat(80).as_str(), &"10".repeat(40), &"0".repeat(80)], |i| i / 2);
    for seed in 0..5 {
        let best = formats(&runs, seed).unwrap().best.unwrap();
        assert_eq!((best.format.as_str(), best.clusters, best.still_best), ("F1", [20, 20], true));
        assert_eq!((counts(best.chosen_on), counts(best.confirmed_on)), ((40, 40), (40, 40)));
        assert_eq!(best.others.iter().map(|s| counts(*s)).collect::<Vec<_>>(), [(40, 40), (20, 40), (0, 40)]);
        assert!(!best.too_few_clusters);
        // Among equals the first listed is taken.
        let equal = format_runs(&["10".repeat(40).as_str(), &"10".repeat(40)], |i| i / 2);
        assert_eq!(formats(&equal, seed).unwrap().best.unwrap().format, "F1");
    }
    // Each format is right on one of two clusters: whichever is chosen fails on the other.
    let runs = format_runs(&["111000", "000111"], |i| i / 3);
    let mut chosen = BTreeSet::new();
    for seed in 0..16 {
        let best = formats(&runs, seed).unwrap().best.unwrap();
        assert_eq!((counts(best.chosen_on), counts(best.confirmed_on), best.still_best), ((3, 3), (0, 3), false));
        chosen.insert(best.format);
    }
    assert_eq!(chosen.len(), 2, "the seed draws the half");
    assert_eq!(formats(&format_runs(&["11", "10"], |_| 0), 0).unwrap().best, None);
    assert_eq!(formats(&format_runs(&["11", "11"], |i| i), 0).unwrap().cochran, None);
}

#[test]
fn formats_count_what_is_no_answer() {
    let mut runs = format_runs(&["1111", "1111"], |i| i);
    runs[1].items[0] = Judged { cluster: "k00".into(), ..broken(0, "a", Degenerate) };
    runs[1].items[1] = Judged { cluster: "k01".into(), ..broken(1, "a", Unparsable) };
    runs[1].items.pop();
    let found = formats(&runs, 0).unwrap();
    assert_eq!((found.n, found.unmatched), (3, vec!["i003".to_string()]));
    let row = &found.rows[1];
    assert_eq!(
        (counts(row.right), row.n_degenerate, row.n_unparsable, row.n_error, row.n_skipped),
        ((1, 3), 1, 1, 0, 0)
    );
    assert_eq!(counts(found.rows[0].right), (3, 3));
}

#[test]
fn golden_changes() {
    let before = [
        item(0, "a", "a"),
        item(1, "a", "a"),
        item(2, "a", "a"),
        item(3, "b", "a"),
        item(4, "b", "c"),
        item(5, "b", "a"),
        item(6, "c", "c"),
        item(7, "c", "a"),
        item(8, "c", "a"),
    ];
    let after = [
        item(0, "a", "b"),
        item(1, "a", "b"),
        broken(2, "a", Degenerate),
        item(3, "b", "b"),
        item(4, "b", "b"),
        item(5, "b", "b"),
        item(6, "c", "c"),
        item(7, "c", "b"),
        item(8, "c", "a"),
    ];
    let found = changes(&before, &after).unwrap();
    assert_eq!(found.correct, Paired { both: 1, first_only: 3, second_only: 3, neither: 2 });
    let change = |gold: &str, predicted: &str, items: &[&str]| Change {
        gold: gold.into(),
        predicted: predicted.into(),
        items: items.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(found.broken, [change("a", "b", &["i000", "i001"]), change("a", "(degenerate)", &["i002"])]);
    assert_eq!(found.mended, [change("b", "a", &["i003", "i005"]), change("b", "c", &["i004"])]);
    assert_eq!((found.wrong_otherwise, found.unmatched.len()), (1, 0));
}

#[test]
fn runs_that_do_not_fit_are_refused() {
    let one = [item(0, "a", "a"), item(1, "a", "b")];
    let refused = |second: &[Judged]| changes(&one, second).unwrap_err();
    assert_eq!(refused(&[item(0, "a", "a"), item(0, "a", "a")]), ReportError::Repeated { item: "i000".into(), run: 2 });
    assert_eq!(refused(&[item(0, "b", "a")]), ReportError::Differs { item: "i000".into(), run: 2 });
    let elsewhere = Judged { cluster: "c9".into(), ..item(1, "a", "a") };
    assert_eq!(refused(&[elsewhere]), ReportError::Differs { item: "i001".into(), run: 2 });
    assert_eq!(refused(&[item(5, "a", "a")]), ReportError::NothingShared { items: 3 });
    assert_eq!(refused(&[]), ReportError::NothingShared { items: 2 });
    let alone = format_runs(&["11"], |i| i);
    assert_eq!(formats(&alone, 0).unwrap_err(), ReportError::TooFew { runs: 1 });
}
