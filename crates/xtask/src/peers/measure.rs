//! Rounds, ratios and the table.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::driver::Driver;

/// One test of all participants.
pub struct Outcome {
    /// `pp512`, `tg128`.
    pub test: String,
    /// Tokens of a repetition.
    pub n: u32,
    /// One for each participant and number of threads, in the order of the first round.
    pub rows: Vec<Row>,
}

/// A participant's repetitions.
pub struct Row {
    pub name: &'static str,
    pub who: Value,
    pub threads: u32,
    /// The participant of ours that it is compared with.
    pub against: Option<&'static str>,
    pub samples_ns: Vec<u64>,
    pub printed: Vec<String>,
}

/// Goes through all drivers round by round, forwards and backwards; the first round does not count.
pub fn interleaved(what: &str, n: u32, rounds: usize, drivers: &mut [Driver]) -> Result<Outcome> {
    let mut rows: Vec<Row> = drivers
        .iter()
        .map(|d| Row {
            name: d.name,
            who: d.who.clone(),
            threads: d.threads,
            against: d.against,
            samples_ns: vec![],
            printed: vec![],
        })
        .collect();
    for round in 0..=rounds {
        eprintln!("    {what}{n}: round {round} of {rounds}");
        for place in order(drivers.len(), round) {
            let (Some(driver), Some(row)) = (drivers.get_mut(place), rows.get_mut(place)) else { continue };
            let done = driver.repeat(what, n).with_context(|| format!("{} in {what}{n}", driver.name))?;
            if round > 0 {
                row.samples_ns.push(done.ns);
                row.printed.push(done.printed);
            }
        }
    }
    Ok(Outcome { test: format!("{what}{n}"), n, rows })
}

/// Forwards in even rounds, backwards in odd ones.
fn order(n: usize, round: usize) -> Vec<usize> {
    if round.is_multiple_of(2) { (0..n).collect() } else { (0..n).rev().collect() }
}

impl Outcome {
    /// The best of a participant's numbers of threads, by median.
    fn best(&self, name: &str) -> Option<&Row> {
        self.rows.iter().filter(|r| r.name == name).min_by_key(|r| median(&r.samples_ns))
    }

    /// The participants, each once.
    fn names(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        for row in &self.rows {
            if !names.contains(&row.name) {
                names.push(row.name);
            }
        }
        names
    }

    /// What is written.
    pub fn to_json(&self) -> Value {
        let rate = |ns: u64| (f64::from(self.n) * 1e12 / ns.max(1) as f64).round() / 1e3;
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|r| {
                json!({
                    "participant": r.name,
                    "version": r.who["version"],
                    "device": r.who["device"],
                    "threads": r.threads,
                    "best": self.best(r.name).is_some_and(|best| best.threads == r.threads),
                    "samples_ns": r.samples_ns,
                    "median_ns": median(&r.samples_ns),
                    "tokens_per_s": rate(median(&r.samples_ns)),
                    "printed": r.printed,
                })
            })
            .collect();
        json!({"test": self.test, "n": self.n, "rows": rows, "ratios": self.ratios()})
    }

    /// How many times as fast as each peer we are, round by round, both at their best number of threads.
    fn ratios(&self) -> Vec<Value> {
        let peers = self.names().into_iter().filter_map(|n| self.best(n));
        peers.filter_map(|peer| Some(ratio(self.best(peer.against?)?, peer))).collect()
    }
}

fn ratio(ours: &Row, peer: &Row) -> Value {
    let mut all: Vec<f64> =
        ours.samples_ns.iter().zip(&peer.samples_ns).map(|(&a, &b)| b as f64 / a.max(1) as f64).collect();
    all.sort_by(f64::total_cmp);
    let at = |i: usize| all.get(i).copied().unwrap_or(0.0);
    let middle = f64::midpoint(at((all.len().max(1) - 1) / 2), at(all.len() / 2));
    let round = |x: f64| (x * 1e4).round() / 1e4;
    json!({
        "ours": ours.name,
        "peer": peer.name,
        "times_as_fast": round(middle),
        "least": round(at(0)),
        "most": round(at(all.len().max(1) - 1)),
        "rounds": all.len(),
    })
}

/// The middle value, the lower of two; 0 of none.
fn median(values: &[u64]) -> u64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.get((sorted.len().max(1) - 1) / 2).copied().unwrap_or(0)
}

/// A result as text.
pub fn table(result: &Value) -> Result<String> {
    let mut out = String::new();
    let text = |v: &Value| v.as_str().unwrap_or("?").to_owned();
    let machine = &result["machine"];
    writeln!(out, "{}, {} cores, {}", text(&machine["cpu"]), machine["cores"], text(&result["model"]["file"]))?;
    writeln!(out, "load average {} before, {} after", machine["load_average_before"], machine["load_average_after"])?;
    for test in result["tests"].as_array().into_iter().flatten() {
        writeln!(
            out,
            "\n{:<22} {:>7} {:>12} {:>12}   its own words",
            text(&test["test"]),
            "threads",
            "median ms",
            "tokens/s"
        )?;
        for row in test["rows"].as_array().into_iter().flatten() {
            let mark = if row["best"] == true { "*" } else { " " };
            writeln!(
                out,
                "{mark}{:<21} {:>7} {:>12.2} {:>12.1}   {}",
                text(&row["participant"]),
                row["threads"],
                row["median_ns"].as_f64().unwrap_or(0.0) / 1e6,
                row["tokens_per_s"].as_f64().unwrap_or(0.0),
                row["printed"].as_array().and_then(|p| p.last()).map(text).unwrap_or_default()
            )?;
        }
        for ratio in test["ratios"].as_array().into_iter().flatten() {
            let x = |key: &str| ratio[key].as_f64().unwrap_or(0.0);
            writeln!(
                out,
                " {} is {:.2} times as fast as {} (rounds: {:.2} to {:.2})",
                text(&ratio["ours"]),
                x("times_as_fast"),
                text(&ratio["peer"]),
                x("least"),
                x("most")
            )?;
        }
    }
    for note in result["notes"].as_array().into_iter().flatten() {
        writeln!(out, "note: {}", text(note))?;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &'static str, threads: u32, samples_ns: &[u64]) -> Row {
        Row {
            name,
            who: json!({"version": "1", "device": "cpu"}),
            threads,
            against: (name != "sweetspot").then_some("sweetspot"),
            samples_ns: samples_ns.to_vec(),
            printed: vec![],
        }
    }

    #[test]
    fn rounds_go_forwards_and_backwards() {
        assert_eq!((order(3, 0), order(3, 1), order(3, 2)), (vec![0, 1, 2], vec![2, 1, 0], vec![0, 1, 2]));
    }

    #[test]
    fn a_ratio_is_taken_within_a_round_and_of_the_best_threads() {
        let outcome = Outcome {
            test: "pp512".to_owned(),
            n: 512,
            rows: vec![
                row("sweetspot", 1, &[400, 400, 400]),
                // The machine was half as fast in the second round: the ratio stays.
                row("sweetspot", 2, &[200, 400, 200]),
                row("candle-transformers", 1, &[300, 600, 360]),
                row("candle-transformers", 2, &[900, 900, 900]),
            ],
        };
        let json = outcome.to_json();
        assert_eq!(
            json["ratios"],
            json!([{"ours": "sweetspot", "peer": "candle-transformers", "times_as_fast": 1.5, "least": 1.5, "most": 1.8, "rounds": 3}])
        );
        let best: Vec<bool> = json["rows"].as_array().unwrap().iter().map(|r| r["best"] == true).collect();
        assert_eq!(best, [false, true, true, false]);
        assert_eq!(json["rows"][1]["tokens_per_s"], 2_560_000_000.0);
    }
}
