//! `/compare/`: two links, side by side, and pair by pair where they hold the outcomes of one suite.

use cards::{Compact, ReadResult};
use leptos::html::Textarea;
use leptos::prelude::*;

use crate::app::{address, hash};
use crate::components::{Contradicted, Foreign, HeadingLevel, Mark, Refused, name_of};
use crate::state::compare::{Comparison, PairedTask, Side, differences, paired};
use crate::state::fragment::pasted;
use crate::state::show;
use crate::state::verify::{Gate, gate};

/// The page.
#[component]
pub fn ComparePage() -> impl IntoView {
    document().set_title("Compare · Sweetspot");
    let hash = hash();
    let sides = Memo::new_with_compare(move |_| Side::both(&hash.get()), |_, _| true);
    let content = move || match sides.get() {
        [Side::Card(a), Side::Card(b)] => view! { <Both a=a.compact b=b.compact /> }.into_any(),
        _ => ().into_any(),
    };
    let of_side = move |place: usize| {
        move || {
            let mut sides = sides.get();
            let name = ["First card", "Second card"][place];
            match std::mem::replace(&mut sides[place], Side::Empty) {
                Side::Empty => view! { <h2>{name}</h2> <p class="quiet">"No link yet."</p> }.into_any(),
                Side::Refused(refusal) => {
                    view! { <h2>{name}</h2> <Refused refusal raw=String::new() level=HeadingLevel::Section /> }
                        .into_any()
                }
                Side::Card(card) => {
                    let title = card.compact.title.clone();
                    view! {
                        <h2>{name} ": " <Foreign text=title /></h2>
                        <Contradicted verified=card.verified.clone() />
                        <p class="quiet">"Content by an unknown author · " {card.verified.word}</p>
                        <Tasks name compact=card.compact />
                    }
                    .into_any()
                }
            }
        }
    };
    view! {
        <h1>"Compare two cards"</h1>
        {content}
        <div class="sides">
            <section>{of_side(0)}</section>
            <section>{of_side(1)}</section>
        </div>
        <Choose />
    }
}

/// Two fields for links.
#[component]
fn Choose() -> impl IntoView {
    let fields = [NodeRef::<Textarea>::new(), NodeRef::<Textarea>::new()];
    let open = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let [a, b] = fields.map(|field| field.get_untracked().map(|f| pasted(&f.value())).unwrap_or_default());
        // The page listens to its address.
        let _ = window().location().set_hash(&format!("a={a}&b={b}"));
    };
    view! {
        <form class="open" on:submit=open>
            <label for="first">"Link of the first card"</label>
            <textarea id="first" node_ref=fields[0] rows="2" spellcheck="false" autocomplete="off"></textarea>
            <label for="second">"Link of the second card"</label>
            <textarea id="second" node_ref=fields[1] rows="2" spellcheck="false" autocomplete="off"></textarea>
            <button type="submit">"Compare"</button>
            <p class="quiet">
                "For whole cards with their samples: " <code>"sweetspot compare A B"</code> ". "
                <a href=address("c/")>"Open one card"</a> "."
            </p>
        </form>
    }
}

/// What the checker says, and the table where it allows one.
#[component]
fn Both(a: Compact, b: Compact) -> impl IntoView {
    let differing = differences(&a, &b);
    let list = differing.into_iter().map(|[name, x, y]| {
        view! { <li>{name} ": " <Foreign text=x /> " against " <Foreign text=y /></li> }
    });
    let nothing = list.len() == 0;
    let list = list.collect_view();
    let nothing = nothing.then(|| view! { <p class="quiet">"Nothing that a link holds."</p> });
    let table = match paired(&a, &b) {
        Comparison::Refused(why) => {
            view! { <p class="notice"><strong>{format!("Not comparable: {why}.")}</strong> " No difference is shown."</p> }.into_any()
        }
        Comparison::Paired(tasks) => view! {
            <p class="notice">
                <strong>"Comparable: the same items."</strong>
                " Items are taken as independent; where several share a word or frame, the limits are too narrow."
            </p>
            <Table tasks />
        }
        .into_any(),
    };
    view! {
        <section aria-labelledby="paired">
            <h2 id="paired">"Item by item"</h2>
            {table}
            <h3>"What differs"</h3>
            <ul class="places differs">{list}</ul>
            {nothing}
        </section>
    }
}

#[component]
fn Table(tasks: Vec<PairedTask>) -> impl IntoView {
    let rows = tasks.into_iter().map(|task| {
        let points = |x: f64| format!("{:+.1}", x * 100.0).replace('-', "\u{2212}");
        let [both, a_only, b_only, neither] = task.counts;
        let n = task.n();
        let [value, lower, upper] = task.difference;
        // Below 20 items a difference in points would feign precision, as a percentage does.
        let difference = if n < 20 { "–".to_owned() } else { points(value) };
        view! {
            <tr>
                <th scope="row"><Foreign text=task.task.clone() /> " " {name_of(&task.task)}</th>
                <td class="number" data-label="Both">{both}</td>
                <td class="number" data-label="Only first">{a_only}</td>
                <td class="number" data-label="Only second">{b_only}</td>
                <td class="number" data-label="Neither">{neither}</td>
                <td class="number" data-label="Difference, points">{difference}</td>
                <td class="number" data-label="95% interval">{if n < 20 { "–".to_owned() } else { format!("{} to {}", points(lower), points(upper)) }}</td>
                <td class="number" data-label="p, exact">{chance(task.p)}</td>
                <td class="number" data-label="p, Holm">{chance(task.p_holm)}</td>
            </tr>
        }
    });
    let columns =
        ["Both", "Only first", "Only second", "Neither", "Difference, points", "95% interval", "p, exact", "p, Holm"];
    view! {
        <table class="stack paired">
            <caption>"Items right in both, in one alone, in neither; difference: first less second (Newcombe, exact McNemar, Holm)"</caption>
            <thead>
                <tr>
                    <th scope="col">"Task"</th>
                    {columns.map(|name| view! { <th scope="col" class="number">{name}</th> }).collect_view()}
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
}

/// A p-value with four decimals; never a rounded zero.
fn chance(p: f64) -> String {
    if p < 1e-4 { "< 0.0001".to_owned() } else { format!("{p:.4}") }
}

/// One card's results in short.
#[component]
fn Tasks(name: &'static str, compact: Compact) -> impl IntoView {
    if matches!(gate(&compact.gate), Gate::Fail | Gate::RuledOut) {
        return view! { <p class="alarm">"The numeric gate failed: no score is shown."</p> }.into_any();
    }
    let rows = compact.read().into_iter().map(|row: ReadResult| {
        view! {
            <tr>
                <th scope="row"><Foreign text=row.task.clone() /> " " <small><Foreign text=row.mode.clone() /></small></th>
                <td class="number">{show::right(&row)}</td>
                <td class="number">{show::limits(&row).unwrap_or_else(|| "–".to_owned())}</td>
                <td><Mark word=show::verdict(row.verdict) /></td>
            </tr>
        }
    });
    view! {
        <p><Foreign text=format!("{}, {} {}", compact.model.0, compact.suite.0, compact.suite.1) /></p>
        <div class="scroll" tabindex="0" role="region" aria-label=format!("Results: {name}")>
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Task"</th>
                        <th scope="col" class="number">"Right"</th>
                        <th scope="col" class="number">"95% interval, %"</th>
                        <th scope="col">"Verdict"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
