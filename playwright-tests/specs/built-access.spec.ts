import AxeBuilder from "@axe-core/playwright";
import { type Page, expect } from "@playwright/test";
import { type Built, test } from "../built.ts";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function open(page: Page, built: Built, path: string): Promise<void> {
    await page.goto(built.address + path, { waitUntil: "networkidle" });
    for (const place of await page.locator("[data-island]").all()) await expect(place).not.toBeEmpty();
}

// Every page of the site, those with a thousand items too.
test.describe.configure({ timeout: 900_000 });

for (const scheme of ["light", "dark"] as const) {
    test(`axe finds nothing on any page, ${scheme}`, async ({ page, built }) => {
        await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
        const found: string[] = [];
        for (const path of built.pages) {
            await open(page, built, path);
            if (path === `r/${built.card}/`) await verify(page);
            const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
            found.push(...violations.map((v) => `/${path} ${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 4).join("; ")}`));
        }
        expect(found).toEqual([]);
    });
}

async function verify(page: Page): Promise<void> {
    await page.getByRole("button", { name: "Verify on this device" }).click();
    await expect(page.locator(".levels .level")).toBeVisible();
}

test("at 400% no page needs sideways scrolling", async ({ page, built }) => {
    await page.setViewportSize({ width: 320, height: 256 });
    for (const path of built.pages) {
        await open(page, built, path);
        if (path === `r/${built.card}/`) await verify(page);
        // Where the page is wider than the screen: what reaches beyond it.
        const beyond = await page.evaluate(() => {
            if (document.documentElement.scrollWidth <= 320) return [];
            const wide = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > 320);
            return wide.map((e) => `${e.tagName}.${e.getAttribute("class") ?? ""}`);
        });
        expect(beyond, path).toEqual([]);
    }
});

test("no single key does anything", async ({ page, built }) => {
    for (const path of ["", built.post, `r/${built.card}/`]) {
        await open(page, built, path);
        const before = await page.evaluate(() => [document.body.innerHTML, location.href]);
        for (const key of ["j", "k", "f", "q", "/", "?", "Escape"]) await page.keyboard.press(key);
        expect(await page.evaluate(() => [document.body.innerHTML, location.href])).toEqual(before);
    }
});

test("by keyboard alone from the first page over a filter and a post to a card that is verified", async ({ page, built }) => {
    await open(page, built, "");
    const tabTo = async (what: string) => {
        for (let i = 0; i < 400; i++) {
            await page.keyboard.press("Tab");
            if (await page.evaluate((selector) => document.activeElement?.matches(selector) ?? false, what)) return;
        }
        throw new Error(`Tab never reaches ${what}`);
    };
    await tabTo("a.skip");
    await page.keyboard.press("Enter");
    await tabTo('input[type="search"]');
    await page.keyboard.type("two demo models on one suite");
    await expect(page.locator('[data-entry="experiment"]:visible')).toHaveCount(1);
    await tabTo('a[href^="e/"]');
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(new RegExp(`/${built.post}$`));
    await tabTo(`a.from-card[href*="${built.card}"]`);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(new RegExp(`/r/${built.card}/#`));
    await expect(page.getByRole("button", { name: "Verify on this device" })).toBeVisible();
    // A link leads to its row, behind the button.
    for (let i = 0; i < 400; i++) {
        await page.keyboard.press("Shift+Tab");
        if (await page.evaluate(() => document.activeElement?.matches(".verify button") ?? false)) break;
    }
    await page.keyboard.press("Enter");
    await expect(page.locator(".verify-start [role=status]")).toHaveText(/^Checked: self-/);
});
