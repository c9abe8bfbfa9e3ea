//! Pause, go on, stop: heard between passes.

use std::cell::Cell;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::scope;
use crate::message::Control;

thread_local! {
    static STATE: Cell<State> = const { Cell::new(State::Going) };
}

/// What was last asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// To go on.
    Going,
    /// To wait.
    Paused,
    /// To end.
    Stopped,
}

/// Takes what was asked.
pub fn hear(control: Control) {
    STATE.set(match control {
        Control::Pause => State::Paused,
        Control::Resume => State::Going,
        Control::Stop => State::Stopped,
    });
}

/// Begins something new, which nobody has stopped yet.
pub fn begin() {
    STATE.set(State::Going);
}

/// What was last asked.
pub fn state() -> State {
    STATE.get()
}

/// Lets messages in: computing alone would never hear them.
pub async fn turn() {
    wait(0).await;
}

/// Waits for some milliseconds.
pub async fn wait(ms: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        if scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms).is_err() {
            // A worker that ends has no timers.
            let _ = resolve.call0(&JsValue::NULL);
        }
    });
    // It is never rejected.
    let _ = JsFuture::from(promise).await;
}
