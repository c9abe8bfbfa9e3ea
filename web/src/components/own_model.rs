//! A model of the reader's own against a golden file.

use engine::gpu::ModelReport;
use leptos::html::Input;
use leptos::prelude::*;

use crate::message::ChosenFile;

/// Two file fields and a button.
#[component]
pub fn OwnModel(ready: Signal<bool>, compare: impl Fn(Vec<ChosenFile>, ChosenFile) + 'static) -> impl IntoView {
    let model = NodeRef::<Input>::new();
    let goldens = NodeRef::<Input>::new();
    let chosen = RwSignal::new((0, 0));
    let count = move |_| chosen.set((files(model).len(), files(goldens).len()));
    let start = move |_| {
        if let Some(golden) = files(goldens).pop() {
            compare(files(model), golden);
        }
    };
    view! {
        <details class="own">
            <summary>"A model of your own against its goldens"</summary>
            <p>
                "Choose a GGUF file, or all files of a Hugging Face folder, and a golden file: hidden states and logits as safetensors, named as the project's goldens are. Nothing is uploaded."
            </p>
            <p>
                <label>
                    "Model " <input type="file" multiple node_ref=model on:change=count name="model" />
                </label>
            </p>
            <p>
                <label>
                    "Goldens " <input type="file" accept=".safetensors" node_ref=goldens on:change=count name="goldens" />
                </label>
            </p>
            <button on:click=start disabled=move || !ready.get() || chosen.get().0 == 0 || chosen.get().1 == 0>
                "Compare"
            </button>
        </details>
    }
}

/// What came out in one tier.
#[component]
pub fn Compared(report: ModelReport) -> impl IntoView {
    let ModelReport { device, passed, model } = report;
    let n_passed = model.findings.iter().filter(|f| f.passed()).count();
    let verdict = if passed { "passed" } else { "FAILED" };
    let worst = model.first_failure().or(model.worst()).map(|w| {
        let kind = if passed { "worst" } else { "first" };
        format!("{kind} at {}: {:.1e} of {:.1e} allowed", w.what, w.max_abs, w.bound)
    });
    view! {
        <section class="tier">
            <h2>
                "Own model, " {device.tier.name()} " " <span class="tag" class:bad=!passed>{verdict}</span>
            </h2>
            <p>{format!("{n_passed} of {} comparisons passed; ", model.findings.len())} {worst} "."</p>
        </section>
    }
}

/// The files that were chosen.
pub(super) fn files(input: NodeRef<Input>) -> Vec<ChosenFile> {
    let list = input.get_untracked().and_then(|i| i.files());
    let Some(list) = list else { return vec![] };
    (0..list.length()).filter_map(|i| list.get(i)).map(|file| ChosenFile { file }).collect()
}
