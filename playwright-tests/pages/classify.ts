import { type Locator, type Page, expect } from "@playwright/test";
import { readFileSync } from "node:fs";

/** The classify page. */
export class ClassifyPage {
    readonly text: Locator;
    readonly bars: Locator;
    readonly foot: Locator;
    readonly sentence: Locator;

    constructor(readonly page: Page) {
        this.text = page.getByLabel("Text", { exact: true });
        this.bars = page.locator("table.bars tbody tr");
        this.foot = page.locator(".foot-line");
        this.sentence = page.locator("p.verdict").first();
    }

    async open(choices = ""): Promise<void> {
        await this.page.goto(`classify/#${choices}`);
        await expect(this.text).toBeVisible();
    }

    /** Probabilities by label, once they are there. */
    async probabilities(): Promise<Record<string, number>> {
        await expect(this.bars.first().locator("td.number")).toHaveText(/^[01]\.\d{3}$/, { timeout: 120_000 });
        const found: Record<string, number> = {};
        for (const row of await this.bars.all()) {
            found[await row.locator("th").innerText()] = Number(await row.locator("td.number").innerText());
        }
        return found;
    }

    /** Chooses a head's file. */
    async head(name: string, json: string): Promise<void> {
        await this.page.locator("#head").setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(json) });
    }

    /** Labels a file, and gives the saved rows. */
    async file(name: string, text: string): Promise<Record<string, unknown>[]> {
        return this.choose({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
    }

    /** The same, with a file on the disk or one that is made here. */
    async choose(file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<Record<string, unknown>[]> {
        await this.page.locator("#texts").setInputFiles(file);
        const waiting = this.page.waitForEvent("download");
        await this.page.getByRole("button", { name: "Save the labels" }).click({ timeout: 120_000 });
        const rows = readFileSync(await (await waiting).path(), "utf8").trim().split("\n");
        return rows.map((row) => JSON.parse(row) as Record<string, unknown>);
    }
}
