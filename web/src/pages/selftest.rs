//! `/selftest/`: every kernel against its definition and the frozen model against its goldens, on the reader's own GPU.

use engine::Tier;
use leptos::prelude::*;

use crate::bridge::Bridge;
use crate::components::{Compared, DeviceFacts, OwnModel, ProgressBar, Share, TierTable};
use crate::message::{Reply, Request};
use crate::state::{Found, Phase, SelfTestState};

/// The page.
#[component]
pub fn SelfTest() -> impl IntoView {
    document().set_title("Self-test · Sweetspot");
    let state = RwSignal::new(SelfTestState::default());
    let bridge = StoredValue::new_local(None::<Bridge>);
    let tier = RwSignal::new(None::<Tier>);
    let ask = move |request: Request| send(bridge, state, request);
    ask(Request::Device);

    let run = move |_| {
        state.update(SelfTestState::begin);
        ask(Request::SelfTest { tier: tier.get_untracked() });
    };
    let stop = move |_| {
        // A kernel that runs cannot be called back: the worker ends, and the next request starts another.
        bridge.set_value(None);
        state.update(SelfTestState::stop);
    };
    // Memos: a step of progress redraws the bar, not the list of facts, and says nothing to a screen reader.
    let found = Memo::new(move |_| state.read().found.clone());
    let phase = Memo::new(move |_| state.read().phase.clone());
    let sentence = Memo::new(move |_| state.read().sentence());
    let idle = move || !state.read().running() && matches!(state.read().found, Found::Device(_));
    let compare = move |model, goldens| {
        state.update(SelfTestState::begin);
        ask(Request::Compare { tier: tier.get_untracked(), model, goldens });
    };

    view! {
        <h1>"Self-test"</h1>
        <p class="lead">
            "Runs every kernel of the engine against the function that defines it, and a small frozen model, layer by layer, against values that another implementation computed."
        </p>
        <DeviceFacts found=found.into() />
        <div class="actions">
            <TierChoice state tier />
            <button class="primary" on:click=run disabled=move || !idle()>
                "Run the self-test"
            </button>
            <Show when=move || state.read().running()>
                <button on:click=stop>"Stop"</button>
            </Show>
        </div>
        <ProgressBar phase=phase.into() />
        <p class="verdict" role="status" class:bad=move || failed(&state.read())>
            {sentence}
        </p>
        <For each=move || state.read().tiers.clone() key=|t| t.device.tier.name() let:report>
            <TierTable report />
        </For>
        <For each=move || state.read().compared.clone() key=|c| c.device.tier.name() let:report>
            <Compared report />
        </For>
        <Show when=move || state.read().has_results() && !state.read().running()>
            <Share state />
        </Show>
        <OwnModel ready=Signal::derive(idle) compare />
    }
}

/// Which tiers are tested.
#[component]
fn TierChoice(state: RwSignal<SelfTestState>, tier: RwSignal<Option<Tier>>) -> impl IntoView {
    let tiers = Memo::new(move |_| match &state.read().found {
        Found::Device(facts) => facts.tiers.clone(),
        Found::Asking | Found::Nothing(_) => vec![],
    });
    let choose = move |event| {
        let name = event_target_value(&event);
        tier.set(Tier::ALL.into_iter().find(|t| t.name() == name));
    };
    view! {
        <label>
            "Tier "
            <select on:change=choose disabled=move || state.read().running()>
                <option value="">"every one"</option>
                <For each=move || tiers.get() key=|t| t.name() let:tier>
                    <option value=tier.name()>{tier.name()}</option>
                </For>
            </select>
        </label>
    }
}

fn failed(state: &SelfTestState) -> bool {
    matches!(state.phase, Phase::Failed(_))
        || state.tiers.iter().any(|t| !t.passed)
        || state.compared.iter().any(|c| !c.passed)
}

/// Sends a request to the worker, and starts it first where there is none.
fn send(bridge: StoredValue<Option<Bridge>, LocalStorage>, state: RwSignal<SelfTestState>, request: Request) {
    let hear = move |reply: Reply| state.update(|s| s.hear(reply));
    let outcome = bridge.try_update_value(|slot| {
        if slot.is_none() {
            *slot = Some(Bridge::start(hear)?);
        }
        slot.as_ref().map_or(Ok(()), |bridge| bridge.ask(request))
    });
    if let Some(Err(why)) = outcome {
        state.update(|s| s.hear(Reply::Failed(why)));
    }
}
