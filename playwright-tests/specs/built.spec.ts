import { type Browser, expect } from "@playwright/test";
import { type Built, test } from "../built.ts";
import { Watch } from "../watch.ts";

/** What the page says by itself, without the places that the app fills. */
const said = () => {
    const main = document.querySelector("main")?.cloneNode(true) as HTMLElement;
    for (const part of main.querySelectorAll("[data-island], noscript")) part.remove();
    return main.textContent?.replace(/\s+/g, " ").trim() ?? "";
};

/** Pages that are the app's own. */
const APP = ["run/", "classify/", "c/", "compare/", "local/", "selftest/", "x/"];
/** The links of the bar, and what they say. */
const BAR = [["", "Sweetspot"], ["run/", "Run"], ["classify/", "Classify"], ["c/", "Card"], ["compare/", "Compare"], ["models/", "Models"], ["method/", "Method"], ["selftest/", "Self-test"]] as const;

test("the site has every kind of page", ({ built }) => {
    for (const page of ["", ...APP, "models/", "method/", built.post, `r/${built.card}/`, `r/${built.diff}/`, `r/${built.withdrawn}/`]) {
        expect(built.pages).toContain(page);
    }
});

async function everyPage(browser: Browser, built: Built, address: string): Promise<void> {
    const without = await browser.newContext({ javaScriptEnabled: false });
    const plain = await without.newPage();
    for (const page of built.pages) {
        const context = await browser.newContext({ serviceWorkers: "block" });
        const alive = await context.newPage();
        const watch = await Watch.over(alive, address);
        await alive.goto(address + page, { waitUntil: "networkidle" });
        await plain.goto(address + page);
        const [with_, without_] = [await alive.evaluate(said), await plain.evaluate(said)];
        expect(with_, page).toBe(without_);
        await expect(alive.getByRole("heading", { level: 1 })).toHaveCount(1);
        await expect(plain.getByRole("heading", { level: 1 })).toHaveCount(1);
        // What the app fills is filled, and one bar is on every page.
        for (const place of await alive.locator("[data-island]").all()) await expect(place).not.toBeEmpty();
        const bar = (p: typeof alive) => p.locator("header.bar a").evaluateAll((all) => all.map((a) => [(a as HTMLAnchorElement).href, a.textContent]));
        expect(await bar(alive)).toEqual(await bar(plain));
        expect(await bar(alive)).toEqual(BAR.map(([path, name]) => [address + path, name]));
        await watch.nothingHappened();
        await context.close();
    }
    await without.close();
}

test("every page says the same with and without JavaScript, and asks no other host", async ({ browser, built }) => {
    await everyPage(browser, built, built.address);
});

test("and so below a path", async ({ browser, built }) => {
    await everyPage(browser, built, built.below);
});

test("links of the bar load the page that they name", async ({ page, built }) => {
    await page.goto(`${built.below}c/`);
    for (const [name, heading] of [["Method", "How to read a card"], ["Compare", "Compare two cards"], ["Models", "Models"], ["Card", "Open a card"], ["Sweetspot", "What is a small model really good for?"]] as const) {
        await page.locator("header.bar").getByRole("link", { name }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
    }
});

test("every number in a post leads to its card", async ({ page, built }) => {
    const posts = built.pages.filter((path) => path.startsWith("e/"));
    expect(posts.length).toBeGreaterThanOrEqual(2);
    for (const post of posts) {
        await page.goto(built.address + post);
        const alone = await page.evaluate(() => {
            const walker = document.createTreeWalker(document.querySelector("main") as HTMLElement, NodeFilter.SHOW_TEXT);
            const found: string[] = [];
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.parentElement as HTMLElement;
                if (!/\p{Nd}/u.test(node.textContent ?? "")) continue;
                // A card's own words, a row or figure that leads to its card, and what is no result.
                const leads = at.closest('a[href*="/r/"], code, time, [data-literal], [data-quoted], th[scope="col"]');
                const around = [at.closest("tr, li"), at.closest(".of-card")];
                if (!leads && !around.some((part) => part?.querySelector('a[href*="/r/"]'))) found.push(node.textContent ?? "");
            }
            return found;
        });
        expect(alone, post).toEqual([]);
    }
});

test("every chart has a table with its numbers", async ({ page, built }) => {
    for (const path of [built.post, `r/${built.card}/`, `r/${built.diff}/`]) {
        await page.goto(built.address + path);
        const charts = page.locator("main svg[role=img]");
        expect(await charts.count(), path).toBeGreaterThan(0);
        const twins = await charts.evaluateAll((all) => all.map((chart) => chart.closest("figure, .plot, .panel, .of-card")?.querySelector("table") !== null));
        expect(twins, path).not.toContain(false);
    }
});
