import { expect, test } from "@playwright/test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sweetspot } from "../native.ts";
import { subPath } from "../playwright.config.ts";
import { CardPage } from "../pages/card.ts";
import { RunPage, beforeWorker } from "../pages/run.ts";
import { Watch } from "../watch.ts";

const place = mkdtempSync(join(tmpdir(), "sweetspot-run-"));
test.afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Few items, and the self-test alone before them. */
const short = "probes=A01&items=16&gate=self-test";

test("a run decides, and its card is kept, shared by a link, and verified by the command", async ({ page, baseURL }) => {
    const watch = await Watch.over(page, baseURL ?? "");
    const run = new RunPage(page);
    await run.open("probes=A01,A06&items=24&gate=self-test");
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await run.start();
    expect(await run.outcome()).toMatch(/^Done: 2 probes\. Use \d, avoid [12], undecided \d\.$/);
    await expect(run.rows).toHaveCount(2);
    await expect(run.rows.nth(1)).toContainText("avoid");
    const [card, samples] = [await run.save("Save card.json"), await run.save("Save samples.jsonl")];
    writeFileSync(join(place, "card.json"), card);
    writeFileSync(join(place, "samples.jsonl"), samples);
    const verified = JSON.parse(sweetspot("verify", place, "--json")) as { bytes: { holds: string }; consistency: { holds: string } };
    expect([verified.bytes.holds, verified.consistency.holds]).toEqual(["yes", "yes"]);
    const link = await run.result.getByRole("link", { name: "Open its link, to share" }).getAttribute("href");
    // The card lies in this browser, and comes back after a reload.
    await run.result.getByRole("link", { name: "Open the card" }).click();
    const kept = new CardPage(page);
    await expect(kept.sheet.locator("article.task")).toHaveCount(2);
    await page.reload();
    await expect(kept.sheet.locator("article.task")).toHaveCount(2);
    await page.goto(link ?? "");
    await expect(kept.tasks).toHaveCount(2);
    await watch.nothingHappened();
});

test("below a path, on a host that isolates no page, a run gives its card and its link, which stay after a reload", async ({ page, baseURL }) => {
    const watch = await Watch.over(page, baseURL ?? "");
    const run = new RunPage(page);
    await run.open("probes=A01&items=4&gate=self-test&device=cpu", `${subPath}/`);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await run.start();
    expect(await run.outcome()).toMatch(/^Done: 1 probes/);
    const link = (await run.result.getByRole("link", { name: "Open its link, to share" }).getAttribute("href")) ?? "";
    await run.result.getByRole("link", { name: "Open the card" }).click();
    const kept = new CardPage(page);
    await expect(page).toHaveURL(new RegExp(`/${subPath}/local/#`));
    await expect(kept.sheet.locator("article.task")).toHaveCount(1);
    await page.goto(new URL(link, page.url()).href);
    for (const _ of ["at first", "after a reload"]) {
        await expect(page).toHaveURL(new RegExp(`/${subPath}/c/#`));
        await expect(kept.tasks).toHaveCount(1);
        await page.reload();
    }
    await watch.nothingHappened();
});

test("what the page asks by itself decides something on the demo model within five minutes", async ({ page }) => {
    test.setTimeout(420_000);
    const run = new RunPage(page);
    await run.open();
    const began = Date.now();
    await run.start();
    const decided = run.rows.filter({ has: page.locator(".mark.good, .mark.bad") });
    await expect(decided.first()).toBeVisible({ timeout: 300_000 });
    console.log(`the first verdict after ${((Date.now() - began) / 1e3).toFixed(0)} s: ${(await decided.first().innerText()).replaceAll(/\s+/g, " ")}`);
    await run.button("Stop").click();
    expect(await run.outcome()).toMatch(/Use \d+, avoid \d+/);
});

test("a run that a reload broke goes on, and gives what an unbroken one gives", async ({ page }) => {
    const run = new RunPage(page);
    await run.open("probes=A01,A09&items=16&gate=self-test");
    await run.start(10);
    await page.reload();
    await run.ready();
    await expect(run.unfinished).toHaveCount(1);
    await run.unfinished.getByRole("button", { name: "Go on" }).click();
    expect(await run.outcome()).toMatch(/^Done: 2 probes/);
    await expect(page.locator(".live .facts")).toContainText(/\d+ items come from the journal/);
    const resumed = await run.samples();
    await expect(run.unfinished).toHaveCount(0);
    await run.start();
    expect(await run.outcome()).toMatch(/^Done: 2 probes/);
    expect(await run.samples()).toEqual(resumed);
});

test("a run pauses, stops with a card of what was asked, and goes on", async ({ page }) => {
    const run = new RunPage(page);
    await run.open("probes=A01&items=48&gate=self-test");
    await run.start(8);
    await run.button("Pause").click();
    await expect(run.sentence).toContainText("Paused");
    const paused = await run.counts.innerText();
    await page.waitForTimeout(1_500);
    expect(await run.counts.innerText()).toBe(paused);
    await run.button("Stop").click();
    expect(await run.outcome()).toMatch(/^Stopped: 0 of 1 probes done/);
    const card = await run.card();
    expect([card.completeness.status, card.results[0]?.verdict ?? null]).toEqual(["partial", null]);
    await run.button("Go on from the journal").click();
    expect(await run.outcome()).toMatch(/^Done: 1 probes/);
    expect((await run.card()).completeness.status).toBe("complete");
});

test("a device that is lost is opened once more, and the run goes on", async ({ page }) => {
    await beforeWorker(page, `
        const request = GPUAdapter.prototype.requestDevice;
        self.devices = [];
        GPUAdapter.prototype.requestDevice = async function (...args) {
            const device = await request.apply(this, args);
            self.devices.push(device);
            return device;
        };`);
    const run = new RunPage(page);
    await run.open("probes=A01&items=32&gate=self-test");
    await run.start(4);
    await run.worker().evaluate(() => (self as unknown as { devices: { destroy(): void }[] }).devices.forEach((d) => d.destroy()));
    expect(await run.outcome()).toMatch(/^Done: 1 probes/);
    await expect(run.notes.filter({ hasText: "The GPU was lost" })).toHaveCount(1);
    expect((await run.card()).completeness.status).toBe("complete");
});

test("a tier that computes wrongly is not used", async ({ page }) => {
    await beforeWorker(page, `
        const make = GPUDevice.prototype.createShaderModule;
        GPUDevice.prototype.createShaderModule = function (descriptor) {
            return make.call(this, { ...descriptor, code: descriptor.code.replaceAll("subgroupShuffleXor(", "1.5 * subgroupShuffleXor(") });
        };`);
    const run = new RunPage(page);
    await run.open(short);
    await run.start();
    expect(await run.outcome()).toMatch(/^Done: 1 probes/);
    expect((await run.card()).environment.features).toContain("tier baseline");
});

test("two tabs do not run at once, and a worker that dies leaves its run to go on with", async ({ page, context }) => {
    const [first, second] = [new RunPage(page), new RunPage(await context.newPage())];
    await first.open("probes=A01&items=32&gate=self-test");
    await first.start(4);
    await second.open(short);
    await second.start();
    expect(await second.outcome()).toContain("another tab of this site is in a run");
    await second.page.close();
    await first.worker().evaluate(() => void setTimeout(() => { throw new Error("it broke"); }));
    expect(await first.outcome()).toContain("it broke");
    await first.button("Go on from the journal").click();
    expect(await first.outcome()).toMatch(/^Done: 1 probes/);
});

test("a tab in the background is told of, the screen stays on meanwhile, and the address holds what is chosen", async ({ page }) => {
    // No browser in tests has a screen: what is asked of it, and given back, is noted.
    await page.addInitScript(() => {
        const asked: string[] = [];
        Object.assign(window, { asked });
        WakeLock.prototype.request = async (kind) => {
            asked.push(kind ?? "screen");
            return { release: async () => void asked.push("released") } as unknown as WakeLockSentinel;
        };
    });
    const asked = () => page.evaluate(() => (window as unknown as { asked: string[] }).asked);
    const run = new RunPage(page);
    await run.open("probes=A01&items=48&gate=self-test");
    await page.locator("input[name=items]").fill("40");
    await page.locator("input[name=items]").blur();
    await expect(page).toHaveURL(/#probes=A01&items=40&gate=self-test$/);
    await run.start(1);
    await page.evaluate(() => {
        Object.defineProperty(document, "hidden", { value: true, configurable: true });
        document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    });
    await expect(page.getByRole("alert").filter({ hasText: "in the background" })).toBeVisible();
    expect(await asked()).toEqual(["screen"]);
    // A browser takes it back from a hidden tab: it is asked for again.
    await page.evaluate(() => {
        Object.defineProperty(document, "hidden", { value: false, configurable: true });
        document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    });
    await expect.poll(asked).toEqual(["screen", "screen", "released"]);
    await run.button("Stop").click();
    await run.outcome();
    await expect.poll(asked).toEqual(["screen", "screen", "released", "released"]);
});
