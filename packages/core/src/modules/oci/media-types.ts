/** The media types of registries that matter here. */

export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json";
const ORAS_MANIFEST = "application/vnd.cncf.oras.artifact.manifest.v1+json";
/** Of the release candidates of the specification 1.1; `blobs` stands where `layers` does. */
const ARTIFACT_MANIFEST = "application/vnd.oci.artifact.manifest.v1+json";

export const MANIFEST_TYPES = [OCI_MANIFEST, DOCKER_MANIFEST, ORAS_MANIFEST, ARTIFACT_MANIFEST] as const;
export const INDEX_TYPES = [OCI_INDEX, DOCKER_INDEX] as const;

/** The layer of a module: as the CNCF's guidance has it, and as older tools do. */
export const WASM_LAYER = "application/wasm";
export const WASM_LAYERS: readonly string[] = [WASM_LAYER, "application/vnd.wasm.content.layer.v1+wasm"];
/** The configuration of an artifact that is one module or component. */
export const WASM_CONFIG = "application/vnd.wasm.config.v0+json";

/** What `pocket push` publishes: a folder, each file a layer whose title is its path. */
export const TOOL_ARTIFACT = "application/vnd.toolpocket.tool.v1";
export const TOOL_FILE_LAYER = "application/vnd.toolpocket.tool.file.v1";
/** Stands for a configuration where there is none. */
export const EMPTY_CONFIG = "application/vnd.oci.empty.v1+json";

/** The annotation with a file's name, which ORAS writes too. */
export const TITLE = "org.opencontainers.image.title";
/** The annotation by which ORAS marks a folder that it packed into an archive. */
export const UNPACK = "io.deis.oras.content.unpack";
