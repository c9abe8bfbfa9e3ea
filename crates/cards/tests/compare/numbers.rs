//! The numbers against an independent computation.

use cards::*;
use serde_json::Value;

use super::*;

/// Python computed the expected numbers from the samples files alone; see `fixtures/compare/compute.py`.
#[test]
fn every_number_equals_that_of_scipy_and_statsmodels() {
    let expected: Value = serde_json::from_str(include_str!("../fixtures/compare/expected.json")).unwrap();
    let expected = expected["tasks"].as_array().unwrap();
    let (a, b, card) = demo();
    let [x, y] = [&a, &b].map(|run| Compact::of(&run.0, &run.1).unwrap());
    let links = compare_links(&x, &y, Axis::Model).unwrap();
    assert_eq!((expected.len(), card.comparison.tasks.len(), links.tasks.len()), (3, 3, 3));
    let mut clustered = 0;
    for ((want, task), link) in expected.iter().zip(&card.comparison.tasks).zip(&links.tasks) {
        let integers =
            |name: &str| -> Vec<u64> { want[name].as_array().unwrap().iter().map(|v| v.as_u64().unwrap()).collect() };
        let invalid = |i: &InvalidPairs| vec![i.both, i.a_only, i.b_only, i.neither];
        assert_eq!((&task.task, &link.task), (&want["task"].as_str().unwrap().into(), &task.task));
        assert_eq!((task.pairs, task.clusters), (want["pairs"].as_u64().unwrap(), want["clusters"].as_u64().unwrap()));
        assert_eq!(vec![task.both, task.a_only, task.b_only, task.neither], integers("correct"));
        assert_eq!(vec![link.both, link.a_only, link.b_only, link.neither], integers("correct"));
        assert_eq!((invalid(&task.invalid), invalid(&link.invalid)), (integers("invalid"), integers("invalid")));
        let number = |value: &Value| value.as_f64().unwrap();
        let pairs = [
            ("delta", number(&want["delta"]), link.delta, task.delta),
            ("p_exact", number(&want["p_exact"]), link.p_exact, task.p_exact),
            ("p_midp", number(&want["p_midp"]), link.p_midp, task.p_midp),
            ("p_holm", number(&want["p_holm"]), link.p_holm, task.p_holm),
            ("p_invalid", number(&want["p_invalid"]), link.invalid.p_exact, task.invalid.p_exact),
            ("p_invalid_holm", number(&want["p_invalid_holm"]), link.invalid.p_holm, task.invalid.p_holm),
        ];
        for (name, want, link, card) in pairs {
            // Links round nothing, a card to six decimals.
            assert!((link - want).abs() <= 1e-9 * want.abs().max(1e-6), "{name} of {}: {link}, not {want}", task.task);
            assert!((card - want).abs() <= ROUNDED, "{name} of {}: {card}, not {want}", task.task);
        }
        match (want["mde80"].as_f64(), link.mde80, task.mde80) {
            (Some(want), Some(link), Some(card)) => {
                assert!((link - want).abs() < 1e-9 && (card - want).abs() <= ROUNDED, "{link} {card} {want}");
            }
            (None, None, None) => {}
            other => panic!("{other:?}"),
        }
        let limits: Vec<f64> = want["newcombe"].as_array().unwrap().iter().map(number).collect();
        let (lower, upper) = (limits[0], limits[1]);
        assert!((link.ci.lower - lower).abs() < 1e-9 && (link.ci.upper - upper).abs() < 1e-9, "{link:?}");
        if task.clusters == task.pairs {
            assert_eq!(task.ci.method, DiffIntervalName::Newcombe);
            assert!((task.ci.lower - lower).abs() <= ROUNDED && (task.ci.upper - upper).abs() <= ROUNDED, "{task:?}");
        } else {
            clustered += 1;
            assert_eq!(task.ci.method, DiffIntervalName::ClusterBootstrap);
            // Other draws of the same clusters: the percentiles agree to about one step of a mean over 40 items.
            let drawn: Vec<f64> = want["bootstrap"].as_array().unwrap().iter().map(number).collect();
            assert!((task.ci.lower - drawn[0]).abs() < 0.026 && (task.ci.upper - drawn[1]).abs() < 0.026, "{task:?}");
        }
        let ids = |change| -> Vec<&str> {
            task.flips.iter().filter(|f| f.change == change).map(|f| f.sample_id.as_str()).collect()
        };
        for (name, change) in [("broke", FlipChange::Broke), ("mended", FlipChange::Mended)] {
            assert_eq!(serde_json::json!(ids(change)), want[name]);
        }
    }
    assert_eq!(clustered, 1, "the fixture holds a task whose items share clusters");
}
