// Runs a test binary built for wasm32-wasip1, as cargo's runner: node wasi.mjs BINARY ARGUMENTS...
import { readFile } from "node:fs/promises";
import { WASI } from "node:wasi";

const [binary, ...more] = process.argv.slice(2);
const wasi = new WASI({ version: "preview1", args: [binary, ...more], env: {}, preopens: {} });
const module = await WebAssembly.compile(await readFile(binary));
const instance = await WebAssembly.instantiate(module, wasi.getImportObject());
process.exitCode = wasi.start(instance);
