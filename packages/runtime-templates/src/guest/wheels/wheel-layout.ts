/** Where the files of a wheel go when it is installed ("Binary distribution format", packaging.python.org). */
import { strFromU8, strToU8, type UnzipFileInfo, unzipSync } from "fflate";
import type { GuestFile } from "../../protocol/guest-program.ts";

export interface LayoutOptions {
  /** For example "3.14". */
  readonly python: string;
}

/** From the folder of packages, lib/pythonX.Y/site-packages, to the prefix. */
const PREFIX = "../../../";
/** Keys of Python's install schemes, by the prefix's folders; headers have a folder for each package. */
const SCHEMES = new Map([
  ["purelib", ""],
  ["platlib", ""],
  ["scripts", `${PREFIX}bin/`],
  ["data", PREFIX],
]);
/** Wheels of a tool's own folder come here unchecked: more than this would only fill the memory. */
const MAX_UNPACKED_BYTES = 268_435_456;
const INSTALLER = "toolpocket\n";

/**
 * The files to write, as RECORD names them: paths count from the folder of packages, and may leave it. Those of NAME-VERSION.data stand where its schemes say, with the `#!python` of scripts replaced and RECORD
 * telling the new places.
 * @throws Error when the content is no wheel
 */
export function layOutWheel(content: Uint8Array, { python }: LayoutOptions): readonly GuestFile[] {
  let unpackedBytes = 0;
  const isWanted = ({ name, originalSize }: UnzipFileInfo): boolean => {
    unpackedBytes += originalSize;
    if (unpackedBytes > MAX_UNPACKED_BYTES) throw new Error(`it unpacks to more than ${MAX_UNPACKED_BYTES} bytes`);
    return !name.endsWith("/");
  };
  const entries = Object.entries(unzipSync(content, { filter: isWanted }));
  const info = entries.map(([path]) => /^([^/]+)\.dist-info\//u.exec(path)?.[1]).find((stem) => stem !== undefined);
  if (info === undefined) throw new Error("it holds no .dist-info");
  const moved = new Map<string, string>();
  const files = new Map<string, Uint8Array>();
  for (const [path, bytes] of entries) {
    if (!isInside(path)) throw new Error(`${JSON.stringify(path)} leaves its folder`);
    const target = toTarget(path, { info, python });
    if (files.has(target)) throw new Error(`two of its files are installed as ${JSON.stringify(target)}`);
    if (target !== path) moved.set(path, target);
    files.set(target, target.startsWith(`${PREFIX}bin/`) ? withInterpreter(bytes) : bytes);
  }
  const record = files.get(`${info}.dist-info/RECORD`);
  if (record !== undefined && moved.size > 0) files.set(`${info}.dist-info/RECORD`, moveRecord(record, moved));
  files.set(`${info}.dist-info/INSTALLER`, strToU8(INSTALLER));
  return Array.from(files, ([path, bytes]) => ({ path, content: bytes }));
}

function isInside(path: string): boolean {
  return !path.split("/").some((part) => part === ".." || part === "." || part === "");
}

function toTarget(path: string, { info, python }: LayoutOptions & { info: string }): string {
  if (!path.startsWith(`${info}.data/`)) return path;
  const [, scheme = "", rest] = /^[^/]+\/([^/]+)\/(.+)$/u.exec(path) ?? [];
  if (rest === undefined) throw new Error(`${JSON.stringify(path)} belongs to no scheme`);
  if (scheme === "headers") return `${PREFIX}include/python${python}/${info.split("-", 1)[0]}/${rest}`;
  const folder = SCHEMES.get(scheme);
  if (folder === undefined) throw new Error(`${JSON.stringify(path)} is of an unknown scheme`);
  return `${folder}${rest}`;
}

/** Scripts say `#!python` and mean the interpreter that they are installed for. */
function withInterpreter(script: Uint8Array): Uint8Array {
  const start = strFromU8(script.subarray(0, 9), true);
  const [, windowed] = /^#!python(w?)/u.exec(start) ?? [];
  if (windowed === undefined) return script;
  const rest = script.subarray(`#!python${windowed}`.length);
  const head = strToU8("#!/usr/bin/env python3");
  const replaced = new Uint8Array(head.length + rest.length);
  replaced.set(head);
  replaced.set(rest, head.length);
  return replaced;
}

/** What was changed on the way, a script's first line, has no digest any more. */
function moveRecord(record: Uint8Array, moved: ReadonlyMap<string, string>): Uint8Array {
  const lines = strFromU8(record)
    .split(/\r?\n/u)
    .map((line) => {
      const [, quoted, plain, rest = ",,"] = /^(?:"((?:[^"]|"")*)"|([^,"]*))(,.*)$/u.exec(line) ?? [];
      const target = moved.get(quoted?.replaceAll('""', '"') ?? plain ?? "");
      if (target === undefined) return line;
      const name = /[",]/u.test(target) ? `"${target.replaceAll('"', '""')}"` : target;
      return `${name}${target.startsWith(`${PREFIX}bin/`) ? ",," : rest}`;
    });
  return strToU8(lines.join("\n"));
}
