//! What a head's fit came to: counts with intervals, as JSON and as text.

use classifier::Pooling;
use classifier::calibration::Bin;
use probes::stats::{Difference, Interval, McNemar, Paired, Rate};
use serde::Serialize;
use std::fmt::Write;

use crate::output::visible;

/// A rate with its name.
#[derive(Serialize)]
pub struct Named {
    /// Of what.
    pub name: String,
    /// Right ones.
    pub rate: Rate,
    /// Its limits.
    pub interval: Interval,
}

impl Named {
    /// With the interval of independent texts.
    pub fn of(name: &str, rate: Rate) -> Self {
        Self { name: name.to_owned(), rate, interval: rate.interval() }
    }
}

/// Two answerers on the same texts.
#[derive(Serialize)]
pub struct Comparison {
    /// One.
    pub first: String,
    /// The other.
    pub second: String,
    /// Texts by who is right.
    pub table: Paired,
    /// First less second, Newcombe's interval.
    pub difference: Difference,
    /// The exact test.
    pub mcnemar: McNemar,
}

impl Comparison {
    /// First less second, in words.
    pub fn sentence(&self) -> String {
        let Difference { value, lower, upper } = self.difference;
        format!(
            "{:+.1} points [{:+.1}, {:+.1}], n {}; only the first right {}, only the second {}; McNemar p {}",
            value * 100.0,
            lower * 100.0,
            upper * 100.0,
            self.table.n(),
            self.table.first_only,
            self.table.second_only,
            p_value(self.mcnemar.p)
        )
    }
}

/// Whether probabilities mean what they say.
#[derive(Serialize)]
pub struct Curve {
    /// Mean over texts of the summed squares, 0..2.
    pub brier: f64,
    /// Expected calibration error; absent below 300 texts.
    pub ece: Option<f64>,
    /// The curve, by stated probability of the best label.
    pub bins: Vec<Bin>,
}

/// Before and after the temperature.
#[derive(Serialize)]
pub struct Calibration {
    /// The head's.
    pub temperature: f64,
    /// At temperature 1.
    pub before: Curve,
    /// At a temperature that was fitted on other texts.
    pub after: Curve,
}

/// Everything.
#[derive(Serialize)]
pub struct Report {
    pub head: String,
    pub model: String,
    pub model_weights_sha256: String,
    pub labels: Vec<String>,
    pub template: String,
    pub pooling: Pooling,
    pub n_features: usize,
    pub trained_on: String,
    pub n_trained: u64,
    pub left_out: u64,
    pub measured_on: String,
    /// Are the texts that it is measured on others than those it learnt from? Else each is measured by a fit without it.
    pub held_out: bool,
    pub folds: u32,
    pub penalty: f64,
    pub penalties: Vec<(f64, f64)>,
    pub out_of_fold: Named,
    pub rates: Vec<Named>,
    pub label_scores: Named,
    pub compared: Vec<Comparison>,
    pub calibration: Calibration,
    pub learning: Vec<Named>,
}

impl Report {
    /// The report as lines.
    pub fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a text does not fail.
        let _ = self.write(&mut out);
        out
    }

    /// What the head reads, in words.
    pub fn features(&self) -> String {
        let states = match self.pooling {
            Pooling::Last => "last token",
            Pooling::Mean => "mean over the text",
            Pooling::Both => "last token and mean over the text",
        };
        format!("{} features ({states})", self.n_features)
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let name = visible(&self.model);
        writeln!(out, "Head {} on {name}", self.head)?;
        writeln!(
            out,
            "{} labels; {}; learnt from {} texts of {}; penalty {} chosen on one of {} parts",
            self.labels.len(),
            self.features(),
            self.n_trained,
            visible(&self.trained_on),
            self.penalty,
            self.folds
        )?;
        let how = if self.held_out {
            "texts that nothing was chosen on"
        } else {
            "each text by a fit that has not seen its part"
        };
        writeln!(out, "\nMeasured on {} ({how}):", visible(&self.measured_on))?;
        for row in self.rates.iter().chain([&self.label_scores]) {
            writeln!(out, "  {:<44} {}", row.name, row.rate)?;
        }
        if self.held_out {
            writeln!(out, "  {:<44} {}", self.out_of_fold.name, self.out_of_fold.rate)?;
        }
        writeln!(out, "\nOn the same texts:")?;
        for row in &self.compared {
            writeln!(out, "  {} less {}: {}", row.first, row.second, row.sentence())?;
        }
        let Calibration { temperature, before, after } = &self.calibration;
        writeln!(out, "\nProbabilities, before and after a temperature of {temperature:.3} (fitted on other texts):")?;
        let ece = |curve: &Curve| curve.ece.map_or_else(|| "-".to_owned(), |e| format!("{e:.4}"));
        writeln!(
            out,
            "  Brier score {:.4} before, {:.4} after; calibration error {} before, {} after",
            before.brier,
            after.brier,
            ece(before),
            ece(after)
        )?;
        writeln!(out, "  {:<38} stated after: right", "stated before: right")?;
        for (b, a) in before.bins.iter().zip(&after.bins) {
            writeln!(out, "  {:<38} {}", bin(b), bin(a))?;
        }
        writeln!(out, "\nLearning curve, right labels by texts learnt from:")?;
        for row in &self.learning {
            writeln!(out, "  {:>7}  {}", row.name, row.rate)?;
        }
        Ok(())
    }
}

fn bin(bin: &Bin) -> String {
    format!("{:.3}: {}", bin.stated, bin.right)
}

fn p_value(p: f64) -> String {
    if p < 1e-4 { "below 0.0001".to_owned() } else { format!("{p:.4}") }
}
