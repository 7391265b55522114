/** One host and one key, granted on the command line and tried in the real browser against a real server. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProject, type Project } from "./project-fixture.ts";
import { inFolder } from "./tool-files.ts";

const KEY = "hunter2-hunter2-hunter2";

/** Sends its key to the address that it is given, and tells what came back, and all of its environment. */
const PROBE = {
  "config.toml": [
    'name = "probe"',
    'description = "Asks a server."',
    'language = "python"',
    "[auth]",
    'auth_provider = "weather"',
  ].join("\n"),
  "schema.json": JSON.stringify({
    type: "object",
    properties: { url: { type: "string" }, catch: { type: "boolean" } },
  }),
  "main.py": [
    "import json, os, sys, urllib.request",
    "given = json.load(sys.stdin)",
    'key = os.environ.get("WEATHER_TOKEN", "")',
    'request = urllib.request.Request(given["url"], headers={"Authorization": "Bearer " + key})',
    "try:",
    "    with urllib.request.urlopen(request) as answer:",
    "        body = answer.read().decode()",
    "except OSError as error:",
    '    if not given.get("catch"): raise',
    '    body = "refused"',
    'print(json.dumps({"key": key, "body": body, "environment": dict(os.environ)}))',
  ].join("\n"),
};

let project: Project;
let server: Server;
let other: Server;
const seen: (string | undefined)[] = [];

beforeAll(async () => {
  [server, other] = await Promise.all([listen(), listen()]);
  project = await createProject();
  await project.write({ ...inFolder("probe", PROBE), "settings.toml": settings("") });
});
afterAll(async () => {
  await Promise.all([server, other].map((one) => new Promise((resolve) => void one.close(resolve))));
  await project.remove();
});

/** A server that notes the key it is given, and echoes it. */
async function listen(): Promise<Server> {
  const answer = (request: IncomingMessage): string => {
    seen.push(request.headers.authorization);
    return `you sent ${request.headers.authorization}`;
  };
  const created = createServer((request, response) => void response.end(answer(request)));
  await new Promise<void>((resolve) => void created.listen(0, "127.0.0.1", resolve));
  return created;
}

const hostOf = (one: Server): string => `127.0.0.1:${(one.address() as AddressInfo).port}`;

function settings(more: string): string {
  return `[tools.probe]\nlocal = "probe"\n${more}`;
}

const bound = (host: string): string =>
  settings(
    `allow = { network = ["${host}"] }\ntool_vars = { WEATHER_TOKEN = { secret = "WEATHER" } }\n[secrets]\nWEATHER = { env = "MY_KEY" }\n`,
  );

const environment = { MY_KEY: KEY, UNGRANTED: "ungranted" };

describe("a tool that was granted one host and one key", () => {
  test("is denied before, and the outcome says which line grants it", async () => {
    const outcome = await project.json(["run", "probe", JSON.stringify({ url: `http://${hostOf(server)}/v1` })]);
    expect(outcome).toMatchObject({
      status: "denied",
      error: { code: "permission_denied", details: { grant: expect.stringContaining(hostOf(server)) } },
    });
    expect(JSON.stringify(outcome)).toContain("[tools.probe] in settings.toml");
  });

  test("reaches the host with the key, never sees it, and leaves it nowhere", async () => {
    await project.write({ "settings.toml": bound(hostOf(server)) });
    const url = `http://${hostOf(server)}/v1?city=Seoul`;
    const run = await project.pocket(["run", "probe", JSON.stringify({ url }), "--json", "--audit", "audit.jsonl"], {
      environment,
    });
    expect(seen.at(-1)).toBe(`Bearer ${KEY}`);
    const { status, output } = JSON.parse(run.stdout);
    expect(status).toBe("ok");
    expect(JSON.parse(output)).toEqual({
      key: "[secret WEATHER]",
      body: "you sent Bearer [secret WEATHER]",
      environment: expect.not.objectContaining({ MY_KEY: expect.anything(), UNGRANTED: expect.anything() }),
    });
    const audit = (await project.read("audit.jsonl")) ?? "";
    const lines = audit
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(lines).toMatchObject([
      { event: "request", tool: "probe", method: "GET", host: `http://${hostOf(server)}`, status: 200 },
      { event: "invocation", tool: "probe", status: "ok" },
    ]);
    expect(`${run.stdout}${run.stderr}${audit}${await project.read("pocket.lock")}`).not.toMatch(/hunter2|Seoul/u);
  });

  test("reaches no other host, and what it does about that is its own affair", async () => {
    const before = seen.length;
    const url = `http://${hostOf(other)}/`;
    const outcome = await project.json(
      ["run", "probe", JSON.stringify({ url, catch: true }), "--audit", "denied.jsonl"],
      {
        environment,
      },
    );
    expect(outcome).toMatchObject({ status: "ok", denials: [{ kind: "network" }] });
    expect(seen).toHaveLength(before);
    expect(await project.read("denied.jsonl")).toContain(`"event":"denial"`);
  });

  test("is not run when the key has no value", async () => {
    const outcome = await project.json(["run", "probe", JSON.stringify({ url: `http://${hostOf(server)}/` })]);
    expect(outcome).toMatchObject({ status: "error", error: { code: "secret_resolution_failed" } });
  });
});
