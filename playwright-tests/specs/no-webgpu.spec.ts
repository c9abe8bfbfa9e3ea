import { expect, test } from "@playwright/test";
import { RunPage } from "../pages/run.ts";
import { SelfTestPage } from "../pages/selftest.ts";

// Without the switch that the configuration gives, headless Chromium has WebGPU but no adapter.
test.use({
    launchOptions: { executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: ["--no-sandbox"] },
});

test("without an adapter the page says what is missing and what would help", async ({ page }) => {
    await page.goto("selftest/");
    const selftest = new SelfTestPage(page);
    await expect(selftest.notice).toContainText("This page needs WebGPU, and cannot get it");
    await expect(selftest.notice).toContainText("chrome://flags");
    await expect(selftest.run).toBeDisabled();
});

test("a browser without WebGPU is told so", async ({ page }) => {
    // A worker takes its globals from the browser: only its own script can take one away.
    await page.route("**/worker_loader.js", async (route) => {
        const response = await route.fetch();
        const without = 'Object.defineProperty(WorkerNavigator.prototype, "gpu", { value: undefined });';
        const body = `${without} await (await import("./worker.js")).default();`;
        await route.fulfill({ response, body });
    });
    await page.goto("selftest/");
    await expect(new SelfTestPage(page).notice).toContainText("this browser has no WebGPU, or has it switched off");
});

test("without an adapter a run computes on the CPU, says so, and gives its card", async ({ page }) => {
    const run = new RunPage(page);
    await run.open("probes=A01&items=16&gate=self-test");
    await expect(page.getByRole("alert")).toContainText("No WebGPU here, so the CPU computes, in WebAssembly");
    await run.start();
    expect(await run.outcome()).toMatch(/^Done: 1 probes/);
    await expect(page.locator(".live .facts")).toContainText("the CPU, in WebAssembly");
    expect((await run.card()).environment.backend).toBe("wasm-cpu");
});
