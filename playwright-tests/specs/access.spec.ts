import AxeBuilder from "@axe-core/playwright";
import { type Page, expect, test } from "@playwright/test";
import { run } from "../cards.ts";
import { CardPage } from "../pages/card.ts";
import { ClassifyPage } from "../pages/classify.ts";
import { ComparePage } from "../pages/compare.ts";
import { RunPage } from "../pages/run.ts";
import { SelfTestPage } from "../pages/selftest.ts";

/** Every page of the site, and every screen of the card page. */
const SCREENS: [string, (page: Page) => Promise<void>][] = [
    ["the first page", async (page) => {
        await page.goto("");
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    }],
    ["an address that leads nowhere", async (page) => {
        // As a host answers that gives the first page for every address that it lacks.
        await page.route("**/nowhere", async (route) => route.fulfill({ response: await route.fetch({ url: new URL("/", route.request().url()).href }) }));
        await page.goto("nowhere");
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no page at this address");
    }],
    ["the self-test", (page) => new SelfTestPage(page).open()],
    ["a run that is done", async (page) => {
        const run = new RunPage(page);
        await run.open("probes=A01,A06&items=8&gate=self-test&device=cpu");
        await run.start();
        await run.outcome();
    }],
    ["a text that is classified", async (page) => {
        const classify = new ClassifyPage(page);
        await classify.open("device=cpu");
        await page.getByRole("button", { name: "Label, and explain" }).click();
        await expect(page.locator(".words .word").first()).toBeVisible({ timeout: 60_000 });
    }],
    ["what is kept", async (page) => {
        await page.goto("models/");
        await expect(page.locator(".empty")).toBeVisible();
    }],
    ["kept cards", async (page) => {
        await page.goto("local/");
        await expect(page.locator(".empty")).toBeVisible();
    }],
    ["the card page before a card is open", (page) => new CardPage(page).open()],
    ["a card from a link", async (page) => {
        const card = new CardPage(page);
        await card.open(`${run("demo", "signed").link}&f=wrong`);
        await expect(card.tasks).toHaveCount(3);
    }],
    ["a link that was changed", async (page) => {
        const card = new CardPage(page);
        await card.open("1.____");
        await expect(card.refused).toBeVisible();
    }],
    ["a card from files", async (page) => {
        const [card, { card: text, samples }] = [new CardPage(page), run("demo", "signed")];
        await card.open();
        await card.choose({ name: "card.json", text }, { name: "samples.jsonl", text: samples });
        await expect(card.sheet.locator("article.task")).toHaveCount(3);
    }],
    ["a card that contradicts its samples", async (page) => {
        const card = new CardPage(page);
        await card.open();
        await card.choose({ name: "card.json", text: run("demo", "signed").card }, { name: "samples.jsonl", text: run("demo-tuned").samples });
        await expect(card.alarm).toBeVisible();
    }],
    ["the comparison before links are there", async (page) => {
        await new ComparePage(page).open();
        await expect(page.getByRole("button", { name: "Compare" })).toBeVisible();
    }],
    ["a comparison", async (page) => {
        const compare = new ComparePage(page);
        await compare.open(run("demo").link, run("demo-tuned").link);
        await expect(compare.rows).toHaveCount(3);
    }],
];

for (const [name, open] of SCREENS) {
    for (const scheme of ["light", "dark"] as const) {
        test(`${name}, ${scheme}: axe finds nothing`, async ({ page }) => {
            await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
            await open(page);
            const { violations } = await new AxeBuilder({ page }).analyze();
            const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(" ")} (${n.failureSummary ?? ""})`).join("; ")}`);
            expect(found).toEqual([]);
        });
    }
    test(`${name}: 360 pixels need no sideways scrolling`, async ({ page }) => {
        await page.setViewportSize({ width: 360, height: 740 });
        await open(page);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width).toBeLessThanOrEqual(360);
    });
}
