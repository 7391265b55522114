/** Checks a wheel before anything is done with it: its archive, its name, its RECORD. */
import { hash } from "node:crypto";
import { parseWheelName } from "@toolpocket/core";
import { refuseWheel } from "../package-failure.ts";
import { normalizeName } from "../package-name.ts";
import { isSameVersion } from "../package-version.ts";
import { type PackageMetadata, parseMetadata } from "./metadata.ts";
import { parseRecord, type RecordedFile } from "./record.ts";
import { readWheelEntries, type WheelLimits } from "./wheel-entries.ts";

/** Folders of a wheel's .data ("Binary distribution format", packaging.python.org). */
const SCHEMES = new Set(["purelib", "platlib", "headers", "scripts", "data"]);

interface FoundFile {
  readonly sha256: string;
  readonly size: number;
}

/**
 * What the wheel says of itself. It is the package that its file name tells, every file is as its RECORD says, and none
 * is where unpacking it would do harm.
 * @throws PocketError ERR_POCKET_PACKAGE_REFUSED
 */
export async function checkWheel(
  fileName: string,
  content: Uint8Array,
  limits: WheelLimits = {},
): Promise<PackageMetadata> {
  const files = new Map<string, FoundFile>();
  const texts = new Map<string, Uint8Array>();
  await readWheelEntries(fileName, content, {
    limits,
    wants: () => true,
    visit(path, bytes) {
      files.set(path, { sha256: hash("sha256", bytes, "base64url"), size: bytes.length });
      if (/^[^/]+\.dist-info\/(?:METADATA|RECORD|WHEEL)$/u.test(path)) texts.set(path, bytes);
    },
  });
  const folder = findInfoFolder(fileName, files.keys());
  const metadata = parseMetadata(texts.get(`${folder}/METADATA`) ?? new Uint8Array());
  if (metadata === undefined) throw refuseWheel(fileName, "has no METADATA with a name and a version");
  checkName(fileName, metadata);
  checkKind(fileName, files.keys(), { folder, wheel: texts.get(`${folder}/WHEEL`) });
  checkRecord(fileName, { folder, files, record: texts.get(`${folder}/RECORD`) });
  return metadata;
}

/**
 * What a wheel that was checked before says of itself.
 * @throws PocketError ERR_POCKET_PACKAGE_REFUSED
 */
export async function readWheelMetadata(fileName: string, content: Uint8Array): Promise<PackageMetadata> {
  let metadata: PackageMetadata | undefined;
  await readWheelEntries(fileName, content, {
    limits: {},
    wants: (path) => /^[^/]+\.dist-info\/METADATA$/u.test(path),
    visit: (_path, bytes) => void (metadata = parseMetadata(bytes)),
  });
  if (metadata === undefined) throw refuseWheel(fileName, "has no METADATA with a name and a version");
  return metadata;
}

function findInfoFolder(fileName: string, paths: Iterable<string>): string {
  const folders = new Set(Array.from(paths, (path) => /^([^/]+\.dist-info)\//u.exec(path)?.[1] ?? ""));
  folders.delete("");
  const [folder, second] = folders;
  if (folder === undefined) throw refuseWheel(fileName, "is no wheel: it holds no .dist-info");
  if (second !== undefined) throw refuseWheel(fileName, "describes two packages in one wheel");
  const { distribution, version } = parseWheelName(fileName) ?? {};
  const [, name = "", folderVersion = ""] = /^(.+)-([^-]+)\.dist-info$/u.exec(folder) ?? [];
  if (!isSamePackage(name, distribution) || !isSameVersion(folderVersion, version ?? "")) {
    throw refuseWheel(fileName, `holds ${JSON.stringify(folder)}, which is another package`);
  }
  return folder;
}

function checkName(fileName: string, { name, version }: PackageMetadata): void {
  const expected = parseWheelName(fileName);
  if (isSamePackage(name, expected?.distribution) && isSameVersion(version, expected?.version ?? "")) return;
  throw refuseWheel(fileName, `says in its METADATA that it is ${JSON.stringify(`${name} ${version}`)}`);
}

/** What the guest's installer does with a wheel has to be known: version 1 of the format, and the schemes that it names. */
function checkKind(fileName: string, paths: Iterable<string>, { folder, wheel }: WheelKind): void {
  const version = /^Wheel-Version:\s*(\d+)\./imu.exec(decode(wheel))?.[1];
  if (version !== "1") throw refuseWheel(fileName, "is of a version of the wheel format that is not known");
  const data = `${folder.replace(/\.dist-info$/u, "")}.data/`;
  const places = new Set<string>();
  for (const path of paths) {
    const [scheme = "", ...rest] = path.startsWith(data) ? path.slice(data.length).split("/") : ["purelib", path];
    if (rest.length === 0 || !SCHEMES.has(scheme)) {
      throw refuseWheel(fileName, `holds ${JSON.stringify(path)}, which belongs to no install scheme`);
    }
    const place = `${scheme === "platlib" ? "purelib" : scheme}/${rest.join("/")}`;
    if (places.has(place)) throw refuseWheel(fileName, `installs two files as ${JSON.stringify(rest.join("/"))}`);
    places.add(place);
  }
}

interface WheelKind {
  /** The .dist-info. */
  readonly folder: string;
  readonly wheel: Uint8Array | undefined;
}

interface RecordCheck {
  readonly folder: string;
  readonly files: ReadonlyMap<string, FoundFile>;
  readonly record: Uint8Array | undefined;
}

function checkRecord(fileName: string, { folder, files, record }: RecordCheck): void {
  const recorded = record === undefined ? undefined : parseRecord(decode(record));
  if (recorded === undefined) throw refuseWheel(fileName, "has no RECORD that can be read");
  const unrecorded = new Set(["RECORD", "RECORD.jws", "RECORD.p7s"].map((name) => `${folder}/${name}`));
  for (const [path, found] of files) {
    if (unrecorded.has(path)) continue;
    const entry = recorded.get(path);
    if (entry === undefined)
      throw refuseWheel(fileName, `holds ${JSON.stringify(path)}, which its RECORD does not name`);
    if (!isAsRecorded(entry, found)) {
      throw refuseWheel(fileName, `holds ${JSON.stringify(path)}, which is not as its RECORD says`);
    }
  }
  for (const path of recorded.keys()) {
    if (!files.has(path) && !unrecorded.has(path)) {
      throw refuseWheel(fileName, `names ${JSON.stringify(path)} in its RECORD, which it does not hold`);
    }
  }
}

function isAsRecorded({ sha256, size }: RecordedFile, found: FoundFile): boolean {
  return sha256 === found.sha256 && (size === undefined || size === found.size);
}

function isSamePackage(a: string, b: string | undefined): boolean {
  return b !== undefined && normalizeName(a) === normalizeName(b);
}

function decode(content: Uint8Array | undefined): string {
  return new TextDecoder().decode(content);
}
