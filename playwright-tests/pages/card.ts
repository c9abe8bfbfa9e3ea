import { type Locator, type Page, expect } from "@playwright/test";
import { readFileSync } from "node:fs";

/** A file as it is chosen. */
export interface Chosen {
    name: string;
    text: string | Buffer;
}

/** The card page. */
export class CardPage {
    readonly heading: Locator;
    readonly refused: Locator;
    readonly alarm: Locator;
    readonly status: Locator;
    readonly level: Locator;
    readonly tasks: Locator;
    readonly sheet: Locator;
    readonly pasted: Locator;
    readonly files: Locator;
    readonly sign: Locator;

    constructor(readonly page: Page) {
        this.heading = page.getByRole("main").getByRole("heading", { level: 1 });
        this.refused = page.locator(".refused");
        this.alarm = page.getByRole("main").locator(".alarm");
        this.status = page.locator("p.hidden[role=status]");
        this.level = page.locator(".levels .level");
        this.tasks = page.locator(".linked .task");
        this.sheet = page.locator(".sheet");
        this.pasted = page.getByLabel("A link", { exact: true });
        this.files = page.locator("#chosen");
        this.sign = page.getByRole("button", { name: "Sign with this browser's key" });
    }

    /** Opens the page, with what stands after #. */
    async open(fragment = ""): Promise<void> {
        await this.page.goto(`c/${fragment === "" ? "" : `#${fragment}`}`);
        await expect(this.pasted).toBeVisible();
    }

    /** Chooses files. */
    async choose(...files: Chosen[]): Promise<void> {
        const buffers = files.map(({ name, text }) => ({ name, mimeType: "", buffer: Buffer.from(text) }));
        await this.files.setInputFiles(buffers);
    }

    /** Drops files on the page. */
    async drop(...files: Chosen[]): Promise<void> {
        const list = files.map(({ name, text }) => ({ name, text: text.toString() }));
        const data = await this.page.evaluateHandle((all) => {
            const transfer = new DataTransfer();
            for (const { name, text } of all) transfer.items.add(new File([text], name));
            return transfer;
        }, list);
        await this.page.dispatchEvent("main", "drop", { dataTransfer: data });
    }

    /** Pastes a link and opens it. */
    async paste(link: string): Promise<void> {
        await this.pasted.fill(link);
        await this.page.getByRole("button", { name: "Open the link" }).click();
    }

    /** A level of the check, by its name. */
    finding(name: string): Locator {
        return this.page.locator(".levels div", { has: this.page.getByText(name, { exact: true }) }).locator("dd");
    }

    /** A fact of a link's card. */
    fact(name: string): Locator {
        return this.page.locator(".facts div", { has: this.page.getByText(name, { exact: true }) }).locator("dd").first();
    }

    /** Asks so many items again, drawn by a nonce, and waits for what comes of it. */
    async replay(items: number, nonce: string): Promise<string> {
        const section = this.page.locator("section.replay");
        await section.getByText("Items and nonce").click();
        await section.getByLabel("Items", { exact: false }).first().fill(String(items));
        await section.getByLabel("Nonce").fill(nonce);
        await section.getByRole("button", { name: "Ask again" }).click();
        const said = section.locator("p.verdict");
        // A software GPU answers a few items a second.
        await expect(said).toHaveText(/^(No replay|\d+ of \d+ items agree)/, { timeout: 20_000 + 4_000 * items });
        return (await said.textContent()) ?? "";
    }

    /** What a button saves. */
    async save(button: string): Promise<string> {
        const waiting = this.page.waitForEvent("download");
        await this.page.getByRole("button", { name: button }).click();
        return readFileSync(await (await waiting).path(), "utf8");
    }
}
