/** Manifests and indexes of a registry, read and checked. */
import { createHash } from "node:crypto";
import { isJsonObject, type JsonObject } from "../../json.ts";
import { refuseModule } from "../module-failure.ts";
import { INDEX_TYPES } from "./media-types.ts";

export interface Descriptor {
  readonly mediaType: string;
  /** `sha256:` and hex. */
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
  readonly annotations: Readonly<Record<string, string>>;
  /** In an index: "os/architecture". */
  readonly platform?: string;
}

export type RegistryDocument =
  | { readonly kind: "index"; readonly manifests: readonly Descriptor[] }
  | { readonly kind: "manifest"; readonly artifactType: string; readonly layers: readonly Descriptor[] };

/** `sha256:` and hex, as registries write it. */
export function digestBlob(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/**
 * The document in `bytes`; `contentType` decides only where the document does not say what it is.
 * @throws PocketError ERR_POCKET_MODULE_REFUSED when it is none that is known
 */
export function parseRegistryDocument(bytes: Uint8Array, contentType: string, reference: string): RegistryDocument {
  const document = parseJson(bytes, reference);
  const mediaType =
    typeof document["mediaType"] === "string" ? document["mediaType"] : (contentType.split(";")[0] ?? "").trim();
  if (document["schemaVersion"] === 1 && "fsLayers" in document)
    throw malformed(reference, "has a manifest of Docker's first format");
  if (INDEX_TYPES.some((type) => type === mediaType) || Array.isArray(document["manifests"])) {
    return { kind: "index", manifests: readDescriptors(document["manifests"], reference) };
  }
  const layers = document["layers"] ?? document["blobs"];
  const config = isJsonObject(document["config"]) ? document["config"]["mediaType"] : undefined;
  const artifactType = document["artifactType"] ?? config;
  return {
    kind: "manifest",
    artifactType: typeof artifactType === "string" ? artifactType : "",
    layers: readDescriptors(layers, reference),
  };
}

function parseJson(bytes: Uint8Array, reference: string): JsonObject {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isJsonObject(value)) return value;
  } catch {
    // Told below, as any other document that is none.
  }
  throw malformed(reference, "has a manifest that is no JSON object");
}

function readDescriptors(value: unknown, reference: string): Descriptor[] {
  if (!Array.isArray(value)) throw malformed(reference, "has a manifest without layers");
  return value.map((item: unknown) => readDescriptor(item, reference));
}

function readDescriptor(value: unknown, reference: string): Descriptor {
  const { mediaType, digest, size, annotations, platform } = isJsonObject(value) ? value : {};
  if (typeof digest !== "string" || !/^sha256:[0-9a-f]{64}$/u.test(digest)) {
    throw malformed(reference, `has a manifest with a digest that is no SHA-256: ${JSON.stringify(digest)}`);
  }
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0)
    throw malformed(reference, "has a manifest with no valid size");
  const { os, architecture } = isJsonObject(platform) ? platform : {};
  return {
    mediaType: typeof mediaType === "string" ? mediaType : "",
    digest,
    size,
    annotations: readTexts(annotations),
    ...(typeof os === "string" && typeof architecture === "string" && { platform: `${os}/${architecture}` }),
  };
}

function readTexts(value: unknown): Readonly<Record<string, string>> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function malformed(reference: string, problem: string) {
  return refuseModule(reference, problem, "publish it anew, for example with `pocket push`");
}
