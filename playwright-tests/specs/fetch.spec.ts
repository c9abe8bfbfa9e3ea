import { type Route, expect, test } from "@playwright/test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../native.ts";
import { FetchForm } from "../pages/fetch.ts";
import { beforeWorker } from "../pages/run.ts";
import { RangeServer } from "../ranges.ts";

const file = readFileSync(join(root, "static/models/demo-q4_0.gguf"));
const server = new RangeServer(file);
test.beforeAll(() => server.start());
test.afterAll(() => server.stop());
test.beforeEach(() => void server.asked.splice(0));

const COMMIT = "e7647be17ae1108f2f605ed061ca0608b171afff";
const hub = "https://huggingface.co";

/** Files of the site that must not say a secret: what the browser keeps of models. */
const notes = () => (async () => {
    const models = await (await navigator.storage.getDirectory()).getDirectoryHandle("models");
    const texts: string[] = [];
    for await (const entry of (models as unknown as { values(): AsyncIterable<FileSystemHandle> }).values()) {
        if (entry.kind === "file") texts.push(await (await (entry as FileSystemFileHandle).getFile()).text());
    }
    return texts.join("\n");
})();

test("what is not the file is refused with its cause and what to do, and the page goes on", async ({ page }) => {
    const form = new FetchForm(page);
    await form.open();
    await form.what.fill(server.address("good"));
    await expect(form.button).toHaveText(/^Fetch from 127\.0\.0\.1:\d+$/);
    expect(server.asked).toEqual([]);
    for (const [manner, says] of [
        ["html", /gave a web page instead of the file: open it in a browser/],
        ["denied", /refused the request \(401\): it asks for a login/],
        ["changing", /changed 3 times while it was fetched/],
        ["loop", /redirects in a circle/],
    ] as const) {
        await form.ask(server.address(manner));
        expect(await form.outcome()).toMatch(says);
        await expect(form.button).toBeEnabled();
    }
    await form.ask(server.address("flipped"), { sha256: server.sha256 });
    expect(await form.outcome()).toMatch(/is not the file meant: expected SHA-256 [0-9a-f]{64}, found [0-9a-f]{64}; what came was thrown away/);
    for (const nothing of ["no such thing", "http://example.org/m.gguf"]) {
        await form.ask(nothing);
        expect(await form.outcome()).toMatch(/^Not fetched: .*: give/);
    }
    // Nothing is kept of what is no model.
    await expect(page.locator(".empty")).toBeVisible();
    // A server that hides the range from other sites, as most do, is read all the same.
    await form.ask(server.address("bare"));
    expect(await form.outcome()).toContain(`SHA-256 ${server.sha256}: no hash was stated to compare it with.`);
    await expect(form.kept).toHaveCount(1);
});

test("a full quota is told while bytes come, and before one is asked for where the browser says how much room there is", async ({ page }) => {
    // A browser in tests has no quota that can be made small: its answers are given in its place.
    const script = `
        const write = FileSystemSyncAccessHandle.prototype.write;
        FileSystemSyncAccessHandle.prototype.write = function (bytes, options) {
            if ((options?.at ?? 0) + bytes.byteLength > 400 << 10) throw new DOMException("full", "QuotaExceededError");
            return write.call(this, bytes, options);
        };`;
    await beforeWorker(page, script);
    const form = new FetchForm(page);
    await form.open();
    for (const manner of ["good", "endless"] as const) {
        await form.ask(server.address(manner));
        expect(await form.outcome()).toMatch(/there is no room for .*: delete something on the page Models/);
    }
    await page.unroute("**/worker_loader.js");
    await beforeWorker(page, "navigator.storage.estimate = async () => ({ usage: 0, quota: 32 << 20 });");
    await form.ask(server.address("good", "another.gguf"));
    await expect(form.sentence).toContainText("not enough room: 1 MiB are needed, and this browser has 32 MiB for this site, of which 64 stay free; delete something");
    expect(server.asked.filter((request) => request.path === "/good/another.gguf").length).toBe(1);
});

test("a fetch is stopped, gone on with after a reload, and deleted", async ({ page }) => {
    const form = new FetchForm(page);
    await form.open();
    await form.ask(server.address("slow"));
    await expect(form.progress).toHaveText(/model\.gguf: 4\d\d KiB of 856 KiB/);
    await form.stop.click();
    expect(await form.outcome()).toMatch(/^Stopped at 4\d\d KiB\. What has come is kept/);
    await page.reload();
    await expect(form.kept).toContainText(/not whole yet of 856 KiB, 428 KiB/);
    await page.getByRole("button", { name: "Go on" }).click();
    await expect.poll(() => server.asked.length).toBe(2);
    expect(server.asked[1]?.range).toMatch(/^bytes=4\d{5}-876159$/);
    await form.stop.click();
    await form.outcome();
    await page.getByRole("button", { name: /^Delete model\.gguf/ }).click();
    await expect(page.locator(".empty")).toBeVisible();
    // What stands after ? may be a secret: it is sent, and kept nowhere.
    await form.ask(`${server.address("good")}?key=secret-of-mine`);
    await form.outcome();
    expect(server.asked.at(-1)?.path).toContain("key=secret-of-mine");
    await expect(form.kept).toContainText("/good/model.gguf?…");
    expect(await page.evaluate(notes)).not.toContain("secret-of-mine");
});

test("a repository's file is fetched with a token that goes to the hub alone, and a gated one says what to do", async ({ page }) => {
    const asked: { url: string; authorization: string | undefined }[] = [];
    await page.route(`${hub}/**`, async (route: Route) => {
        const url = new URL(route.request().url());
        const headers = await route.request().allHeaders();
        asked.push({ url: url.pathname, authorization: headers["authorization"] });
        const cors = { "access-control-allow-origin": "*", "access-control-expose-headers": "x-error-code" };
        if (url.pathname.startsWith("/api/")) {
            const lfs = { sha256: server.sha256, size: file.length };
            const siblings = [{ rfilename: "m-Q4_0.gguf", size: file.length, blobId: COMMIT, lfs }];
            return route.fulfill({ headers: cors, json: { sha: COMMIT, siblings, gated: "manual", cardData: { license: "gemma" } } });
        }
        if (headers["authorization"] === undefined) return route.fulfill({ status: 401, headers: { ...cors, "x-error-code": "GatedRepo" } });
        return route.fulfill({ status: 206, headers: { ...cors, "content-length": String(file.length) }, body: file });
    });
    const form = new FetchForm(page);
    await form.open();
    await page.locator("select[name=known]").selectOption("gemma-3-270m-it");
    await expect(page.locator(".fetch ol")).toContainText("accept the licence on the page of google/gemma-3-270m-it");
    await expect(form.token).toBeVisible();
    expect(asked).toEqual([]);
    await form.ask("a/b:Q4_0");
    expect(await form.outcome()).toMatch(/a\/b is gated: accept its licence at https:\/\/huggingface\.co\/a\/b, then give a token/);
    await form.ask("a/b:Q4_0", { token: "hf_secret" });
    expect(await form.outcome()).toContain(`SHA-256 ${server.sha256}: the hash that was stated for it.`);
    expect(asked.at(-1)).toEqual({ url: `/a/b/resolve/${COMMIT}/m-Q4_0.gguf`, authorization: "Bearer hf_secret" });
    await expect(form.kept).toContainText(`m-Q4_0.gguf from a/b@${COMMIT}:Q4_0, licence gemma`);
    // The token goes nowhere else, and is kept nowhere.
    await form.ask(server.address("good"));
    await form.outcome();
    expect(server.asked.map((request) => request.authorization)).toEqual([undefined]);
    expect(await page.evaluate(notes)).not.toContain("hf_secret");
    expect(await page.evaluate(() => document.body.innerText + location.href + JSON.stringify(localStorage))).not.toContain("hf_secret");
});
