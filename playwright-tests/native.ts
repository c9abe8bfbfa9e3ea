import { test } from "@playwright/test";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { ModelReport } from "./report.ts";

export const root = join(import.meta.dirname, "..");

/** What a command writes to stdout; its stderr is the error where it fails. */
export function sweetspot(...args: string[]): string {
    const program = process.env["SWEETSPOT"] ?? join(root, "target/debug/sweetspot");
    const done = spawnSync(program, args, { encoding: "utf8", maxBuffer: 1 << 28 });
    if (done.error) throw done.error;
    if (done.status !== 0) throw new Error(`sweetspot ${args[0]}: ${done.stderr}${done.stdout}`);
    return done.stdout;
}

/** What `sweetspot selftest --json` gives in one tier on this machine's own device; skips where there is none. */
export function nativeSelfTest(tier: string, ...more: string[]): ModelReport {
    const program = process.env["SWEETSPOT"] ?? join(root, "target/debug/sweetspot");
    const done = spawnSync(program, ["selftest", "--json", "--tier", tier, ...more], {
        encoding: "utf8",
        maxBuffer: 1 << 28,
    });
    if (done.error) throw done.error;
    const lacks = done.stderr.includes("no GPU was found") || done.stderr.includes("has no tier");
    test.skip(lacks && process.env["REQUIRE_GPU"] !== "1", `no adapter with the tier ${tier}`);
    if (done.status !== 0) throw new Error(`sweetspot selftest: ${done.stderr}`);
    const report = (JSON.parse(done.stdout) as { tiers: ModelReport[] }).tiers[0];
    if (!report) throw new Error("sweetspot selftest reported no tier");
    return report;
}
