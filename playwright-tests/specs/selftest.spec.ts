import { expect, test } from "@playwright/test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { nativeSelfTest, root } from "../native.ts";
import { SelfTestPage } from "../pages/selftest.ts";
import { largestLabelDifference } from "../report.ts";

const kernels = readdirSync(join(root, "shaders")).filter((f) => f.endsWith(".wgsl")).map((f) => f.slice(0, -".wgsl".length));

test("every kernel and the frozen model pass with and without subgroups, and can be shared", async ({ page }) => {
    // Every composition of every kernel, on a software GPU.
    test.setTimeout(600_000);
    const selftest = new SelfTestPage(page);
    await selftest.open();
    await expect(selftest.fact("Adapter")).not.toBeEmpty();
    await expect(selftest.fact("Features")).toContainText("subgroups");
    await selftest.run.click();
    expect(await selftest.outcome()).toBe("Passed: this device computes rightly in 2 tiers.");

    await expect(selftest.tiers).toHaveCount(2);
    const text = await selftest.text.innerText();
    for (const kernel of kernels) {
        await expect(selftest.tiers.first().getByRole("row", { name: kernel, exact: false }).first()).toBeVisible();
        expect(text).toContain(`  ${kernel} `);
    }
    expect(text).toContain("Chrome/");

    const { tiers } = await selftest.json();
    expect(tiers.map((t) => t.device.tier)).toEqual(["baseline", "subgroups"]);
    for (const report of tiers) {
        // Every weight format has a composition of its own for each kernel that reads weights.
        expect(new Set(report.kernels.map((k) => k.kernel))).toEqual(new Set(kernels));
        const formats = report.kernels.filter((k) => k.kernel === "matmul").map((k) => k.what.split(/[,:]/)[0]);
        expect(new Set(formats).size).toBe(11);
        // Both give the frozen model's labels the same scores, whatever computes: the float row of the tiny models.
        const native = nativeSelfTest(report.device.tier);
        expect(largestLabelDifference(report, native)).toBeLessThanOrEqual(1e-4);
    }
});

test("one tier alone can be chosen, and a run can be stopped and begun again", async ({ page }) => {
    const selftest = new SelfTestPage(page);
    await selftest.open();
    await selftest.chooseTier("subgroups");
    await selftest.run.click();
    await selftest.stop.click();
    await expect(selftest.verdict).toHaveText("Stopped after 0 tiers.");
    await selftest.run.click();
    expect(await selftest.outcome()).toBe("Passed: this device computes rightly in one tier.");
    await expect(selftest.tiers).toHaveCount(1);
});
