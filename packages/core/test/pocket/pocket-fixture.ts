/** A Pocket in a folder of its own, on a fake invoker: set up before each test of a file, and closed after it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeInvoker, type FakeInvoker } from "@toolpocket/test-kit/fake-invoker";
import { afterEach, beforeEach, vi } from "vitest";
import type { Invoker } from "../../src/invoker.ts";
import type { PocketOptions } from "../../src/pocket-options.ts";
import { Pocket } from "../../src/pocket/pocket.ts";
import { fromFunction } from "../../src/tool-request.ts";

export interface PocketFixture {
  /** Where settings.toml and pocket.lock are; the store is in it. */
  readonly cwd: string;
  readonly invoker: FakeInvoker;
  /** Has the Pockets that are opened from now on run on another one. */
  useInvoker(invoker: FakeInvoker): void;
  /** A Pocket there, which is closed after the test. */
  open(options?: PocketOptions): Pocket;
}

/** Sets up before each test what the returned object tells. */
export function usePocketFixture(): PocketFixture {
  const state = { cwd: "", invoker: createFakeInvoker(), opened: [] as Pocket[] };
  beforeEach(async () => {
    state.cwd = await mkdtemp(join(tmpdir(), "pocket-"));
    vi.stubEnv("POCKET_HOME", join(state.cwd, ".store"));
    vi.stubEnv("CI", undefined);
    state.invoker = createFakeInvoker();
  });
  afterEach(async () => {
    await Promise.all(state.opened.splice(0).map((pocket) => pocket.close()));
    vi.unstubAllEnvs();
    await rm(state.cwd, { recursive: true, force: true });
  });
  return {
    get cwd() {
      return state.cwd;
    },
    get invoker() {
      return state.invoker;
    },
    useInvoker(invoker) {
      state.invoker = invoker;
    },
    open(options = {}) {
      const { cwd, invoker } = state;
      const pocket = new Pocket({ cwd, invoker, ...options });
      state.opened.push(pocket);
      return pocket;
    },
  };
}

/** A Pocket that makes its own invoker, and counts how often. */
export class CountingPocket extends Pocket {
  made: FakeInvoker[] = [];

  protected override createInvoker(): Invoker {
    const made = createFakeInvoker();
    this.made.push(made);
    return made;
  }
}

export const ADD = fromFunction({
  name: "add",
  description: "Adds two numbers",
  inputSchema: { type: "object", properties: { a: { type: "number" }, b: { type: "number" } }, required: ["a", "b"] },
  run: ({ a, b }: { a: number; b: number }) => a + b,
});
