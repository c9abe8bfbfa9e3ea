//! Whether the reader sees the page, and whether the screen stays on.

use js_sys::Reflect;
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
    held: StoredValue<Option<JsValue>, LocalStorage>,
    wanted: StoredValue<bool>,
}

impl Awake {
    /// Asks for it; a browser that refuses changes nothing.
    pub fn ask() -> Self {
        let awake = Self { held: StoredValue::new_local(None), wanted: StoredValue::new(true) };
        let (held, wanted) = (awake.held, awake.wanted);
        spawn_local(async move {
            let Some(lock) = request().await else { return };
            if wanted.try_get_value() == Some(true) {
                held.try_update_value(|slot| *slot = Some(lock));
            } else {
                release(&lock);
            }
        });
        awake
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        self.wanted.try_update_value(|wanted| *wanted = false);
        if let Some(lock) = self.held.try_update_value(Option::take).flatten() {
            release(&lock);
        }
    }
}

async fn request() -> Option<JsValue> {
    let of = |from: &JsValue, name: &str| Reflect::get(from, &name.into()).ok().filter(|v| !v.is_undefined());
    let locks = of(&window().navigator(), "wakeLock")?;
    let request: js_sys::Function = of(&locks, "request")?.dyn_into().ok()?;
    let promise: js_sys::Promise = request.call1(&locks, &"screen".into()).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

fn release(lock: &JsValue) {
    let release = Reflect::get(lock, &"release".into()).ok().and_then(|f| f.dyn_into::<js_sys::Function>().ok());
    if let Some(release) = release {
        // A lock that the browser took back already is released.
        let _ = release.call0(lock);
    }
}
