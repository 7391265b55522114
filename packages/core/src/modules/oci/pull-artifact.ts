/** Pulls an artifact: manifest by tag or digest, through an index where there is one, then its layers, each checked. */
import type { ToolFiles } from "../../program.ts";
import { checkTreePaths } from "../../store/tree-rules.ts";
import { moduleName } from "../fetch-url.ts";
import { readBody } from "../http-client.ts";
import { digestMismatch, refuseModule, tooLarge } from "../module-failure.ts";
import { checkWasm } from "../wasm-magic.ts";
import { type Descriptor, digestBlob, parseRegistryDocument, type RegistryDocument } from "./manifest.ts";
import { INDEX_TYPES, MANIFEST_TYPES, TITLE, UNPACK, WASM_LAYERS } from "./media-types.ts";
import { missingTag } from "./missing-tag.ts";
import { type RegistryClient, registryFailure } from "./registry-client.ts";

/** The specification lets registries refuse manifests above this size. */
const MAX_MANIFEST_BYTES = 4_194_304;
/** Layers of one artifact. */
const MAX_LAYERS = 1_000;
const PARALLEL_LAYERS = 4;

export interface PulledArtifact {
  /** `sha256:` and hex of what the tag stands for: the manifest, or the index above it. */
  readonly digest: string;
  /** One module, or the files of a tool. */
  readonly files: ToolFiles;
  /** The media type of the module's layer; absent where the artifact is no single module. */
  readonly mediaType?: string;
}

export interface PullOptions {
  /** Of all layers together. */
  readonly maxBytes: number;
  /** `sha256:` and hex, instead of what the tag stands for now. */
  readonly digest?: string;
}

/**
 * @throws PocketError ERR_POCKET_REF_NOT_FOUND, ERR_POCKET_INTEGRITY, ERR_POCKET_MODULE_REFUSED,
 * ERR_POCKET_SOURCE_UNREACHABLE, ERR_POCKET_TREE_REFUSED for a path that is not safe
 */
export async function pullArtifact(client: RegistryClient, { maxBytes, digest }: PullOptions): Promise<PulledArtifact> {
  const { reference } = client.http.options;
  const root = await readDocument(client, digest ?? client.reference.digest ?? client.reference.tag ?? "");
  const document =
    root.document.kind === "index"
      ? (await readDocument(client, choosePlatform(root.document.manifests, reference).digest)).document
      : root.document;
  if (document.kind === "index")
    throw refuseModule(reference, "is an index of indexes", "name the manifest by its digest");
  const layers = nameLayers(document, client);
  const total = layers.reduce((sum, { layer }) => sum + layer.size, 0);
  if (total > maxBytes) throw tooLarge(reference, maxBytes);
  const files = await readLayers(client, layers);
  const [only] = document.layers;
  const isModule = document.layers.length === 1 && only !== undefined && WASM_LAYERS.includes(only.mediaType);
  return { digest: root.digest, files, ...(isModule && { mediaType: only.mediaType }) };
}

/** The manifest at a tag or digest, as it stands; undefined where there is none. */
export async function readManifestBytes(
  client: RegistryClient,
  name: string,
): Promise<{ bytes: Uint8Array; digest: string; contentType: string } | undefined> {
  const { options } = client.http;
  const answer = await client.send({
    path: `manifests/${name}`,
    headers: { accept: [...MANIFEST_TYPES, ...INDEX_TYPES].join(", ") },
  });
  if (answer.status === 404) {
    answer.discard();
    return undefined;
  }
  if (answer.status !== 200) throw await registryFailure(client, answer);
  const bytes = await readBody(answer, MAX_MANIFEST_BYTES, options);
  const digest = digestBlob(bytes);
  const expected = name.startsWith("sha256:") ? name : answer.header("docker-content-digest");
  if (expected?.startsWith("sha256:") === true && expected !== digest) {
    throw digestMismatch(options.reference, expected, digest);
  }
  return { bytes, digest, contentType: answer.header("content-type") ?? "" };
}

async function readDocument(
  client: RegistryClient,
  name: string,
): Promise<{ digest: string; document: RegistryDocument }> {
  const found = await readManifestBytes(client, name);
  if (found === undefined) throw await missingTag(client, name);
  const document = parseRegistryDocument(found.bytes, found.contentType, client.http.options.reference);
  return { digest: found.digest, document };
}

/** The manifest for wasm; where the index says nothing of it, its only one. */
function choosePlatform(manifests: readonly Descriptor[], reference: string): Descriptor {
  const isWasm = ({ platform = "" }: Descriptor): boolean =>
    /^(?:wasi|wasip1|wasip2|wasm)\/|\/wasm(?:32)?$/u.test(platform);
  const chosen = manifests.find(isWasm) ?? (manifests.length === 1 ? manifests[0] : undefined);
  if (chosen !== undefined) return chosen;
  const platforms = manifests.map(({ platform, digest }) => platform ?? digest).join(", ") || "nothing";
  throw refuseModule(
    reference,
    `is an index without a manifest for wasm; it has ${platforms}`,
    "name the manifest by its digest",
  );
}

interface NamedLayer {
  readonly path: string;
  readonly layer: Descriptor;
}

/** The files that the layers stand for: by their titles, or a lone module by the repository's name. */
function nameLayers(
  { layers, artifactType }: Extract<RegistryDocument, { kind: "manifest" }>,
  { http, reference }: RegistryClient,
): NamedLayer[] {
  const shown = http.options.reference;
  if (layers.length > MAX_LAYERS)
    throw refuseModule(shown, `has more than ${MAX_LAYERS} layers`, "publish fewer files");
  const [only] = layers;
  if (layers.length === 1 && only !== undefined && WASM_LAYERS.includes(only.mediaType)) {
    return [{ path: moduleName(only.annotations[TITLE] ?? reference.repository), layer: only }];
  }
  const named = layers.map((layer) => ({ path: layer.annotations[TITLE] ?? "", layer }));
  const isPacked = ({ path, layer }: NamedLayer): boolean => path === "" || layer.annotations[UNPACK] === "true";
  if (named.length === 0 || named.some(isPacked)) {
    const kind = artifactType === "" ? "" : ` (${artifactType})`;
    throw refuseModule(
      shown,
      `is neither a wasm module nor a tool${kind}`,
      "name an artifact of `pocket push`, or one with a layer application/wasm",
    );
  }
  checkTreePaths(
    named.map(({ path }) => path),
    shown,
  );
  return named;
}

async function readLayers(client: RegistryClient, layers: readonly NamedLayer[]): Promise<ToolFiles> {
  const files = new Map<string, Uint8Array>(layers.map(({ path }) => [path, new Uint8Array()]));
  const queue = layers.values();
  const read = async (): Promise<void> => {
    for (const { path, layer } of queue) files.set(path, await readLayer(client, layer));
  };
  await Promise.all(Array.from({ length: PARALLEL_LAYERS }, read));
  return files;
}

async function readLayer(client: RegistryClient, { digest, size, mediaType }: Descriptor): Promise<Uint8Array> {
  const { options } = client.http;
  const answer = await client.send({ path: `blobs/${digest}` });
  if (answer.status !== 200) throw await registryFailure(client, answer);
  const bytes = await readBody(answer, size, options);
  const found = digestBlob(bytes);
  if (found !== digest) throw digestMismatch(options.reference, digest, found);
  if (WASM_LAYERS.includes(mediaType)) checkWasm(bytes, options.reference);
  return bytes;
}
