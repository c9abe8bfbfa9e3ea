//! The page's side of the worker: starts it, sends requests, hears replies, notices its death.
//!
//! A worker's own events say when it could not be loaded or has died, which a page must be able to show.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, Event, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::app::address;
use crate::message::{Reply, Request};

/// Made by trunk: loads the worker's wasm.
const LOADER: &str = "worker_loader.js";

/// A running worker. It ends when this is dropped.
pub struct Bridge {
    worker: Worker,
    /// Requests made before the worker listens.
    waiting: Rc<RefCell<Vec<Request>>>,
    ready: Rc<Cell<bool>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl Bridge {
    /// Starts a worker. `hear` gets every reply but the first, which says that it listens.
    pub fn start(hear: impl Fn(Reply) + 'static) -> Result<Self, String> {
        let hear: Rc<dyn Fn(Reply)> = Rc::new(hear);
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&address(LOADER), &options)
            .map_err(|e| format!("the browser started no worker ({e:?}): reload the page"))?;
        let waiting: Rc<RefCell<Vec<Request>>> = Rc::default();
        let ready: Rc<Cell<bool>> = Rc::default();
        let on_message = {
            let (hear, worker, waiting, ready) = (Rc::clone(&hear), worker.clone(), waiting.clone(), ready.clone());
            Closure::new(move |event: MessageEvent| match serde_wasm_bindgen::from_value(event.data()) {
                Ok(Reply::Ready) => {
                    ready.set(true);
                    for request in waiting.take() {
                        if let Err(why) = post(&worker, &request) {
                            hear(Reply::Failed(why));
                        }
                    }
                }
                Ok(reply) => hear(reply),
                Err(error) => hear(Reply::Failed(format!("the worker sent what the page does not know: {error}"))),
            })
        };
        let on_error = Closure::new(move |event: Event| {
            // A worker that could not be loaded gives an event without a message.
            let why = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
            let why = why.unwrap_or_else(|| "it could not be loaded".to_owned());
            hear(Reply::Failed(format!("the worker that computes has stopped ({why}): reload the page")));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, waiting, ready, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a request, now or as soon as the worker listens.
    pub fn ask(&self, request: Request) -> Result<(), String> {
        if self.ready.get() {
            return post(&self.worker, &request);
        }
        self.waiting.borrow_mut().push(request);
        Ok(())
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        // What is on its way must not find its listener gone.
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

fn post(worker: &Worker, request: &Request) -> Result<(), String> {
    let value = serde_wasm_bindgen::to_value(request).map_err(|e| e.to_string())?;
    worker.post_message(&value).map_err(|e| format!("the worker took no message ({e:?}): reload the page"))
}
