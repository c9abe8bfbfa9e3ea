//! Whether the reader sees the page, and whether the screen stays on.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Reflect;
use leptos::leptos_dom::helpers::WindowListenerHandle;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Whether the tab is in the background, where browsers slow it down.
pub fn hidden() -> bool {
    document().hidden()
}

/// The same as it changes, and how often it has been hidden.
pub fn hidden_signal() -> ReadSignal<bool> {
    let (is, set) = signal(hidden());
    let listener = window_event_listener_untyped("visibilitychange", move |_| set.set(hidden()));
    on_cleanup(move || listener.remove());
    is
}

/// A screen that stays on until this is dropped, where the browser can (Screen Wake Lock).
pub struct Awake {
    held: Rc<RefCell<Held>>,
    listener: Option<WindowListenerHandle>,
}

enum Held {
    /// The browser has not answered yet, or refuses.
    Wanted,
    Lock(JsValue),
    /// Nobody wants it any more.
    Over,
}

impl Awake {
    /// Asks for it, and again whenever the tab is seen again: browsers take it back from a hidden one. A browser that refuses
    /// changes nothing.
    pub fn ask() -> Self {
        let held = Rc::new(RefCell::new(Held::Wanted));
        take(Rc::clone(&held));
        let again = Rc::clone(&held);
        let listener = window_event_listener_untyped("visibilitychange", move |_| {
            if !hidden() {
                take(Rc::clone(&again));
            }
        });
        Self { held, listener: Some(listener) }
    }
}

fn take(held: Rc<RefCell<Held>>) {
    spawn_local(async move {
        let Some(lock) = request().await else { return };
        let over = matches!(*held.borrow(), Held::Over);
        let old = if over { Held::Lock(lock) } else { held.replace(Held::Lock(lock)) };
        release(&old);
    });
}

impl Drop for Awake {
    fn drop(&mut self) {
        if let Some(listener) = self.listener.take() {
            listener.remove();
        }
        release(&self.held.replace(Held::Over));
    }
}

async fn request() -> Option<JsValue> {
    let of = |from: &JsValue, name: &str| Reflect::get(from, &name.into()).ok().filter(|v| !v.is_undefined());
    let locks = of(&window().navigator(), "wakeLock")?;
    let request: js_sys::Function = of(&locks, "request")?.dyn_into().ok()?;
    let promise: js_sys::Promise = request.call1(&locks, &"screen".into()).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

fn release(held: &Held) {
    let Held::Lock(lock) = held else { return };
    let release = Reflect::get(lock, &"release".into()).ok().and_then(|f| f.dyn_into::<js_sys::Function>().ok());
    if let Some(release) = release {
        // A lock that the browser took back already is released.
        let _ = release.call0(lock);
    }
}
