import { type Page, expect } from "@playwright/test";
import { type Built, fileOf, test } from "../built.ts";
import { Watch } from "../watch.ts";

const experiments = (page: Page) => page.locator('[data-entry="experiment"]:visible');
const cards = (page: Page) => page.locator('[data-entry="card"]:visible');
const status = (page: Page) => page.locator(".shown [role=status]");

/** What the site says that it holds. */
const index = (built: Built) =>
    JSON.parse(fileOf(built, "index.json")) as { posts: { category: string }[]; cards: { tasks: string[] }[] };

test("filters choose what is listed, stand in the address, and are cleared", async ({ page, built }) => {
    const watch = await Watch.over(page, built.address);
    const held = index(built);
    const [nExperiments, nCards] = [held.posts.length, held.cards.length];
    const all = `${nExperiments} of ${nExperiments} experiments and ${nCards} of ${nCards} cards shown`;
    await page.goto(built.address);
    await expect(status(page)).toHaveText(all);
    await expect(status(page)).toHaveAttribute("aria-live", "polite");
    await page.getByLabel("Category").selectOption("Imported");
    await expect(experiments(page)).toHaveCount(1);
    await expect(status(page)).toHaveText(`1 of ${nExperiments} experiments and 1 of ${nCards} cards shown`);
    await expect(page).toHaveURL(`${built.address}?category=Imported`);
    await page.getByLabel("Category").selectOption("every one");
    await page.getByLabel("Task").selectOption("A10");
    const withTask = held.cards.filter((card) => card.tasks.includes("A10")).length;
    expect(withTask).toBeLessThan(nCards);
    await expect(cards(page)).toHaveCount(withTask);
    await page.getByLabel("Level").selectOption("self-reported");
    await page.getByLabel("Search").fill("demo");
    await expect(page).toHaveURL(/\?task=A10&level=self-reported&q=demo$/);
    const shown = await status(page).innerText();
    // Whoever is given the address sees the same.
    await page.reload();
    await expect(status(page)).toHaveText(shown);
    await expect(page.getByLabel("Task")).toHaveValue("A10");
    await expect(page.getByLabel("Search")).toHaveValue("demo");
    await page.getByRole("button", { name: "Clear the filters" }).click();
    await expect(status(page)).toHaveText(all);
    await expect(page.getByLabel("Task")).toHaveValue("");
    await expect(page).toHaveURL(built.address);
    await watch.nothingHappened();
});

test("where nothing fits the page says so and offers a way back", async ({ page, built }) => {
    const watch = await Watch.over(page, built.address);
    await page.goto(`${built.address}?model=${encodeURIComponent("<img src=x onerror=ran()>")}&q=never&utm=1`);
    await expect(page.getByText("Nothing here fits these filters.")).toBeVisible();
    await expect(experiments(page)).toHaveCount(0);
    await expect(page.getByLabel("Model").locator("option:checked")).toHaveText("<img src=x onerror=ran()>");
    await page.getByRole("button", { name: "Clear the filters" }).click();
    await expect(experiments(page)).toHaveCount(index(built).posts.length);
    await expect(page.getByText("Nothing here fits these filters.")).toHaveCount(0);
    await watch.nothingHappened();
});
