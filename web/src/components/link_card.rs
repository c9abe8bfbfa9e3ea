//! The card in a link.

use std::sync::Arc;

use cards::{Compact, Outcome, ReadResult, SHORT_LINK, limitation::DEMO_MODEL};
use leptos::prelude::*;

use super::levels::{Contradicted, Levels};
use super::text::{Foreign, Mark};
use crate::state::card::LinkCard;
use crate::state::fragment::{Filter, View};
use crate::state::show;
use crate::state::verify::{Gate, gate};

/// Items that are listed by number under a strip.
const LISTED: usize = 400;

/// The whole card; `view` chooses what is shown of it.
#[expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]
#[component]
pub fn LinkedCard(card: Arc<LinkCard>, view: RwSignal<View>) -> impl IntoView {
    let Compact { title, model, suite, gate: numbers, results, limitations, flags, .. } = &card.compact;
    let gate = gate(numbers);
    let length = card.payload.chars().count();
    let size = if length > SHORT_LINK { "a long link, some places cut it" } else { "short enough for most places" };
    let demo = limitations.contains(&DEMO_MODEL).then(|| {
        view! {
            <p class="banner">
                <strong>"Demo model, not Gemma."</strong>
                " These numbers show how the program works, not what Gemma can do."
            </p>
        }
    });
    let notes = limitations.iter().map(|&code| view! { <li>{show::limitation(code)}</li> }).collect_view();
    let flags = flags.iter().map(|flag| view! { <li>"Flag: " <Foreign text=flag.clone() /></li> }).collect_view();
    let scores = match gate {
        Gate::Pass | Gate::NotCompared => view! { <Results card=Arc::clone(&card) view /> }.into_any(),
        Gate::Fail | Gate::RuledOut => view! {
            <p class="alarm">"The numeric gate failed: the engine does not compute what the model says. No score is shown."</p>
        }
        .into_any(),
    };
    view! {
        <article class="linked">
            <p class="quiet kicker">"Card from a link · content by an unknown author · " {card.verified.word}</p>
            {demo} <h1><Foreign text=title.clone() /></h1> <Contradicted verified=card.verified.clone() />
            <section aria-labelledby="scope">
                <h2 id="scope">"Scope"</h2>
                <dl class="facts">
                    <Fact name="Model" value=format!("{}, {}", model.0, model.1) />
                    <Fact name="Suite" value=format!("{} {}", suite.0, suite.1) />
                    <Fact name="Machine" value=machine(&card.compact) />
                    <Fact name="Numeric gate" value=gate_words(gate, &card.compact) />
                    <Fact name="Made" value=show::date(card.compact.created) />
                    <Fact name="Items" value=card.compact.samples.1.to_string() />
                    <Fact name="This link" value=format!("{length} characters: {size}") />
                </dl>
                <ul class="notes">{notes} {flags}</ul>
            </section>
            <section aria-labelledby="results">
                <h2 id="results">"Results"</h2>
                <p class="quiet">
                    {format!("{} results. Intervals are computed here, from the counts.", results.len())}
                </p>
                {scores}
            </section>
            <Levels verified=card.verified.clone() />
            <Hashes compact=card.compact.clone() />
        </article>
    }
}

#[component]
fn Fact(name: &'static str, value: String) -> impl IntoView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd><Foreign text=value /></dd>
        </div>
    }
}

/// The fields that choose what is shown, and the tasks.
#[component]
fn Results(card: Arc<LinkCard>, view: RwSignal<View>) -> impl IntoView {
    let rows: Vec<ReadResult> = card.compact.read();
    let n_all = rows.len();
    let tasks: Vec<String> = rows.iter().map(|row| row.task.clone()).collect();
    let shown = {
        let rows = rows.clone();
        Memo::new(move |_| {
            let view = view.get();
            rows.iter().enumerate().filter(|(_, row)| wanted(row, &view)).map(|(i, _)| i).collect::<Vec<_>>()
        })
    };
    let rows = StoredValue::new(rows);
    let card = StoredValue::new(card);
    let line = move |place: usize| {
        let row = rows.with_value(|rows| rows.get(place).cloned());
        row.map(|row| {
            let outcomes = card.with_value(|card| card.compact.outcomes_of(&row.task, &row.mode));
            view! { <Task row outcomes view /> }
        })
    };
    let names = tasks.into_iter().map(|task| {
        let value = task.clone();
        view! { <option value=value.clone() selected=move || view.read().task == value>{cards::node::visible(&task)}</option> }
    });
    view! {
        <div class="actions" role="search" aria-label="What is shown">
            <label>
                "Task "
                <select id="task" on:change=move |e| view.update(|v| v.task = event_target_value(&e))>
                    <option value="">"every one"</option>
                    {names.collect_view()}
                </select>
            </label>
            <label>
                "Items "
                <select id="filter" on:change=move |e| view.update(|v| v.filter = Filter::of(&event_target_value(&e)))>
                    {Filter::ALL
                        .into_iter()
                        .map(|f| {
                            view! {
                                <option value=f.name() selected=move || view.read().filter == f>
                                    {filter_words(f)}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </label>
            <label>
                "Find "
                <input
                    id="find"
                    type="search"
                    maxlength="200"
                    prop:value=move || view.read().query.clone()
                    on:input=move |e| view.update(|v| v.query = event_target_value(&e))
                />
            </label>
            <span class="quiet" role="status">
                {move || format!("{} of {n_all} results shown", shown.read().len())}
            </span>
        </div>
        <div class="tasks">
            <For each=move || shown.get() key=|place| *place children=line />
        </div>
    }
}

/// One result: counts, limits, verdict, and what became of its items.
#[component]
fn Task(row: ReadResult, outcomes: Option<Vec<Outcome>>, view: RwSignal<View>) -> impl IntoView {
    let word = show::verdict(row.verdict);
    let lost = ["unparsable", "degenerate", "error", "skipped"].into_iter().zip(row.lost).filter(|(_, n)| *n > 0);
    let lost = lost.map(|(name, n)| format!("{n} {name}")).collect::<Vec<_>>().join(", ");
    let interval = show::limits(&row).map(|text| format!("95% interval {text}%"));
    let strip = outcomes.map(|outcomes| view! { <Strip row=row.clone() outcomes view /> });
    view! {
        <div class="task">
            <h3><b><Foreign text=row.task.clone() /></b> " " {name_of(&row.task)} " " <small><Foreign text=row.mode.clone() /></small></h3>
            <p class="score">
                <span class="count">{show::right(&row)}</span>
                {show::share(&row).map(|share| view! { " " <span>{share}</span> })}
                {interval.map(|text| view! { " " <span class="interval">{text}</span> })}
            </p>
            <p class="row">
                <Mark word />
                " at " {show::percent(row.threshold)} "% · best baseline " {show::baseline(&row)}
                {(!lost.is_empty()).then(|| format!(" · {lost}"))}
            </p>
            {show::remark(&row).map(|text| view! { <p class="quiet">{text}</p> })}
            {strip}
        </div>
    }
}

/// Every item as a bar, in suite order, and below it the numbers of those that are asked for.
#[component]
fn Strip(row: ReadResult, outcomes: Vec<Outcome>, view: RwSignal<View>) -> impl IntoView {
    let count = |wanted| outcomes.iter().filter(|&&o| o == wanted).count();
    let [right, wrong, unread, other] =
        [Outcome::Correct, Outcome::Incorrect, Outcome::Unparsable, Outcome::Other].map(count);
    let label = format!("{right} right, {wrong} wrong, {unread} unparsable, {other} other, in suite order");
    let n = outcomes.len();
    let [correct, incorrect, unparsable, others] = show::strip(&outcomes);
    let listed = move || {
        let wanted = match view.read().filter {
            Filter::None => return None,
            Filter::Wrong => Outcome::Incorrect,
            Filter::Unparsable => Outcome::Unparsable,
            Filter::Other => Outcome::Other,
        };
        let places = outcomes.iter().enumerate().filter(|(_, o)| **o == wanted);
        let numbers: Vec<String> = places.map(|(i, _)| (i + 1).to_string()).take(LISTED + 1).collect();
        let all = numbers.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
        let more = if numbers.len() > LISTED { ", and more" } else { "" };
        let none = if all.is_empty() { "none" } else { "" };
        Some(format!("Items, from 1 in suite order: {all}{more}{none}"))
    };
    view! {
        <figure class="strip">
            <svg role="img" aria-label=label.clone() viewBox=format!("0 0 {} 24", n.max(1)) preserveAspectRatio="none">
                <path class="correct" d=correct></path>
                <path class="incorrect" d=incorrect></path>
                <path class="unparsable" d=unparsable></path>
                <path class="other" d=others></path>
            </svg>
            <figcaption class="quiet">
                {label} {(row.lost[3] > 0).then_some("; skipped items count as other")}
            </figcaption>
        </figure>
        {move || listed().map(|text| view! { <p class="numbers">{text}</p> })}
    }
}

/// The short hashes, for whoever compares.
#[component]
fn Hashes(compact: Compact) -> impl IntoView {
    let Compact { id, model, suite, engine, samples, .. } = compact;
    view! {
        <details class="more">
            <summary>"Hashes"</summary>
            <dl class="facts">
                <Fact name="Card" value=id />
                <Fact name="Suite" value=suite.2 />
                <Fact name="Weights" value=model.2 />
                <Fact name="Tokenizer" value=model.3 />
                <Fact name="Chat template" value=model.4 />
                <Fact name="Decoding" value=model.5 />
                <Fact name="Program" value=engine.1 />
                <Fact name="Shaders" value=engine.2 />
                <Fact name="Samples" value=samples.0 />
            </dl>
        </details>
    }
}

fn wanted(row: &ReadResult, view: &View) -> bool {
    let query = view.query.to_lowercase();
    let texts = [row.task.as_str(), row.mode.as_str(), name_of(&row.task)];
    (view.task.is_empty() || view.task == row.task)
        && (query.is_empty() || texts.iter().any(|text| text.to_lowercase().contains(&query)))
}

/// The name that the battery gives a task; nothing for a task of others.
pub fn name_of(task: &str) -> &'static str {
    cards::task_name(task).unwrap_or_default()
}

fn filter_words(filter: Filter) -> &'static str {
    match filter {
        Filter::None => "as a strip",
        Filter::Wrong => "list the wrong",
        Filter::Unparsable => "list the unparsable",
        Filter::Other => "list the others",
    }
}

fn machine(compact: &Compact) -> String {
    let e = &compact.engine;
    format!("{}, {}, {}; {}; {}; engine {}", e.3, e.4, e.5, e.6, e.7, e.0)
}

fn gate_words(state: Gate, compact: &Compact) -> String {
    let numbers = &compact.gate;
    match state {
        Gate::Pass => format!("passed: {}/{} first choices agree with the reference", numbers.1, numbers.0),
        Gate::NotCompared => "not compared with a reference".to_owned(),
        Gate::Fail => "FAILED".to_owned(),
        Gate::RuledOut => "FAILED: stated otherwise, its own numbers rule it out".to_owned(),
    }
}
