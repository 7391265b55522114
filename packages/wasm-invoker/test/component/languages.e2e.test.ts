/** One world in every language from which components are made: each is built by its own tools, and all say the same. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fromLocal, type JsonValue, Pocket } from "@toolpocket/core";
import { buildJsComponent, buildStarlingMonkeyComponent } from "@toolpocket/test-kit/build-component";
import {
  buildGoComponent,
  buildPythonComponent,
  buildRustComponent,
  type LanguageComponent,
} from "@toolpocket/test-kit/language-component";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFrugalInvoker } from "../frugal-invoker.ts";

/** The first build of a language compiles its own library. */
const BUILD_TIMEOUT_MS = 600_000;

const SHOP = fileURLToPath(new URL("../fixtures/components/shop/", import.meta.url));
const world = "shop";
const [wit, script] = await Promise.all(["world.wit", "shop.js"].map((name) => readFile(join(SHOP, name), "utf8")));
if (wit === undefined || script === undefined) throw new TypeError("no sources");

const LANGUAGES: Readonly<Record<string, () => Promise<LanguageComponent>>> = {
  "JavaScript on QuickJS": async () => ({ component: await buildJsComponent(wit, script, world) }),
  "JavaScript on StarlingMonkey": async () => ({ component: await buildStarlingMonkeyComponent(wit, script, world) }),
  "Python (needs PyPI)": () => buildPythonComponent({ wit, world, folder: join(SHOP, "python") }, "shop"),
  "Go (needs Go 1.24)": () => buildGoComponent({ wit, world, folder: join(SHOP, "go") }),
  "Rust (needs its wasm target)": () => buildRustComponent({ wit, world, folder: join(SHOP, "rust") }),
};

const tea = { name: "té ✓", count: 3, note: "green \u{1F375}" };
const cups = { name: "cups", count: 12, note: null };
const none = { name: "", count: 0, note: null };
const items = [tea, cups, none];

/** What each of them must give: a value, or the payload of an error. */
const CALLS: readonly (readonly [name: string, input: JsonValue, result: { value: unknown } | { payload: string }])[] =
  [
    ["greet", { name: "Zoë \u{1F642}" }, { value: "Hello, Zoë \u{1F642}" }],
    ["sort", { items }, { value: [none, cups, tea] }],
    ["sort", { items, "at-least": 12 }, { value: [cups] }],
    ["find", { items, name: tea.name }, { value: tea }],
    ["find", { items, name: "milk" }, { payload: "there is no milk" }],
    ["total", { prices: [0.5, 1e300, -0.5] }, { value: 1e300 }],
    ["total", { prices: [] }, { payload: "there is nothing to add" }],
  ];

const invoker = createFrugalInvoker();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "languages-"));
});
afterAll(async () => {
  await invoker.close();
  await rm(folder, { recursive: true, force: true });
});

describe("a component of one world", () => {
  test.for(Object.keys(LANGUAGES))(
    "gives the same in %s",
    { timeout: BUILD_TIMEOUT_MS },
    async (language, { skip }) => {
      const built = (await LANGUAGES[language]?.()) ?? { missing: "no such language" };
      if ("missing" in built) return skip(built.missing);
      const name = language.replaceAll(/\W+/gu, "-").toLowerCase();
      await mkdir(join(folder, name), { recursive: true });
      await writeFile(join(folder, name, "shop.wasm"), built.component);
      const pocket = new Pocket({ cwd: folder, frozen: false, invoker, tools: [fromLocal(join(folder, name))] });
      for (const [tool, input, result] of CALLS) {
        expect(await pocket.invoke(tool, input)).toMatchObject(
          "value" in result
            ? { status: "ok", value: result.value }
            : { error: { code: "execution_failed", message: result.payload, details: result } },
        );
      }
    },
  );
});
