//! A tree of [`cards::node`] as elements of the page: no markup is parsed, so that text stays text.
//!
//! The tree lies in a shadow root with the card's own style: neither its names nor its style meet those of the page.

use cards::node::{Node, visible};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, Event, HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode};

/// The namespace of drawings (SVG 2, section 5.1).
const SVG: &str = "http://www.w3.org/2000/svg";

/// Where a tree goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Space {
    Html,
    Svg,
}

/// Attributes that could load or run something, or that the content security policy refuses. No tree of ours has one; a
/// tree that came to have one would do nothing with it.
fn is_refused(name: &str, value: &str) -> bool {
    match name {
        "href" => !value.starts_with('#'),
        "src" | "srcset" | "srcdoc" | "style" | "action" | "formaction" | "data" | "poster" | "ping" | "xlink:href" => {
            true
        }
        other => other.starts_with("on"),
    }
}

/// Puts a tree into a host's shadow root, in place of what was there, with the style at an address.
pub fn show(host: &HtmlElement, tree: &Node, style: &str) -> Result<(), JsValue> {
    let document = host.owner_document().ok_or("a host outside of any page")?;
    let root = if let Some(root) = host.shadow_root() {
        root
    } else {
        let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))?;
        follow_links(&root)?;
        root
    };
    root.set_text_content(None);
    let link = document.create_element("link")?;
    link.set_attribute("rel", "stylesheet")?;
    link.set_attribute("href", style)?;
    root.append_child(&link)?;
    root.append_child(&build(&document, tree, Space::Html)?)?;
    Ok(())
}

fn build(document: &Document, node: &Node, space: Space) -> Result<web_sys::Node, JsValue> {
    let (tag, attrs, children) = match node {
        Node::Text(text) => return Ok(document.create_text_node(&visible(text)).into()),
        Node::Element { tag, attrs, children } => (*tag, attrs, children),
    };
    // A drawing's content is of its space, and so is all that lies in it.
    let space = if tag == "svg" { Space::Svg } else { space };
    let element = match (space, tag) {
        (Space::Svg, _) => document.create_element_ns(Some(SVG), tag)?,
        // The page has its own body and main; of each there is one.
        (Space::Html, "body" | "main") => document.create_element("div")?,
        (Space::Html, _) => document.create_element(tag)?,
    };
    for (name, value) in attrs {
        if !is_refused(name, value) {
            element.set_attribute(name, &visible(value))?;
        }
    }
    for child in children {
        element.append_child(&build(document, child, space)?)?;
    }
    Ok(element.into())
}

/// A link within the tree moves there. The address stays: its part after `#` is the card's link, not a place.
fn follow_links(root: &ShadowRoot) -> Result<(), JsValue> {
    let listener = {
        let root = root.clone();
        Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            let path = event.composed_path();
            let link = path.iter().find_map(|e| e.dyn_into::<Element>().ok().filter(|e| e.tag_name() == "A"));
            let Some(place) = link.and_then(|a| a.get_attribute("href")) else { return };
            event.prevent_default();
            let target = place.strip_prefix('#').and_then(|id| root.get_element_by_id(id));
            if let Some(target) = target.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
                target.set_tab_index(-1);
                target.scroll_into_view();
                // An element that cannot be focused is shown all the same.
                let _ = target.focus();
            }
        })
    };
    root.add_event_listener_with_callback("click", listener.as_ref().unchecked_ref())?;
    // It lives as long as the root, which nothing tells when it ends: a page has few.
    listener.forget();
    Ok(())
}

/// Changes the address's part after `#` without a step in the history.
pub fn replace_hash(hash: &str) {
    let address = here(hash);
    if let Ok(history) = leptos::prelude::window().history() {
        // A browser that has had enough of changes keeps the old address, which is still right.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// The same with a step in the history.
pub fn push_hash(hash: &str) {
    let address = here(hash);
    if let Ok(history) = leptos::prelude::window().history() {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

fn here(hash: &str) -> String {
    let path = leptos::prelude::window().location().pathname().unwrap_or_default();
    if hash.is_empty() { path } else { format!("{path}#{hash}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_that_load_or_run_are_refused() {
        for (name, value) in [
            ("onclick", "x"),
            ("onload", ""),
            ("style", "color:red"),
            ("src", "x"),
            ("srcdoc", "x"),
            ("href", "javascript:alert(1)"),
            ("href", "https://example.org"),
            ("href", " #x"),
            ("xlink:href", "#x"),
        ] {
            assert!(is_refused(name, value), "{name}");
        }
        for (name, value) in [("href", "#scope"), ("class", "x"), ("d", "M0 0"), ("title", "onclick")] {
            assert!(!is_refused(name, value), "{name}");
        }
    }
}
