import { expect, test } from "@playwright/test";
import { run } from "../cards.ts";
import { CardPage } from "../pages/card.ts";
import { ComparePage } from "../pages/compare.ts";

test("a view chooses what is shown, stands in the address, and changes no number", async ({ page }) => {
    const { link } = run("demo");
    const card = new CardPage(page);
    await card.open(link);
    const numbers = () => card.tasks.locator(".score").allInnerTexts();
    const all = await numbers();
    expect(all).toHaveLength(3);
    await page.getByLabel("Task").selectOption("A10");
    await expect(card.tasks).toHaveCount(1);
    expect(await numbers()).toEqual(all.slice(2));
    await page.getByLabel("Items").selectOption("wrong");
    await expect(card.tasks.locator(".numbers")).toContainText("Items, from 1 in suite order:");
    expect(await numbers()).toEqual(all.slice(2));
    expect(new URL(page.url()).hash).toBe(`#${link}&task=A10&f=wrong`);
    // The address alone gives the same view again.
    await page.reload();
    await expect(card.tasks).toHaveCount(1);
    await expect(page.getByLabel("Task")).toHaveValue("A10");
    await expect(page.getByLabel("Items")).toHaveValue("wrong");
    await page.getByLabel("Task").selectOption("");
    await page.getByLabel("Find").fill("tone");
    await expect(card.tasks).toHaveCount(1);
    await expect(page.getByText("1 of 3 results shown")).toBeVisible();
    expect(new URL(page.url()).hash).toBe(`#${link}&f=wrong&q=tone`);
    await page.getByLabel("Find").fill("");
    expect(await numbers()).toEqual(all);
});

test("the first screen offers examples, a field for a link and one for files", async ({ page }) => {
    const card = new CardPage(page);
    await card.open();
    await expect(card.heading).toHaveText("Open a card");
    await expect(card.files).toBeVisible();
    const examples = page.locator(".examples a");
    await expect(examples).toHaveCount(3);
    for (const place of [0, 1]) {
        await examples.nth(place).click();
        await expect(card.level).toHaveText("self-reported");
        await expect(card.alarm).toHaveCount(0);
        await expect(card.tasks).toHaveCount(3);
        await page.goBack();
        await expect(card.heading).toHaveText("Open a card");
    }
    await examples.nth(2).click();
    await expect(new ComparePage(page).rows).toHaveCount(3);
});

test("another link in the address is another card, and going back shows the first", async ({ page }) => {
    const [first, second] = [run("demo").link, run("demo-tuned").link];
    const card = new CardPage(page);
    await card.open(first);
    await expect(card.heading).toHaveText(/sweetspot-demo:/);
    await page.evaluate((link) => (location.hash = link), second);
    await expect(card.heading).toHaveText(/tuned/);
    await page.goBack();
    await expect(card.heading).toHaveText(/sweetspot-demo:/);
});

test("the keyboard alone opens a link, reads it, and keeps the card in the address", async ({ page }) => {
    const { link } = run("demo");
    const card = new CardPage(page);
    await card.open();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(page.locator("main")).toBeFocused();
    await card.pasted.focus();
    await page.keyboard.insertText(link);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(card.tasks).toHaveCount(3);
    // Everything that can be reached shows that it is reached.
    const seen = new Set<string>();
    for (let i = 0; i < 25; i++) {
        await page.keyboard.press("Tab");
        const focused = await page.evaluate(() => {
            const element = document.activeElement;
            if (!element || element === document.body) return null;
            const style = getComputedStyle(element);
            return { id: element.id, name: element.textContent?.trim().slice(0, 30) ?? "", outline: style.outlineStyle };
        });
        if (!focused) continue;
        expect(focused.outline, JSON.stringify(focused)).not.toBe("none");
        seen.add(focused.id || focused.name);
    }
    for (const id of ["task", "filter", "find", "Hashes", "pasted", "chosen"]) expect(seen).toContain(id);
    // The way to the content leaves the card where it is.
    await page.getByRole("link", { name: "Skip to content" }).focus();
    await page.keyboard.press("Enter");
    expect(new URL(page.url()).hash).toBe(`#${link}`);
});

test("links within a card's sheet move there and leave the address alone", async ({ page }) => {
    const { card: text, samples } = run("demo");
    const card = new CardPage(page);
    await card.open();
    await card.choose({ name: "card.json", text }, { name: "samples.jsonl", text: samples });
    const before = page.url();
    await card.sheet.getByRole("link", { name: "Hashes" }).first().click();
    await expect(card.sheet.locator("#hashes")).toBeFocused();
    await expect(card.sheet.locator("#hashes")).toBeInViewport();
    expect(page.url()).toBe(before);
});
