//! Ctrl-C: the first asks the running work to stop in good order, the second ends the process.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;

/// A flag that Ctrl-C raises.
#[derive(Clone)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens from now on.
    ///
    /// A second caller gets the flag of the first: a process has one handler.
    pub fn listen() -> anyhow::Result<Self> {
        static LISTENING: Mutex<Option<Interrupt>> = Mutex::new(None);
        let mut listening = LISTENING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flag) = &*listening {
            return Ok(flag.clone());
        }
        let flag = Arc::new(AtomicBool::new(false));
        let raised = Arc::clone(&flag);
        ctrlc::set_handler(move || {
            if raised.swap(true, Ordering::SeqCst) {
                // The conventional code of a process ended by SIGINT.
                std::process::exit(130);
            }
            eprintln!("\nstopping after the current step; press Ctrl-C again to end at once");
        })
        .context("cannot listen for Ctrl-C")?;
        Ok(listening.insert(Self(flag)).clone())
    }

    /// Whether it was pressed.
    pub fn raised(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// What a callback that may stop the work returns.
    pub fn flow(&self) -> std::ops::ControlFlow<()> {
        if self.raised() { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) }
    }
}
