//! The worker's side: takes requests one after another and answers each.

mod begun;
mod classify;
mod control;
mod head;
mod kept;
mod machine;
mod models;
mod plan;
mod replay;
mod run;
mod seen;
mod session;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use engine::Tier;
use engine::gpu::{
    Breadth, Device, GpuError, GpuOptions, KernelFinding, Software, n_compositions, test_model, test_tier,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, Response};

use crate::message::{ChosenFile, Progress, Reply, Request, RunEvent, Stage, StageOf};
use crate::source::{self, BrowserFile};

thread_local! {
    /// Requests that wait for the one that is answered.
    static WAITING: RefCell<VecDeque<Request>> = const { RefCell::new(VecDeque::new()) };
    static ANSWERING: Cell<bool> = const { Cell::new(false) };
}

/// Listens for requests, for as long as the worker lives. They are answered one after another; what steers the one that is
/// answered is heard at once.
pub fn listen() {
    let on_message =
        Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
            match serde_wasm_bindgen::from_value::<Request>(event.data()) {
                Ok(Request::Control(control)) => control::hear(control),
                Ok(request) => {
                    WAITING.with_borrow_mut(|waiting| waiting.push_back(request));
                    if !ANSWERING.replace(true) {
                        spawn_local(answer_all());
                    }
                }
                Err(error) => post(&Reply::Failed(format!("the page sent what the worker does not know: {error}"))),
            }
        });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker ends with the page, and its listener with it.
    on_message.forget();
    post(&Reply::Ready);
}

async fn answer_all() {
    while let Some(request) = WAITING.with_borrow_mut(VecDeque::pop_front) {
        match answer(request).await {
            Ok(()) => post(&Reply::Done),
            Err(why) => {
                // What went wrong may be a device's: the next request opens another.
                DEVICES.take();
                post(&Reply::Failed(why));
            }
        }
    }
    ANSWERING.set(false);
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn post(reply: &Reply) {
    // A message that cannot be sent has nobody to tell: the console then holds the reason.
    if let Err(error) =
        serde_wasm_bindgen::to_value(reply).map_err(JsValue::from).and_then(|v| scope().post_message(&v))
    {
        web_sys::console::error_1(&error);
    }
}

/// A file of this site's own, by its name below the folder that the worker lies in.
async fn fetched(scope: &DedicatedWorkerGlobalScope, name: &str) -> Result<Vec<u8>, String> {
    let failed = |why: JsValue| format!("cannot load {name} from this site ({why:?}): reload the page");
    let here = scope.location().href();
    let address = web_sys::Url::new_with_base(name, &here).map_err(failed)?.href();
    let response: Response = JsFuture::from(scope.fetch_with_str(&address)).await.map_err(failed)?.unchecked_into();
    if !response.ok() {
        return Err(format!("this site has no {name} (HTTP {}): choose the file instead", response.status()));
    }
    let bytes = JsFuture::from(response.array_buffer().map_err(failed)?).await.map_err(failed)?;
    Ok(js_sys::Uint8Array::new(&bytes).to_vec())
}

async fn answer(request: Request) -> Result<(), String> {
    match request {
        Request::Device => {
            match device(None).await {
                Ok(device) => post(&Reply::Device(device.facts().clone())),
                Err(GpuError::NoAdapter { why }) => post(&Reply::NoDevice(why)),
                Err(error) => post(&Reply::NoDevice(error.to_string())),
            }
            Ok(())
        }
        Request::SelfTest { tier } => self_test(tier).await,
        Request::Compare { tier, model, goldens } => compare(tier, model, goldens).await,
        Request::Replay(request) => replay::replay(*request).await,
        Request::Look(request) => run::look(*request).await,
        Request::Predict(request) => run::predict(*request).await,
        Request::Run(request) => run::run(*request).await,
        Request::Classify(request) => classify::classify(*request).await,
        Request::Corpus(request) => classify::corpus(*request).await,
        Request::Head(file) => {
            post(&Reply::Head(head::look(&file)?));
            Ok(())
        }
        Request::Templates => {
            post(&Reply::Templates(classify::templates()));
            Ok(())
        }
        Request::Keep(file) => {
            let told = |done, total| {
                let stage = StageOf { stage: Stage::Read, done, total };
                post(&Reply::Run(Box::new(RunEvent::Stage(stage))));
            };
            let (name, sha256) = kept::copy_model(&file.file, &told).await?;
            post(&Reply::Kept { name, sha256 });
            Ok(())
        }
        Request::Fetch(wish) => models::fetch(*wish).await,
        // Heard when it came.
        Request::Control(_) => Ok(()),
    }
}

thread_local! {
    /// Devices that were opened, one for each tier, with the kernels that they have compiled.
    static DEVICES: RefCell<Vec<Rc<Device>>> = const { RefCell::new(Vec::new()) };
}

/// The device of a tier; when none is named, one that is open already, or else the best.
async fn device(tier: Option<Tier>) -> Result<Rc<Device>, GpuError> {
    let wanted = |d: &&Rc<Device>| tier.is_none_or(|tier| d.facts().tier == tier);
    let known = DEVICES.with_borrow(|all| all.iter().find(wanted).cloned());
    if let Some(device) = known.filter(|d| d.check().is_ok()) {
        return Ok(device);
    }
    let opened = Device::open(GpuOptions { tier, software: Software::Allowed, ..GpuOptions::default() }).await?;
    DEVICES.with_borrow_mut(|all| {
        all.retain(|d| d.facts().tier != opened.facts().tier);
        all.push(Rc::clone(&opened));
    });
    Ok(opened)
}

async fn tiers(only: Option<Tier>) -> Result<Vec<Tier>, GpuError> {
    match only {
        Some(tier) => Ok(vec![tier]),
        None => Ok(device(None).await?.facts().tiers.clone()),
    }
}

async fn self_test(only: Option<Tier>) -> Result<(), String> {
    for tier in tiers(only).await.map_err(|e| e.to_string())? {
        let device = device(Some(tier)).await.map_err(|e| e.to_string())?;
        // The frozen model, which comes last, counts as one more.
        let total = n_compositions(&device, Breadth::Device) + 1;
        let mut done = 0;
        let mut watch = |finding: &KernelFinding| {
            done += 1;
            let now = if done + 1 == total { "the frozen model" } else { &finding.kernel };
            post(&Reply::Progress(Progress { tier, done, total, now: now.to_owned() }));
        };
        let report = test_tier(&device, &mut watch).await.map_err(|e| e.to_string())?;
        post(&Reply::Tier(report));
    }
    Ok(())
}

async fn compare(only: Option<Tier>, model: Vec<ChosenFile>, goldens: ChosenFile) -> Result<(), String> {
    let goldens = BrowserFile::new(goldens.file).read().map_err(|e| e.to_string())?;
    let weights = source::open_model(model.into_iter().map(|f| f.file).collect()).map_err(|e| e.to_string())?;
    for tier in tiers(only).await.map_err(|e| e.to_string())? {
        let device = device(Some(tier)).await.map_err(|e| e.to_string())?;
        post(&Reply::Compared(test_model(&device, &weights, &goldens).await.map_err(|e| e.to_string())?));
    }
    Ok(())
}
