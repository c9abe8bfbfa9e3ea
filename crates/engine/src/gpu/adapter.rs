//! Asking the system for an adapter and a device: natively through wgpu alone, in a browser with help.

use super::error::GpuError;

/// The adapter that the system prefers.
pub async fn request() -> Result<wgpu::Adapter, GpuError> {
    browser::watch();
    let mut wanted = wgpu::InstanceDescriptor::new_without_display_handle();
    wanted.backends =
        if cfg!(target_arch = "wasm32") { wgpu::Backends::BROWSER_WEBGPU } else { wgpu::Backends::PRIMARY };
    let options =
        wgpu::RequestAdapterOptions { power_preference: wgpu::PowerPreference::HighPerformance, ..Default::default() };
    let adapter = wgpu::Instance::new(wanted).request_adapter(&options).await;
    adapter.map_err(|e| GpuError::NoAdapter { why: browser::why_none().unwrap_or_else(|| e.to_string()) })
}

/// What the adapter is.
pub fn info(adapter: &wgpu::Adapter) -> wgpu::AdapterInfo {
    let mut info = adapter.get_info();
    if let Some(name) = browser::name() {
        info.name = name;
    }
    if info.name.is_empty() {
        "an adapter without a name".clone_into(&mut info.name);
    }
    info
}

/// What the adapter has.
pub fn features(adapter: &wgpu::Adapter) -> wgpu::Features {
    let mut features = adapter.features();
    if browser::has_subgroups() {
        features.insert(wgpu::Features::SUBGROUP);
    }
    features
}

/// A device with these features and limits; the error is what the system said.
pub async fn request_device(
    adapter: &wgpu::Adapter,
    mut features: wgpu::Features,
    limits: wgpu::Limits,
) -> Result<(wgpu::Device, wgpu::Queue), String> {
    if browser::ask_for_subgroups(features.contains(wgpu::Features::SUBGROUP)) {
        // wgpu's browser backend does not know the feature and would miss it on the device.
        features.remove(wgpu::Features::SUBGROUP);
    }
    let wanted = wgpu::DeviceDescriptor {
        label: Some("sweetspot"),
        required_features: features,
        required_limits: limits,
        ..Default::default()
    };
    adapter.request_device(&wanted).await.map_err(|e| e.to_string())
}

/// What wgpu's browser backend does not do.
#[cfg(target_arch = "wasm32")]
mod browser {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen(module = "/src/gpu/adapter.js")]
    extern "C" {
        /// Listens for the adapter, from now on.
        pub fn watch();
        /// The adapter's name.
        #[wasm_bindgen(js_name = adapterName)]
        pub fn name() -> Option<String>;
        #[wasm_bindgen(js_name = adapterHas)]
        fn adapter_has(feature: &str) -> bool;
        #[wasm_bindgen(js_name = askForSubgroups)]
        fn ask(wanted: bool);
        /// Why there is no adapter, as far as the browser lets on.
        #[wasm_bindgen(js_name = whyNone)]
        pub fn why_none() -> Option<String>;
    }

    /// Whether the adapter has subgroups.
    pub fn has_subgroups() -> bool {
        adapter_has("subgroups")
    }

    /// Has the next device made with subgroups, or without; always true: it was done here.
    pub fn ask_for_subgroups(wanted: bool) -> bool {
        ask(wanted);
        true
    }
}

/// Natively wgpu does it all.
#[cfg(not(target_arch = "wasm32"))]
mod browser {
    /// Nothing to listen for.
    pub fn watch() {}

    /// wgpu knows it.
    pub fn name() -> Option<String> {
        None
    }

    /// wgpu knows it.
    pub fn has_subgroups() -> bool {
        false
    }

    /// wgpu does it.
    pub fn ask_for_subgroups(_wanted: bool) -> bool {
        false
    }

    /// wgpu says it.
    pub fn why_none() -> Option<String> {
        None
    }
}
