import { type Page, expect, test } from "@playwright/test";
import { SCREENS } from "../screens.ts";

/** What differs from machine to machine: what is known of the device, and times. */
const VARIES = [".facts dd", ".foot-line", "text=/ are used\\./"];

/** Screens that are pictured, and what is at the top of the picture where that is not the top of the page. */
const PICTURED: Record<string, string | undefined> = {
    "the first page": undefined,
    "the self-test": undefined,
    "a run before it begins": undefined,
    "a run that is done": "section.result",
    "a text that is classified": ".bars",
    "a gated model to run": ".fetch",
    "what is kept": undefined,
    "kept cards": undefined,
    "the card page before a card is open": undefined,
    "a card elsewhere before it is fetched": undefined,
    "the comparison before links are there": undefined,
    "a comparison": "table.paired",
};

/** The page in Inter, as it lies on the site, and scrolled to what is pictured. */
async function settle(page: Page, top: string | undefined): Promise<void> {
    const loaded = await page.evaluate(async () => {
        await document.fonts.ready;
        return [...document.fonts].filter((face) => face.status === "loaded").map((face) => face.family.replaceAll('"', ""));
    });
    expect(loaded).toContain("Inter");
    await page.evaluate((selector) => {
        const place = selector && document.querySelector(selector);
        window.scrollTo(0, place ? place.getBoundingClientRect().top + window.scrollY - 16 : 0);
    }, top);
}

/** Which Chromium drew the pictures: another one may draw its own buttons and fields another way. */
const DRAWN_BY = 156;

test.skip(process.platform !== "linux", "pictures are those of Chromium on Linux: other systems draw letters another way");
test.beforeEach(({ browser }) => {
    const major = Number.parseInt(browser.version(), 10);
    test.skip(major !== DRAWN_BY, `the pictures are of Chromium ${DRAWN_BY}, and this is ${major}: look at new ones, and keep them (--update-snapshots)`);
});

for (const { name, open } of SCREENS.filter((screen) => screen.name in PICTURED)) {
    test(`${name} looks as its pictures, light and dark, wide and narrow`, async ({ page }) => {
        await open(page);
        for (const width of [1280, 360]) {
            await page.setViewportSize({ width, height: 720 });
            for (const colorScheme of ["light", "dark"] as const) {
                await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
                await settle(page, PICTURED[name]);
                await expect(page).toHaveScreenshot(`${name.replaceAll(" ", "-")}-${width}-${colorScheme}.png`, { mask: VARIES.map((what) => page.locator(what)) });
            }
        }
    });
}
