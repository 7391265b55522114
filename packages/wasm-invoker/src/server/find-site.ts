/** Tells which site a request is for: host name and token must both be right. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Site } from "./site.ts";

/** The sites that are served, by host name with port. */
export type Sites = ReadonlyMap<string, Site>;

/** The site whose name and token the request carries; both must be right. */
export function findSite(sites: Sites, host: string | undefined, path: string): Site | undefined {
  const site = sites.get(host ?? "");
  const token = path.split("/")[1] ?? "";
  return site && isEqual(token, site.token) ? site : undefined;
}

/** The path under the site's token. */
export function pathInSite(path: string): string {
  return path.slice(path.indexOf("/", 1));
}

/** Whether `origin` is the one of the pages that `host` serves. */
export function isPageOf(origin: string | undefined, host: string | undefined): boolean {
  return origin === `http://${host}`;
}

function isEqual(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
