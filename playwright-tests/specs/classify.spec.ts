import { expect, test } from "@playwright/test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, sweetspot } from "../native.ts";
import { ClassifyPage } from "../pages/classify.ts";
import { Watch } from "../watch.ts";

const place = mkdtempSync(join(tmpdir(), "sweetspot-classify-"));
test.afterAll(() => rmSync(place, { recursive: true, force: true }));

const template = "Classify as {labels}.\nText: {text}\nLabel:";
const labels = ["technical", "creative", "ethical", "casual"];

test("labels follow the typing, words and order are explained, and a file gives what the command gives", async ({ page, baseURL }) => {
    const watch = await Watch.over(page, baseURL ?? "");
    const classify = new ClassifyPage(page);
    await classify.open("calibrate=no");
    await classify.text.fill("docker compose up --detach");
    const typed = await classify.probabilities();
    expect(Object.keys(typed)).toEqual(labels);
    // Three decimals of four labels: their sum is one within half a unit of the last place each.
    expect(Math.abs(Object.values(typed).reduce((a, b) => a + b, 0) - 1)).toBeLessThanOrEqual(0.002);
    await page.getByRole("button", { name: "Label, and explain" }).click();
    await expect(page.locator(".words .word")).toHaveCount(4, { timeout: 60_000 });
    await expect(classify.foot).toContainText("With the list of labels in the other order");

    const texts = ["docker compose up --detach", "The moon hummed over the sleeping town.", "Is it fair to read her letters?"];
    const jsonl = texts.map((text, i) => JSON.stringify({ id: `t${i}`, text })).join("\n");
    const rows = await classify.file("texts.jsonl", jsonl);
    writeFileSync(join(place, "texts.jsonl"), jsonl);
    const native = sweetspot("classify", join(root, "static/models/demo.gguf"), "--labels", labels.join(","), "--template", template, "--device", "cpu", "--cpu-mode", "exact", "--json", join(place, "texts.jsonl"));
    const expected = native.trim().split("\n").map((row) => JSON.parse(row) as { id: string; label: string; probs: Record<string, number> });
    expect(rows.map((row) => row["id"])).toEqual(expected.map((row) => row.id));
    for (const [i, row] of rows.entries()) {
        for (const label of labels) {
            // The float row of the tiny models is 1e-4 in a logit; a probability moves by a quarter of that at most, each of two labels.
            expect(Math.abs((row["probs"] as Record<string, number>)[label]! - expected[i]!.probs[label]!)).toBeLessThanOrEqual(2e-4);
        }
    }
    await watch.nothingHappened();
});

test("a probe's labels can be taken, a wrong file is told with its line, and CSV is read", async ({ page }) => {
    const classify = new ClassifyPage(page);
    await classify.open();
    await page.getByLabel("Labels and template of a probe").selectOption("A09");
    await expect(page.getByLabel("Labels, separated by commas")).not.toHaveValue(/technical/);
    await expect(page).toHaveURL(/labels=/);
    const rows = await classify.file("texts.csv", 'id,text\n7,"one, two"\n8,three\n');
    expect(rows.map((row) => [row["id"], row["text"]])).toEqual([["7", "one, two"], ["8", "three"]]);
    await page.locator("#texts").setInputFiles({ name: "bad.jsonl", mimeType: "text/plain", buffer: Buffer.from('{"text":"a"}\n[]\n') });
    await expect(page.locator(".corpus .verdict")).toContainText("bad.jsonl, line 2: expected a JSON object", { timeout: 60_000 });
    await page.getByLabel("Labels, separated by commas").fill("one");
    await page.getByLabel("Labels, separated by commas").blur();
    await expect(classify.sentence).toHaveText("Give at least two labels, separated by commas.");
});

test("a file that a reload broke off goes on where it was, to what an unbroken one gives", async ({ page }) => {
    const classify = new ClassifyPage(page);
    await classify.open("calibrate=no&device=cpu&labels=short%2C%20long&template=%7Btext%7D%20is");
    const texts = Array.from({ length: 160 }, (_, i) => `text ${i}`);
    const file = { name: "many.txt", mimeType: "text/plain", buffer: Buffer.from(texts.join("\n")) };
    // A file on the disk, so that it is the same when it is chosen again.
    const path = join(place, file.name);
    writeFileSync(path, file.buffer);
    await page.locator("#texts").setInputFiles(path);
    await expect.poll(async () => Number.parseInt(await page.locator(".corpus .progress .quiet").first().innerText().catch(() => "0")), { timeout: 60_000 }).toBeGreaterThanOrEqual(16);
    await page.reload();
    await expect(page.locator(".corpus .unfinished li")).toContainText("many.txt with short, long");
    const resumed = await classify.choose(path);
    await expect(page.locator(".corpus > .verdict")).toHaveText(/^Done: 160 texts, (\d+) of them before the page was loaded again\.$/);
    expect(resumed.map((row) => row["text"])).toEqual(texts);
    await expect(page.locator(".corpus .unfinished")).toHaveCount(0);
    expect(await classify.choose(path)).toEqual(resumed);
    await expect(page.locator(".corpus > .verdict")).toHaveText("Done: 160 texts.");
});

test("a head gives the labels that the command gives with it, and one that cannot be used is refused in a sentence", async ({ page, baseURL }) => {
    const watch = await Watch.over(page, baseURL ?? "");
    const nouns = { colour: ["red", "green", "blue", "white"], animal: ["cat", "dog", "horse", "bird"], drink: ["tea", "milk", "wine", "juice"] };
    const kinds = Object.keys(nouns) as (keyof typeof nouns)[];
    const row = (i: number) => {
        const label = kinds[i % kinds.length]!;
        return JSON.stringify({ id: `t${i}`, text: `the ${nouns[label][Math.floor(i / 3) % 4]} one, number ${i}`, label });
    };
    const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => row(from + i)).join("\n");
    const [train, head, texts] = ["train.jsonl", "kinds.head.json", "asked.jsonl"].map((name) => join(place, name));
    writeFileSync(train!, lines(0, 90));
    writeFileSync(texts!, lines(300, 330));
    const model = join(root, "static/models/demo.gguf");
    sweetspot("fit", train!, "--model", model, "--out", head!, "--compare", "4", "--device", "cpu", "--cpu-mode", "exact", "--force");
    const native = sweetspot("classify", model, "--head", head!, "--device", "cpu", "--cpu-mode", "exact", "--json", texts!);
    const expected = native.trim().split("\n").map((line) => JSON.parse(line) as { label: string; probs: Record<string, number> });
    const json = readFileSync(head!, "utf8");

    const classify = new ClassifyPage(page);
    await classify.open();
    await classify.text.fill("the red one, number 300");
    await classify.head("kinds.head.json", json);
    await expect(page.locator(".head-used")).toContainText("3 labels, learnt from 90 texts", { timeout: 60_000 });
    await expect(page.locator(".head-used")).toContainText(/right on \d+\/90 /);
    expect(Object.keys(await classify.probabilities())).toEqual(["animal", "colour", "drink"]);
    const rows = await classify.file("asked.jsonl", lines(300, 330));
    expect(rows.length).toBe(30);
    for (const [i, found] of rows.entries()) {
        expect(found["label"]).toBe(expected[i]!.label);
        for (const [label, p] of Object.entries(found["probs"] as Record<string, number>)) {
            // States agree to the float row of the tiny models, 1e-4 of their norm, and weights of a head are of the order of one:
            // a logit moves by a few 1e-4 over both halves of the features, a probability by a quarter of that, each of two labels.
            expect(Math.abs(p - expected[i]!.probs[label]!)).toBeLessThanOrEqual(5e-4);
        }
    }
    // A head of another model is refused when it is asked; the choice stays, so that the model can be changed.
    await page.locator("select[name=model]").selectOption("here demo-q4_0.gguf");
    await expect(classify.sentence).toHaveText(/^No labels: the head belongs to the model demo \(weights [0-9a-f]{64}\), but the weights here are [0-9a-f]{64} \(names of files count\): /, { timeout: 60_000 });
    // Changed bytes, and what is no head, are refused when they are read.
    await classify.head("changed.head.json", json.replace("colour", "color"));
    await expect(classify.sentence).toContainText("changed.head.json: the head is not the one that it names", { timeout: 60_000 });
    await expect(page.locator(".head-used")).toHaveCount(0);
    await classify.head("other.json", '{"head": [[[[');
    await expect(classify.sentence).toContainText("other.json: not a head file", { timeout: 60_000 });
    await watch.nothingHappened();
});

test("a page of one's own loads the classifier, asks it, and disposes of it", async ({ page, baseURL }) => {
    const watch = await Watch.over(page, baseURL ?? "");
    await page.goto("example.html");
    await page.getByRole("button", { name: "Load" }).click();
    const found = page.getByRole("status");
    await expect(found).toHaveText("Loaded.", { timeout: 120_000 });
    await page.getByRole("button", { name: "Classify" }).click();
    await expect(found).toHaveText(/^technical [01]\.\d{3}, creative [01]\.\d{3}, ethical [01]\.\d{3}, casual [01]\.\d{3}; /, { timeout: 60_000 });
    await page.getByRole("button", { name: "Dispose" }).click();
    await expect(found).toHaveText("Disposed of.");
    await expect.poll(() => page.workers().length).toBe(0);
    await watch.nothingHappened();
});
