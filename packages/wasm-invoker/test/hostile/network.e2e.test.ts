/** Every attempt of network-attempts.ts in real Chromium: servers see nothing that was not granted, the tool no secret. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import { type BoundSecret, parseNetworkRule, type ResolvedGrants, type RunnableTool } from "@toolpocket/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createInvokerOn } from "../../src/wasm-invoker.ts";
import { type Internet, openInternet, PUBLIC_ADDRESS, secret, TRUSTED } from "../network/test-internet.ts";
import { createNodeTool } from "../node-tool.ts";
import { runTool } from "../python/python-runs.ts";
import { createPythonTool } from "../python-tool.ts";
import type { Attempt } from "./attempt.ts";
import { NETWORK_ESCAPES } from "./network-attempts.ts";

const VALUE = "s3cr3t-value-of-the-key";
const STOLEN_VALUE = "an0ther-tools-own-key";
const PRIVATE_ADDRESS = "127.0.0.2";
/** Every form in which a value could be recognised. */
const FORMS = [VALUE, STOLEN_VALUE].flatMap((value) => [value, encode(value, "base64"), encode(value, "hex")]);

function encode(value: string, encoding: BufferEncoding): string {
  return Buffer.from(value).toString(encoding);
}

let internet: Internet;
let reached = 0;
let lookups = 0;
let tried = 0;
let held = 0;
const canary = createServer((_request, response) => {
  reached += 1;
  response.end("BREACH");
});
const invoker = createInvokerOn(
  {
    ca: TRUSTED,
    // A name that is public at its first look-up, and private at the next.
    resolve: async (name) => [name.startsWith("rebind") && (lookups += 1) % 2 === 0 ? PRIVATE_ADDRESS : PUBLIC_ADDRESS],
    isPublic: (address) => address === PUBLIC_ADDRESS,
  },
  { maxSandboxes: 3, keepSpare: false },
);
const victim = new AbortController();
let victimRuns: Promise<unknown>;

beforeAll(async () => {
  internet = await openInternet(answer);
  canary.listen(Number(new URL(internet.http("a.example")).port), PRIVATE_ADDRESS);
  await once(canary, "listening");
  const tool = { ...createPythonTool("import time; time.sleep(300)"), id: "victim", grants: grants() };
  const { signal } = victim;
  const secrets = [stolen()];
  const request = { input: {}, environment: { KEY: stolen().placeholder ?? "" }, secrets, timeoutMs: 300_000, signal };
  victimRuns = invoker.run(tool, request).catch(() => undefined);
});
afterAll(async () => {
  victim.abort();
  await victimRuns;
  await invoker.close();
  await internet.close();
  canary.close();
  console.log(`hostile attempts on the network: ${tried} tried, ${held} held`);
});

const answer: RequestListener = (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://x");
  if (pathname === "/redirect") {
    const status = Number(searchParams.get("status") ?? 302);
    return void response.writeHead(status, { location: searchParams.get("to") ?? "" }).end();
  }
  response.setHeader("x-seen", Buffer.from(request.rawHeaders.join("\n")).toString("base64"));
  response.end(JSON.stringify([request.url, request.rawHeaders, internet.seen.at(-1)?.body]));
};

const key = (): BoundSecret => secret("KEY", VALUE, [internet.https("a.example")]);
const stolen = (): BoundSecret => secret("STOLEN", STOLEN_VALUE, [internet.https("a.example")]);

function grants(): ResolvedGrants {
  const { http, https } = internet;
  const allow = [https("a.example"), http("a.example"), https("b.example"), http("rebind.example")];
  return { network: { allow: allow.map(parseNetworkRule), deny: [] }, storage: [] };
}

function createEvil(runtime: Attempt["runtime"]): RunnableTool {
  if (runtime === "python") {
    const program = "import os\nexec(compile(os.environ['CODE'], 'evil.py', 'exec'))";
    return { ...createPythonTool(program), id: "evil-python-network", grants: grants() };
  }
  const source = `
const log = console.log;
const AsyncFunction = (async () => {}).constructor;
new AsyncFunction("env", "require", process.env.CODE)(process.env, require).then(log, (error) => log("held", String(error)));
`;
  return { ...createNodeTool(source), id: "evil-node-network", grants: grants() };
}

it.each(NETWORK_ESCAPES.map((attempt) => [attempt.runtime, attempt.id, attempt] as const))(
  "run() holds %s %s when it is tried",
  async (runtime, _id, { code, timeoutMs = 5_000 }) => {
    tried += 1;
    const from = internet.seen.length;
    const { http, https } = internet;
    const environment = {
      CODE: code,
      GOOD: https("a.example"),
      PLAIN: http("a.example"),
      OTHER: https("b.example"),
      REBIND: http("rebind.example"),
      UNGRANTED: https("c.example"),
      PRIVATE: http(PRIVATE_ADDRESS),
      KEY: key().placeholder ?? "",
      STOLEN: stolen().placeholder ?? "",
    };
    const result = await runTool(invoker, createEvil(runtime), { environment, secrets: [key()], timeoutMs });
    const told = JSON.stringify([result.out, Buffer.from(result.stderr).toString(), result.denials ?? []]);
    expect(told).not.toContain("BREACH");
    for (const form of FORMS) expect(told).not.toContain(form);
    expect(reached).toBe(0);
    const mayKnow = new URL(https("a.example")).host;
    for (const { host, url, rawHeaders, body } of internet.seen.slice(from)) {
      expect(host).toMatch(/^(?:a|b|rebind)\.example:\d+$/u);
      expect(`${url} ${rawHeaders.filter((_, at) => at % 2 === 0).join()}`).not.toMatch(/smuggled|x-injected/iu);
      const sent = [url, ...rawHeaders, body].join("\n");
      const known = FORMS.filter((form) => sent.includes(form));
      expect(known).toEqual(host === mayKnow ? known.filter((form) => form === VALUE) : []);
    }
    held += 1;
  },
);

it("run() sends the secret to the host that may have it, so that the attempts mean something", async () => {
  const code = "return (await fetch(env.GOOD + '/echo', { headers: { 'X-Key': env.KEY } })).status";
  const environment = { CODE: code, GOOD: internet.https("a.example"), KEY: key().placeholder ?? "" };
  const result = await runTool(invoker, createEvil("node"), { environment, secrets: [key()], timeoutMs: 5_000 });
  expect(result.out).toBe("200\n");
  expect(internet.seen.at(-1)?.rawHeaders).toContain(VALUE);
  expect((await fetch(`http://${PRIVATE_ADDRESS}:${new URL(internet.http("x")).port}`)).status).toBe(200);
  expect(reached).toBe(1);
});
