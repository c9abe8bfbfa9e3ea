import { expect, test } from "@playwright/test";
import { type Model, files, own, shared } from "../models.ts";
import { nativeSelfTest } from "../native.ts";
import { SelfTestPage } from "../pages/selftest.ts";
import { largestLabelDifference } from "../report.ts";

/** Every layer and logit against the goldens, in every tier, and label scores against the native build's. */
function equalsItsGoldens(model: Model) {
    test(`${model.name} equals its goldens, and its label scores those of the native build`, async ({ page }) => {
        const selftest = new SelfTestPage(page);
        await selftest.open();
        await selftest.compare(files(model.path), model.goldens);
        expect(await selftest.outcome()).toBe("Passed: this device computes rightly in 2 tiers.");
        const { compared = [] } = await selftest.json();
        expect(compared.map((c) => c.device.tier)).toEqual(["baseline", "subgroups"]);
        for (const report of compared) {
            const logits = report.model.findings.filter((f) => f.what.endsWith("logits"));
            expect(logits.length).toBeGreaterThan(1);
            for (const finding of logits) expect(finding.max_abs ?? Infinity, finding.what).toBeLessThanOrEqual(model.row);
            const native = nativeSelfTest(report.device.tier, "--model", model.path, "--goldens", model.goldens);
            const difference = largestLabelDifference(report, native);
            console.log(`${model.name}, ${report.device.tier}: labels differ by ${difference.toExponential(1)}`);
            expect(difference).toBeLessThanOrEqual(model.row);
        }
    });
}

for (const model of own().filter((m) => m.name !== "plain")) equalsItsGoldens(model);

test("a model that the kernels do not compute is refused by a sentence", async ({ page }) => {
    const plain = own().find((m) => m.name === "plain");
    if (!plain) throw new Error("goldens/data has no plain model");
    const selftest = new SelfTestPage(page);
    await selftest.open();
    await selftest.compare(files(plain.path), plain.goldens);
    expect(await selftest.outcome()).toContain("multiple of eight columns");
});

const beside = shared();
if (beside) beside.forEach(equalsItsGoldens);
else
    test("the shared models equal their goldens", () => {
        if (process.env["REQUIRE_SHARED"] === "1") throw new Error("REQUIRE_SHARED=1, but there is no ../shared");
        test.skip(true, "the shared models in a browser (no ../shared)");
    });
