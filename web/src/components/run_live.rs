//! A run while it goes on: counts, intervals that shrink, the current item, failures as they happen.

use leptos::prelude::*;

use super::text::{Foreign, Mark};
use crate::message::ItemSeen;
use crate::pages::RunPageState;
use crate::presence::hidden_signal;
use crate::state::run::{RunPhase, time_words};

/// The whole live view. Its lines are all there from the beginning: nothing moves while it fills.
#[component]
pub fn LiveRun(page: RunPageState) -> impl IntoView {
    let run = page.run;
    let hidden = hidden_signal();
    let planned = Memo::new(move |_| run.read().planned.clone());
    let notes = Memo::new(move |_| run.read().notes.clone());
    let counts = Memo::new(move |_| {
        let run = run.read();
        (run.done, run.total(), run.n_failures, run.seconds_left().map(time_words), run.running())
    });
    let running = Memo::new(move |_| matches!(run.read().phase, RunPhase::Asking));
    let n_rows = run.read_untracked().rows.len();
    view! {
        <section class="live" aria-labelledby="live">
            <h2 id="live">"The run"</h2>
            <Show when=move || hidden.get() && running.get()>
                <p class="notice" role="alert">
                    "This tab is in the background, where browsers slow it down or put it to sleep. Nothing is lost: keep it in front for the run to go on at its pace."
                </p>
            </Show>
            {move || {
                planned
                    .get()
                    .map(|p| {
                        let forecast = p
                            .seconds
                            .map(|(middle, most)| {
                                format!(" Forecast: about {}, at most {}.", time_words(middle), time_words(most))
                            });
                        let known = (p.known > 0).then(|| format!(" {} items come from the journal.", p.known));
                        let bad = p.gate_word == "fail";
                        view! {
                            <dl class="facts">
                                <div>
                                    <dt>"Computes"</dt>
                                    <dd>{p.computes}</dd>
                                </div>
                                <div>
                                    <dt>"Numeric gate"</dt>
                                    <dd>
                                        <span class="tag" class:bad=bad>
                                            {p.gate_word}
                                        </span>
                                        ": "
                                        {p.gate}
                                        "."
                                        {forecast}
                                        {known}
                                    </dd>
                                </div>
                            </dl>
                        }
                    })
            }}
            <ul class="notes">
                <For each=move || notes.get().into_iter().enumerate() key=|(i, _)| *i let:note>
                    <li>{note.1}</li>
                </For>
            </ul>
            <div class="progress">
                <progress
                    aria-label="Items"
                    max=move || counts.read().1.max(1)
                    value=move || counts.read().0
                ></progress>
                <span class="quiet number-line">
                    {move || {
                        let (done, total, failures, left, running) = counts.get();
                        let left = left.filter(|_| running).map(|left| format!(", {left} left")).unwrap_or_default();
                        format!("{done} of {total} items, {failures} not right{left}")
                    }}
                </span>
            </div>
            <div class="scroll">
                <table class="stack probes-table">
                    <caption class="hidden">"Right answers by probe, with 95% intervals"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Probe"</th>
                            <th scope="col" class="number">
                                "Right"
                            </th>
                            <th scope="col">"95% interval"</th>
                            <th scope="col">"Verdict"</th>
                        </tr>
                    </thead>
                    <tbody>{(0..n_rows).map(|place| view! { <ProbeRow page place /> }).collect_view()}</tbody>
                </table>
            </div>
            <CurrentItem page />
            <Failures page />
        </section>
    }
}

#[component]
fn ProbeRow(page: RunPageState, place: usize) -> impl IntoView {
    let row = Memo::new(move |_| page.run.read().rows.get(place).cloned());
    let current = Memo::new(move |_| {
        let run = page.run.read();
        run.running() && run.rows.get(place).is_some_and(|row| run.current.as_ref() == Some(&row.id))
    });
    let shown = move || row.get();
    view! {
        <tr class:current=move || current.get()>
            <th scope="row">{move || shown().map(|row| format!("{} {}", row.id, row.name.replace('_', " ")))}</th>
            <td class="number" data-label="Right">
                {move || shown().map(|row| format!("{} / {}", row.k, row.n))}
                <small>{move || shown().map(|row| format!(" of {}", row.planned))}</small>
            </td>
            <td data-label="95% interval">
                {move || {
                    shown()
                        .map(|row| {
                            let baseline = row.done.as_ref().and_then(|d| d.baseline.as_ref()).map(|(_, score)| *score);
                            view! { <Limits limits=row.limits k=row.k n=row.n baseline /> }
                        })
                }}
            </td>
            <td data-label="Verdict" class="decided">
                {move || {
                    shown()
                        .map(|row| match row.done {
                            Some(done) => {
                                let word = match done.verdict.as_deref() {
                                    Some("use") => "use",
                                    Some("avoid") => "avoid",
                                    Some(_) => "undecided",
                                    None => "no verdict",
                                };
                                let needed = done.n_needed.filter(|_| word == "undecided");
                                let needed = needed.map(|n| view! { <small>{format!(" {n} items would decide")}</small> });
                                view! { <Mark word=word /> {needed} }.into_any()
                            }
                            None => view! { <span class="quiet">"…"</span> }.into_any(),
                        })
                }}
            </td>
        </tr>
    }
}

/// An interval as a line on 0 to 1, with its numbers: the point is k of n, the tick the best trivial answerer.
#[component]
pub fn Limits(limits: (f64, f64), k: u64, n: u64, #[prop(optional_no_strip)] baseline: Option<f64>) -> impl IntoView {
    let x = |p: f64| 2.0 + 116.0 * p.clamp(0.0, 1.0);
    let (lower, upper) = limits;
    let words = if n == 0 {
        "nothing known".to_owned()
    } else if n < 20 {
        format!("{k}/{n}")
    } else {
        format!("{:.0} to {:.0}%", lower * 100.0, upper * 100.0)
    };
    let point = (n > 0).then(|| {
        view! {
            <line class="range" x1=x(lower) x2=x(upper) y1="8" y2="8"></line>
            <circle class="point" cx=x(k as f64 / n.max(1) as f64) cy="8" r="3.5"></circle>
        }
    });
    let tick = baseline.map(|b| view! { <line class="tick" x1=x(b) x2=x(b) y1="2" y2="14"></line> });
    view! {
        <span class="limits">
            <svg viewBox="0 0 120 16" width="120" height="16" aria-hidden="true">
                <line class="axis" x1="2" x2="118" y1="8" y2="8"></line>
                {tick}
                {point}
            </svg>
            <span class="number">{words}</span>
        </span>
    }
}

/// What was asked last. Its box keeps its size whatever it holds.
#[component]
fn CurrentItem(page: RunPageState) -> impl IntoView {
    let last = Memo::new(move |_| page.run.read().last.clone());
    view! {
        <h3>"The last item"</h3>
        <div class="item" tabindex="0" role="group" aria-label="The last item">
            {move || {
                last.get()
                    .map(|item| {
                        view! {
                            <p class="quiet">{item.item.clone()} " · " <Answer item=item.clone() /></p>
                            <pre>
                                <Foreign text=item.asked />
                            </pre>
                        }
                    })
            }}
        </div>
    }
}

/// What was answered, and whether that is right.
#[component]
fn Answer(item: ItemSeen) -> impl IntoView {
    let class = if item.verdict == "correct" { "tag" } else { "tag bad" };
    let word = item.detector.clone().unwrap_or_else(|| item.verdict.clone());
    let gold = (item.verdict != "correct" && !item.gold.is_empty()).then(|| {
        view! {
            ", expected "
            <b>
                <Foreign text=item.gold.clone() />
            </b>
        }
    });
    let answer = if item.answer.is_empty() { "nothing".to_owned() } else { item.answer.clone() };
    view! {
        "answered "
        <b>
            <Foreign text=answer />
        </b>
        {gold}
        " · "
        <span class=class>{word}</span>
    }
}

/// The last answers that are not right, the newest first.
#[component]
fn Failures(page: RunPageState) -> impl IntoView {
    let failures = Memo::new(move |_| page.run.read().failures.iter().cloned().collect::<Vec<_>>());
    view! {
        <h3>"Not right, the newest first"</h3>
        <div class="failures" tabindex="0" role="group" aria-label="Answers that are not right">
            <Show when=move || failures.read().is_empty()>
                <p class="quiet">"None so far."</p>
            </Show>
            <For each=move || failures.get() key=|item| item.item.clone() let:item>
                <details>
                    <summary>{item.item.clone()} " · " <Answer item=item.clone() /></summary>
                    <pre>
                        <Foreign text=item.asked.clone() />
                    </pre>
                </details>
            </For>
        </div>
    }
}
