/** Pages of a Python index: PEP 503's HTML and PEP 691's JSON, read into one shape. */
import { Parser } from "htmlparser2";

/** A file as a page lists it. */
export interface PageFile {
  readonly fileName: string;
  readonly url: URL;
  /** `sha256-` and hex. */
  readonly digest?: string;
  readonly requiresPython?: string;
  readonly yanked?: string;
  /** Whether METADATA is served beside it, and with which digest. */
  readonly metadata?: { readonly digest?: string };
}

/** @throws SyntaxError, TypeError where the page is none. Files whose place is no http address are left out. */
export function parseProjectPage(
  text: string,
  { url, mediaType }: { url: URL; mediaType: string },
): readonly PageFile[] {
  return mediaType.includes("json") ? parseJsonPage(text, url) : parseHtmlPage(text, url);
}

function parseJsonPage(text: string, base: URL): readonly PageFile[] {
  const page: unknown = JSON.parse(text);
  if (!isRecord(page) || !Array.isArray(page["files"])) throw new TypeError("the page has no list of files");
  return page["files"].filter(isRecord).flatMap((file) => {
    const url = toHttpUrl(file["url"], base);
    const fileName = file["filename"];
    if (url === undefined || typeof fileName !== "string") return [];
    const digest = readSha256(isRecord(file["hashes"]) ? file["hashes"]["sha256"] : undefined);
    const requiresPython = file["requires-python"];
    const stated = file["core-metadata"] ?? file["dist-info-metadata"];
    return [
      {
        fileName,
        url,
        ...(digest !== undefined && { digest }),
        ...(typeof requiresPython === "string" && { requiresPython }),
        ...readYanked(file["yanked"]),
        ...(stated !== undefined &&
          stated !== false &&
          stated !== null && { metadata: toMetadata(isRecord(stated) ? stated["sha256"] : undefined) }),
      },
    ];
  });
}

function parseHtmlPage(text: string, page: URL): readonly PageFile[] {
  const files: PageFile[] = [];
  let base = page;
  let open: { readonly attributes: Record<string, string>; text: string } | undefined;
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === "base") base = toHttpUrl(attributes["href"], page) ?? base;
      if (name === "a") open = { attributes, text: "" };
    },
    ontext: (part) => void (open !== undefined && (open.text += part)),
    onclosetag(name) {
      if (name !== "a" || open === undefined) return;
      const file = toPageFile(open.attributes, open.text.trim(), base);
      if (file !== undefined) files.push(file);
      open = undefined;
    },
  });
  parser.end(text);
  return files;
}

function toPageFile(attributes: Record<string, string>, text: string, base: URL): PageFile | undefined {
  const url = toHttpUrl(attributes["href"], base);
  if (url === undefined) return undefined;
  const digest = readSha256(/(?:^#|&)sha256=([0-9a-f]{64})(?:&|$)/iu.exec(url.hash)?.[1]);
  const requiresPython = attributes["data-requires-python"];
  const stated = attributes["data-core-metadata"] ?? attributes["data-dist-info-metadata"];
  url.hash = "";
  return {
    fileName: text,
    url,
    ...(digest !== undefined && { digest }),
    ...(requiresPython !== undefined && requiresPython !== "" && { requiresPython }),
    ...readYanked(attributes["data-yanked"]),
    ...(stated !== undefined && stated !== "false" && { metadata: toMetadata(stated.replace(/^sha256=/u, "")) }),
  };
}

function readYanked(value: unknown): { yanked?: string } {
  if (typeof value === "string") return { yanked: value };
  return value === true ? { yanked: "" } : {};
}

function toMetadata(sha256: unknown): { digest?: string } {
  const digest = readSha256(sha256);
  return digest === undefined ? {} : { digest };
}

function readSha256(value: unknown): string | undefined {
  return typeof value === "string" && /^[0-9a-f]{64}$/iu.test(value) ? `sha256-${value.toLowerCase()}` : undefined;
}

function toHttpUrl(value: unknown, base: URL): URL | undefined {
  const url = typeof value === "string" ? URL.parse(value, base.href) : null;
  return url !== null && (url.protocol === "https:" || url.protocol === "http:") ? url : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
