import { type Page, expect } from "@playwright/test";
import { test } from "../built.ts";
import { Watch } from "../watch.ts";

const experiments = (page: Page) => page.locator('[data-entry="experiment"]:visible');
const cards = (page: Page) => page.locator('[data-entry="card"]:visible');
const status = (page: Page) => page.locator(".shown [role=status]");

test("filters choose what is listed, stand in the address, and are cleared", async ({ page, built }) => {
    const watch = await Watch.over(page, built.address);
    await page.goto(built.address);
    await expect(status(page)).toHaveText("2 of 2 experiments and 4 of 4 cards shown");
    await expect(status(page)).toHaveAttribute("aria-live", "polite");
    await page.getByLabel("Category").selectOption("Imported");
    await expect(experiments(page)).toHaveCount(1);
    await expect(status(page)).toHaveText("1 of 2 experiments and 1 of 4 cards shown");
    await expect(page).toHaveURL(`${built.address}?category=Imported`);
    await page.getByLabel("Category").selectOption("every one");
    await page.getByLabel("Task").selectOption("A10");
    await expect(cards(page)).toHaveCount(3);
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
    await expect(status(page)).toHaveText("2 of 2 experiments and 4 of 4 cards shown");
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
    await expect(experiments(page)).toHaveCount(2);
    await expect(page.getByText("Nothing here fits these filters.")).toHaveCount(0);
    await watch.nothingHappened();
});
