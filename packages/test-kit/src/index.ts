/** The public names of @toolpocket/test-kit. */
export { startGitServer } from "./git-server.ts";
export type { GitRequest, GitServer, GitServerOptions } from "./git-server.ts";
export type { CommitOptions, CommittedFile, GitRepository } from "./git-repository.ts";
export { startModuleServer } from "./module-server.ts";
export type { Fault, ModuleRequest, ModuleServer, ModuleServerOptions, PublishedArtifact } from "./module-server.ts";
export { missingForDockerRegistry, startDockerRegistry } from "./docker-registry.ts";
export type { DockerRegistry, DockerRegistryOptions } from "./docker-registry.ts";
export { makeNativeWheel } from "./native-wheel.ts";
export { startPyodideDistribution } from "./pyodide-distribution.ts";
export type {
  DistributedFile,
  DistributionInfo,
  PyodideDistributionOptions,
  PyodideDistributionServer,
} from "./pyodide-distribution.ts";
export { startPythonIndex } from "./python-index.ts";
export type { PublishedWheel, PythonIndexServer, PythonIndexServerOptions } from "./python-index.ts";
export { makeWheel } from "./python-wheel.ts";
export type { MadeWheel, WheelParts } from "./python-wheel.ts";
