/** Credentials that `docker login`, `podman login` or `oras login` left in Docker's configuration file. */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { isJsonObject } from "../json.ts";
import type { HostCredentials } from "./host-access.ts";

/**
 * What `auths` of `config.json` holds for the host; the file is in `DOCKER_CONFIG`, else in `~/.docker`. Credential
 * helpers are programs, and are not run. Undefined where there is nothing, or the file cannot be read.
 */
export async function readDockerCredentials(
  host: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<HostCredentials | undefined> {
  const folder = environment["DOCKER_CONFIG"] ?? join(homedir(), ".docker");
  const text = await readFile(join(folder, "config.json"), "utf8").catch(() => "");
  const { auths } = parseObject(text);
  if (!isJsonObject(auths)) return undefined;
  const isHub = host === "docker.io" || host === "index.docker.io";
  const names = isHub ? ["https://index.docker.io/v1/", host] : [host, `https://${host}`, `http://${host}`];
  const found = names.map((name) => auths[name]).find((value) => isJsonObject(value));
  return isJsonObject(found) && typeof found["auth"] === "string" ? decode(found["auth"]) : undefined;
}

function decode(auth: string): HostCredentials | undefined {
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 1) return undefined;
  return { username: text.slice(0, colon), password: text.slice(colon + 1).replace(/(?<!\0)\0+$/u, "") };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
