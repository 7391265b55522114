/** A distribution of Pyodide on loopback, laid out as the published ones are: pyodide-lock.json beside the files it lists. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

export interface DistributionInfo {
  readonly abi_version: string;
  readonly arch: string;
  readonly platform: string;
  readonly python: string;
}

export interface DistributedFile {
  readonly fileName: string;
  readonly content: Uint8Array;
  /** Hex. */
  readonly sha256: string;
  readonly depends?: readonly string[];
  /** @defaultValue "package" */
  readonly packageType?: "package" | "shared_library" | "static_library" | "cpython_module";
  /** In the place of the digest in the list. */
  readonly statedSha256?: string;
  /** Whether only the list has it. @defaultValue false */
  readonly isMissing?: boolean;
}

export interface PyodideDistributionServer {
  /** Of the folder, with a slash at its end. */
  readonly url: string;
  /** Paths that were asked for. */
  readonly requests: readonly string[];
  forgetRequests(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface PyodideDistributionOptions {
  readonly files: readonly DistributedFile[];
  /** In the place of what the installed Pyodide says of itself. */
  readonly info?: Partial<DistributionInfo>;
  /** In the place of the list; null for none. */
  readonly list?: string | null;
  /** The value of the `Authorization` header that everything needs. */
  readonly authorization?: string;
}

export async function startPyodideDistribution(
  options: PyodideDistributionOptions,
): Promise<PyodideDistributionServer> {
  const { files, list, authorization } = options;
  const served = new Map(files.flatMap((file) => (file.isMissing === true ? [] : [[file.fileName, file.content]])));
  if (list !== null) served.set("pyodide-lock.json", Buffer.from(list ?? renderList(files, options.info)));
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "/");
    requests.push(path);
    const content = /^\/full\/([^/]+)$/u.exec(path)?.[1];
    const bytes = served.get(content ?? "");
    if (authorization !== undefined && request.headers.authorization !== authorization) {
      response.writeHead(401, { "content-type": "text/plain" }).end("credentials are needed");
    } else if (bytes === undefined) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not here");
    } else {
      response.writeHead(200, { "content-type": "application/octet-stream" }).end(bytes);
    }
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/full/`,
    requests,
    forgetRequests: () => void requests.splice(0),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Entries have every key that the published list gives them. */
function renderList(files: readonly DistributedFile[], info: Partial<DistributionInfo> = {}): string {
  const path = fileURLToPath(import.meta.resolve("pyodide/pyodide-lock.json"));
  const installed = JSON.parse(readFileSync(path, "utf8")) as { info: DistributionInfo };
  const packages = files.map(({ fileName, sha256, statedSha256, depends = [], packageType = "package" }) => {
    const [name = "", version = ""] = fileName.replace(/\.(?:zip|whl)$/u, "").split("-");
    const isLibrary = packageType.endsWith("_library");
    return {
      depends,
      file_name: fileName,
      imports: isLibrary ? [] : [name],
      install_dir: isLibrary ? "dynlib" : packageType === "cpython_module" ? "stdlib" : "site",
      name,
      package_type: packageType,
      sha256: statedSha256 ?? sha256,
      tool: {},
      unvendored_tests: false,
      version,
    };
  });
  const keyOf = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/gu, "-");
  return JSON.stringify({
    info: { ...installed.info, ...info },
    packages: Object.fromEntries(packages.map((entry) => [keyOf(entry.name), entry])),
  });
}
