// What wgpu's browser backend leaves out: it never asks for subgroups (wgpu issue 10146), and of the adapter's
// names it passes on the description alone. This module stands between wgpu and the browser and adds both.

let adapter = null;
let subgroups = false;
let watching = false;

/** Notes every adapter that is handed out, and has devices made with subgroups when they are wanted. */
export function watch() {
    if (watching || typeof GPU === "undefined" || typeof GPUAdapter === "undefined") return;
    watching = true;
    const { requestAdapter } = GPU.prototype;
    GPU.prototype.requestAdapter = async function (...options) {
        adapter = await requestAdapter.apply(this, options);
        return adapter;
    };
    const { requestDevice } = GPUAdapter.prototype;
    GPUAdapter.prototype.requestDevice = function (descriptor = {}) {
        const requiredFeatures = [...(descriptor.requiredFeatures ?? [])];
        if (subgroups) requiredFeatures.push("subgroups");
        // The descriptor's members are read by name: a dictionary of the browser's own has none to spread.
        const { label, requiredLimits } = descriptor;
        return requestDevice.call(this, { label, requiredLimits, requiredFeatures });
    };
}

/** The adapter's description, or vendor, architecture and device; browsers keep back what they will. */
export function adapterName() {
    const { vendor, architecture, device, description } = adapter?.info ?? {};
    const parts = [vendor, architecture, device].filter(Boolean).join(" ");
    return description && parts ? `${description} (${parts})` : description || parts || undefined;
}

/** Whether the adapter has a feature. */
export function adapterHas(feature) {
    return adapter?.features.has(feature) ?? false;
}

/** Whether the next device is made with subgroups. */
export function askForSubgroups(wanted) {
    subgroups = wanted;
}

/** Why there is no adapter, as far as it can be told. */
export function whyNone() {
    if (!globalThis.isSecureContext) return "WebGPU needs a secure page: https, or localhost";
    if (!globalThis.navigator?.gpu) return "this browser has no WebGPU, or has it switched off";
    return "the browser has WebGPU but offers no adapter: the driver may be on its block list";
}
