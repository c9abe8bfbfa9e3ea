//! Texts whose label and whose style disagree: either the label is wrong, or the text is between two labels.

use serde::Serialize;

/// A text whose style is that of another label.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Anomaly {
    /// Its number among the rows, from 1.
    pub row: u64,
    /// The label it was given.
    pub label: String,
    /// The label whose texts it looks like.
    pub style: String,
    /// Share of the texts whose label's margin is at most this one's, 0..1.
    pub label_rank: f64,
    /// Share of the texts whose style's margin is at most this one's, 0..1.
    pub style_rank: f64,
    /// The smaller of the two: both are sure, or it is small.
    pub joint: f64,
}

/// A text with both of its labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Its number among the rows, from 1.
    pub row: u64,
    /// The label it was given.
    pub label: String,
    /// Its margin, nats.
    pub label_margin: f64,
    /// The label whose texts it looks like.
    pub style: String,
    /// Its margin, standard deviations.
    pub style_margin: f64,
}

/// Where the two disagree, those first of which both are surest. Margins of different units are made comparable by
/// their ranks among all texts.
pub fn anomalies(texts: &[Compared]) -> Vec<Anomaly> {
    let ranks = |margin: fn(&Compared) -> f64| {
        let mut sorted: Vec<f64> = texts.iter().map(margin).collect();
        sorted.sort_by(f64::total_cmp);
        move |text: &Compared| {
            let below = sorted.partition_point(|m| m.total_cmp(&margin(text)).is_le());
            below as f64 / sorted.len().max(1) as f64
        }
    };
    let (label_rank, style_rank) = (ranks(|t| t.label_margin), ranks(|t| t.style_margin));
    let mut found: Vec<Anomaly> = texts
        .iter()
        .filter(|t| t.label != t.style)
        .map(|t| {
            let (label_rank, style_rank) = (label_rank(t), style_rank(t));
            Anomaly {
                row: t.row,
                label: t.label.clone(),
                style: t.style.clone(),
                label_rank,
                style_rank,
                joint: label_rank.min(style_rank),
            }
        })
        .collect();
    found.sort_by(|a, b| b.joint.total_cmp(&a.joint).then(a.row.cmp(&b.row)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_come_first_of_which_both_are_sure() {
        let text = |row, label: &str, label_margin, style: &str, style_margin| Compared {
            row,
            label: label.into(),
            label_margin,
            style: style.into(),
            style_margin,
        };
        let found = anomalies(&[
            text(1, "a", 5.0, "a", 1.0),
            text(2, "a", 4.0, "b", 0.1),
            text(3, "b", 3.0, "a", 0.9),
            text(4, "b", 0.1, "a", 2.0),
        ]);
        assert_eq!(found.iter().map(|a| a.row).collect::<Vec<_>>(), [3, 2, 4]);
        assert_eq!((found[0].label_rank, found[0].style_rank, found[0].joint), (0.5, 0.5, 0.5));
        assert_eq!(anomalies(&[]), []);
    }
}
