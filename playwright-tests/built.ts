import { test as base } from "@playwright/test";
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./cards.ts";
import { root, sweetspot } from "./native.ts";
import { subPath } from "./playwright.config.ts";

/** A site with the app laid over it: the repository's own posts, and a run, differences and a post made now. */
export interface Built {
    /** Its files. */
    folder: string;
    /** Where it is served, with a slash at the end. */
    address: string;
    /** The same site below a path. */
    below: string;
    /** Every page, by its folder below the site's: "" for the first. */
    pages: string[];
    /** Folder names of a signed run, of differences, and of a card that was withdrawn. */
    card: string;
    diff: string;
    withdrawn: string;
    /** The post about them. */
    post: string;
}

/** The first worker's; each has its own below it. */
const PORT = 8197;
const WITHDRAWN = "a".repeat(26);
/** What keys.json calls the key that signed. */
export const SIGNER = "A laboratory";

export const test = base.extend<object, { built: Built }>({
    built: [
        async ({}, use, { parallelIndex }) => {
            const place = mkdtempSync(join(tmpdir(), "sweetspot-site-"));
            const port = PORT - parallelIndex;
            const built = make(place, port);
            const server = await serve(built.folder, port);
            await use(built);
            stop(server);
            rmSync(place, { recursive: true, force: true });
        },
        { scope: "worker", timeout: 240_000 },
    ],
});

function make(place: string, port: number): Built {
    const [sources, folder, ab] = [join(place, "static"), join(place, "site"), join(place, "ab")];
    for (const part of ["cards", "experiments"]) cpSync(join(root, "static", part), join(sources, part), { recursive: true });
    const [signed, tuned] = [run("demo", "signed"), run("demo-tuned")];
    const publish = (path: string) => (JSON.parse(sweetspot("publish", path, "--site", sources, "--json")) as { key: string }).key;
    const [card, other] = [publish(signed.folder), publish(tuned.folder)];
    sweetspot("compare", signed.folder, tuned.folder, "--out", ab);
    const diff = publish(ab);
    const { sig } = JSON.parse(signed.card) as { sig: { key: string } };
    writeFileSync(join(sources, "keys.json"), JSON.stringify({ [sig.key]: SIGNER }));
    writeFileSync(join(sources, "withdrawn.json"), JSON.stringify({ [WITHDRAWN]: { date: "2026-11-22", why: "Its items were wrong." } }));
    mkdirSync(join(sources, "experiments"), { recursive: true });
    writeFileSync(join(sources, "experiments/two-demo-models.md"), post(card, other, diff));
    sweetspot("site", "build", "--from", sources, "--out", folder, "--app", join(root, "target/site"));
    const pages = readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((path) => path.replaceAll("\\", "/").endsWith("index.html"))
        .map((path) => path.replaceAll("\\", "/").slice(0, -"index.html".length))
        .sort();
    const address = `http://localhost:${port}/`;
    return { folder, address, below: `${address}${subPath}/`, pages, card, diff, withdrawn: WITHDRAWN, post: "e/two-demo-models/" };
}

const post = (a: string, b: string, d: string) => `+++
title = "Two demo models on one suite"
date = "2026-11-22"
category = "Demo"
series = "Demonstrations"
finding = "The one is right in {{a.results.A01|kn}}, the tuned one in {{b.results.A01|kn}}."
not_measured = ["Any Gemma model."]
change_our_mind = ["The same on more items."]

[cards]
a = "${a}"
b = "${b}"
d = "${d}"
+++

## Results

{{table:results a}}

{{fig:dots b}}

Both together: {{d.tasks.A01|delta}}, {{d.tasks.A01.verdict|verdict}}. Made in {lit:2026|date} by \`bench --items 24\`.

{{fig:differences d}}
`;

async function serve(folder: string, port: number): Promise<ChildProcess> {
    const command = process.env["SWEETSPOT_SERVE"] ?? "cargo xtask serve --built";
    const server = spawn(`${command} --folder "${folder}" --port ${port} --under ${subPath}`, { cwd: root, shell: true, detached: true, stdio: "ignore" });
    for (let i = 0; i < 240; i++) {
        const answers = await fetch(`http://localhost:${port}/index.json`).then((r) => r.ok, () => false);
        if (answers) return server;
        await new Promise((done) => setTimeout(done, 250));
    }
    stop(server);
    throw new Error(`nothing answers at port ${port}`);
}

/** Ends the shell and what it started. */
function stop(server: ChildProcess): void {
    if (server.pid) process.kill(-server.pid);
}

/** A file of the built site. */
export const fileOf = (built: Built, path: string) => readFileSync(join(built.folder, path), "utf8");
