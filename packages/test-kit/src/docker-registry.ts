/** Debian's `docker-registry`, the real one, on loopback: with or without credentials, over http or TLS. */
import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const START_LIMIT_MS = 20_000;
const POLL_MS = 50;

export interface DockerRegistryOptions {
  /** Lets in only who knows these. Needs `htpasswd`. */
  readonly auth?: { readonly username: string; readonly password: string };
  /** With a certificate of its own for 127.0.0.1. Needs `openssl`. @defaultValue false */
  readonly tls?: boolean;
}

export interface DockerRegistry {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  /** Path of the PEM to trust, where it speaks TLS. */
  readonly ca?: string;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Why no registry can be started on this machine; undefined when one can. */
export function missingForDockerRegistry(): string | undefined {
  const programs = ["docker-registry", "htpasswd", "openssl"];
  const missing = programs.filter((program) => spawnSync(program, ["--help"]).error !== undefined);
  return missing.length === 0 ? undefined : `${missing.join(", ")} not on the path`;
}

export async function startDockerRegistry(options: DockerRegistryOptions = {}): Promise<DockerRegistry> {
  const folder = await mkdtemp(join(tmpdir(), "docker-registry-"));
  const host = `127.0.0.1:${await findFreePort()}`;
  const ca = options.tls === true ? await writeCertificate(folder) : undefined;
  const config = {
    version: 0.1,
    log: { level: "error", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, "content") } },
    http: {
      addr: host,
      ...(ca !== undefined && { tls: { certificate: ca, key: join(folder, "key.pem") } }),
    },
    ...(options.auth && { auth: { htpasswd: { realm: "test", path: await writePasswords(folder, options.auth) } } }),
  };
  // JSON is YAML too.
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  const child = spawn("docker-registry", ["serve", join(folder, "config.json")], { stdio: "ignore" });
  const ended = once(child, "exit");
  const close = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await waitForPort(host);
  } catch (error) {
    await close();
    throw error;
  }
  return { host, close, [Symbol.asyncDispose]: close, ...(ca !== undefined && { ca }) };
}

async function writePasswords(
  folder: string,
  { username, password }: { username: string; password: string },
): Promise<string> {
  const { stdout } = await promisify(execFile)("htpasswd", ["-Bbn", username, password]);
  const path = join(folder, "htpasswd");
  await writeFile(path, stdout);
  return path;
}

async function writeCertificate(folder: string): Promise<string> {
  const path = join(folder, "certificate.pem");
  const names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const output = ["-keyout", join(folder, "key.pem"), "-out", path, "-days", "2"];
  await promisify(execFile)("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...names, ...output]);
  return path;
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("there is no free port");
  return address.port;
}

async function waitForPort(host: string): Promise<void> {
  const end = Date.now() + START_LIMIT_MS;
  while (Date.now() < end) {
    const socket = connect(Number(host.split(":")[1]), "127.0.0.1");
    const isOpen = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`docker-registry does not answer at ${host}`);
}
