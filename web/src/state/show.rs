//! Numbers of a link's card as a reader sees them: counts first, no percentage below n = 20, the rule of three for none of n.

use std::fmt::Write as _;

use cards::{Outcome, ReadResult, TaskVerdict, limitation};
use probes::IntervalMethod;

/// Below this n a percentage would feign precision.
const PERCENT_FROM: u64 = 20;

/// The last second of the year 9999, from which on a date has no usual form.
const LAST_SECOND: u64 = 253_402_300_799;

/// `18/24`, or where items were never asked `7 of 10 asked`.
pub fn right(row: &ReadResult) -> String {
    match row.lost[3] {
        0 => format!("{}/{}", row.k, row.n),
        skipped if skipped >= row.n => "not asked".to_owned(),
        skipped => format!("{} of {} asked", row.k, row.n - skipped),
    }
}

/// `75.0%`; nothing below n = 20 and where items were never asked.
pub fn share(row: &ReadResult) -> Option<String> {
    (row.n >= PERCENT_FROM && row.lost[3] == 0).then(|| format!("{}%", percent(row.score)))
}

/// `53.3 to 90.2`, in percent; nothing where items were never asked.
pub fn limits(row: &ReadResult) -> Option<String> {
    (row.lost[3] == 0).then(|| format!("{} to {}", percent(row.limits.lower), percent(row.limits.upper)))
}

/// How the limits came about, and what a rate of zero allows.
pub fn remark(row: &ReadResult) -> Option<String> {
    if row.lost[3] > 0 {
        return None;
    }
    let stated = row.limits.method == IntervalMethod::ClusterBootstrap;
    let none = row.k == 0 && row.n >= 4 && row.metric != "micro_f1";
    match (stated, none) {
        (true, _) => Some("as stated: they follow from clusters of items, which a link lacks".to_owned()),
        // The rule of three: with none of n, a rate above 3/n would have shown itself with 95%.
        (false, true) => Some(format!("below {}% (rule of three)", percent(3.0 / row.n as f64))),
        (false, false) => None,
    }
}

/// `10/24`, or a share where the baseline has no count.
pub fn baseline(row: &ReadResult) -> String {
    row.best_k.map_or_else(|| format!("{}%", percent(row.best)), |k| format!("{k}/{}", row.n))
}

/// A share in percent with one decimal; 0 and 100 only when they are exact.
pub fn percent(share: f64) -> String {
    if share <= 0.0 {
        "0".to_owned()
    } else if share >= 1.0 {
        "100".to_owned()
    } else {
        format!("{:.1}", share * 100.0)
    }
}

/// The word of a verdict, which also names its picture.
pub fn verdict(verdict: Option<TaskVerdict>) -> &'static str {
    match verdict {
        Some(TaskVerdict::Use) => "use",
        Some(TaskVerdict::Avoid) => "avoid",
        Some(TaskVerdict::Undecided) => "undecided",
        None => "no verdict",
    }
}

/// What a limitation's code says; a code of a later version by its number.
pub fn limitation(code: u32) -> String {
    match code {
        limitation::OWN_TEXT => "The author states more limitations; their texts are on the card, not in the link.",
        limitation::DEMO_MODEL => "A demo model, not Gemma: the numbers show how the program works.",
        limitation::NOT_COMPARED => "The engine was not compared with a reference for this model.",
        limitation::FEW_ITEMS => "Few items: intervals are wide.",
        limitation::ONE_LANGUAGE => "One language only.",
        limitation::ONE_TEMPLATE => "One wording of each prompt; other wordings may score differently.",
        limitation::PARTIAL_RUN => "The run stopped before its end.",
        other => return format!("Limitation {other}, which this copy does not know."),
    }
    .to_owned()
}

/// `2026-11-21 14:00 UTC` from Unix seconds.
///
/// Days become a date by H. Hinnant's `civil_from_days`: the year begins in March, so that the leap day ends it.
pub fn date(seconds: u64) -> String {
    if seconds > LAST_SECOND {
        return "not a date".to_owned();
    }
    let (days, rest) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02} UTC", rest / 3_600, rest / 60 % 60)
}

/// What became of the items, as four paths of a drawing: one for each outcome, one unit across for each item. Each outcome
/// has its own height and place, so that it is told apart without colour.
pub fn strip(outcomes: &[Outcome]) -> [String; 4] {
    let mut paths = [const { String::new() }; 4];
    let mut start = 0;
    while let Some(&outcome) = outcomes.get(start) {
        let run = outcomes.iter().skip(start).take_while(|&&o| o == outcome).count();
        let (place, top, height) = match outcome {
            Outcome::Correct => (0, 0, 24),
            Outcome::Incorrect => (1, 14, 10),
            Outcome::Unparsable => (2, 8, 6),
            Outcome::Other => (3, 0, 5),
        };
        // Writing to a string does not fail.
        let _ = write!(paths[place], "M{start} {top}h{run}v{height}h-{run}z");
        start += run;
    }
    paths
}

#[cfg(test)]
mod tests {
    use probes::stats::interval;

    use super::*;

    fn row(k: u64, n: u64, skipped: u64) -> ReadResult {
        ReadResult {
            task: "A01".to_owned(),
            mode: "LPx".to_owned(),
            metric: "accuracy".to_owned(),
            k,
            n,
            lost: [0, 0, 0, skipped],
            score: k as f64 / n as f64,
            limits: interval(k, n),
            best_k: Some(0),
            best: 0.0,
            threshold: 0.8,
            verdict: None,
        }
    }

    #[test]
    fn counts_come_first_and_small_n_has_no_percentage() {
        let shown = |k, n, skipped| {
            let row = row(k, n, skipped);
            (right(&row), share(&row), limits(&row), remark(&row))
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(shown(3, 3, 0), ("3/3".to_owned(), None, some("29.2 to 100"), None));
        assert_eq!(shown(238, 244, 0), ("238/244".to_owned(), some("97.5%"), some("94.7 to 98.9"), None));
        assert_eq!(
            shown(0, 24, 0),
            ("0/24".to_owned(), some("0%"), some("0 to 14.2"), some("below 12.5% (rule of three)"))
        );
        assert_eq!(shown(5, 24, 4), ("5 of 20 asked".to_owned(), None, None, None));
        assert_eq!(shown(0, 24, 24).0, "not asked");
    }

    #[test]
    fn golden_dates() {
        for (seconds, shown) in [
            (0, "1970-01-01 00:00 UTC"),
            (951_782_399, "2000-02-28 23:59 UTC"),
            (951_782_400, "2000-02-29 00:00 UTC"),
            (1_795_269_600, "2026-11-21 14:00 UTC"),
            (LAST_SECOND, "9999-12-31 23:59 UTC"),
            (LAST_SECOND + 1, "not a date"),
            (u64::MAX, "not a date"),
        ] {
            assert_eq!(date(seconds), shown);
        }
    }

    #[test]
    fn a_strip_has_one_unit_for_each_item() {
        use Outcome::{Correct, Incorrect, Other, Unparsable};
        let paths = strip(&[Correct, Correct, Incorrect, Other, Correct, Unparsable]);
        assert_eq!(
            paths,
            ["M0 0h2v24h-2zM4 0h1v24h-1z", "M2 14h1v10h-1z", "M5 8h1v6h-1z", "M3 0h1v5h-1z"].map(str::to_owned)
        );
        assert_eq!(strip(&[]), [const { String::new() }; 4]);
    }
}
