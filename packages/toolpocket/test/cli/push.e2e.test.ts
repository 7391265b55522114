import { readFile } from "node:fs/promises";
import {
  type DockerRegistry,
  type DockerRegistryOptions,
  missingForDockerRegistry,
  startDockerRegistry,
} from "@toolpocket/test-kit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createProject, type Project } from "./project-fixture.ts";
import { inFolder, weatherTool } from "./tool-files.ts";

const PASSWORD = "s3cret-of-ada";
const auth = { username: "ada", password: PASSWORD };
const missing = missingForDockerRegistry();

describe.skipIf(missing !== undefined).each<[string, DockerRegistryOptions]>([
  ["a registry without authentication", {}],
  ["a registry with a password", { auth }],
  ["a registry over TLS with a password", { auth, tls: true }],
])(`pocket push, against %s${missing === undefined ? "" : ` (skipped: ${missing})`}`, (_what, options) => {
  let registry: DockerRegistry;
  let project: Project;
  let reference: string;
  const environment = { REGISTRY_PASSWORD: PASSWORD, DOCKER_CONFIG: "/nonexistent" };

  beforeAll(async () => {
    registry = await startDockerRegistry(options);
  });
  afterAll(() => registry.close());
  beforeEach(async ({ task }) => {
    project = await createProject();
    reference = `oci://${registry.host}/acme/${task.id.replaceAll(/[^a-z0-9]/gu, "")}:v1`;
    await project.write({ ...inFolder("weather", weatherTool()), "settings.toml": settings() });
  });
  afterEach(() => project.remove());

  const settings = (): string =>
    [
      `[registries."${registry.host}"]`,
      ...(options.auth === undefined ? [] : ['username = "ada"', 'password = { secret = "REGISTRY" }']),
      ...(registry.ca === undefined ? [] : [`ca = "${registry.ca}"`]),
      "[secrets]",
      'REGISTRY = { env = "REGISTRY_PASSWORD" }',
      "",
    ].join("\n");
  const pocket = (...args: string[]) => project.pocket(args, { environment });

  test("publishes a folder, which another project adds, pins and verifies", async () => {
    const pushed = await pocket("push", "./weather", reference, "--json");
    expect(pushed).toMatchObject({ exitCode: 0, stderr: "" });
    const { digest } = JSON.parse(pushed.stdout);
    expect(await pocket("add", reference, "--name", "remote")).toMatchObject({ exitCode: 0, stderr: "" });
    const lock = await project.read("pocket.lock");
    expect(lock).toContain(`url = "${reference}"\ndigest = "${digest.replace(":", "-")}"`);
    expect(lock).not.toContain(PASSWORD);
    expect(await project.read("settings.toml")).toContain(`[tools.remote]\noci = "${reference}"`);
    expect(await pocket("lock", "verify")).toMatchObject({ exitCode: 0 });
    expect((await pocket("inspect", "remote")).stdout).toContain(digest.replace(":", "-"));
    expect(await pocket("eject", "remote")).toMatchObject({ exitCode: 0 });
    expect(await project.read("tools/remote/config.toml")).toBe(await project.read("weather/config.toml"));
    expect(await pocket("remove", "remote")).toMatchObject({ exitCode: 0 });
  });

  test("leaves a tag alone that stands for other content, until --force", async () => {
    const first = JSON.parse((await pocket("push", "weather", reference, "--json")).stdout);
    expect(first).toMatchObject({ isUnchanged: false, name: "weather" });
    expect((await pocket("push", "weather", reference)).stdout).toContain("unchanged weather");
    await project.write({ "weather/extra.txt": "more" });
    const refused = await pocket("push", "weather", reference);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("ERR_POCKET_PUSH_REFUSED");
    expect(refused.stderr).toContain("--force");
    const forced = JSON.parse((await pocket("push", "weather", reference, "--force", "--json")).stdout);
    expect(forced).toMatchObject({ replaced: first.digest, isUnchanged: false });
    // What was pushed first is still there under its digest.
    const pinned = `${reference.replace(/:v1$/u, "")}@${first.digest}`;
    expect(await pocket("add", pinned, "--name", "first")).toMatchObject({ exitCode: 0 });
  });

  test("takes a password from standard input, and tells a wrong one", async (context) => {
    if (options.auth === undefined) return context.skip("this registry asks for no password");
    const args = ["push", "weather", reference, "--username", "ada", "--password-stdin"];
    const wrong = await project.pocket(args, { environment, input: "wrong-password\n" });
    expect(wrong).toMatchObject({ exitCode: 1 });
    expect(wrong.stderr).toContain("refuses access (401");
    expect(wrong.stderr).not.toContain("wrong-password");
    expect(await project.pocket(args, { environment, input: `${PASSWORD}\n` })).toMatchObject({ exitCode: 0 });
  });

  test("does not trust a certificate that nobody named, unless NODE_EXTRA_CA_CERTS does", async (context) => {
    if (options.tls !== true) return context.skip("this registry does not speak TLS");
    const registries = (await readFile(`${project.folder}/settings.toml`, "utf8")).replace(
      /^ca = .*$/mu,
      "insecure = false",
    );
    await project.write({ "settings.toml": registries });
    const refused = await pocket("push", "weather", reference);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("certificate that is not trusted");
    expect(refused.stderr).toContain("NODE_EXTRA_CA_CERTS");
    const trusting = { ...environment, NODE_EXTRA_CA_CERTS: registry.ca ?? "" };
    expect(await project.pocket(["push", "weather", reference], { environment: trusting })).toMatchObject({
      exitCode: 0,
    });
  });
});

describe("pocket push", () => {
  let project: Project;
  beforeEach(async () => {
    project = await createProject();
    await project.write(inFolder("weather", weatherTool()));
  });
  afterEach(() => project.remove());

  test.each([
    ["no tool", ["wether", "oci://x.example/a:v1"], 2, 'there is no tool and no folder "wether"'],
    ["no reference", ["weather", "x.example/a:v1"], 1, "is no reference to a registry"],
    ["a digest", ["weather", `oci://x.example/a@sha256:${"0".repeat(64)}`], 1, "name a tag"],
    ["half of a login", ["weather", "oci://x.example/a:v1", "--username", "ada"], 2, "--password-stdin"],
  ])("says what is wrong with %s", async (_what, args, exitCode, message) => {
    const run = await project.pocket(["push", ...args]);
    expect(run.exitCode).toBe(exitCode);
    expect(run.stderr).toContain(message);
  });

  test("publishes neither a broken tool nor a file that holds secrets by its name", async () => {
    await project.write({ "weather/.env": "KEY=1" });
    const secret = await project.pocket(["push", "weather", "oci://x.example/a:v1"]);
    expect(secret.stderr).toContain("ERR_POCKET_PUSH_REFUSED");
    expect(secret.stderr).toContain(".env");
    await project.write({ "weather/config.toml": "nothing = 1" });
    const broken = await project.pocket(["push", "weather", "oci://x.example/a:v1"]);
    expect(broken.stderr).toContain("ERR_POCKET_MANIFEST_INVALID");
  });
});
