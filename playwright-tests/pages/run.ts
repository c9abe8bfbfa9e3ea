import { type Locator, type Page, type Worker, expect } from "@playwright/test";
import { readFileSync } from "node:fs";

/** A run on a software GPU takes this long at most, with what else the machine does. */
const RUN_MS = 200_000;

/** What is looked at of a card. */
export interface RunCard {
    id: string;
    completeness: { planned: number; attempted: number; status: string };
    environment: { backend: string; features: string[] };
    numerics: { verdict: string };
    results: { task: string; k: number; n: number; verdict: string | null }[];
}

/** The run page. */
export class RunPage {
    readonly sentence: Locator;
    readonly rows: Locator;
    readonly notes: Locator;
    readonly result: Locator;
    readonly unfinished: Locator;
    readonly counts: Locator;

    constructor(readonly page: Page) {
        this.sentence = page.locator("p.verdict");
        this.rows = page.locator(".probes-table tbody tr");
        this.notes = page.locator(".live .notes li");
        this.result = page.locator("section.result");
        this.unfinished = page.locator("section.unfinished li");
        this.counts = page.locator(".number-line");
    }

    /** Opens the page, of the site below a path where one is given, and waits for the model's header. */
    async open(choices = "", under = ""): Promise<void> {
        await this.page.goto(`${under}run/#${choices}`);
        await this.ready();
    }

    async ready(): Promise<void> {
        await expect(this.page.locator(".looked")).toContainText("million parameters");
    }

    button(name: string): Locator {
        return this.page.getByRole("button", { name, exact: true });
    }

    /** Begins, and waits for so many items. */
    async start(items = 0): Promise<void> {
        await this.button("Run").click();
        await this.asked(items);
    }

    async asked(items: number): Promise<void> {
        if (items === 0) return;
        await expect.poll(async () => Number.parseInt(await this.counts.innerText().catch(() => "0")), { timeout: RUN_MS }).toBeGreaterThanOrEqual(items);
    }

    /** Waits for the end, and gives the last sentence. */
    async outcome(): Promise<string> {
        await expect(this.sentence).toHaveText(/^(Done|Stopped|It could not)/, { timeout: RUN_MS });
        return this.sentence.innerText();
    }

    /** A file that the page saves. */
    async save(button: string): Promise<string> {
        const waiting = this.page.waitForEvent("download");
        await this.button(button).click();
        return readFileSync(await (await waiting).path(), "utf8");
    }

    async card(): Promise<RunCard> {
        return JSON.parse(await this.save("Save card.json")) as RunCard;
    }

    /** The sample rows without their times. */
    async samples(): Promise<object[]> {
        const lines = (await this.save("Save samples.jsonl")).trim().split("\n");
        return lines.map((line) => {
            const { t_prefill_ns: _, t_decode_ns: __, ...row } = JSON.parse(line) as Record<string, unknown>;
            return row;
        });
    }

    /** The worker that computes. */
    worker(): Worker {
        const worker = this.page.workers()[0];
        if (!worker) throw new Error("no worker runs");
        return worker;
    }
}

/** Puts a script before the worker's own. */
export async function beforeWorker(page: Page, script: string): Promise<void> {
    // A script that the driver gives has no address, from which Chromium then lets nothing be asked on this machine.
    await page.context().grantPermissions(["local-network-access"]);
    await page.route("**/worker_loader.js", async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: `${script}\n${await response.text()}` });
    });
}
