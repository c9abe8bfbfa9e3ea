//! What the device is.

use leptos::prelude::*;

use crate::state::Found;

/// What a page does without a GPU.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Without {
    /// Nothing.
    #[default]
    Nothing,
    /// The CPU computes.
    Cpu,
}

/// The adapter's name, features, tiers and limits, or why there is none.
#[component]
pub fn DeviceFacts(found: Signal<Found>, #[prop(optional)] without: Without) -> impl IntoView {
    move || {
        match found.get() {
        Found::Asking => view! { <p class="quiet">"Asking the browser for a GPU…"</p> }.into_any(),
        Found::Nothing(why) => view! {
            <div class="notice" role="alert">
                <p>
                    <strong>
                        {match without {
                            Without::Nothing => "This page needs WebGPU, and cannot get it: ",
                            Without::Cpu => "No WebGPU here, so the CPU computes, in WebAssembly, on one core: ",
                        }}
                    </strong>
                    {why}
                    "."
                </p>
                <p>
                    "Chrome and Edge have it from version 113 on Windows, macOS and ChromeOS and 121 on Android, Safari from 26, Firefox from 141 on Windows and 145 on macOS. On Linux, Chrome wants it switched on: chrome://flags/#enable-unsafe-webgpu."
                </p>
            </div>
        }
        .into_any(),
        Found::Device(facts) => {
            let mib = |bytes: u64| format!("{} MiB", bytes >> 20);
            let names = |all: Vec<String>| if all.is_empty() { "none of those it could use".to_owned() } else { all.join(", ") };
            let (least, most) = facts.subgroup_sizes;
            let sizes = match (least, most) {
                (_, 0) => "not told".to_owned(),
                (least, most) if least == most => format!("{most} lanes"),
                (least, most) => format!("{least} to {most} lanes"),
            };
            let rows = [
                ("Adapter", facts.name.clone()),
                ("Tiers", names(facts.tiers.iter().map(|t| t.name().to_owned()).collect())),
                ("Features", names(facts.features.clone())),
                ("Subgroups", sizes),
                ("Largest binding", mib(facts.max_binding_bytes)),
                ("Largest buffer", mib(facts.max_buffer_bytes)),
                (
                    "Workgroup",
                    format!("{} invocations, {} KiB", facts.max_workgroup_invocations, facts.max_workgroup_bytes >> 10),
                ),
            ];
            let software = facts.software.then(|| {
                view! {
                    <p class="notice">
                        {match without {
                            Without::Nothing => "This adapter is the CPU in disguise: it is right or wrong like any other, and slow. The test takes minutes.",
                            Without::Cpu => "This adapter is the CPU in disguise: it is right or wrong like any other, and slow. The CPU itself, which can be chosen below, may be faster.",
                        }}
                    </p>
                }
            });
            view! {
                <dl class="facts">
                    {rows
                        .into_iter()
                        .map(|(term, value)| {
                            view! {
                                <div>
                                    <dt>{term}</dt>
                                    <dd>{value}</dd>
                                </div>
                            }
                        })
                        .collect_view()}
                </dl>
                {software}
            }
            .into_any()
        }
    }
    }
}
