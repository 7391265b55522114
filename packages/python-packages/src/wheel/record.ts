/** RECORD of a wheel: the digest and size of every file in it (PEP 376, PEP 427). */

export interface RecordedFile {
  /** base64url without padding, of SHA-256; absent for files that cannot be recorded. */
  readonly sha256?: string;
  readonly size?: number;
}

/** By path. Undefined where a line is no line of a RECORD, or a path stands twice. */
export function parseRecord(text: string): ReadonlyMap<string, RecordedFile> | undefined {
  const files = new Map<string, RecordedFile>();
  for (const line of text.split(/\r?\n/u)) {
    if (line === "") continue;
    const [, quoted, plain, hash = "", size = ""] = /^(?:"((?:[^"]|"")*)"|([^,"]*)),([^,]*),(\d*)$/u.exec(line) ?? [];
    const path = quoted?.replaceAll('""', '"') ?? plain;
    if (path === undefined || path === "" || files.has(path)) return undefined;
    const sha256 = /^sha256=([\w-]{43})=*$/u.exec(hash)?.[1];
    files.set(path, { ...(sha256 !== undefined && { sha256 }), ...(size !== "" && { size: Number(size) }) });
  }
  return files;
}
