/** The components of the tests, built of the sources in test/fixtures/components. */
import { readFileSync } from "node:fs";
import { buildAssemblyScriptComponent, buildJsComponent } from "@toolpocket/test-kit/build-component";

const FIXTURES = new URL("../fixtures/components/", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, FIXTURES), "utf8");

/** The worlds of Wassette's guide in one: calculator, file processor, data analyzer, records and variants. */
export const buildGuide = (): Promise<Uint8Array> =>
  buildJsComponent(read("guide/world.wit"), read("guide/guide.js"), "guide");

/** One function for each type of WIT, which gives back what it is given. */
export const buildRich = (): Promise<Uint8Array> => buildJsComponent(read("rich/world.wit"), read("rich/rich.js"));

/** What a component may use of its host, and how it may end. */
export const buildHostUser = (): Promise<Uint8Array> => buildJsComponent(read("host/world.wit"), read("host/host.js"));

/** A request through `wasi:http`. */
export const buildFetcher = (): Promise<Uint8Array> =>
  buildAssemblyScriptComponent(read("fetch/world.wit"), read("fetch/fetch.ts"));
