import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./native.ts";

/** A tiny model with the file of what it must compute. */
export interface Model {
    name: string;
    path: string;
    goldens: string;
    /** Largest logit difference: f32 everywhere gives 1e-4; ten times that where the residual is far beyond f16. */
    row: number;
}

function model(name: string, path: string, goldens: string): Model {
    return { name, path, goldens, row: name.includes("hot") ? 1e-3 : 1e-4 };
}

/** The repository's own. `plain` has rows of heads that the GPU kernels refuse. */
export function own(): Model[] {
    const folder = join(root, "goldens/data");
    const names = readdirSync(folder).filter((f) => f.endsWith(".safetensors")).map((f) => f.slice(0, -".safetensors".length));
    return names.sort().map((name) => {
        const gguf = join(folder, `${name}.gguf`);
        return model(name, existsSync(gguf) ? gguf : join(folder, name), join(folder, `${name}.safetensors`));
    });
}

const tiny = ["tiny", "tiny4", "tinyk", "tinyhot"];
const gguf = [
    "tiny-f32", "tiny-Q4_0", "tiny-Q5_0", "tiny-Q8_0", "tinyhot-Q8_0", "tinyk-BF16", "tinyk-Q4_0", "tinyk-Q4_1",
    "tinyk-Q4_K_M", "tinyk-Q5_0", "tinyk-Q5_1", "tinyk-Q5_K_M", "tinyk-Q6_K", "tinyk-Q8_0",
];

/** Those of the folder that lies beside the checkout, where there is one. */
export function shared(): Model[] | undefined {
    const folder = process.env["SWEETSPOT_SHARED"] ?? join(root, "../shared");
    const oracles = join(folder, "oracles");
    if (!existsSync(oracles)) return undefined;
    const goldens = (name: string) => join(oracles, "goldens", `${name === "tiny-f32" ? "tiny" : name}.safetensors`);
    return [
        ...tiny.map((name) => model(name, join(oracles, "models", name), goldens(name))),
        ...gguf.map((name) => model(`${name}.gguf`, join(oracles, "models/gguf", `${name}.gguf`), goldens(name))),
    ];
}

/** The files to choose for a model: the file, or what its folder holds. */
export function files(path: string): string[] {
    return statSync(path).isDirectory() ? readdirSync(path).map((f) => join(path, f)).filter((f) => statSync(f).isFile()) : [path];
}
