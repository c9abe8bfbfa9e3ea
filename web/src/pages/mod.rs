//! One file for each page.

mod card;
mod classify;
mod compare;
mod elsewhere;
mod home;
mod local;
mod models;
mod run;
mod selftest;

use leptos::prelude::*;
use web_sys::HtmlElement;

pub use card::CardPage;
pub use classify::{ClassifyPage, ClassifyState};
pub use compare::ComparePage;
pub use elsewhere::ElsewherePage;
pub use home::{Home, NotFound};
pub use local::LocalPage;
pub use models::ModelsPage;
pub use run::{RunPage, RunPageState};
pub use selftest::SelfTest;

use crate::components::{Filters, VerifyPublished};

/// The pages and islands that compute, and the first page.
pub fn computing(name: &str, place: Option<HtmlElement>) -> Option<AnyView> {
    Some(match (name, place) {
        ("", None) => view! { <Home /> }.into_any(),
        ("run", _) => view! { <RunPage /> }.into_any(),
        ("classify", _) => view! { <ClassifyPage /> }.into_any(),
        ("models", place) => view! { <ModelsPage island=place.is_some() /> }.into_any(),
        ("selftest", _) => view! { <SelfTest /> }.into_any(),
        ("filters", Some(_)) => view! { <Filters /> }.into_any(),
        _ => return None,
    })
}

/// The pages and islands that read cards.
pub fn reading(name: &str, place: Option<HtmlElement>) -> Option<AnyView> {
    Some(match (name, place) {
        ("c", _) => view! { <CardPage /> }.into_any(),
        ("compare", _) => view! { <ComparePage /> }.into_any(),
        ("local", _) => view! { <LocalPage /> }.into_any(),
        ("x", _) => view! { <ElsewherePage /> }.into_any(),
        ("verify", Some(place)) => view! { <VerifyPublished place /> }.into_any(),
        _ => return None,
    })
}
