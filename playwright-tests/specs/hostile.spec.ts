import { expect, test } from "@playwright/test";
import { run } from "../cards.ts";
import { BAD_FILES, BAD_LINKS, type Hostile, LYING_LINKS } from "../hostile.ts";
import { CardPage } from "../pages/card.ts";
import { Watch } from "../watch.ts";

const all = [...BAD_LINKS, ...LYING_LINKS, ...BAD_FILES];

/** The page says what it must, shows what would do harm as text, runs nothing, asks nothing. */
function isHarmless(hostile: Hostile) {
    test(hostile.name, async ({ page, baseURL }) => {
        const watch = await Watch.over(page, baseURL ?? "");
        const card = new CardPage(page);
        const made = hostile.make(run("demo", "signed"));
        if (typeof made === "string") {
            await card.open(made);
        } else {
            await card.open();
            await card.choose(...made);
        }
        await expect(card.heading).toHaveText(hostile.heading);
        for (const says of hostile.says ?? []) await expect(page.getByRole("main")).toContainText(says);
        await watch.nothingHappened();
    });
}

test.describe("a link that gives no card:", () => BAD_LINKS.forEach(isHarmless));
test.describe("a link that lies:", () => LYING_LINKS.forEach(isHarmless));
test.describe("a file that is no card, or lies:", () => BAD_FILES.forEach(isHarmless));

test("no two hostile cards have the same cause", () => {
    const signed = run("demo", "signed");
    const made = all.map((hostile) => JSON.stringify(hostile.make(signed)));
    expect(all.length).toBeGreaterThanOrEqual(50);
    expect(new Set(all.map((hostile) => hostile.name)).size).toBe(all.length);
    expect(new Set(made).size).toBe(all.length);
});

test("what must not happen would be seen", async ({ page, baseURL }) => {
    const deeds: [string, RegExp][] = [
        ["ran()", /foreign code ran/],
        ["fetch('https://example.org/').catch(() => 0)", /policy: connect-src/],
        ["document.body.append(Object.assign(document.createElement('img'), { src: 'https://example.org/x.png' }))", /policy: img-src/],
        ["document.body.innerHTML += '<p onclick=1 style=color:red>'", /policy: style-src/],
        ["document.head.append(Object.assign(document.createElement('base'), { href: 'https://example.org/' }))", /policy: base-uri/],
        ["alert(1)", /dialog: 1/],
    ];
    const watch = await Watch.over(page, baseURL ?? "");
    await new CardPage(page).open();
    await watch.nothingHappened();
    for (const [deed, seen] of deeds) {
        await page.evaluate(deed);
        await expect(watch.nothingHappened()).rejects.toThrow(seen);
    }
});

test("after a bad link the page goes on: a good one and a file open without a reload", async ({ page }) => {
    const signed = run("demo", "signed");
    const card = new CardPage(page);
    await card.open("1.____");
    await expect(card.refused).toBeVisible();
    await card.paste(`https://example.org/c/#${signed.link}`);
    await expect(card.heading).toContainText("sweetspot");
    await expect(page).toHaveURL(new RegExp(`#${signed.link.slice(0, 40)}`));
    await card.paste("nothing of the sort");
    await expect(card.heading).toHaveText("The link is damaged at character 1");
    await card.choose({ name: "card.json", text: signed.card });
    await expect(card.sheet).toBeVisible();
    await card.paste(" ");
    await expect(card.heading).toHaveText("The link holds no card");
});
