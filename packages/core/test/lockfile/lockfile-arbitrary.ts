/** Lockfiles of all kinds, for properties. */
import fc from "fast-check";
import type {
  ExternalLockEntry,
  GitLockEntry,
  LocalLockEntry,
  Lockfile,
  RemoteLockEntry,
} from "../../src/lockfile/lock-entry.ts";

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });
const digest = hex(64).map((text) => `sha256-${text}`);
const name = fc.string({ unit: fc.constantFrom(..."aZ09_-"), minLength: 1, maxLength: 12 });
const word = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
  .filter((text) => /^[^\p{C}\p{Z}\\/.:~^?*[@{-][^\p{C}\p{Z}\\/.:~^?*[@{]*$/u.test(text));
const url = fc.constantFrom(
  "https://git.example/org/repo",
  "ssh://git@git.example/org/repo",
  "http://localhost:3000/a/b",
);
const list = fc.array(fc.constantFrom("api.example:443", '"quoted"\\', "\u{1F642}"), { minLength: 1, maxLength: 3 });
const permissions = fc.record({ network: list, env: list, storage: list }, { requiredKeys: [] });

const gitEntry: fc.Arbitrary<GitLockEntry> = fc
  .record({
    name,
    url,
    ref: fc.oneof(
      fc.constant("HEAD"),
      word,
      fc.tuple(word, word).map((parts) => parts.join("/")),
    ),
    path: fc.array(word, { maxLength: 3 }).map((parts) => parts.join("/")),
    commit: fc.oneof(hex(40), hex(64)),
    integrity: digest,
    definition: fc.option(digest, { nil: undefined }),
    permissions,
    wheels: fc.array(
      digest.map((text) => `numpy 2.0 ${text}`),
      { maxLength: 2 },
    ),
  })
  .map(({ definition, ...entry }) =>
    Object.assign(entry, { source: "git" as const }, definition === undefined ? {} : { definition }),
  );

const modules = fc.uniqueArray(
  fc
    .tuple(
      fc.constantFrom("https://files.example/a.wasm", `oci://registry.example/a/b:v1@sha256:${"0a".repeat(32)}`),
      digest,
    )
    .map((parts) => parts.join(" ")),
  { minLength: 1, maxLength: 2 },
);

const remoteEntry: fc.Arbitrary<RemoteLockEntry> = fc
  .record({
    name,
    place: fc.constantFrom(
      { source: "url" as const, url: "https://files.example/tools/echo.wasm?v=1" },
      { source: "oci" as const, url: "oci://registry.example:5000/acme/echo:v1" },
    ),
    digest,
    integrity: digest,
    definition: fc.option(digest, { nil: undefined }),
    permissions,
    wheels: fc.constant([]),
    modules: fc.option(modules, { nil: undefined }),
  })
  .map(({ place, definition, modules: named, ...entry }) =>
    Object.assign(
      entry,
      place,
      definition === undefined ? {} : { definition },
      named === undefined ? {} : { modules: named },
    ),
  );

const packages = fc.record({
  requires: fc.array(fc.constantFrom("low>=1,<2", 'x; sys_platform == "emscripten"'), { minLength: 1, maxLength: 2 }),
  packages: fc.array(
    digest.map((text) => `low 1.0 ${text} low-1.0-py3-none-any.whl`),
    { maxLength: 2 },
  ),
});

const localEntry: fc.Arbitrary<LocalLockEntry> = fc
  .record({
    name,
    source: fc.constant("local" as const),
    path: fc.array(fc.oneof(word, fc.constant("..")), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/")),
    permissions: fc.constant({}),
    locked: fc.option(packages, { nil: {} }),
  })
  .map(({ locked, ...entry }) => Object.assign(entry, locked));

const externalEntry: fc.Arbitrary<ExternalLockEntry> = fc.record({
  name,
  source: fc.constant("mcp" as const),
  url: word.map((text) => `mcp+stdio:server#${text}`),
  definition: digest,
  permissions: fc.constant({}),
});

const pin = fc.record({ url, ref: word, commit: hex(40) });

const sessions = fc
  .uniqueArray(packages, { selector: ({ requires }) => JSON.stringify(requires), minLength: 1, maxLength: 3 })
  .map((pins) => pins.toSorted((a, b) => (JSON.stringify(a.requires) < JSON.stringify(b.requires) ? -1 : 1)));

/** Sorted, names unique: as they are in memory. */
export const anyLockfile: fc.Arbitrary<Lockfile> = fc
  .record({
    version: fc.constant(1 as const),
    tools: fc
      .uniqueArray(fc.oneof(gitEntry, remoteEntry, localEntry, externalEntry), {
        selector: (entry) => entry.name,
        maxLength: 6,
      })
      .map((entries) => entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))),
    pins: fc
      .uniqueArray(pin, { selector: ({ url: at, ref }) => `${at} ${ref}`, maxLength: 3 })
      .map((pins) => pins.toSorted((a, b) => (`${a.url} ${a.ref}` < `${b.url} ${b.ref}` ? -1 : 1))),
    sessions: fc.option(sessions, { nil: undefined }),
  })
  .map(({ sessions: found, ...lock }) => Object.assign(lock, found === undefined ? {} : { sessions: found }));
