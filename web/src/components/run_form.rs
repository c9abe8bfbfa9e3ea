//! What is to be run: model, items, what computes.

use leptos::prelude::*;

use super::ModelField;
use crate::message::{Computer, Control, GateChoice};
use crate::pages::RunPageState;
use crate::state::Found;
use crate::state::run::{ModelChoice, PROBES, PROFILES, RunPhase, bytes_words, computer, computer_name, time_words};

/// The form and its buttons.
#[component]
pub fn RunForm(page: RunPageState) -> impl IntoView {
    let running = Memo::new(move |_| page.run.read().running());
    let paused = Memo::new(move |_| page.run.read().phase == RunPhase::Paused);
    let asking = Memo::new(move |_| page.run.read().phase == RunPhase::Asking);
    let ready = Memo::new(move |_| {
        let found = page.found.read().found != Found::Asking;
        let run = page.run.read();
        found && page.has_model() && !run.running() && run.look.as_ref().is_some_and(|look| look.refused.is_none())
    });
    let model = Signal::derive(move || page.choices.read().model.clone());
    view! {
        <section aria-labelledby="what">
            <h2 id="what">"Model and items"</h2>
            <fieldset class="plain" disabled=move || running.get()>
                <ModelField
                    model
                    choose=Callback::new(move |model| page.choices.update(|c| c.model = model))
                    take=Callback::new(move |files| page.take(files))
                />
                <Looked page />
                <Items page />
                <Device page />
            </fieldset>
            <div class="actions">
                <Show
                    when=move || running.get()
                    fallback=move || {
                        view! {
                            <button class="primary" on:click=move |_| page.start(None) disabled=move || !ready.get()>
                                "Run"
                            </button>
                            <button on:click=move |_| page.predict() disabled=move || !ready.get()>
                                "How long would it take?"
                            </button>
                        }
                    }
                >
                    <Show
                        when=move || paused.get()
                        fallback=move || {
                            view! {
                                <button
                                    on:click=move |_| page.control(Control::Pause)
                                    disabled=move || !asking.get()
                                >
                                    "Pause"
                                </button>
                            }
                        }
                    >
                        <button class="primary" on:click=move |_| page.control(Control::Resume)>
                            "Go on"
                        </button>
                    </Show>
                    <button on:click=move |_| page.control(Control::Stop)>"Stop"</button>
                </Show>
            </div>
        </section>
    }
}

/// What the model's header says.
#[component]
fn Looked(page: RunPageState) -> impl IntoView {
    let look = Memo::new(move |_| (page.run.read().look.clone(), page.run.read().look_failed.clone()));
    let none = move || match (&page.choices.read().model, page.has_model()) {
        (ModelChoice::Own, false) => Some("No file is chosen yet."),
        (_, false) => Some("No model is fetched yet."),
        _ => None,
    };
    view! {
        <p class="looked quiet">
            {move || match look.get() {
                _ if none().is_some() => none().unwrap_or_default().to_owned(),
                (Some(look), _) => {
                    let millions = look.n_params as f64 / 1e6;
                    let fact = format!(
                        "{}: {:.1} million parameters, {}, {} to read; {} on the device with the whole context.",
                        look.name,
                        millions,
                        look.quantization,
                        bytes_words(look.bytes as f64),
                        bytes_words(look.device_bytes as f64),
                    );
                    match look.refused {
                        Some(why) => format!("{fact} It cannot run: {why}."),
                        None => fact,
                    }
                }
                (None, Some(why)) => format!("This model cannot be opened: {why}."),
                (None, None) => "Reading the model's header…".to_owned(),
            }}
        </p>
    }
}

/// Profile, probes, numbers.
#[component]
fn Items(page: RunPageState) -> impl IntoView {
    let choices = page.choices;
    let profile = move |event| choices.update(|c| c.selected.profile = event_target_value(&event));
    let items = move |event| choices.update(|c| c.selected.items = event_target_value(&event).parse().ok());
    let minutes = move |event| {
        let value: Option<f64> = event_target_value(&event).parse().ok();
        choices.update(|c| c.selected.minutes = value.filter(|m| *m > 0.0));
    };
    let text = |value: Option<String>| value.unwrap_or_default();
    let whole = Memo::new(move |_| matches!(choices.read().selected.profile.as_str(), "quick" | "standard"));
    let toggle = move |id: &'static str, on: bool| {
        choices.update(|c| {
            let chosen = &mut c.selected.probes;
            chosen.retain(|p| p != id);
            if on {
                chosen.push(id.to_owned());
            }
            let order = |p: &String| PROBES.iter().position(|(known, _)| known == p);
            chosen.sort_by_key(order);
        });
    };
    let n_chosen = move || match choices.read().selected.probes.len() {
        0 => "all of the profile".to_owned(),
        1 => "1 probe".to_owned(),
        n => format!("{n} probes"),
    };
    let asked = Memo::new(move |_| {
        page.run.read().look.as_ref().map(|look| (look.n_items, look.n_probes, look.left_out.clone()))
    });
    view! {
        <div class="fields">
            <label>
                "Profile "
                <select name="profile" on:change=profile>
                    {PROFILES
                        .map(|(name, words)| {
                            view! {
                                <option value=name selected=move || choices.read().selected.profile == name>
                                    {words}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </label>
            <label>
                "Items of each probe, at most "
                <input
                    type="number"
                    name="items"
                    min="1"
                    max="400"
                    placeholder="as the profile"
                    disabled=move || !whole.get()
                    prop:value=move || text(choices.read().selected.items.map(|n| n.to_string()))
                    on:change=items
                />
            </label>
            <label>
                "Minutes, at most "
                <input
                    type="number"
                    name="minutes"
                    min="0.5"
                    step="0.5"
                    placeholder="as long as it takes"
                    prop:value=move || text(choices.read().selected.minutes.map(|m| m.to_string()))
                    on:change=minutes
                />
            </label>
        </div>
        <details class="more probes" open=move || !choices.read_untracked().selected.probes.is_empty()>
            <summary>"Probes: " {n_chosen}</summary>
            <fieldset class="checks" disabled=move || !whole.get()>
                <legend class="hidden">"Probes"</legend>
                {PROBES
                    .map(|(id, name)| {
                        view! {
                            <label>
                                <input
                                    type="checkbox"
                                    name="probe"
                                    value=id
                                    prop:checked=move || choices.read().selected.probes.iter().any(|p| p == id)
                                    on:change=move |event| toggle(id, event_target_checked(&event))
                                />
                                " "
                                {id}
                                " "
                                {name}
                            </label>
                        }
                    })
                    .collect_view()}
            </fieldset>
        </details>
        <p class="quiet">
            {move || {
                asked
                    .get()
                    .map(|(items, probes, left_out)| {
                        let most = if choices.read().selected.minutes.is_some() { ", as many of them as fit the time" } else { "" };
                        let left = left_out.map(|why| format!(" {why}")).unwrap_or_default();
                        format!("{items} items of {probes} probes{most}.{left}")
                    })
            }}
        </p>
    }
}

/// What computes, and what it has to pass.
#[component]
fn Device(page: RunPageState) -> impl IntoView {
    let choices = page.choices;
    let tiers = Memo::new(move |_| match &page.found.read().found {
        Found::Device(facts) => facts.tiers.clone(),
        Found::Asking | Found::Nothing(_) => vec![],
    });
    let choose = move |event| {
        let computer = computer(&event_target_value(&event)).unwrap_or_default();
        choices.update(|c| c.computer = computer);
    };
    let gate = move |event| {
        let full = event_target_value(&event) == "full";
        choices.update(|c| c.gate = if full { GateChoice::Full } else { GateChoice::SelfTest });
    };
    let is = move |computer: Computer| move || choices.read().computer == computer;
    view! {
        <div class="fields">
            <label>
                "Computes "
                <select name="device" on:change=choose>
                    <option value="auto" selected=is(Computer::Auto)>
                        "the GPU, or else the CPU"
                    </option>
                    <For each=move || tiers.get() key=|t| t.name() let:tier>
                        <option value=computer_name(Computer::Tier(tier)) selected=is(Computer::Tier(tier))>
                            {format!("the GPU, tier {}", tier.name())}
                        </option>
                    </For>
                    <option value="cpu" selected=is(Computer::Cpu)>
                        "the CPU, in WebAssembly"
                    </option>
                </select>
            </label>
            <label>
                "Before any score "
                <select name="gate" on:change=gate>
                    <option value="full" selected=move || choices.read().gate == GateChoice::Full>
                        "self-test, and this model against its exact reference"
                    </option>
                    <option value="self-test" selected=move || choices.read().gate == GateChoice::SelfTest>
                        "self-test alone: the card says so"
                    </option>
                </select>
            </label>
        </div>
    }
}

/// What a run would take.
#[component]
pub fn Predicted(page: RunPageState) -> impl IntoView {
    let predicted = Memo::new(move |_| page.run.read().predicted);
    move || {
        predicted.get().map(|((middle, most), n)| {
            view! {
                <p class="predicted">
                    {format!(
                        "{n} items: about {}, at most {} by a few timed prompts on this device; the gate comes on top.",
                        time_words(middle),
                        time_words(most),
                    )}
                </p>
            }
        })
    }
}
