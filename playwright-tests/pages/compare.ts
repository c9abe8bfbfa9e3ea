import { type Locator, type Page } from "@playwright/test";

/** The page of two links. */
export class ComparePage {
    readonly rows: Locator;
    readonly notice: Locator;
    readonly sides: Locator;
    readonly differs: Locator;

    constructor(readonly page: Page) {
        this.rows = page.locator("table.paired tbody tr");
        this.notice = page.locator("main .notice");
        this.sides = page.locator(".sides > section");
        this.differs = page.locator(".differs li");
    }

    /** Opens the page with two links, or with none. */
    async open(a = "", b = ""): Promise<void> {
        await this.page.goto(`compare/${a + b === "" ? "" : `#a=${a}&b=${b}`}`);
    }

    /** Pastes two links and compares. */
    async compare(a: string, b: string): Promise<void> {
        await this.page.getByLabel("Link of the first card").fill(a);
        await this.page.getByLabel("Link of the second card").fill(b);
        await this.page.getByRole("button", { name: "Compare" }).click();
    }
}
