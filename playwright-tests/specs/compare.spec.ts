import { expect, test } from "@playwright/test";
import { type Json, type Run, canonical, pack, run, unpack } from "../cards.ts";
import { ComparePage } from "../pages/compare.ts";
import { Watch } from "../watch.ts";

interface Row {
    task: string;
    sample_id: string;
    verdict: string;
}

/** Items right in both, in the first alone, in the second alone, in neither: counted from the samples, not from the links. */
function pairs(a: Run, b: Run, task: string): number[] {
    const right = (run: Run) => {
        const rows = run.samples.trim().split("\n").map((line) => JSON.parse(line) as Row);
        return new Map(rows.filter((row) => row.task === task).map((row) => [row.sample_id, row.verdict === "correct"]));
    };
    const [x, y] = [right(a), right(b)];
    const count = (first: boolean, second: boolean) => [...x].filter(([id, is]) => is === first && y.get(id) === second).length;
    return [count(true, true), count(true, false), count(false, true), count(false, false)];
}

test("two links over one suite are compared item by item, as their samples say", async ({ page, baseURL }) => {
    const watch = await Watch.over(page, baseURL ?? "");
    const [a, b] = [run("demo"), run("demo-tuned")];
    const compare = new ComparePage(page);
    await compare.open(a.link, b.link);
    await expect(compare.notice).toContainText("Comparable: the same items.");
    await expect(compare.rows).toHaveCount(3);
    for (const task of ["A01", "A09", "A10"]) {
        const cells = compare.rows.filter({ hasText: task }).locator("td");
        expect((await cells.allInnerTexts()).slice(0, 4).map(Number), task).toEqual(pairs(a, b, task));
    }
    await expect(compare.differs.filter({ hasText: "weights" })).toHaveCount(1);
    await expect(compare.sides.nth(0)).toContainText("sweetspot-demo");
    await watch.nothingHappened();
});

test("a card compared with itself has no difference anywhere", async ({ page }) => {
    const { link } = run("demo");
    const compare = new ComparePage(page);
    await compare.open();
    await compare.compare(`https://example.org/c/#${link}&task=A01`, link);
    await expect(compare.rows).toHaveCount(3);
    for (const row of await compare.rows.all()) {
        const [, a, b, , difference, , p] = await row.locator("td").allInnerTexts();
        expect([a, b, difference, p]).toEqual(["0", "0", "+0.0", "1.0000"]);
    }
    await expect(compare.differs).toHaveCount(0);
});

test("what cannot be compared is refused by its reason, and no difference is shown", async ({ page }) => {
    const { link } = run("demo");
    const changed = (change: (tree: { [key: string]: Json }) => void) => {
        const tree = JSON.parse(unpack(link)) as { [key: string]: Json };
        change(tree);
        return pack(canonical(tree));
    };
    const set = (key: string, place: number, value: Json) => changed((t) => ((t[key] as Json[])[place] = value));
    const cases: [string, RegExp][] = [
        [set("u", 2, "AAAAAAAAAAAAAAAAAAAAAA"), /suite hashes differ/],
        [set("m", 5, "AAAAAAAAAAAAAAAAAAAAAA"), /decoding differs/],
        [changed((t) => delete t["o"]), /holds no outcomes/],
        [set("g", 5, "fail"), /numeric gate of the second failed/],
        [changed((t) => { (t["r"] as Json[]).pop(); delete (t["o"] as { [key: string]: Json })["A10/FG"]; }), /tasks, their modes or their numbers of items differ/],
    ];
    const compare = new ComparePage(page);
    for (const [other, reason] of cases) {
        await compare.open(link, other);
        await expect(compare.notice).toContainText(reason);
        await expect(compare.notice).toContainText("Not comparable");
        await expect(compare.rows).toHaveCount(0);
    }
    await compare.open(link, "1.____");
    await expect(compare.sides.nth(1)).toContainText("The link is damaged");
    await expect(compare.sides.nth(0)).toContainText("A01");
    await expect(compare.notice).toHaveCount(0);
});
