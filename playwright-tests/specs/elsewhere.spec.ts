import { type Page, type Request, expect, test } from "@playwright/test";
import { run } from "../cards.ts";
import { CardPage } from "../pages/card.ts";

const HOST = "https://cards.example";
const ALLOWED = { "access-control-allow-origin": "*" };

interface Answer {
    status?: number;
    headers?: Record<string, string>;
    body?: string;
}

/** Another host, which answers by path and keeps what it was asked. */
async function host(page: Page, answers: Record<string, Answer>): Promise<Request[]> {
    const asked: Request[] = [];
    await page.route(`${HOST}/**`, async (route) => {
        asked.push(route.request());
        if (new URL(route.request().url()).pathname === "/gone.json") return route.abort();
        const { status = 200, headers = ALLOWED, body = "" } = answers[new URL(route.request().url()).pathname] ?? { status: 404 };
        await route.fulfill({ status, headers, body });
    });
    return asked;
}

const id = (card: string) => (JSON.parse(card) as { id: string }).id.slice("sha256:".length);
const reference = (hash: string, path: string) => `x/#h=${hash}&src=${encodeURIComponent(HOST + path)}`;

test("a card elsewhere is fetched after a click that names the host, and checked as any other", async ({ page }) => {
    const signed = run("demo", "signed");
    const asked = await host(page, { "/a/card.json": { body: signed.card }, "/a/samples.jsonl": { body: signed.samples } });
    // The page of cards sends such a link on.
    await page.goto(reference(id(signed.card), "/a/card.json").replace("x/", "c/"));
    const button = page.getByRole("button", { name: "Fetch the card from cards.example" });
    await expect(button).toBeVisible();
    await expect(page.getByRole("main")).toContainText(id(signed.card));
    expect(asked).toEqual([]);
    await page.getByRole("button", { name: "Fetch card and samples" }).click();
    const card = new CardPage(page);
    for (const name of ["V0 bytes", "V1 signature", "V2 consistency"]) await expect(card.finding(name)).toContainText(/holds|signed/);
    expect(asked.map((request) => new URL(request.url()).pathname)).toEqual(["/a/card.json", "/a/samples.jsonl"]);
    for (const request of asked) {
        const headers = await request.allHeaders();
        expect([headers["referer"], headers["cookie"]]).toEqual([undefined, undefined]);
    }
});

test("what is not the card that the link names, or cannot be read, is told by its cause", async ({ page }) => {
    const signed = run("demo", "signed");
    const card = (headers: Record<string, string>, body = signed.card): Answer => ({ headers, body });
    await host(page, {
        "/other.json": card(ALLOWED, run("demo-tuned").card),
        "/page.html": card(ALLOWED, "<!doctype html><script>ran()</script>"),
        "/moved.json": { status: 302, headers: { ...ALLOWED, location: `${HOST}/card.json` } },
        "/large.json": card(ALLOWED, " ".repeat((1 << 20) + 1)),
    });
    for (const [path, says] of [
        ["/other.json", "This is not the card it is named after"],
        ["/page.html", "This is no card: it cannot be read"],
        ["/gone.json", "the host cannot be reached"],
        ["/moved.json", "sends on to another address"],
        ["/large.json", "it has more than the 1048576 bytes that this page reads"],
        ["/none.json", "the host answers with the status 404"],
    ] as const) {
        await page.goto("about:blank");
        await page.goto(reference(id(signed.card), path));
        await page.getByRole("button", { name: "Fetch the card" }).click();
        await expect(page.locator(".refused")).toContainText(says);
    }
    // The file box is there all the while.
    await new CardPage(page).choose({ name: "card.json", text: signed.card });
    await expect(page.locator(".sheet")).toBeVisible();
});
