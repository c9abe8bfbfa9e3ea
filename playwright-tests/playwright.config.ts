import { defineConfig } from "@playwright/test";

const port = Number(process.env["SWEETSPOT_PORT"] ?? 8199);
/** Below this path the site is served a second time: it must not care where it lies. */
export const subPath = "some/where";

export const webgpu = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];
const quiet = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** What computes on a GPU, and so runs alone: one test at a time. */
const computing = /(classify|fetched|models|published|replay|run|selftest)\.spec\.ts$/;

export default defineConfig({
    testDir: "specs",
    outputDir: "results",
    // A flaky test is a broken test: no retries. The two projects run one after the other: a software GPU takes every core.
    workers: 1,
    retries: 0,
    projects: [
        { name: "pages", testIgnore: computing },
        { name: "computing", testMatch: computing },
    ],
    timeout: 240_000,
    expect: {
        timeout: 15_000,
        // Two pixels of a thousand: the edges of letters, which another CPU's vector unit rounds another way. A word that is
        // another, or a line that moved, is more.
        toHaveScreenshot: { maxDiffPixelRatio: 0.002, pathTemplate: "pictures/{arg}{ext}" },
    },
    forbidOnly: process.env["REQUIRE_BROWSER"] === "1",
    reporter: process.env["PLAYWRIGHT_JSON_OUTPUT_FILE"] ? [["list"], ["json"]] : [["list"]],
    use: {
        baseURL: `http://localhost:${port}/`,
        launchOptions: {
            executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
            args: ["--no-sandbox", ...webgpu, ...quiet],
        },
        screenshot: "only-on-failure",
        // What a spec answers in place of the host must reach the page; the spec of the offline site allows them.
        serviceWorkers: "block",
    },
    webServer: {
        command: `${process.env["SWEETSPOT_SERVE"] ?? "cargo xtask serve --built"} --port ${port} --under ${subPath}`,
        cwd: "..",
        url: `http://localhost:${port}/`,
        reuseExistingServer: false,
        timeout: 120_000,
    },
});
