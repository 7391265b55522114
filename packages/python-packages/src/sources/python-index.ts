/** A Python index as a source of packages: its project pages, its wheels, and the METADATA beside them. */
import { type HostDirectory, PocketError } from "@toolpocket/core";
import { quoteForeign } from "../package-failure.ts";
import { download, type Download } from "./download.ts";
import { type ListedWheel, type PackageListing, type PackageSource, readWheelName } from "./package-source.ts";
import { type PageFile, parseProjectPage } from "./project-page.ts";
import { unanswered } from "./unanswered.ts";

const ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";
/** The largest pages of the public index are about this large. */
const MAX_PAGE_BYTES = 67_108_864;
const MAX_METADATA_BYTES = 4_194_304;

export interface PythonIndexOptions {
  readonly hosts: HostDirectory;
  readonly maxWheelBytes: number;
  readonly timeoutMs: number;
}

/** @throws PocketError ERR_POCKET_SETTINGS_INVALID when `address` is no http address */
export function createPythonIndex(address: string, options: PythonIndexOptions): PackageSource {
  const index = readIndexUrl(address);
  const label = `${index.host}${index.pathname}`;
  const get = async (url: URL, more: { reference: string; maxBytes: number; signal: AbortSignal; accept?: string }) =>
    download(url, { ...more, hosts: options.hosts, timeoutMs: options.timeoutMs, login: index });

  const toWheel = (file: PageFile): ListedWheel | undefined => {
    const wheel = readWheelName(file.fileName);
    if (wheel === undefined) return undefined;
    const { fileName, url, digest, requiresPython, yanked, metadata } = file;
    const fetchBeside = (suffix: string, maxBytes: number) => async (signal: AbortSignal) => {
      const place = new URL(url);
      place.pathname += suffix;
      const reference = `${fileName}${suffix}`;
      return readFound(await get(place, { reference, maxBytes, signal }), reference, url.host);
    };
    return {
      fileName,
      wheel,
      ...(digest !== undefined && { digest }),
      ...(requiresPython !== undefined && { requiresPython }),
      ...(yanked !== undefined && { yanked }),
      ...(metadata && { metadata: { ...metadata, fetch: fetchBeside(".metadata", MAX_METADATA_BYTES) } }),
      fetch: fetchBeside("", options.maxWheelBytes),
    };
  };

  return {
    label,
    async find(name, signal): Promise<PackageListing | string> {
      const url = new URL(`${encodeURIComponent(name)}/`, index);
      const page = await get(url, { reference: `${label}${name}`, maxBytes: MAX_PAGE_BYTES, signal, accept: ACCEPT });
      if (!page.found) {
        if (page.status === 404 || page.status === 410) return page.reason;
        throw unanswered(page, { reference: `${label}${name}`, host: index.host, place: "index" });
      }
      const files = readPage(page, `${label}${name}`);
      const wheels = files.flatMap((file) => toWheel(file) ?? []);
      const others = files.map(({ fileName }) => fileName).filter((fileName) => !fileName.endsWith(".whl"));
      return { wheels, others };
    },
  };
}

function readIndexUrl(address: string): URL {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new PocketError(
      "ERR_POCKET_SETTINGS_INVALID",
      `the Python index "${quoteForeign(address)}" is no http address`,
      {
        hint: "name the address of its simple pages, for example https://pypi.org/simple",
        details: { key: "python.index" },
      },
    );
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  url.hash = "";
  return url;
}

function readPage(page: Download & { found: true }, reference: string): readonly PageFile[] {
  const text = new TextDecoder().decode(page.bytes);
  try {
    return parseProjectPage(text, { url: page.url, mediaType: page.mediaType });
  } catch (cause) {
    throw new PocketError("ERR_POCKET_SOURCE_UNREACHABLE", `${reference} is no page of a Python index`, {
      hint: "check the address of the index: it is that of the simple pages",
      details: { reference, mediaType: page.mediaType },
      cause,
    });
  }
}

function readFound(answer: Download, reference: string, host: string): Uint8Array {
  if (answer.found) return answer.bytes;
  throw unanswered(answer, { reference, host, place: "index" });
}
