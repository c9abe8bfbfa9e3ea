import { expect, test } from "@playwright/test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Json, named } from "../cards.ts";
import { sweetspot } from "../native.ts";
import { CardPage } from "../pages/card.ts";
import { Watch } from "../watch.ts";

interface ReplayCard {
    id: string;
    environment: { backend: string; browser?: { family: string } };
    replay: { k: number; agree: number; near_tie: number; contradict: number; outcome: string; rows: { sample_id: string; judgement: string }[] };
}

/** A software GPU answers a few items a second: many of them only where somebody asks for it. */
const items = process.env["SWEETSPOT_BIG"] === "1" ? 200 : 60;
const nonce = "000102030405060708090a0b0c0d0e0f";
const place = mkdtempSync(join(tmpdir(), "sweetspot-replay-"));
test.afterAll(() => rmSync(place, { recursive: true, force: true }));

/** The label decisions of a model, made by the command on the CPU. */
function bench(model: "demo" | "demo-q4_0"): string {
    const folder = join(place, model);
    if (existsSync(folder)) return folder;
    sweetspot("bench", "--model", model, "--probes", "A01,A02,A09", "--items", "72", "--device", "cpu", "--out", folder);
    return folder;
}

const files = (folder: string) => ["card.json", "samples.jsonl"].map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));

test("label decisions of the command agree in the browser, and the command holds the browser's replay against the run", async ({ page, baseURL }) => {
    test.setTimeout(60_000 + 5_000 * items);
    const folder = bench("demo");
    const watch = await Watch.over(page, baseURL ?? "");
    const card = new CardPage(page);
    await card.open();
    await card.choose(...files(folder));
    for (const name of ["V0 bytes", "V2 consistency"]) await expect(card.finding(name)).toContainText("holds");
    expect(await card.replay(items, nonce)).toMatch(new RegExp(`^\\d+ of ${items} items agree, \\d+ are near-ties, 0 contradict: replayed\\.$`));
    const text = await card.save("Save replay.json");
    const browser = JSON.parse(text) as ReplayCard;
    expect([browser.environment.backend, browser.replay.k, browser.replay.outcome]).toEqual(["webgpu", items, "replayed"]);
    const kept = join(folder, "browser.json");
    writeFileSync(kept, text);
    const verified = JSON.parse(sweetspot("verify", kept, "--runs", folder, "--json")) as { consistency: { holds: string } };
    expect(verified.consistency.holds).toBe("yes");
    // The same nonce draws the same items everywhere.
    const native = join(folder, "native.json");
    sweetspot("replay", folder, "--items", String(items), "--nonce", nonce, "--device", "cpu", "--out", native);
    const drawn = (replayed: ReplayCard) => replayed.replay.rows.map((row) => row.sample_id);
    expect(drawn(browser)).toEqual(drawn(JSON.parse(readFileSync(native, "utf8")) as ReplayCard));
    // What was saved is a card that the page opens, and signs with the browser's key.
    await page.locator("section.replay").getByRole("button", { name: "Sign with this browser's key" }).click();
    await expect(page.locator("section.replay").getByText("Signed.")).toBeVisible();
    await card.choose({ name: "replay.json", text });
    await expect(card.sheet.first().getByRole("heading", { level: 1 })).toContainText("Replay: sweetspot-demo");
    await watch.nothingHappened();
});

test("another model's card under this model's name is contradicted, and a stopped replay keeps nothing", async ({ page }) => {
    const [small, demo] = [bench("demo-q4_0"), bench("demo")];
    const relabelled = JSON.parse(readFileSync(join(small, "card.json"), "utf8")) as { [key: string]: Json };
    const model = join(demo, "card.json");
    relabelled["model"] = (JSON.parse(readFileSync(model, "utf8")) as { [key: string]: Json })["model"] ?? null;
    const card = new CardPage(page);
    await card.open();
    await card.choose({ name: "card.json", text: named(relabelled) }, { name: "samples.jsonl", text: readFileSync(join(small, "samples.jsonl"), "utf8") });
    for (const name of ["V0 bytes", "V2 consistency"]) await expect(card.finding(name)).toContainText("holds");
    expect(await card.replay(24, nonce)).toMatch(/: contradicted\.$/);
    await page.getByRole("button", { name: "Ask again" }).click();
    await page.getByRole("button", { name: "Stop" }).click();
    await expect(page.locator("section.replay p.verdict")).toHaveText("Stopped. Nothing was kept.");
    await expect(page.getByRole("button", { name: "Save replay.json" })).toHaveCount(0);
});
