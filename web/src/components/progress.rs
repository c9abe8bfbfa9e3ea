//! How far a run is.

use leptos::prelude::*;

use crate::state::Phase;

/// A bar, and what runs; nothing while nothing runs.
#[component]
pub fn ProgressBar(phase: Signal<Phase>) -> impl IntoView {
    move || match phase.get() {
        Phase::Running(None) => Some(view! { <progress aria-label="Progress"></progress> }.into_any()),
        Phase::Running(Some(progress)) => Some(
            view! {
                <div class="progress">
                    <progress aria-label="Progress" max=progress.total value=progress.done></progress>
                    <span class="quiet">
                        {format!("{}: {} of {}, {}", progress.tier.name(), progress.done, progress.total, progress.now)}
                    </span>
                </div>
            }
            .into_any(),
        ),
        Phase::Idle | Phase::Done | Phase::Stopped | Phase::Failed(_) => None,
    }
}
