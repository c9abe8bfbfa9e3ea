//! `benchmarks/report.html`: the results as one page without scripts.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1c1f24;--quiet:#5a6470;--paper:#fbfaf7;--rule:#d5d3cc;--ours:#0a6b5d;--other:#8a93a0}
@media(prefers-color-scheme:dark){:root{--ink:#e8e6e1;--quiet:#a2abb6;--paper:#16181c;--rule:#3a3f46;--ours:#4fc2af;--other:#77808c}}
body{margin:0 auto;max-width:60rem;padding:1.5rem clamp(1rem,4vw,3rem);background:var(--paper);color:var(--ink);font:400 1rem/1.55 system-ui,sans-serif}
h1,h2,h3{line-height:1.25}h2{border-top:2px solid var(--rule);padding-top:1rem}
.quiet{color:var(--quiet);font-size:.875rem;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:.9375rem}caption{text-align:left;color:var(--quiet);font-size:.8125rem}
th,td{padding:.35rem .5rem;text-align:left;border-bottom:1px solid var(--rule)}.n{text-align:right;font-variant-numeric:tabular-nums}
.bar{display:block;height:.7rem;background:var(--other);min-width:2px}.ours .bar{background:var(--ours)}td.w{width:40%}
@media(max-width:40rem){td.w,th.w{display:none}}";

/// Reads every result and writes the page.
pub fn write(root: &Path) -> Result<PathBuf> {
    let folder = root.join("benchmarks/results");
    let mut results = Vec::new();
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let value: Value = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
        ensure!(value["schema"] == super::SCHEMA, "{} is no result of `cargo xtask peers`", path.display());
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        results.push((name, value));
    }
    let path = root.join("benchmarks/report.html");
    std::fs::write(&path, page(&results)?).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// The page; the same results give the same bytes.
fn page(results: &[(String, Value)]) -> Result<String> {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>Sweetspot: speed beside others</title><style>{STYLE}</style></head><body><h1>Speed beside others</h1><p>The same file, the same machine, one run; one repetition of each after the other, forwards and backwards. What counts is the ratio within a round: a machine that is busy slows all alike. Made by <code>cargo xtask peers --report</code> from the files in <code>benchmarks/results</code>.</p>"
    );
    if results.is_empty() {
        out.push_str("<p>No result is committed yet: <code>cargo xtask peers --out benchmarks/results/NAME.json</code> makes one.</p>");
    }
    for (name, result) in results {
        one(&mut out, name, result)?;
    }
    out.push_str("</body></html>\n");
    Ok(out)
}

fn one(out: &mut String, name: &str, result: &Value) -> Result<()> {
    let (machine, model) = (&result["machine"], &result["model"]);
    write!(out, "<h2>{}</h2>", escaped(&text(&model["file"])))?;
    let dirty = if result["dirty"] == true { ", changed since" } else { "" };
    write!(
        out,
        "<p class=\"quiet\">{}, {} cores, {}. Commit {}{dirty}. Load average {} before, {} after. File {}, {} bytes of model.</p>",
        escaped(&text(&machine["cpu"])),
        machine["cores"],
        escaped(&text(&machine["os"])),
        escaped(&text(&result["commit"])),
        escaped(&text(&machine["load_average_before"])),
        escaped(&text(&machine["load_average_after"])),
        escaped(name),
        model["bytes"],
    )?;
    for test in result["tests"].as_array().into_iter().flatten() {
        let rows = || test["rows"].as_array().into_iter().flatten();
        let most = rows().filter_map(|r| r["tokens_per_s"].as_f64()).fold(0.0, f64::max);
        write!(
            out,
            "<h3>{}</h3><table><caption>Median of {} rounds; the best number of threads of each is marked</caption><tr><th scope=\"col\">Program</th><th scope=\"col\" class=\"n\">Threads</th><th scope=\"col\" class=\"n\">ms</th><th scope=\"col\" class=\"n\">tokens/s</th><th scope=\"col\" class=\"w\"></th></tr>",
            escaped(&text(&test["test"])),
            rows().next().and_then(|r| r["samples_ns"].as_array()).map_or(0, Vec::len),
        )?;
        for row in rows() {
            let program = text(&row["participant"]);
            let class = if program.starts_with("sweetspot") { " class=\"ours\"" } else { "" };
            let rate = row["tokens_per_s"].as_f64().unwrap_or(0.0);
            let share = (100.0 * rate / most.max(f64::MIN_POSITIVE)).clamp(0.0, 100.0);
            let best = if row["best"] == true { " *" } else { "" };
            write!(
                out,
                "<tr{class}><th scope=\"row\">{} <span class=\"quiet\">{}</span></th><td class=\"n\">{}{best}</td><td class=\"n\">{:.2}</td><td class=\"n\">{rate:.1}</td><td class=\"w\"><span class=\"bar\" style=\"width:{share:.1}%\"></span></td></tr>",
                escaped(&program),
                escaped(&text(&row["version"])),
                row["threads"],
                row["median_ns"].as_f64().unwrap_or(0.0) / 1e6,
            )?;
        }
        out.push_str("</table><ul>");
        for ratio in test["ratios"].as_array().into_iter().flatten() {
            let x = |key: &str| ratio[key].as_f64().unwrap_or(0.0);
            write!(
                out,
                "<li>sweetspot is {:.2} times as fast as {} (rounds: {:.2} to {:.2})</li>",
                x("times_as_fast"),
                escaped(&text(&ratio["peer"])),
                x("least"),
                x("most")
            )?;
        }
        out.push_str("</ul>");
    }
    for note in result["notes"].as_array().into_iter().flatten() {
        write!(out, "<p class=\"quiet\">{}</p>", escaped(&text(note)))?;
    }
    Ok(())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("not known").to_owned()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_result_becomes_a_page_without_scripts_and_foreign_text_stays_text() {
        let result = json!({
            "commit": "abc", "dirty": true, "model": {"file": "<script>x</script>", "bytes": 5},
            "machine": {"cpu": "a & b", "cores": 2, "os": "linux", "load_average_before": "1 1 1", "load_average_after": null},
            "tests": [{"test": "pp512", "rows": [{"participant": "sweetspot", "version": "1", "threads": 2, "best": true,
                "median_ns": 600_000_000, "tokens_per_s": 853.3, "samples_ns": [1, 2]}],
                "ratios": [{"peer": "candle-transformers", "times_as_fast": 1.5, "least": 1.4, "most": 1.6}]}],
            "notes": ["llama.cpp is missing"],
        });
        let page = page(&[("a.json".to_owned(), result)]).unwrap();
        assert!(!page.contains("<script") && page.contains("&lt;script&gt;") && page.contains("a &amp; b"));
        assert!(page.contains("853.3") && page.contains("1.50 times as fast as candle-transformers"));
        assert!(page.contains("llama.cpp is missing") && page.contains("changed since"));
    }

    #[test]
    fn no_result_is_said() {
        assert!(page(&[]).unwrap().contains("No result is committed yet"));
    }
}
