import { expect, test } from "@playwright/test";
import { join } from "node:path";
import { root } from "../native.ts";
import { RunPage } from "../pages/run.ts";
import { Watch } from "../watch.ts";

test("a copy of a model is kept, hashed, run from, and deleted", async ({ page, baseURL }) => {
    const watch = await Watch.over(page, baseURL ?? "");
    await page.goto("models/");
    await expect(page.locator(".empty")).toContainText("Nothing yet");
    await page.locator("#keep").setInputFiles(join(root, "static/models/demo-q4_0.gguf"));
    await expect(page.locator("p.verdict")).toHaveText(/^Kept: demo-q4_0\.gguf, SHA-256 [0-9a-f]{64}\.$/);
    // The site's navigation has a link of that name too, and is there before the list knows of the copy.
    await page.getByRole("region", { name: "Kept in this browser" }).getByRole("link", { name: "Run", exact: true }).click();
    await expect(page.locator(".looked")).toContainText("demo-q4_0.gguf");
    await expect(page.locator("select[name=model]")).toHaveValue("stored demo-q4_0.gguf");
    await page.goto("models/");
    await page.getByRole("button", { name: "Delete demo-q4_0.gguf" }).click();
    await expect(page.locator("p.verdict")).toHaveText("Deleted.");
    await expect(page.locator(".empty")).toBeVisible();
    await page.goto("local/#nothing");
    await expect(page.getByRole("heading", { name: "This card is not kept here" })).toBeVisible();
    await watch.nothingHappened();
});

test("a file that is no model, and one that is not there any more, are told in a sentence", async ({ page }) => {
    const run = new RunPage(page);
    await page.goto("run/#model=own");
    await page.locator("#own-model").setInputFiles({ name: "x.gguf", mimeType: "application/octet-stream", buffer: Buffer.from("<!doctype html>") });
    await expect(page.locator(".looked")).toContainText("This model cannot be opened");
    await expect(run.button("Run")).toBeDisabled();
    await page.goto("run/?again#stored=gone.gguf");
    await expect(page.locator(".looked")).toContainText("gone.gguf: it is no longer stored here");
});
