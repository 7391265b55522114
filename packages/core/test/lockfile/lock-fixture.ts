/** A project with a lock, a store and a git server of its own, for one test file. */
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GitRepository, type GitServer, startGitServer } from "@toolpocket/test-kit";
import { createFakeInvoker } from "@toolpocket/test-kit/fake-invoker";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import type { Lockfile } from "../../src/lockfile/lock-entry.ts";
import { readLockfile } from "../../src/lockfile/lockfile-on-disk.ts";
import type { PocketOptions } from "../../src/pocket-options.ts";
import { Pocket } from "../../src/pocket/pocket.ts";
import { type ToolText, toolFiles } from "../pocket/tool-folder.ts";

export interface LockFixture {
  readonly cwd: string;
  readonly server: GitServer;
  readonly lockPath: string;
  /** A repository that no other test uses. */
  repository(): Promise<GitRepository>;
  lock(): Promise<Lockfile>;
  lockText(): Promise<string>;
  writeLock(text: string): Promise<void>;
  writeSettings(text: string): Promise<void>;
  /** Points `POCKET_HOME` to an empty store, as on another machine. */
  useFreshStore(): void;
  /** Calls a tool of a Pocket there: its output, or what its failure says. */
  call(name: string, options: PocketOptions): Promise<string>;
  /** Changes one byte of every file called `name` in the store. */
  tamper(name: string): Promise<void>;
}

/** Sets up before each test what the returned object tells. */
export function useLockFixture(): LockFixture {
  const state = { cwd: "", stores: 0, repositories: 0, server: undefined as GitServer | undefined };
  const lockPath = (): string => join(state.cwd, "pocket.lock");
  const useFreshStore = (): void => {
    state.stores += 1;
    vi.stubEnv("POCKET_HOME", join(state.cwd, `.store-${state.stores}`));
  };
  const server = (): GitServer => {
    if (state.server === undefined) throw new Error("the git server is not started yet");
    return state.server;
  };

  beforeAll(async () => {
    state.server = await startGitServer();
  });
  afterAll(async () => {
    await state.server?.close();
  });
  beforeEach(async () => {
    state.cwd = await mkdtemp(join(tmpdir(), "lock-"));
    vi.stubEnv("CI", undefined);
    useFreshStore();
    server().forgetRequests();
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(state.cwd, { recursive: true, force: true });
  });

  return {
    get cwd() {
      return state.cwd;
    },
    get server() {
      return server();
    },
    get lockPath() {
      return lockPath();
    },
    repository: () => server().repository(`tools-${(state.repositories += 1)}`),
    lock: () => readLockfile(lockPath()),
    lockText: () => readFile(lockPath(), "utf8"),
    writeLock: (text) => writeFile(lockPath(), text),
    writeSettings: (text) => writeFile(join(state.cwd, "settings.toml"), text),
    useFreshStore,
    call: async (name, options) => {
      await using pocket = new Pocket({ cwd: state.cwd, invoker: createFakeInvoker(), ...options });
      const outcome = await pocket.invoke(name, { city: "Seoul" });
      return outcome.status === "ok" ? outcome.output : outcome.error.message;
    },
    tamper: async (name) => {
      const store = join(state.cwd, `.store-${state.stores}`);
      for (const entry of await readdir(store, { recursive: true })) {
        if (!entry.endsWith(`/${name}`)) continue;
        await chmod(join(store, entry), 0o644);
        await writeFile(join(store, entry), "tampered");
      }
    },
  };
}

/** The files of tools in folders of a repository, by path. */
export function toolFolders(tools: Record<string, ToolText>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tools).flatMap(([folder, text]) =>
      Object.entries(toolFiles({ name: folder, ...text })).map(([path, content]) => [`${folder}/${path}`, content]),
    ),
  );
}
