import { type Page, expect } from "@playwright/test";
import { run } from "./cards.ts";
import { CardPage } from "./pages/card.ts";
import { ClassifyPage } from "./pages/classify.ts";
import { ComparePage } from "./pages/compare.ts";
import { FetchForm } from "./pages/fetch.ts";
import { RunPage } from "./pages/run.ts";
import { SelfTestPage } from "./pages/selftest.ts";

/** What a reader sees somewhere on the site, and how to come there. */
export interface Screen {
    name: string;
    open: (page: Page) => Promise<void>;
}

/** Every page of the site, and every screen of the pages that have more than one. */
export const SCREENS: Screen[] = [
    { name: "the first page", open: async (page) => {
        await page.goto("");
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    } },
    { name: "an address that leads nowhere", open: async (page) => {
        // As a host answers that gives the first page for every address that it lacks.
        await page.route("**/nowhere", async (route) => route.fulfill({ response: await route.fetch({ url: new URL("/", route.request().url()).href }) }));
        await page.goto("nowhere");
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no page at this address");
    } },
    { name: "the self-test", open: (page) => new SelfTestPage(page).open() },
    { name: "a run before it begins", open: async (page) => {
        const run = new RunPage(page);
        await run.open("device=cpu");
        await expect(page.locator(".facts").first()).toBeVisible();
    } },
    { name: "a run that is done", open: async (page) => {
        const run = new RunPage(page);
        await run.open("probes=A01,A06&items=8&gate=self-test&device=cpu");
        await run.start();
        await run.outcome();
    } },
    { name: "a text that is classified", open: async (page) => {
        const classify = new ClassifyPage(page);
        await classify.open("device=cpu");
        await page.getByRole("button", { name: "Label, and explain" }).click();
        await expect(page.locator(".words .word").first()).toBeVisible({ timeout: 60_000 });
    } },
    { name: "a model to classify with that is fetched first", open: async (page) => {
        await page.goto("classify/#from=");
        await expect(new FetchForm(page).what).toBeVisible();
    } },
    { name: "a gated model to run", open: async (page) => {
        await new FetchForm(page).open("run/#from=");
        await page.locator("select[name=known]").selectOption("gemma-3-270m-it");
        await expect(page.locator(".fetch ol")).toBeVisible();
    } },
    { name: "what is kept", open: async (page) => {
        await page.goto("models/");
        await expect(page.locator(".empty")).toBeVisible();
    } },
    { name: "kept cards", open: async (page) => {
        await page.goto("local/");
        await expect(page.locator(".empty")).toBeVisible();
    } },
    { name: "the card page before a card is open", open: (page) => new CardPage(page).open() },
    { name: "a card from a link", open: async (page) => {
        const card = new CardPage(page);
        await card.open(`${run("demo", "signed").link}&f=wrong`);
        await expect(card.tasks).toHaveCount(3);
    } },
    { name: "a card elsewhere before it is fetched", open: async (page) => {
        await page.goto(`x/#h=${"0123456789abcdef".repeat(4)}&src=${encodeURIComponent("https://cards.example/card.json")}`);
        await expect(page.getByRole("button", { name: "Fetch the card from cards.example" })).toBeVisible();
    } },
    { name: "a link that was changed", open: async (page) => {
        const card = new CardPage(page);
        await card.open("1.____");
        await expect(card.refused).toBeVisible();
    } },
    { name: "a card from files", open: async (page) => {
        const [card, { card: text, samples }] = [new CardPage(page), run("demo", "signed")];
        await card.open();
        await card.choose({ name: "card.json", text }, { name: "samples.jsonl", text: samples });
        await expect(card.sheet.locator("article.task")).toHaveCount(3);
    } },
    { name: "a card that contradicts its samples", open: async (page) => {
        const card = new CardPage(page);
        await card.open();
        await card.choose({ name: "card.json", text: run("demo", "signed").card }, { name: "samples.jsonl", text: run("demo-tuned").samples });
        await expect(card.alarm).toBeVisible();
    } },
    { name: "the comparison before links are there", open: async (page) => {
        await new ComparePage(page).open();
        await expect(page.getByRole("button", { name: "Compare" })).toBeVisible();
    } },
    { name: "a comparison", open: async (page) => {
        const compare = new ComparePage(page);
        await compare.open(run("demo").link, run("demo-tuned").link);
        await expect(compare.rows).toHaveCount(3);
    } },
];
