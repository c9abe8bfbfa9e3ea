//! How many labels are kept, and how many of those are right, if labels below a margin are not given.

use probes::stats::{Clustered, Rate, clustered_interval};
use serde::Serialize;
use std::collections::BTreeMap;

/// An item whose label was judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Nats between the best label and the second; nothing where no label was given, which is kept last and wrong.
    pub margin: Option<f64>,
    /// Was the label right?
    pub right: bool,
    /// Items that depend on one another share it.
    pub cluster: String,
}

/// A place on the curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Labels at this margin or above are kept, nats.
    pub margin: f64,
    /// Items kept, of all.
    pub kept: Rate,
    /// Right ones among those kept.
    pub right: Rate,
    /// The interval of `right`, over clusters.
    pub interval: Clustered,
}

/// Where to abstain.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub enum Cut {
    /// Labels at this point's margin or above: the most that can be kept at this demand.
    At(Point),
    /// No margin reaches the demand; the point whose lower limit is highest.
    Never(Option<Point>),
}

/// Places of the curve at most.
const PLACES: usize = 50;

/// Fewer items than this say too little to cut by.
const LEAST_KEPT: u64 = 20;

/// The curve from all labels to the surest few, at most 50 places, in falling order of coverage. Items of equal margin
/// are kept or left together.
pub fn curve(items: &[Judged]) -> Vec<Point> {
    let mut sorted: Vec<&Judged> = items.iter().collect();
    let margin = |item: &Judged| item.margin.unwrap_or(0.0).max(0.0);
    sorted.sort_by(|a, b| margin(b).total_cmp(&margin(a)));
    let n = sorted.len();
    let mut points: Vec<Point> = Vec::new();
    for place in (1..=PLACES.min(n)).rev() {
        let last = (place * n).div_ceil(PLACES.min(n)).clamp(1, n);
        let at = sorted.get(last - 1).map_or(0.0, |item| margin(item));
        let kept: Vec<&Judged> = sorted.iter().take_while(|item| margin(item) >= at).copied().collect();
        if points.last().is_some_and(|p| p.kept.k == kept.len() as u64) {
            continue;
        }
        points.push(point(at, &kept, n as u64));
    }
    points
}

fn point(margin: f64, kept: &[&Judged], n: u64) -> Point {
    let mut clusters: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for item in kept {
        let sums = clusters.entry(&item.cluster).or_default();
        sums.0 += u64::from(item.right);
        sums.1 += 1;
    }
    let k = kept.iter().filter(|item| item.right).count() as u64;
    let clusters: Vec<(u64, u64)> = clusters.into_values().collect();
    Point {
        margin,
        kept: Rate { k: kept.len() as u64, n },
        right: Rate { k, n: kept.len() as u64 },
        interval: clustered_interval(&clusters),
    }
}

/// The lowest margin at which the lower 95% limit of the kept labels' accuracy reaches `need`, 0..1.
///
/// The limit, not the rate: a rate that was chosen because it is high is too high. Points that keep fewer than 20
/// items are not taken.
pub fn cut(curve: &[Point], need: f64) -> Cut {
    let usable = || curve.iter().filter(|p| p.right.n >= LEAST_KEPT);
    let found = usable().find(|p| p.interval.interval.lower >= need);
    let best =
        || usable().copied().reduce(|a, b| if b.interval.interval.lower > a.interval.interval.lower { b } else { a });
    found.map_or_else(|| Cut::Never(best()), |point| Cut::At(*point))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(n: usize, right_from: usize) -> Vec<Judged> {
        let item = |i: usize| Judged { margin: Some(i as f64), right: i >= right_from, cluster: i.to_string() };
        (0..n).map(item).collect()
    }

    #[test]
    fn the_curve_falls_from_all_to_few_and_counts_what_is_kept() {
        let curve = curve(&items(100, 40));
        assert_eq!(
            (curve[0].margin, curve[0].kept, curve[0].right),
            (0.0, Rate { k: 100, n: 100 }, Rate { k: 60, n: 100 })
        );
        assert!(curve.windows(2).all(|w| w[0].kept.k > w[1].kept.k && w[0].margin < w[1].margin));
        let half = curve.iter().find(|p| p.kept.k == 50).unwrap();
        assert_eq!((half.margin, half.right.k), (50.0, 50));
    }

    #[test]
    fn equal_margins_are_kept_or_left_together() {
        let same: Vec<Judged> = items(60, 30).into_iter().map(|i| Judged { margin: Some(1.0), ..i }).collect();
        assert_eq!(curve(&same).iter().map(|p| p.kept.k).collect::<Vec<_>>(), [60]);
        assert_eq!(curve(&[]), []);
    }

    #[test]
    fn an_item_without_a_label_is_wrong_and_the_first_to_go() {
        let mut all = items(40, 0);
        all[20] = Judged { margin: None, right: false, cluster: "x".into() };
        let curve = curve(&all);
        assert_eq!(curve[0].right, Rate { k: 39, n: 40 });
        assert!(curve[1..].iter().all(|p| p.right.k == p.right.n));
    }

    #[test]
    fn the_lowest_margin_whose_lower_limit_reaches_the_demand_is_taken() {
        let curve = curve(&items(200, 100));
        let Cut::At(point) = cut(&curve, 0.7) else { panic!("a cut") };
        assert!(point.interval.interval.lower >= 0.7);
        let before = curve.iter().rev().find(|p| p.kept.k > point.kept.k).unwrap();
        assert!(before.interval.interval.lower < 0.7, "the place before keeps more and does not reach it");
        // All labels reach a low demand.
        assert!(matches!(cut(&curve, 0.4), Cut::At(p) if p.kept.k == 200));
    }

    #[test]
    fn a_demand_out_of_reach_names_the_best_place() {
        let curve = curve(&items(40, 0));
        let Cut::Never(Some(best)) = cut(&curve, 0.999) else { panic!("never") };
        assert_eq!(best.right, Rate { k: 40, n: 40 });
        assert_eq!(cut(&[], 0.5), Cut::Never(None));
        // Few items are never enough, however right.
        assert!(matches!(cut(&super::curve(&items(10, 0)), 0.1), Cut::Never(None)));
    }
}
