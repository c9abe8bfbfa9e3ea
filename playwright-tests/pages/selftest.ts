import { type Page, type Locator, expect } from "@playwright/test";
import { readFileSync } from "node:fs";
import type { Shared } from "../report.ts";

/** The self-test page. */
export class SelfTestPage {
    readonly facts: Locator;
    readonly notice: Locator;
    readonly run: Locator;
    readonly stop: Locator;
    readonly verdict: Locator;
    readonly tiers: Locator;
    readonly text: Locator;

    constructor(readonly page: Page) {
        this.facts = page.locator(".facts");
        this.notice = page.getByRole("alert");
        this.run = page.getByRole("button", { name: "Run the self-test" });
        this.stop = page.getByRole("button", { name: "Stop" });
        this.verdict = page.locator(".verdict");
        this.tiers = page.locator("section.tier");
        this.text = page.getByLabel("The result as text");
    }

    /** Opens the page and waits for the device. */
    async open(address = "selftest/"): Promise<void> {
        await this.page.goto(address);
        await expect(this.facts).toBeVisible();
    }

    async chooseTier(name: string): Promise<void> {
        await this.page.getByLabel("Tier").selectOption(name);
    }

    /** A fact of the device, by its name in the list. */
    fact(name: string): Locator {
        return this.facts.locator("div", { has: this.page.getByText(name, { exact: true }) }).locator("dd");
    }

    /** Holds a model against a golden file, in every tier. */
    async compare(model: string[], goldens: string): Promise<void> {
        const own = this.page.locator("details.own");
        if ((await own.getAttribute("open")) === null) await own.locator("summary").click();
        await this.page.getByLabel("Model").setInputFiles(model);
        await this.page.getByLabel("Goldens").setInputFiles(goldens);
        await this.page.getByRole("button", { name: "Compare" }).click();
    }

    /** Waits for the end of what runs, and gives the last sentence. */
    async outcome(): Promise<string> {
        await expect(this.verdict).toHaveText(/^(Passed|FAILED|The test could not|Stopped)/, { timeout: 400_000 });
        return this.verdict.innerText();
    }

    /** What the page saves as JSON. */
    async json(): Promise<Shared> {
        const waiting = this.page.waitForEvent("download");
        await this.page.getByRole("link", { name: "Save as JSON" }).click();
        const path = await (await waiting).path();
        return JSON.parse(readFileSync(path, "utf8")) as Shared;
    }
}
