/** The short way to a new repository comes to what the long way comes to, and is left where it leads nowhere. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noteRepository } from "../../src/git/tree-index.ts";
import { createFetchFixture, type FetchFixture, textOf } from "./fetch-fixture.ts";

/** So much that its transfer lasts until somebody looks how much it is. */
const MANY_SMALL_FILES = Object.fromEntries(
  Array.from({ length: 800 }, (_, number) => [`other/${number}.txt`, randomText(64_000 + number)]),
);

let fixture: FetchFixture;
beforeAll(async () => {
  fixture = await createFetchFixture();
});
afterAll(async () => fixture[Symbol.asyncDispose]());

const exchanges = (): string[] => fixture.server.requests.map(({ command }) => command);
const ONE_EXCHANGE = ["refs", "ls-refs", "fetch"];

describe("fetchSmallRepository()", () => {
  test("fetchSmallRepository() takes one exchange when HEAD, branches and pins are wanted", async () => {
    const repository = await fixture.server.repository("one");
    const first = await repository.commit({ "a/config.toml": "first" });
    await repository.commit({ "a/config.toml": "second", "large.bin": randomText(200_000) });
    const { url } = repository;
    const source = { kind: "git" as const, url, path: "a" };
    fixture.server.forgetRequests();
    const outcomes = await fixture.fetch([
      { source },
      { source: { ...source, ref: "main" } },
      { source: { kind: "git", url, path: "", refAndPath: "main/a" } },
      { source, commit: first },
    ]);
    const trees = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    expect(trees.map((tree) => [tree.resolution.ref, tree.resolution.path, textOf(tree)["config.toml"]])).toEqual([
      ["HEAD", "a", "second"],
      ["main", "a", "second"],
      ["main", "a", "second"],
      ["HEAD", "a", "first"],
    ]);
    expect(exchanges()).toEqual(ONE_EXCHANGE);
  });

  test("fetchSmallRepository() asks once when there is no such repository, or nobody listens", async () => {
    fixture.server.forgetRequests();
    const absent = fixture.fetchOne(`${fixture.server.url}/absent.git`);
    await expect(absent).rejects.toMatchObject({ code: "ERR_POCKET_SOURCE_UNREACHABLE" });
    expect(fixture.server.requests.length).toBeLessThanOrEqual(1);
    await expect(fixture.fetchOne("http://127.0.0.1:9/x.git")).rejects.toMatchObject({
      code: "ERR_POCKET_SOURCE_UNREACHABLE",
    });
  });

  test.each<[string, { files?: Record<string, string>; path: string; tag?: string; branch?: string }]>([
    ["the ref is a tag", { path: "/tree/release/a", tag: "release" }],
    ["the ref is a branch with a slash", { path: "/tree/feature/x/a", branch: "feature/x" }],
    ["a wanted file is large", { files: { "a/large.txt": randomText(100_000) }, path: "/tree/main/a" }],
    ["the repository is large", { files: MANY_SMALL_FILES, path: "/tree/main/a" }],
  ])("fetchSmallRepository() gives way to the long way, with the same tree, when %s", async (name, made) => {
    const repository = await fixture.server.repository(name.replaceAll(" ", "-"));
    const { branch, tag } = made;
    const commit = await repository.commit({ "a/config.toml": name, ...made.files }, { ...(branch && { branch }) });
    if (tag !== undefined) await repository.tag(tag, commit);
    fixture.server.forgetRequests();
    const short = await fixture.fetchOne(`${repository.url}${made.path}`);
    expect(exchanges()).not.toEqual(ONE_EXCHANGE);
    expect(short.resolution).toMatchObject({ commit, path: "a" });
    await using other = await createFetchFixture();
    await noteRepository(other.store, repository.url);
    expect(await other.fetchOne(`${repository.url}${made.path}`)).toEqual(short);
  });
});

/** Compresses to about its length. */
function randomText(length: number): string {
  let state = length;
  let text = "";
  while (text.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += state.toString(36);
  }
  return text.slice(0, length);
}
