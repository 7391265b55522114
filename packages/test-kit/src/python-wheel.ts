/** Makes wheels in memory: sound by default, with each part to be replaced by a faulty one. */
import { createHash } from "node:crypto";
import { strToU8, type Zippable, zipSync } from "fflate";

export interface WheelParts {
  readonly name: string;
  readonly version: string;
  /** @defaultValue "py3-none-any" */
  readonly tag?: string;
  /** Lines of `Requires-Dist`. */
  readonly requires?: readonly string[];
  readonly requiresPython?: string;
  /** Text or bytes by path. @defaultValue a module of the package's name with its `__version__` */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Files that RECORD does not name. */
  readonly unrecorded?: Readonly<Record<string, string>>;
  /** In the place of METADATA's name and version. */
  readonly metadataName?: string;
  readonly metadataVersion?: string;
  /** In the place of RECORD. */
  readonly record?: string;
  /** Unix modes by path, for links. */
  readonly modes?: Readonly<Record<string, number>>;
}

export interface MadeWheel {
  readonly fileName: string;
  readonly content: Uint8Array;
  readonly metadata: Uint8Array;
  /** Hex. */
  readonly sha256: string;
}

export function makeWheel(parts: WheelParts): MadeWheel {
  const { name, version, tag = "py3-none-any" } = parts;
  const distribution = name.replaceAll(/[-.]+/gu, "_");
  const folder = `${distribution}-${version}.dist-info`;
  const modules = parts.files ?? { [`${distribution}/__init__.py`]: `__version__ = "${version}"\n` };
  const metadata = strToU8(describe(parts));
  const files: Record<string, Uint8Array> = {
    ...mapValues(modules, toBytes),
    [`${folder}/METADATA`]: metadata,
    [`${folder}/WHEEL`]: strToU8(`Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: ${tag}\n`),
  };
  const record = parts.record ?? renderRecord(files, folder);
  const all = { ...files, ...mapValues(parts.unrecorded ?? {}, toBytes), [`${folder}/RECORD`]: strToU8(record) };
  const zippable: Zippable = Object.fromEntries(
    Object.entries(all).map(([path, bytes]) => [
      path,
      [bytes, { mtime: "1980-01-02", ...toMode(parts.modes?.[path]) }],
    ]),
  );
  const content = zipSync(zippable);
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { fileName: `${distribution}-${version}-${tag}.whl`, content, metadata, sha256 };
}

function describe({ name, version, requires = [], requiresPython, metadataName, metadataVersion }: WheelParts): string {
  const lines = [
    "Metadata-Version: 2.1",
    `Name: ${metadataName ?? name}`,
    `Version: ${metadataVersion ?? version}`,
    ...(requiresPython === undefined ? [] : [`Requires-Python: ${requiresPython}`]),
    ...requires.map((requirement) => `Requires-Dist: ${requirement}`),
  ];
  return `${lines.join("\n")}\n\nRequires-Dist: not-a-header\n`;
}

function renderRecord(files: Readonly<Record<string, Uint8Array>>, folder: string): string {
  const lines = Object.entries(files).map(([path, bytes]) => {
    return `${path},sha256=${createHash("sha256").update(bytes).digest("base64url")},${bytes.length}`;
  });
  return `${[...lines, `${folder}/RECORD,,`].join("\n")}\n`;
}

/** Unix permissions and kind stand in the upper half of the attributes. */
function toMode(mode: number | undefined): { os?: number; attrs?: number } {
  return mode === undefined ? {} : { os: 3, attrs: mode * 65_536 };
}

function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? strToU8(content) : content;
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
