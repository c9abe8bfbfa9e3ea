"""Engines in Chromium, driven as the other peers are: one line in for each repetition, one line of JSON out.

    python drive_browser.py PARTICIPANT MODEL THREADS FOLDER

PARTICIPANT is sweetspot-wasm, sweetspot-webgpu or wllama. FOLDER holds `ours/`, this project's engine as
`wasm-bindgen --target web` writes it, and `node_modules/`. `pp 64` computes a prompt of 64 tokens, `tg 16` writes 16 tokens one after the
other by the most likely token; the time is the page's own, taken around the call. CHROMIUM names another browser.
"""

import json
import os
import shutil
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

OURS = """async ([device]) => {
    const module = await import("/ours/peers.js");
    await module.default();
    const bytes = new Uint8Array(await (await fetch("/model.gguf")).arrayBuffer());
    const started = performance.now();
    const subject = await module.Subject.load(bytes, device);
    self.repeat = async (what, n) => {
        const begun = performance.now();
        await (what === "pp" ? subject.prompt(n) : subject.decode(n));
        const ms = performance.now() - begun;
        return { ms, printed: `${(1000 * n / ms).toFixed(2)} tokens/s` };
    };
    return { load_ms: Math.round(performance.now() - started), device: subject.device() };
}"""

# Gemma 3 takes each digit for a token, so the prompt has as many tokens as it should with the one that begins a text.
WLLAMA = """async ([threads]) => {
    const { Wllama } = await import("/node_modules/@wllama/wllama/esm/index.js");
    const wllama = new Wllama({ default: "/node_modules/@wllama/wllama/esm/wasm/wllama.wasm" }, { suppressNativeLog: true });
    const model = await (await fetch("/model.gguf")).blob();
    const started = performance.now();
    await wllama.loadModel([model], { n_ctx: 2048, n_batch: 2048, n_ubatch: 512, n_parallel: 1, n_threads: threads, n_gpu_layers: 0 });
    let round = 0;
    self.repeat = async (what, n) => {
        round += 1;
        const digits = Array.from({ length: what === "pp" ? n - 1 : 1 }, (_, i) => (round * 7919 + i * 31) % 10).join("");
        const asked = { prompt: digits, max_tokens: what === "pp" ? 1 : n, temperature: 0, cache_prompt: false };
        const begun = performance.now();
        const { timings } = await wllama.createCompletion(asked);
        const ms = performance.now() - begun;
        const [count, spent] = what === "pp" ? [timings.prompt_n, timings.prompt_ms] : [timings.predicted_n, timings.predicted_ms];
        return { ms: (ms * n) / count, printed: `${count} tokens in ${spent.toFixed(1)} ms, ${(1000 * count / spent).toFixed(2)} tokens per second` };
    };
    return { load_ms: Math.round(performance.now() - started), device: "wasm", threads: wllama.getNumThreads() };
}"""


def serve(model, folder):
    """A server of this machine alone that isolates its pages, as threads in wasm need it. Returns its address."""

    class Handler(SimpleHTTPRequestHandler):
        extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript", ".wasm": "application/wasm"}

        def translate_path(self, path):
            return str(model) if path == "/model.gguf" else super().translate_path(path)

        def do_GET(self):
            if self.path != "/":
                return super().do_GET()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>peers</title>")

        def end_headers(self):
            self.send_header("Cross-Origin-Opener-Policy", "same-origin")
            self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
            super().end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *args: Handler(*args, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def version(participant, folder):
    if participant.startswith("sweetspot"):
        return "this repository"
    return "@wllama/wllama " + json.loads((folder / "node_modules/@wllama/wllama/package.json").read_text())["version"]


def main():
    participant, model, threads, folder = sys.argv[1], Path(sys.argv[2]).resolve(), int(sys.argv[3]), Path(sys.argv[4]).resolve()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("there is no Chromium: name one in CHROMIUM")
    flags = ["--no-sandbox", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page()
        page.set_default_timeout(0)
        page.on("pageerror", lambda error: print(error, file=sys.stderr))
        page.goto(serve(model, folder))
        begin = {
            "sweetspot-wasm": lambda: page.evaluate(OURS, ["cpu"]),
            "sweetspot-webgpu": lambda: page.evaluate(OURS, ["gpu"]),
            "wllama": lambda: page.evaluate(WLLAMA, [threads]),
        }[participant]
        said = begin()
        who = {"name": participant, "version": f"{version(participant, folder)}, Chromium {browser.version}", "threads": threads}
        print(json.dumps({**who, **said}), flush=True)
        for line in sys.stdin:
            what, n = line.split()
            found = page.evaluate("([what, n]) => self.repeat(what, n)", [what, int(n)])
            print(json.dumps({"ns": round(found["ms"] * 1e6), "printed": found["printed"]}), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
