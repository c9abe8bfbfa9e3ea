//! The times for a person.

use cards::{Card, SpeedRow, SpeedTest, TestKind, shown_rate};
use console::style;

use super::counts::Counts;
use crate::commands::ab::table;
use crate::output::{self, visible};

/// Prints the rows, what bounds them, what was flagged and what was left out.
pub fn print(card: &Card, counts: &Counts, left_out: &[String]) -> anyhow::Result<()> {
    let Some(speed) = &card.speed else { return Ok(()) };
    let adapter = &card.environment.adapter;
    let device = adapter.device.as_deref().unwrap_or(&adapter.architecture);
    output::line(&format!("{}, {} threads\n", visible(device), card.environment.threads))?;
    let head = ["test", "median", "95% of median", "p95", "rate", "repetitions", "prompts"];
    let mut rows = vec![head.map(|h| style(h).dim().to_string())];
    rows.extend(speed.rows.iter().map(line));
    table(&rows)?;
    output::line("")?;
    let compile = match speed.compile_ms {
        0 => String::new(),
        ms => format!(", first pass {ms} ms"),
    };
    output::line(&format!("load                 {} ms{compile}", speed.load_ms))?;
    bounds(card, counts)?;
    if speed.flags.is_empty() {
        output::line(&format!("flags                {}", style("none").green()))?;
    }
    for flag in &speed.flags {
        output::line(&format!("{} {}: {}", style("flagged             ").yellow(), flag.as_str(), flag.words()))?;
    }
    if !speed.flags.is_empty() {
        output::line("                     a flagged card gives no difference from another")?;
    }
    left_out.iter().try_for_each(|what| output::line(&format!("left out             {}", visible(what))))
}

/// What the device can do, and which share of it was reached.
fn bounds(card: &Card, counts: &Counts) -> anyhow::Result<()> {
    let rate = |kind| {
        let rows = card.speed.iter().flat_map(|s| &s.rows);
        let mut of_kind = rows.filter(|r| SpeedTest::read(&r.test).is_some_and(|t| t.kind == kind));
        let row = of_kind.next()?;
        let units = SpeedTest::read(&row.test).map_or(1, |t| t.units());
        Some(units as f64 * 1e9 / row.median_ns.max(1) as f64)
    };
    let giga = |x: f64| format!("{:.1}", x / 1e9);
    let decode = rate(TestKind::Decode).map_or_else(String::new, |rate| {
        let reads = counts.weight_bytes_per_token as f64 * rate;
        let share = 100.0 * reads / counts.copy_bandwidth_bytes_per_s.max(1.0);
        format!("; decoding reads {} GB/s of weights, {share:.0}% of it", giga(reads))
    });
    let copied = giga(counts.copy_bandwidth_bytes_per_s);
    output::line(&format!("copy                 {copied} GB/s read and written{decode}"))?;
    let prefill = rate(TestKind::Prefill).map_or_else(String::new, |rate| {
        let flops = 2.0 * counts.layer_params as f64 * rate;
        let share = 100.0 * flops / counts.gemm_flops_per_s.max(1.0);
        format!("; prompts reach {} GFLOP/s, {share:.0}% of it", giga(flops))
    });
    let product = giga(counts.gemm_flops_per_s);
    output::line(&format!("matrix product       {product} GFLOP/s, this engine's own{prefill}"))?;
    output::line(&format!("weights              {:.1} MB for each token", counts.weight_bytes_per_token as f64 / 1e6))?;
    let Some(dispatches) = counts.dispatches_per_token else { return Ok(()) };
    let one = |x: Option<f64>| x.map_or_else(|| "?".to_owned(), |x| format!("{x:.1}"));
    output::line(&format!(
        "for each token       {dispatches:.1} dispatches ({} a layer), {} submits, {} readbacks, {} bytes read back, {} allocations",
        one(counts.dispatches_per_layer),
        one(counts.submits_per_token),
        one(counts.readbacks_per_token),
        counts.bytes_read_back_per_token.map_or_else(|| "?".to_owned(), |b| format!("{b:.0}")),
        one(counts.gpu_allocations_per_token),
    ))
}

fn line(row: &SpeedRow) -> [String; 7] {
    let test = SpeedTest::read(&row.test);
    let (unit, per) = unit(row.worst_ns);
    let number = |ns: u64| format!("{:.2}", ns as f64 / per);
    let rate = match test.map(|t| (t.kind, t.units(), t.unit())) {
        Some((TestKind::FirstToken | TestKind::BetweenTokens, ..)) | None => String::new(),
        Some((_, units, what)) => {
            format!("{} {what}/s", shown_rate(units, row.median_ns).trim_end_matches("/s"))
        }
    };
    let prompts = match test.and_then(|t| t.tokens) {
        Some(_) => String::new(),
        None => format!("{} of {} tokens", row.n_distinct, row.n_prompt),
    };
    [
        visible(&row.test),
        format!("{} {unit}", number(row.median_ns)),
        format!("[{}, {}]", number(row.ci.lower), number(row.ci.upper)),
        number(row.p95_ns),
        rate,
        format!("{} after {}", row.samples_ns.len(), row.warmups),
        prompts,
    ]
}

/// The largest unit of which a time has at least one, and its nanoseconds.
fn unit(ns: u64) -> (&'static str, f64) {
    match ns {
        1_000_000_000.. => ("s", 1e9),
        1_000_000.. => ("ms", 1e6),
        _ => ("µs", 1e3),
    }
}
