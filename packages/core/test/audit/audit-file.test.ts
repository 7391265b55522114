import { spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAudit } from "../../src/audit/audit-file.ts";
import { createEventSource, type EventSource } from "../../src/pocket/pocket-events.ts";
import { pocketFault } from "../pocket-fault.ts";

let folder: string;
let file: string;
let source: EventSource;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "audit-"));
  file = join(folder, "audit.jsonl");
  source = createEventSource();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const ORIGIN = { time: "2026-01-01T00:00:00.000Z", tool: "weather\n", invocation: "id" };

async function readLines(): Promise<unknown[]> {
  const text = await readFile(file, "utf8");
  expect(text.endsWith("\n")).toBe(true);
  return text
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}

describe("openAudit()", () => {
  it("writes one line an event, of a URL only scheme and host, of a denial no path", async () => {
    const audit = openAudit(source, file);
    source.emit("request", {
      ...ORIGIN,
      type: "request",
      method: "GET",
      url: "https://api.example.com:8443/private/input?q=1",
      status: 200,
      requestBytes: 1,
      responseBytes: 2,
      durationMs: 3.4,
    });
    source.emit("denial", {
      ...ORIGIN,
      type: "denial",
      kind: "network",
      subject: "POST https://b.example/private/input",
      message: "the input is private",
      grant: "POST https://b.example",
    });
    source.emit("denial", { ...ORIGIN, type: "denial", kind: "storage", subject: "/input", message: "m" });
    source.emit("invocation", { ...ORIGIN, status: "denied", code: "permission_denied", durationMs: 12.7 });
    audit.close();
    source.emit("invocation", { ...ORIGIN, status: "ok", durationMs: 1 });
    expect(await readLines()).toEqual([
      {
        ...ORIGIN,
        event: "request",
        host: "https://api.example.com:8443",
        method: "GET",
        status: 200,
        requestBytes: 1,
        responseBytes: 2,
        durationMs: 3,
        failed: false,
      },
      {
        ...ORIGIN,
        event: "denial",
        kind: "network",
        host: "https://b.example",
        method: "POST",
        grant: "POST https://b.example",
      },
      { ...ORIGIN, event: "denial", kind: "storage" },
      { ...ORIGIN, event: "invocation", status: "denied", code: "permission_denied", durationMs: 13 },
    ]);
    expect(await readFile(file, "utf8")).not.toContain("input");
  });

  it("only adds to a file, makes it the user's alone, and ends a line that somebody left half written", async () => {
    await writeFile(file, '{"old":1}\n{"half":');
    await chmod(file, 0o644);
    openAudit(source, file).close();
    expect(await readFile(file, "utf8")).toBe('{"old":1}\n{"half":\n');
    const mode = process.platform === "win32" ? 0o600 : (await stat(file)).mode & 0o777;
    expect(mode).toBe(0o600);
  });

  it("keeps lines whole when processes write at the same time", async () => {
    const writer = fileURLToPath(new URL("audit-in-child.ts", import.meta.url));
    await Promise.all(["a", "b", "c"].map((tool) => runWriter(writer, [file, tool, "400"])));
    const lines = await readLines();
    expect(lines).toHaveLength(1_200);
    expect(new Set(lines.map((line) => JSON.stringify(line)))).toHaveProperty("size", 1_200);
  });

  it("refuses a file that cannot be opened, and tells of a write that failed", () => {
    expect(pocketFault(() => openAudit(source, folder))).toMatchObject({ code: "ERR_POCKET_AUDIT_WRITE" });
    expect(pocketFault(() => openAudit(source, join(folder, "none/audit.jsonl")))).toMatchObject({
      details: { file: join(folder, "none/audit.jsonl") },
    });
    const circular: Record<string, unknown> = { ...ORIGIN, status: "ok", durationMs: 1 };
    circular["code"] = circular;
    const audit = openAudit(source, file);
    source.emit("invocation", circular as never);
    expect(pocketFault(() => audit.close())).toMatchObject({ code: "ERR_POCKET_AUDIT_WRITE" });
    expect(() => audit.close()).not.toThrow();
  });
});

function runWriter(script: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, ["--conditions=toolpocket-source", script, ...args], { stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve() : reject(new Error(`it exited with ${code}`))));
  });
}
