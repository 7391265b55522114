/** Pushes the files of a tool as an artifact: a layer for each file, titled with its path, as ORAS does it. */
import type { ToolFiles } from "../../program.ts";
import { PocketError } from "../../errors.ts";
import { refuseModule } from "../module-failure.ts";
import { digestBlob } from "./manifest.ts";
import {
  EMPTY_CONFIG,
  OCI_MANIFEST,
  TITLE,
  TOOL_ARTIFACT,
  TOOL_FILE_LAYER,
  WASM_CONFIG,
  WASM_LAYER,
} from "./media-types.ts";
import { readManifestBytes } from "./pull-artifact.ts";
import { type RegistryClient, registryFailure } from "./registry-client.ts";

const PARALLEL_UPLOADS = 4;

export interface PushedArtifact {
  /** `sha256:` and hex of the manifest. */
  readonly digest: string;
  /** Whether the tag stood for exactly this before. */
  readonly isUnchanged: boolean;
  /** What the tag stood for before, where that was something else. */
  readonly replaced?: string;
}

/**
 * Uploads what the registry lacks, then the manifest under the reference's tag. The same files give the same digest.
 * @throws PocketError ERR_POCKET_PUSH_REFUSED when the tag stands for other content and `force` is not set;
 * ERR_POCKET_SOURCE_UNREACHABLE when the registry does not take it
 */
export async function pushArtifact(
  client: RegistryClient,
  files: ToolFiles,
  { force }: { readonly force: boolean },
): Promise<PushedArtifact> {
  const { tag } = client.reference;
  const { reference } = client.http.options;
  if (tag === undefined || client.reference.digest !== undefined) {
    throw refuseModule(
      reference,
      "names a digest, and what is pushed gets a digest of its own",
      "name a tag: oci://host/repository:tag",
    );
  }
  const { manifest, blobs } = describeArtifact(files);
  const digest = digestBlob(manifest);
  const standing = (await readManifestBytes(client, tag))?.digest;
  if (standing === digest) return { digest, isUnchanged: true };
  if (standing !== undefined && !force) throw tagTaken(reference, tag, standing);
  const queue = blobs.entries();
  const upload = async (): Promise<void> => {
    for (const [blobDigest, bytes] of queue) await uploadBlob(client, blobDigest, bytes);
  };
  await Promise.all(Array.from({ length: PARALLEL_UPLOADS }, upload));
  const answer = await client.send({
    path: `manifests/${tag}`,
    method: "PUT",
    headers: { "content-type": OCI_MANIFEST },
    body: manifest,
  });
  if (answer.status !== 201) throw await registryFailure(client, answer);
  answer.discard();
  return { digest, isUnchanged: false, ...(standing !== undefined && { replaced: standing }) };
}

interface DescribedArtifact {
  readonly manifest: Uint8Array;
  /** By digest. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
}

/** Modules stand first, where readers of single modules look. */
function describeArtifact(files: ToolFiles): DescribedArtifact {
  const isModule = (path: string): boolean => path.endsWith(".wasm");
  const paths = [...files.keys()].toSorted((a, b) => Number(isModule(b)) - Number(isModule(a)) || (a < b ? -1 : 1));
  const blobs = new Map<string, Uint8Array>();
  const describe = (mediaType: string, content: Uint8Array) => {
    const digest = digestBlob(content);
    blobs.set(digest, content);
    return { mediaType, digest, size: content.length };
  };
  const layers = paths.map((path) => {
    const mediaType = isModule(path) ? WASM_LAYER : TOOL_FILE_LAYER;
    const { digest, size } = describe(mediaType, files.get(path) ?? new Uint8Array());
    return { mediaType, digest, size, annotations: { [TITLE]: path } };
  });
  const modules = layers.filter(({ mediaType }) => mediaType === WASM_LAYER);
  const [only] = modules;
  const configuration = { architecture: "wasm", os: "wasip1", layerDigests: modules.map(({ digest }) => digest) };
  const config =
    only !== undefined && modules.length === 1
      ? describe(WASM_CONFIG, encode(configuration))
      : describe(EMPTY_CONFIG, encode({}));
  const manifest = { schemaVersion: 2, mediaType: OCI_MANIFEST, artifactType: TOOL_ARTIFACT, config, layers };
  return { manifest: encode(manifest), blobs };
}

/** In one piece; nothing is sent of what the registry has already. */
async function uploadBlob(client: RegistryClient, digest: string, bytes: Uint8Array): Promise<void> {
  const known = await client.send({ path: `blobs/${digest}`, method: "HEAD" });
  known.discard();
  if (known.status === 200) return;
  const begun = await client.send({ path: "blobs/uploads/", method: "POST" });
  const location = begun.header("location");
  if (begun.status !== 202 || location === undefined) throw await registryFailure(client, begun);
  begun.discard();
  const place = new URL(location, begun.url);
  place.searchParams.set("digest", digest);
  const headers = { "content-type": "application/octet-stream", "content-length": String(bytes.length) };
  const done = await client.send({ path: place, method: "PUT", headers, body: bytes });
  if (done.status !== 201) throw await registryFailure(client, done);
  done.discard();
}

function tagTaken(reference: string, tag: string, standing: string): PocketError {
  return new PocketError(
    "ERR_POCKET_PUSH_REFUSED",
    `${reference}: the tag ${tag} stands for other content: ${standing}`,
    {
      hint: "push under another tag, or replace it with `--force`; who has locked the old content keeps it",
      details: { reference, tag, standing },
    },
  );
}

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
