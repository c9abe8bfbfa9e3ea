import { type Page, expect } from "@playwright/test";

/** What a page did that it must not. */
export class Watch {
    private readonly said: string[] = [];

    private constructor(private readonly page: Page) {}

    /** Watches requests to other hosts, refusals by the content security policy, errors, dialogs and windows. */
    static async over(page: Page, baseURL: string): Promise<Watch> {
        const watch = new Watch(page);
        const note = (what: string) => void watch.said.push(what);
        page.on("request", (request) => {
            const url = request.url();
            if (!url.startsWith(baseURL) && !url.startsWith("data:") && !url.startsWith("blob:")) note(`request: ${url}`);
        });
        page.on("pageerror", (error) => note(`error: ${error.message}`));
        page.on("console", (message) => {
            // Said by the browser's driver where a spec keeps service workers out.
            if (message.text() === "Service Worker registration blocked by Playwright") return;
            if (message.type() === "error" || message.type() === "warning") note(`console: ${message.text()}`);
        });
        page.on("dialog", (dialog) => {
            note(`dialog: ${dialog.message()}`);
            void dialog.dismiss();
        });
        page.on("popup", (popup) => note(`window: ${popup.url()}`));
        await page.exposeFunction("ran", () => note("foreign code ran"));
        await page.addInitScript(() => {
            document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective}`));
        });
        return watch;
    }

    /** Fails if anything happened that must not; gives late events a moment. */
    async nothingHappened(): Promise<void> {
        await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50))));
        expect(this.said).toEqual([]);
    }
}
