// Starts the app. A file of its own, because the content security policy allows no inline script.
// Pages that read cards have a module of their own, so that the others load less.
const reading = ["c", "compare", "local", "verify", "x"];
const page = document.querySelector("[data-island]")?.dataset.island ?? document.querySelector("meta[name=sweetspot-page]")?.content ?? "";
const name = reading.includes(page) ? "cards" : "app";

const { default: init } = await import(`./${name}.js`);
await init({ module_or_path: new URL(`./${name}_bg.wasm`, import.meta.url) });

// After the first visit the site works without a network. A browser without service workers, and a page without https,
// go on as before.
if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(new URL("./offline.js", import.meta.url)).catch(() => {});
}
