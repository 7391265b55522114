/** Node's module resolution over an in-memory tree, for the host's bundler and the guest's loader alike. */
export { BUILTIN_MODULES, toBuiltinName } from "./builtin-modules.ts";
export {
  findPackageScope,
  type ModuleTree,
  type PackageManifest,
  parentFolder,
  readPackageManifest,
  resolvePath,
  TOOL_ROOT,
} from "./module-tree.ts";
export { type ImportKind, type ResolvedModule, resolveModule } from "./resolve-module.ts";
