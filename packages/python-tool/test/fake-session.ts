/** A session without an interpreter: it keeps files in memory and answers as the test tells it. */
import {
  type InstalledPackage,
  PocketError,
  type Session,
  type SessionOptions,
  type SessionOutcome,
} from "@toolpocket/core";
import type { SessionPlace } from "../src/index.ts";

export interface FakeSession extends Session {
  readonly files: Map<string, Uint8Array>;
  readonly ran: string[];
  readonly options: SessionOptions;
  /** What the next runs give; the files that they change are put into `files` by the test. */
  answer: (code: string) => Partial<SessionOutcome>;
}

export function okOutcome(more: Partial<SessionOutcome> = {}): SessionOutcome {
  const usage = { durationMs: 1.4, coldStart: false };
  return { status: "ok", stdout: "", stderr: "", calls: [], files: [], restored: false, usage, ...more };
}

export function createFakeSession(options: SessionOptions = {}): FakeSession {
  const files = new Map<string, Uint8Array>();
  const ran: string[] = [];
  const installed: InstalledPackage[] = [];
  let closed = false;
  const session: FakeSession = {
    id: "fake",
    get closed() {
      return closed;
    },
    files,
    ran,
    options,
    answer: () => ({}),
    async run(code) {
      ran.push(code);
      const path = /Path\("(.*)"\)\.unlink/u.exec(code)?.[1];
      if (path !== undefined) files.delete(path);
      return okOutcome(session.answer(code));
    },
    async writeFile(path, content) {
      files.set(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
    },
    async readFile(path) {
      const content = files.get(path);
      if (content !== undefined) return content;
      throw new PocketError("ERR_POCKET_SESSION_FILE", `cannot read "${path}" in the session: there is no such file`, {
        hint: "look at what is there with `listFiles()`",
      });
    },
    listFiles: async () => [...files].map(([path, content]) => ({ path, size: content.length })),
    async install(packages) {
      const asked = packages.filter((one) => typeof one === "string");
      const bad = asked.find((requirement) => requirement.startsWith("missing"));
      if (bad !== undefined) {
        throw new PocketError("ERR_POCKET_PACKAGE_NOT_FOUND", `${bad}: no such package (index: 404)`, {
          hint: "check the name",
        });
      }
      const wheels = asked.map((name) => ({ name, version: "1.0" }));
      installed.push(...wheels);
      return wheels;
    },
    listPackages: () => installed,
    reset: async () => files.clear(),
    async close() {
      closed = true;
    },
    async [Symbol.asyncDispose]() {
      closed = true;
    },
  };
  return session;
}

/** Opens fake sessions, and keeps them. */
export function createFakePlace(
  open: () => Promise<void> = async () => undefined,
): SessionPlace & { readonly sessions: FakeSession[] } {
  const sessions: FakeSession[] = [];
  return {
    sessions,
    async session(options = {}) {
      await open();
      const session = createFakeSession(options);
      sessions.push(session);
      return session;
    },
  };
}
