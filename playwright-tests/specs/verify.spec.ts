import { expect, test } from "@playwright/test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Json, named, run } from "../cards.ts";
import { root, sweetspot } from "../native.ts";
import { CardPage } from "../pages/card.ts";
import { Watch } from "../watch.ts";

interface Verified {
    level: string;
    key: string | null;
    signature: { holds: string };
    consistency: { holds: string };
}

interface Result {
    task: string;
    mode: string;
    metric_id: string;
    k: number;
    n: number;
    uncertainty: { confidence_interval: { lower: number; upper: number } };
}

const results = (card: string) => (JSON.parse(card) as { results: Result[] }).results;
const key = (card: string) => (JSON.parse(card) as { sig?: { key: string } }).sig?.key ?? "";
const percent = (share: number) => (share <= 0 ? "0" : share >= 1 ? "100" : (share * 100).toFixed(1));

test("a link made by the command shows its counts, intervals, verdicts, outcomes and key in the browser", async ({ page, baseURL }) => {
    const signed = run("demo", "signed");
    const watch = await Watch.over(page, baseURL ?? "");
    const card = new CardPage(page);
    await card.open(signed.link);
    await expect(card.heading).toHaveText((JSON.parse(signed.card) as { title: string }).title);
    await expect(page.getByText("Demo model, not Gemma.")).toBeVisible();
    await expect(card.tasks).toHaveCount(3);
    for (const row of results(signed.card).filter((r) => r.metric_id === "accuracy")) {
        const task = card.tasks.filter({ has: page.getByText(row.task, { exact: true }) });
        const { lower, upper } = row.uncertainty.confidence_interval;
        await expect(task).toContainText(`${row.k}/${row.n}`);
        await expect(task).toContainText(`95% interval ${percent(lower)} to ${percent(upper)}%`);
        await expect(task.locator("figcaption")).toContainText(`${row.k} right,`);
        await expect(task.locator(".mark")).toHaveText(/use|avoid|undecided/);
    }
    await expect(card.finding("V1 signature")).toContainText(`signed by the key ${key(signed.card)}: bytes unchanged; says nothing about who`);
    await expect(card.level).toHaveText("self-reported");
    await expect(card.fact("This link")).toContainText(`${signed.link.length} characters`);
    await expect(page.getByText("content by an unknown author").first()).toBeVisible();
    await watch.nothingHappened();
});

test("a card made by the command holds in the browser as it does for the command", async ({ page, baseURL }) => {
    const signed = run("demo", "signed");
    const watch = await Watch.over(page, baseURL ?? "");
    const card = new CardPage(page);
    await card.open();
    await card.drop({ name: "samples.jsonl", text: signed.samples }, { name: "card.json", text: signed.card });
    await expect(card.sheet.getByRole("heading", { level: 1 })).toContainText("sweetspot");
    const native = JSON.parse(sweetspot("verify", signed.folder, "--json")) as Verified;
    // The command makes the suite again and knows every selection of it; a page knows whole profiles, and says so.
    expect(native.level).toBe("self-consistent");
    await expect(card.level).toHaveText("self-reported");
    await expect(card.finding("V3 context")).toContainText("not one of this program's whole profiles");
    for (const name of ["V0 bytes", "V1 signature", "V2 consistency"]) await expect(card.finding(name)).toContainText("holds");
    expect([native.signature.holds, native.consistency.holds, native.key]).toEqual(["yes", "yes", key(signed.card)]);
    await expect(card.alarm).toHaveCount(0);
    // The sheet is drawn whole, items and chart, in the card's own style.
    await expect(card.sheet.locator("article.task")).toHaveCount(3);
    const chart = card.sheet.getByRole("img", { name: "Score of each task" });
    await expect(chart).toBeVisible();
    expect(await chart.evaluate((e) => e instanceof SVGSVGElement)).toBe(true);
    // The link that the browser makes is the command's.
    await expect(page.getByRole("link", { name: "Open the card's link" })).toHaveAttribute("href", new RegExp(`/c/#${signed.link}$`));
    await watch.nothingHappened();
});

test("times and their limits are the same bits in the browser, and one that was changed is named", async ({ page }) => {
    const folder = join(root, "interop/golden-speed/run");
    const text = readFileSync(join(folder, "card.json"), "utf8");
    const samples = { name: "samples.jsonl", text: readFileSync(join(folder, "samples.jsonl"), "utf8") };
    const card = new CardPage(page);
    await card.open();
    await card.drop(samples, { name: "card.json", text });
    // Medians, bootstrap limits and rates are computed again from the repetitions.
    await expect(card.finding("V2 consistency")).toContainText("holds");
    await expect(card.alarm).toHaveCount(0);
    const changed = JSON.parse(text) as { speed: { rows: { median_ns: number }[] } };
    changed.speed.rows[0]!.median_ns += 1;
    await card.open();
    await card.drop(samples, { name: "card.json", text: named(changed as unknown as { [key: string]: Json }) });
    await expect(card.finding("V2 consistency")).toContainText("WRONG");
    await expect(card.alarm).toContainText("median_ns");
});

test("one changed digit is found and named, with both values", async ({ page }) => {
    const { card: text, samples } = run("demo");
    const changed = JSON.parse(text) as { results: (Result & { [key: string]: Json })[]; [key: string]: Json };
    const row = changed.results[0];
    if (!row) throw new Error("the run has no results");
    const k = row.k;
    row.k = k - 1;
    const card = new CardPage(page);
    await card.open();
    await card.choose({ name: "card.json", text: named(changed as unknown as { [key: string]: Json }) }, { name: "samples.jsonl", text: samples });
    await expect(card.alarm).toContainText(`results[0].k: stated as ${k - 1}, its data give ${k}`);
    await expect(card.finding("V2 consistency")).toContainText("WRONG");
    await expect(card.level).toHaveText("self-reported");
    await expect(card.sign).toHaveCount(0);
});

test("a card without its samples shows no item and says what is missing", async ({ page }) => {
    const card = new CardPage(page);
    await card.open();
    await card.choose({ name: "card.json", text: run("demo").card });
    await expect(page.getByText("The samples file is not here")).toBeVisible();
    await expect(card.finding("V2 consistency")).toContainText("counts are as stated");
    await expect(card.alarm).toHaveCount(0);
    await expect(card.sheet.locator("details.items")).toHaveCount(0);
});

test("a card signed in the browser verifies with the command, and the key stays", async ({ page, baseURL }, info) => {
    const watch = await Watch.over(page, baseURL ?? "");
    const card = new CardPage(page);
    const keys: string[] = [];
    for (const model of ["demo", "demo-tuned"] as const) {
        const unsigned = run(model);
        await card.open();
        await card.choose({ name: "card.json", text: unsigned.card }, { name: "samples.jsonl", text: unsigned.samples });
        await card.sign.click();
        await expect(card.finding("V1 signature")).toContainText("signed by the key");
        const signed = await card.save("Save card.json");
        const folder = info.outputPath(model);
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, "card.json"), signed);
        writeFileSync(join(folder, "samples.jsonl"), unsigned.samples);
        const native = JSON.parse(sweetspot("verify", folder, "--json")) as Verified;
        expect([native.signature.holds, native.consistency.holds, native.key]).toEqual(["yes", "yes", key(signed)]);
        keys.push(key(signed));
        // The same signature serves the link.
        const href = await page.getByRole("link", { name: "Open the card's link" }).getAttribute("href");
        const link = href?.split("#")[1] ?? "";
        expect((JSON.parse(sweetspot("verify", link, "--json")) as Verified).signature.holds).toBe("yes");
        await page.reload();
    }
    expect(keys[0]).toMatch(/^[\w-]{43}$/);
    expect(keys[1]).toBe(keys[0]);
    // What is kept cannot be taken out, not even by a page of the site.
    const kept = await page.evaluate(async () => {
        const open = indexedDB.open("sweetspot");
        await new Promise((done) => (open.onsuccess = done));
        const get = open.result.transaction("keys").objectStore("keys").get("signing");
        await new Promise((done) => (get.onsuccess = done));
        const pair = get.result as CryptoKeyPair;
        const taken = await crypto.subtle.exportKey("pkcs8", pair.privateKey).catch((error: Error) => error.name);
        return [pair.privateKey.extractable, taken];
    });
    expect(kept).toEqual([false, "InvalidAccessError"]);
    await watch.nothingHappened();
});
