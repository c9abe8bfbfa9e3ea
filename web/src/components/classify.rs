//! Parts of the classify page.

use leptos::html::Input;
use leptos::prelude::*;

use super::saved::save_as;
use super::text::Foreign;
use super::unfinished_texts::UnfinishedTextsList;
use crate::message::{Calibration, Classified, Computer};
use crate::pages::ClassifyState;
use crate::state::run::{computer, time_words};

/// A head instead of labels of one's own.
#[component]
pub fn HeadField(page: ClassifyState) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let picked = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let file = input.files().and_then(|files| files.get(0));
        // So that the same file can be chosen again, after it was mended.
        input.set_value("");
        if let Some(file) = file {
            page.take_head(file);
        }
    };
    let used = move || {
        page.head.get().map(|head| {
            let short: String = head.id.chars().take(19).collect();
            view! {
                <p class="head-used">
                    "A head on " <Foreign text=head.model /> " labels: " {head.labels.len()} " labels, learnt from "
                    {head.n_trained} " texts, of which those that it had not seen were right on "
                    <span class="num">{head.out_of_fold}</span> " (" <code title=head.id>{short}</code> "…). "
                    <button type="button" on:click=move |_| page.leave_head()>
                        "Labels of my own instead"
                    </button>
                </p>
            }
        })
    };
    view! {
        <div class="files">
            <label for="head">"Or a head that sweetspot fit made for this model (.head.json)"</label>
            <input id="head" name="head" type="file" accept=".json" node_ref=input on:change=picked />
            {used}
        </div>
    }
}

/// Labels, template, and where they may come from.
#[component]
pub fn ClassifyFields(page: ClassifyState) -> impl IntoView {
    let asking = page.asking;
    let probe = move |event| {
        let id = event_target_value(&event);
        let Some(template) = page.templates.get_untracked().into_iter().find(|t| t.id == id) else { return };
        page.text.set(template.example);
        asking.update(|a| {
            a.labels = template.labels.join(", ");
            a.template = template.template;
            a.calibration = Calibration::ContentFree;
        });
    };
    let calibrate = move |event| {
        let on = event_target_checked(&event);
        asking.update(|a| a.calibration = if on { Calibration::ContentFree } else { Calibration::None });
    };
    view! {
        <div class="fields">
            <label>
                "Labels and template of a probe "
                <select name="probe" on:change=probe>
                    <option value="">"my own, below"</option>
                    <For each=move || page.templates.get() key=|t| t.id.clone() let:template>
                        <option value=template.id.clone()>
                            {format!("{} {}", template.id, template.name.replace('_', " "))}
                        </option>
                    </For>
                </select>
            </label>
            <label>
                "Computes "
                <select
                    name="device"
                    on:change=move |event| {
                        let chosen = computer(&event_target_value(&event)).unwrap_or_default();
                        asking.update(|a| a.computer = chosen);
                    }
                >
                    <option value="auto" selected=move || asking.read().computer == Computer::Auto>
                        "the GPU, or else the CPU"
                    </option>
                    <option value="cpu" selected=move || asking.read().computer == Computer::Cpu>
                        "the CPU, in WebAssembly"
                    </option>
                </select>
            </label>
        </div>
        <p>
            <label for="labels">"Labels, separated by commas"</label>
            <input
                id="labels"
                name="labels"
                type="text"
                class="wide"
                autocomplete="off"
                prop:value=move || asking.read().labels.clone()
                on:change=move |event| asking.update(|a| a.labels = event_target_value(&event))
            />
        </p>
        <details class="more">
            <summary>"Template and calibration"</summary>
            <p>
                <label for="template">
                    "What is asked: " <code>"{text}"</code> " stands for the text, " <code>"{labels}"</code>
                    " for the list of labels"
                </label>
                <textarea
                    id="template"
                    name="template"
                    rows="3"
                    spellcheck="false"
                    prop:value=move || asking.read().template.clone()
                    on:change=move |event| asking.update(|a| a.template = event_target_value(&event))
                ></textarea>
            </p>
            <p>
                <label>
                    <input
                        type="checkbox"
                        name="calibrate"
                        prop:checked=move || asking.read().calibration == Calibration::ContentFree
                        on:change=calibrate
                    />
                    " Calibrate: take off what each label scores without any content (four inputs such as N/A, as the probes do)"
                </label>
            </p>
        </details>
    }
}

/// Each label with its probability. The lines are there before the first answer, so that nothing moves.
#[component]
pub fn LabelBars(found: Signal<Option<Classified>>, labels: Signal<Vec<String>>) -> impl IntoView {
    let score =
        move |label: &str| found.read().as_ref().and_then(|f| f.labels.iter().find(|s| s.label == label).cloned());
    let best = Memo::new(move |_| {
        let found = found.read();
        let labels = found.as_ref().map(|f| f.labels.as_slice()).unwrap_or_default();
        labels.iter().max_by(|a, b| a.p.total_cmp(&b.p)).map(|s| s.label.clone())
    });
    let foot = move || {
        found.get().map(|f| {
            let raw = f.labels.iter().max_by(|a, b| a.p_raw.total_cmp(&b.p_raw)).map(|s| s.label.clone());
            let changed = raw.filter(|raw| Some(raw) != best.get().as_ref());
            let changed = changed.map(|raw| format!(" Without calibration it would be {raw}.")).unwrap_or_default();
            let swapped = f.swapped.map(|(label, p)| {
                if Some(&label) == best.get().as_ref() {
                    format!(" With the list of labels in the other order it stays so (p {p:.3}).")
                } else {
                    format!(" With the list of labels in the other order it is {label} (p {p:.3}): the order decides, not the text.")
                }
            });
            format!("{:.0} ms, {}.{changed}{}", f.ms, f.computes, swapped.unwrap_or_default())
        })
    };
    view! {
        <section aria-labelledby="labels-found">
            <h2 id="labels-found">"Labels"</h2>
            <table class="bars">
                <thead class="hidden-head">
                    <tr>
                        <th scope="col">"Label"</th>
                        <th scope="col">"Probability"</th>
                        <th scope="col" class="number">
                            "p"
                        </th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || labels.get() key=Clone::clone let:label>
                        {
                            let [a, b, c] = [label.clone(), label.clone(), label.clone()];
                            let width = move || score(&a).map_or(0.0, |s| 100.0 * s.p);
                            view! {
                                <tr class:best=move || best.get().as_ref() == Some(&c)>
                                    <th scope="row">
                                        <Foreign text=label.clone() />
                                    </th>
                                    <td class="bar-cell">
                                        <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                                            <rect class="track" width="100" height="10"></rect>
                                            <rect class="fill" width=width height="10"></rect>
                                        </svg>
                                    </td>
                                    <td class="number">
                                        {move || score(&b).map_or_else(|| "–".to_owned(), |s| format!("{:.3}", s.p))}
                                    </td>
                                </tr>
                            }
                        }
                    </For>
                </tbody>
            </table>
            <p class="quiet foot-line">{foot}</p>
            <p class="hidden" role="status">
                {move || best.get().map(|label| format!("Most probable: {label}."))}
            </p>
        </section>
    }
}

/// What each word contributed to the most probable label.
#[component]
pub fn Words(found: Signal<Option<Classified>>) -> impl IntoView {
    let shown = Memo::new(move |_| found.read().as_ref().filter(|f| !f.words.is_empty()).cloned());
    move || {
        shown.get().map(|f| {
            let largest = f.words.iter().map(|w| w.nats.abs()).fold(0.1, f64::max);
            let best = f.labels.iter().max_by(|a, b| a.p.total_cmp(&b.p)).map(|s| s.label.clone()).unwrap_or_default();
            let strength = |nats: f64| (4.0 * nats.abs() / largest).round() as u8;
            let words = f.words.iter().map(|w| {
                let side = if w.nats >= 0.0 { "for" } else { "against" };
                let class = format!("word {side} s{}", strength(w.nats));
                view! {
                    <span class=class title=format!("{:+.2} nats", w.nats)>
                        <Foreign text=w.word.clone() />
                        <small aria-hidden="true">{signed(w.nats)}</small>
                    </span>
                    " "
                }
            });
            let rows = f.words.iter().map(|w| {
                view! {
                    <tr>
                        <th scope="row">
                            <Foreign text=w.word.clone() />
                        </th>
                        <td class="number">{format!("{:+.2}", w.nats)}</td>
                    </tr>
                }
            });
            let left = (f.words_left_out > 0).then(|| {
                view! { <p class="quiet">{format!("{} words beyond the first were not tried.", f.words_left_out)}</p> }
            });
            view! {
                <section class="words" aria-labelledby="words">
                    <h2 id="words">"What each word contributed to “" <Foreign text=best /> "”"</h2>
                    <p class="sentence">{words.collect_view()}</p>
                    {left}
                    <p class="quiet">
                        "Log-odds of the label with the word, less those without it, in nats: the text is asked again once for each word. Words act together too, which this does not show."
                    </p>
                    <details>
                        <summary>"As a table"</summary>
                        <table>
                            <thead>
                                <tr>
                                    <th scope="col">"Word"</th>
                                    <th scope="col" class="number">
                                        "Nats"
                                    </th>
                                </tr>
                            </thead>
                            <tbody>{rows.collect_view()}</tbody>
                        </table>
                    </details>
                </section>
            }
        })
    }
}

/// With its sign, unless it rounds to nothing.
fn signed(nats: f64) -> String {
    if nats.abs() < 0.05 { "0.0".to_owned() } else { format!("{nats:+.1}") }
}

/// A file of texts.
#[component]
pub fn ClassifyFile(page: ClassifyState) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let corpus = page.corpus;
    let picked = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let file = input.files().and_then(|files| files.get(0));
        // So that the same file can be chosen again, after it was mended.
        input.set_value("");
        if let Some(file) = file {
            page.ask_file(file);
        }
    };
    let running = Memo::new(move |_| corpus.read().running);
    let sentence = Memo::new(move |_| corpus.read().sentence());
    let failed = Memo::new(move |_| corpus.read().failed.is_some());
    let progress = move || corpus.read().progress.clone();
    let has_rows = Memo::new(move |_| !corpus.read().rows.is_empty());
    let save = move |_| {
        let corpus = corpus.read_untracked();
        let stem = corpus.name.rsplit_once('.').map_or(corpus.name.as_str(), |(stem, _)| stem);
        save_as(&format!("{stem}-labels.jsonl"), "application/jsonl", &corpus.rows);
    };
    let counts = move || {
        let labels = page.labels.get();
        let corpus = corpus.read();
        let counts = corpus.progress.as_ref().map(|p| p.counts.clone()).unwrap_or_default();
        labels.iter().zip(counts).map(|(label, n)| format!("{label} {n}")).collect::<Vec<_>>().join(", ")
    };
    let pace = move || {
        let corpus = corpus.read();
        let rate = corpus.per_second().map(|rate| format!(", {rate:.1} texts a second")).unwrap_or_default();
        let left = corpus.seconds_left().map(|s| format!(", {} left", time_words(s))).unwrap_or_default();
        corpus.progress.as_ref().map(|p| format!("{} texts{rate}{left}", p.done))
    };
    view! {
        <section class="corpus" aria-labelledby="corpus">
            <h2 id="corpus">"A file of texts"</h2>
            <div class="files">
                <label for="texts">"JSON lines with a field text, CSV with a column text, or one text per line"</label>
                <input
                    id="texts"
                    type="file"
                    accept=".jsonl,.ndjson,.csv,.txt"
                    node_ref=input
                    on:change=picked
                    disabled=move || running.get()
                />
                <p class="quiet">
                    "It can also be dropped anywhere on this page. Its texts are labelled as the text above is, on this device."
                </p>
            </div>
            <p class="verdict" role="status" class:bad=move || failed.get()>
                {sentence}
            </p>
            <Show when=move || corpus.read().progress.is_some()>
                <div class="progress">
                    <progress
                        aria-label="Bytes of the file"
                        max=move || progress().map_or(1, |p| p.total_bytes.max(1))
                        value=move || progress().map_or(0, |p| p.bytes)
                    ></progress>
                    <span class="quiet">{pace}</span>
                    <span class="quiet">{counts}</span>
                </div>
            </Show>
            <div class="actions">
                <Show when=move || running.get()>
                    <button on:click=move |_| page.stop_file()>"Stop"</button>
                </Show>
                <Show when=move || has_rows.get() && !running.get()>
                    <button class="primary" on:click=save>
                        "Save the labels"
                    </button>
                </Show>
            </div>
            <UnfinishedTextsList running />
        </section>
    }
}
