import { expect, test } from "@playwright/test";
import { RunPage } from "../pages/run.ts";

test.use({ serviceWorkers: "allow" });

test("after the first visit the site works without a network, and can be installed", async ({ page, context }) => {
    const run = new RunPage(page);
    await run.open();
    // The first visit keeps the whole app; a page is told when that is done.
    await page.evaluate(async () => { await navigator.serviceWorker.ready; });
    await context.setOffline(true);
    await page.reload();
    await run.ready();
    await page.goto("classify/");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Classify");
    await page.goto("compare/");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Compare two cards");
    await context.setOffline(false);
    const address = await page.locator("link[rel=manifest]").getAttribute("href");
    const manifest = (await (await page.request.get(new URL(address ?? "", page.url()).href)).json()) as { start_url: string; icons: { src: string }[] };
    expect(manifest.start_url).toBe("./run/");
    expect((await page.request.get(new URL(manifest.icons[0]?.src ?? "", new URL(address ?? "", page.url())).href)).ok()).toBe(true);
});
