import { type Locator, type Page, expect } from "@playwright/test";

/** The form by which a model is fetched from another host. */
export class FetchForm {
    readonly what: Locator;
    readonly token: Locator;
    readonly sha256: Locator;
    readonly button: Locator;
    readonly stop: Locator;
    readonly progress: Locator;
    readonly sentence: Locator;
    readonly kept: Locator;

    constructor(readonly page: Page) {
        this.what = page.locator("input[name=what]");
        this.token = page.locator("input[name=token]");
        this.sha256 = page.locator("input[name=sha256]");
        this.button = page.getByRole("button", { name: /^Fetch/ });
        this.stop = page.getByRole("button", { name: "Stop fetching" });
        this.progress = page.locator(".fetch .progress span");
        this.sentence = page.locator(".fetched");
        this.kept = page.locator("section[aria-labelledby=stored] .cards > li");
    }

    async open(page = "models/"): Promise<void> {
        await this.page.goto(page);
        await expect(this.what).toBeVisible();
    }

    /** Names a model, with a hash or a token, and clicks. */
    async ask(what: string, more: { sha256?: string; token?: string } = {}): Promise<void> {
        await this.what.fill(what);
        if (more.sha256 || more.token) await this.page.locator(".fetch details").evaluate((e) => e.setAttribute("open", ""));
        if (more.sha256) await this.sha256.fill(more.sha256);
        if (more.token) await this.token.fill(more.token);
        await this.button.click();
    }

    /** The sentence at the end. */
    async outcome(): Promise<string> {
        await expect(this.sentence).toHaveText(/^(Fetched|Not fetched|Stopped)/, { timeout: 30_000 });
        return this.sentence.innerText();
    }
}
