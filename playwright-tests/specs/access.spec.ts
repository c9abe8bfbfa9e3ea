import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { SCREENS } from "../screens.ts";

// One page for everything that is asked of a screen: coming there takes longer than asking.
for (const { name, open } of SCREENS) {
    test(`${name}: axe finds nothing in light and dark, and 360 pixels need no sideways scrolling`, async ({ page }) => {
        await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
        await open(page);
        for (const colorScheme of ["light", "dark"] as const) {
            await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
            const { violations } = await new AxeBuilder({ page }).analyze();
            const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(" ")} (${n.failureSummary ?? ""})`).join("; ")}`);
            expect(found, colorScheme).toEqual([]);
        }
        await page.setViewportSize({ width: 360, height: 740 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    });
}
