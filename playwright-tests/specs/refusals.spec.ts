import { expect, test } from "@playwright/test";
import { writeFileSync } from "node:fs";
import { own } from "../models.ts";
import { SelfTestPage } from "../pages/selftest.ts";

test("wrong files are refused by a sentence, and the page goes on", async ({ page }, info) => {
    const selftest = new SelfTestPage(page);
    await selftest.open();
    const hot = own().find((m) => m.name === "hot");
    if (!hot) throw new Error("goldens/data has no hot model");
    const empty = info.outputPath("empty.gguf");
    writeFileSync(empty, "");
    const cases: [string[], string, RegExp][] = [
        [[hot.goldens], hot.goldens, /config\.json/],
        [[empty], hot.goldens, /empty\.gguf/],
        [[hot.path], hot.path, /no golden file/],
    ];
    for (const [model, goldens, sentence] of cases) {
        await selftest.compare(model, goldens);
        const outcome = await selftest.outcome();
        expect(outcome).toMatch(sentence);
        expect(outcome).toMatch(/^The test could not be finished: .*\.$/);
        await expect(selftest.run).toBeEnabled();
        await page.reload();
        await expect(selftest.facts).toBeVisible();
    }
});

test("a worker that cannot be loaded is told, not waited for", async ({ page }) => {
    await page.route("**/worker_loader.js", (route) => route.fulfill({ status: 404 }));
    await page.goto("selftest/");
    await expect(new SelfTestPage(page).notice).toContainText("reload the page");
});
