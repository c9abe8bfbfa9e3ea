import { expect, test } from "@playwright/test";
import { subPath } from "../playwright.config.ts";
import { SelfTestPage } from "../pages/selftest.ts";

test("nothing is asked of another origin, and nothing is refused or thrown", async ({ page, baseURL }) => {
    const elsewhere: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => {
        if (!request.url().startsWith(baseURL ?? "") && !request.url().startsWith("data:")) elsewhere.push(request.url());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
        if (message.text().includes("Service Worker registration blocked by Playwright")) return;
        if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    await page.goto("");
    await page.getByRole("navigation").getByRole("link", { name: "Self-test" }).click();
    await expect(new SelfTestPage(page).facts).toBeVisible();
    expect(elsewhere).toEqual([]);
    expect(complaints).toEqual([]);
});

test("the site works below any path, by its links and by its addresses", async ({ page }) => {
    await page.goto(`${subPath}/`);
    await page.getByRole("main").getByRole("link", { name: "run the self-test" }).click();
    await expect(page).toHaveURL(new RegExp(`/${subPath}/selftest/$`));
    await expect(new SelfTestPage(page).facts).toBeVisible();
    await page.reload();
    await expect(new SelfTestPage(page).facts).toBeVisible();
    await page.getByRole("link", { name: "Sweetspot" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("What is a small model really good for?");
});

test("a narrow screen needs no sideways scrolling", async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await new SelfTestPage(page).open();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(360);
});

test("the keyboard reaches what matters in order, and the content can be jumped to", async ({ page }) => {
    await new SelfTestPage(page).open();
    const reached: string[] = [];
    for (let i = 0; i < 11; i++) {
        await page.keyboard.press("Tab");
        reached.push(await page.evaluate(() => document.activeElement?.textContent?.trim().slice(0, 20) ?? ""));
    }
    expect(reached[0]).toBe("Skip to content");
    expect(reached).toContain("Run the self-test");
});
