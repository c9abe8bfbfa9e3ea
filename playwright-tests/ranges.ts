import { createHash } from "node:crypto";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** How a file is served, by the first part of its path. */
type Manner = "good" | "cut" | "bare" | "flipped" | "html" | "loop" | "denied" | "changing" | "endless" | "slow";

interface Asked {
    path: string;
    method: string;
    range: string | undefined;
    authorization: string | undefined;
}

/** A server of one file, for another origin, by range: well behaved or not. */
export class RangeServer {
    /** All requests but those that ask for leave. */
    readonly asked: Asked[] = [];
    private readonly server: Server;
    private readonly counts = new Map<string, number>();

    constructor(private readonly file: Buffer) {
        this.server = createServer((request, response) => this.answer(request, response));
    }

    async start(): Promise<void> {
        await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    }

    stop(): void {
        this.server.closeAllConnections();
        this.server.close();
    }

    address(manner: Manner, name = "model.gguf"): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${manner}/${name}`;
    }

    get sha256(): string {
        return createHash("sha256").update(this.file).digest("hex");
    }

    private answer(request: IncomingMessage, response: ServerResponse): void {
        const path = request.url ?? "/";
        response.setHeader("access-control-allow-origin", "*");
        if (request.method === "OPTIONS") {
            response.writeHead(204, { "access-control-allow-headers": "range" }).end();
            return;
        }
        const { range, authorization } = request.headers;
        this.asked.push({ path, method: request.method ?? "", range, authorization });
        const count = (this.counts.get(path) ?? 0) + 1;
        this.counts.set(path, count);
        const manner = path.split("/")[1] as Manner;
        if (manner === "html") return void response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Log in</title>");
        if (manner === "loop") return void response.writeHead(302, { location: path }).end();
        if (manner === "denied") return void response.writeHead(401).end("no");
        if (manner === "endless") {
            // No length is stated, so that only the storage tells when it is full.
            response.writeHead(200, { "content-type": "application/octet-stream" });
            response.write(this.file);
            response.end(this.file);
            return;
        }
        this.ranged(manner, count, request, response);
    }

    private ranged(manner: Manner, count: number, request: IncomingMessage, response: ServerResponse): void {
        let file = this.file;
        if (manner === "flipped") {
            file = Buffer.from(file);
            file[file.length >> 1]! ^= 1;
        }
        const found = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
        const start = Number(found?.[1] ?? 0);
        const last = Math.min(Number(found?.[2] || file.length), file.length - 1);
        response.setHeader("accept-ranges", "bytes");
        response.setHeader("content-type", "application/octet-stream");
        response.setHeader("content-length", last - start + 1);
        if (found) response.setHeader("content-range", `bytes ${start}-${last}/${file.length}`);
        if (manner === "bare") {
            response.setHeader("last-modified", "Mon, 30 Nov 2026 00:00:00 GMT");
        } else {
            response.setHeader("etag", manner === "changing" ? `"v${count}"` : '"v1"');
            response.setHeader("access-control-expose-headers", "content-range, etag");
        }
        response.writeHead(found ? 206 : 200);
        if (request.method === "HEAD") return void response.end();
        const cuts = manner === "changing" || (manner === "cut" && count <= 2);
        if (cuts || manner === "slow") {
            const part = start + ((last - start) >> 1);
            response.write(file.subarray(start, part));
            if (cuts) setTimeout(() => response.destroy(), 100);
            return;
        }
        response.end(file.subarray(start, last + 1));
    }
}
