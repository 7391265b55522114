/** Runs code of node tools in real Chromium, with the network granted: what the tests of fetch, of node:http and of libraries share. */
import type { JsonObject, JsonValue, RunnableTool } from "@toolpocket/core";
import { afterAll, beforeAll } from "vitest";
import { createFrugalInvoker } from "../frugal-invoker.ts";
import { createNodeTool } from "../node-tool.ts";
import { type Internet, startInternet } from "./internet.ts";
import { grantInternet } from "./internet-grants.ts";

/** One tool that runs the body of an asynchronous function: each run has a fresh instance of it. */
const tool = createNodeTool(`
const AsyncFunction = (async () => {}).constructor;
const http = require("http");
const { once } = require("events");
const { text } = require("stream/consumers");
const ask = (url, options, body) => new Promise((resolve, reject) => {
  const request = http.request(url, options, resolve).on("error", reject);
  request.end(body);
});
module.exports = ({ code, origin }) =>
  new AsyncFunction("origin", "http", "once", "text", "ask", "require", code)(origin, http, once, text, ask, require);
`);

export interface NodeNetwork {
  readonly internet: Internet;
  /** Calls a tool with `input` and the origin of the internet, and gives its value. */
  call(called: RunnableTool, input: JsonObject): Promise<JsonValue>;
  /** Runs the body of an asynchronous function, and gives what that returns. */
  run(code: string): Promise<JsonValue>;
}

/** For one test file; there once its tests begin. */
export function useNodeNetwork(): NodeNetwork {
  const invoker = createFrugalInvoker();
  let internet: Internet;
  beforeAll(async () => {
    internet = await startInternet();
  });
  afterAll(async () => {
    await invoker.close();
    await internet.close();
  });
  async function call(called: RunnableTool, input: JsonObject): Promise<JsonValue> {
    const result = await invoker.run(
      { ...called, grants: grantInternet(internet) },
      { input: { ...input, origin: internet.origin }, environment: {}, timeoutMs: 30_000 },
    );
    if (result.kind !== "exited" || result.value === undefined) {
      throw new Error(`${JSON.stringify(result)}\n${Buffer.from(result.stderr).toString()}`);
    }
    return JSON.parse(result.value) as JsonValue;
  }
  return {
    get internet() {
      return internet;
    },
    call,
    run: (code) => call(tool, { code }),
  };
}
