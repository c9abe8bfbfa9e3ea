import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { sweetspot } from "./native.ts";

/** JSON as a program sees it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A run that the command made here: its files and its link. */
export interface Run {
    folder: string;
    /** card.json */
    card: string;
    /** samples.jsonl */
    samples: string;
    /** The link's part after #. */
    link: string;
}

const probes = ["--probes", "A01,A09,A10", "--items", "24", "--device", "cpu"];
const runs = new Map<string, Run>();

/** A run of a built-in model, made once for each process of the tests; signed or not. */
export function run(model: "demo" | "demo-tuned", signed: "signed" | "unsigned" = "unsigned"): Run {
    const name = `${model} ${signed}`;
    const known = runs.get(name);
    if (known) return known;
    const folder = mkdtempSync(join(tmpdir(), "sweetspot-cards-"));
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    const out = join(folder, "run");
    sweetspot("bench", "--model", model, ...probes, "--out", out);
    if (signed === "signed") {
        sweetspot("key", "new", "--out", join(folder, "key.pem"));
        sweetspot("sign", out, "--key", join(folder, "key.pem"));
    }
    const link = sweetspot("link", out).trim().split("#")[1] ?? "";
    const made = { folder: out, card: readFileSync(join(out, "card.json"), "utf8"), samples: readFileSync(join(out, "samples.jsonl"), "utf8"), link };
    runs.set(name, made);
    return made;
}

/** RFC 8785: sorted keys, and numbers and strings as JavaScript writes them. */
export function canonical(value: Json): string {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    const members = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`);
    return `{${members.join(",")}}`;
}

/** A link around any bytes. */
export function pack(json: string | Buffer): string {
    return `1.${deflateRawSync(Buffer.from(json), { level: 9 }).toString("base64url")}`;
}

/** The text in a link. */
export function unpack(link: string): string {
    return inflateRawSync(Buffer.from(link.slice(2), "base64url")).toString();
}

/** A card with the identity of its content: what an author who changes a number would publish. */
export function named(card: { [key: string]: Json }): string {
    const { id: _, sig: __, ...content } = card;
    const id = `sha256:${createHash("sha256").update(canonical(content)).digest("hex")}`;
    return canonical({ ...card, id });
}
