import { type Page, expect } from "@playwright/test";
import { SIGNER, fileOf, test } from "../built.ts";
import { type Json, named } from "../cards.ts";
import { CardPage } from "../pages/card.ts";
import { Watch } from "../watch.ts";

const verify = (page: Page) => page.getByRole("button", { name: "Verify on this device" }).click();
const status = (page: Page) => page.locator(".verify-start [role=status]");

test("a published card is fetched and computed again, after a click and not before", async ({ page, built }) => {
    const watch = await Watch.over(page, built.address);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url().split("/").at(-1) ?? ""));
    const card = new CardPage(page);
    await page.goto(`${built.address}r/${built.card}/`, { waitUntil: "networkidle" });
    expect(asked).not.toContain("card.json");
    await expect(page.getByText(`known to this site as ${SIGNER}`)).toBeVisible();
    await verify(page);
    await expect(status(page)).toHaveText(/^Checked: self-/);
    expect(asked).toEqual(expect.arrayContaining(["card.json", "samples.jsonl"]));
    for (const level of ["V0 bytes", "V1 signature", "V2 consistency"]) await expect(card.finding(level)).toContainText("holds");
    await expect(card.finding("V0 bytes")).toContainText("the folder is named after it");
    await expect(page.getByText(`The key is known to this site as ${SIGNER}.`)).toBeVisible();
    await expect(page.locator(".verify .alarm")).toHaveCount(0);
    await page.getByRole("link", { name: "This card as a link" }).click();
    await expect(card.tasks).toHaveCount(3);
    await watch.nothingHappened();
});

test("a card that is not the one its folder is named after is not verified", async ({ page, built }) => {
    const files = fileOf(built, `r/${built.card}/card.json`);
    const changed = JSON.parse(files) as { [key: string]: Json };
    changed["title"] = "Another card";
    for (const [body, says] of [[files.replace('"kind":"run"', '"kind":"ran"'), "This is not the card it is named after"], [named(changed), "This is not the card it is named after"], ["<!doctype html>", "This is no card"]] as const) {
        await page.route("**/card.json", (route) => route.fulfill({ body }));
        await page.goto(`${built.address}r/${built.card}/`);
        await verify(page);
        await expect(page.locator(".verify .alarm")).toContainText(says);
        await expect(status(page)).toHaveText(/^Not verified: /);
        await expect(page.locator(".levels")).toHaveCount(0);
        await page.unroute("**/card.json");
    }
});

test("samples that do not give the card's numbers are shown under the red bar", async ({ page, built }) => {
    const samples = fileOf(built, `r/${built.card}/samples.jsonl`);
    await page.route("**/samples.jsonl", (route) => route.fulfill({ body: samples.slice(samples.indexOf("\n") + 1) }));
    await page.goto(`${built.address}r/${built.card}/`);
    await verify(page);
    await expect(page.locator(".verify .alarm")).toContainText("This card contradicts its own data");
    await expect(new CardPage(page).finding("V2 consistency")).toContainText("WRONG");
    await expect(status(page)).toHaveText("Checked: contradicted.");
    await expect(page.getByRole("link", { name: "This card as a link" })).toHaveCount(0);
});

test("a file that the host does not give is told in a sentence, and can be asked for again", async ({ page, built }) => {
    await page.route("**/samples.jsonl", (route) => route.fulfill({ status: 404, body: "" }));
    await page.goto(`${built.address}r/${built.card}/`);
    await verify(page);
    await expect(page.locator(".verify .alarm")).toContainText("samples.jsonl: the host answers with the status 404.");
    await page.unroute("**/samples.jsonl");
    await verify(page);
    await expect(status(page)).toHaveText(/^Checked: self-/);
});

test("of a card of differences the bytes are checked, and the page says what is not", async ({ page, built }) => {
    const card = new CardPage(page);
    await page.goto(`${built.address}r/${built.diff}/`);
    await verify(page);
    await expect(card.finding("V0 bytes")).toContainText("holds");
    await expect(card.finding("V2 consistency")).toContainText("open");
    await expect(card.level).toHaveText("self-reported");
});

test("a withdrawn card has a page with its date and reason, and nothing to download", async ({ page, built, request }) => {
    await page.goto(`${built.address}r/${built.withdrawn}/`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("This card was withdrawn");
    await expect(page.getByRole("main")).toContainText("2026-11-22: Its items were wrong.");
    expect((await request.get(`${built.address}r/${built.withdrawn}/card.json`)).status()).toBe(404);
});

test("a published card's items are asked again on the reader's device with one click, by keyboard or pointer", async ({ page, built }) => {
    await page.goto(`${built.address}r/${built.card}/`);
    await verify(page);
    const section = page.locator("section.replay");
    await section.getByRole("button", { name: "Ask again" }).click();
    // A software GPU answers a few items a second.
    await expect(section.locator("p.verdict")).toHaveText(/^\d+ of 59 items agree, \d+ are near-ties, 0 contradict: replayed\.$/, { timeout: 200_000 });
    await expect(section.getByRole("button", { name: "Save replay.json" })).toBeVisible();
});
