//! What one tier gave.

use engine::gpu::{KernelSummary, TierReport};
use leptos::prelude::*;

/// A table with a row for each kernel and one for the frozen model.
#[component]
#[expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]
pub fn TierTable(report: TierReport) -> impl IntoView {
    let rows = report.by_kernel().iter().map(kernel_row).collect_view();
    let findings = &report.model.findings;
    let n_passed = findings.iter().filter(|f| f.passed()).count();
    let worst = report.model.first_failure().or(report.model.worst());
    let numbers = worst.map_or((f64::INFINITY, 0.0), |w| (w.max_abs, w.bound));
    let detail = report.model.first_failure().map(|f| f.what.clone());
    let verdict = if report.passed { "passed" } else { "FAILED" };
    view! {
        <section class="tier">
            <h2>
                {report.device.tier.name()} " " <span class="tag" class:bad=!report.passed>{verdict}</span>
            </h2>
            <div class="scroll">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Kernel"</th>
                            <th scope="col" class="number">"Passed"</th>
                            <th scope="col" class="number">"Worst error"</th>
                            <th scope="col" class="number">"Allowed"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {rows}
                        {row("the frozen model".to_owned(), (n_passed, findings.len()), numbers, detail)}
                    </tbody>
                </table>
            </div>
        </section>
    }
}

fn kernel_row(summary: &KernelSummary<'_>) -> impl IntoView + use<> {
    let KernelSummary { name, n, n_passed, worst } = summary;
    let detail = (n_passed < n).then(|| format!("{} ({})", worst.what, worst.reason));
    row((*name).to_owned(), (*n_passed, *n), (worst.max_abs, worst.bound), detail)
}

fn row(
    name: String,
    (n_passed, n): (usize, usize),
    (found, bound): (f64, f64),
    detail: Option<String>,
) -> impl IntoView {
    view! {
        <tr class:bad=n_passed < n>
            <th scope="row">
                <code>{name}</code>
                {detail.map(|why| view! { <pre class="why">{why}</pre> })}
            </th>
            <td class="number">{format!("{n_passed}/{n}")}</td>
            <td class="number">{format!("{found:.1e}")}</td>
            <td class="number">{format!("{bound:.1e}")}</td>
        </tr>
    }
}
