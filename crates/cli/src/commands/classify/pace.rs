//! How fast rows are labelled, and how long the rest will take.

use std::time::{Duration, Instant};

use console::user_attended_stderr;
use indicatif::ProgressBar;

use crate::output;

/// Windows that the rate is taken from.
const LAST: usize = 40;
/// Between two lines where stderr is no terminal.
const EVERY: Duration = Duration::from_secs(30);
/// The bar's steps.
const STEPS: u64 = 10_000;
/// Latencies that are kept; more say nothing new about their quantiles.
const MOST_LATENCIES: usize = 100_000;
/// Two-sided 95% of the normal distribution.
const Z: f64 = 1.96;

/// Measures, and shows.
pub struct Pace {
    started: Instant,
    shown: Instant,
    window: Instant,
    /// Rows and seconds of the last windows in which something was scored.
    last: Vec<(f64, f64)>,
    /// Seconds per text of each batch.
    latencies: Vec<f32>,
    /// Rows that this run scored or copied, texts that it scored, their tokens, the seconds that took.
    pub rows: u64,
    pub texts: u64,
    pub tokens: u64,
    pub seconds: f64,
    bar: ProgressBar,
}

/// The rest of a run, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Eta {
    /// Expected.
    pub middle: f64,
    /// 95% limits, if the rest is like the last windows.
    pub low: f64,
    pub high: f64,
}

impl Pace {
    /// Starts the clock.
    pub fn start() -> Self {
        let now = Instant::now();
        let bar = output::bar(STEPS, "labelling", "{msg} {bar:24.cyan/dim} {percent:>3}%");
        if !user_attended_stderr() {
            bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
        }
        Self {
            started: now,
            shown: now,
            window: now,
            last: Vec::new(),
            latencies: Vec::new(),
            rows: 0,
            texts: 0,
            tokens: 0,
            seconds: 0.0,
            bar,
        }
    }

    /// A batch of texts was scored.
    pub fn scored(&mut self, texts: usize, tokens: u64, took: Duration) {
        self.texts += texts as u64;
        self.tokens += tokens;
        self.seconds += took.as_secs_f64();
        if self.latencies.len() < MOST_LATENCIES && texts > 0 {
            self.latencies.push((took.as_secs_f64() / texts as f64) as f32);
        }
    }

    /// A window of rows is done, of which some texts were scored now; `share` of the input is read.
    pub fn window(&mut self, rows: usize, fresh: usize, share: Option<f64>) {
        self.rows += rows as u64;
        let took = self.window.elapsed().as_secs_f64();
        self.window = Instant::now();
        if fresh > 0 {
            if self.last.len() == LAST {
                self.last.remove(0);
            }
            self.last.push((rows as f64, took));
        }
        let eta = share.and_then(|share| eta(&self.last, self.rows as f64, share));
        if let Some(share) = share {
            self.bar.set_position((share * STEPS as f64) as u64);
        }
        let line = self.line(share, eta);
        if user_attended_stderr() {
            self.bar.set_message(line);
        } else if self.shown.elapsed() >= EVERY {
            self.shown = Instant::now();
            eprintln!("{line}");
        }
    }

    fn line(&self, share: Option<f64>, eta: Option<Eta>) -> String {
        let rate = rate(&self.last).map_or_else(String::new, |r| format!(", {r:.0} rows/s"));
        let part = share.map_or_else(String::new, |s| format!(" ({:.0}% of the input)", s * 100.0));
        let left = eta.map_or_else(String::new, |e| {
            format!(", {} left ({} to {})", short(e.middle), short(e.low), short(e.high))
        });
        format!("{} rows{part}{rate}{left}", self.rows)
    }

    /// Ends the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Seconds since the start.
    pub fn elapsed(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// Seconds per text: median and 95%.
    pub fn quantiles(&self) -> Option<[f64; 2]> {
        let mut sorted = self.latencies.clone();
        sorted.sort_by(f32::total_cmp);
        let at = |q: f64| sorted.get(((q * sorted.len() as f64).ceil() as usize).saturating_sub(1)).copied();
        Some([f64::from(at(0.5)?), f64::from(at(0.95)?)])
    }
}

fn rate(last: &[(f64, f64)]) -> Option<f64> {
    let (rows, seconds) = last.iter().fold((0.0, 0.0), |sum, w| (sum.0 + w.0, sum.1 + w.1));
    (seconds > 0.0).then(|| rows / seconds)
}

/// The rest, from the seconds per row of the last windows: their mean times the rows that are left, with the spread of
/// that many windows more and of the mean itself.
fn eta(last: &[(f64, f64)], rows: f64, share: f64) -> Option<Eta> {
    if last.len() < 3 || share <= 0.0 || rows <= 0.0 {
        return None;
    }
    let left = (rows / share - rows).max(0.0);
    let per_row: Vec<f64> = last.iter().map(|(n, s)| s / n.max(1.0)).collect();
    let k = per_row.len() as f64;
    let mean = per_row.iter().sum::<f64>() / k;
    let variance = per_row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (k - 1.0);
    let window = last.iter().map(|w| w.0).sum::<f64>() / k;
    let windows = left / window.max(1.0);
    // Of the sum over the windows to come, and of the estimate of its mean.
    let spread = window * (variance * (windows + windows * windows / k)).sqrt();
    let middle = mean * left;
    Some(Eta { middle, low: (middle - Z * spread).max(0.0), high: middle + Z * spread })
}

/// `45 s`, `12 min`, `3.4 h`.
pub fn short(seconds: f64) -> String {
    match seconds {
        s if s < 100.0 => format!("{s:.0} s"),
        s if s < 6000.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steady_windows_have_a_narrow_rest_and_uneven_ones_a_wide_one() {
        let steady = eta(&[(100.0, 1.0); 10], 1000.0, 0.1).unwrap();
        assert!((steady.middle - 90.0).abs() < 1e-9 && (steady.high - steady.low).abs() < 1e-6, "{steady:?}");
        let uneven: Vec<(f64, f64)> = (0..10).map(|i| (100.0, 0.5 + f64::from(i % 2))).collect();
        let uneven = eta(&uneven, 1000.0, 0.1).unwrap();
        assert!(uneven.low < uneven.middle && uneven.high - uneven.low > 10.0, "{uneven:?}");
        assert_eq!(eta(&[(100.0, 1.0); 2], 200.0, 0.5), None);
        assert!(eta(&[(100.0, 1.0); 9], 900.0, 1.0).unwrap().middle.abs() < 1e-9);
    }

    #[test]
    fn times_are_short() {
        assert_eq!([45.2, 720.0, 12_240.0].map(short), ["45 s", "12 min", "3.4 h"]);
    }
}
