// The site without a network: what the app consists of is kept at the first visit, what a page shows when it is visited.
// Pages are asked of the network first, so that a new version shows at once; nothing is asked that the page did not ask.
const VERSION = "sweetspot-1";
const SHELL = ["./", "./run/", "./classify/", "./c/", "./compare/", "./models/", "./local/", "./selftest/"];
const PARTS = [
    "classifier.js",
    "sweetspot.css", "card.css", "start.js", "app.js", "app_bg.wasm", "cards.js", "cards_bg.wasm",
    "worker.js", "worker_bg.wasm", "worker_loader.js", "manifest.webmanifest", "icon.svg", "models/demo.gguf",
    "fonts/inter.woff2", "fonts/jetbrains-mono.woff2",
];

self.addEventListener("install", (event) => {
    event.waitUntil((async () => {
        const cache = await caches.open(VERSION);
        // One part that is missing, as a site built around the app may lack one, keeps none of the others away.
        await Promise.allSettled([...SHELL, ...PARTS].map((path) => cache.add(new Request(path, { cache: "no-cache" }))));
        await keepImports(cache);
        await self.skipWaiting();
    })());
});

/** The small modules that the compiled parts import: their folders are named by a hash, so their names are read. */
async function keepImports(cache) {
    for (const name of ["app.js", "cards.js", "worker.js"]) {
        const text = await (await cache.match(name))?.text();
        const paths = [...(text ?? "").matchAll(/from\s*["'](\.\/snippets\/[^"']+)["']/g)].map((found) => found[1]);
        await Promise.allSettled(paths.map((path) => cache.add(new Request(path, { cache: "no-cache" }))));
    }
}

self.addEventListener("activate", (event) => {
    event.waitUntil((async () => {
        for (const name of await caches.keys()) if (name !== VERSION) await caches.delete(name);
        await self.clients.claim();
    })());
});

self.addEventListener("fetch", (event) => {
    const { request } = event;
    const ours = new URL(request.url).href.startsWith(self.registration.scope);
    if (request.method !== "GET" || !ours || request.headers.has("range")) return;
    event.respondWith((async () => {
        const cache = await caches.open(VERSION);
        try {
            const answer = await fetch(request);
            if (answer.ok) await cache.put(request, answer.clone());
            return answer;
        } catch (error) {
            const kept = await cache.match(request, { ignoreSearch: true });
            if (kept) return kept;
            throw error;
        }
    })());
});
