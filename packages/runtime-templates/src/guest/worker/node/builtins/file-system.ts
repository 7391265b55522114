/**
 * `node:fs`: memfs, with the tool's files under /tool, a writable /tmp, and the standard streams as files.
 *
 * Most tools read their input and write their output: that needs no file system. memfs starts with the first call that does.
 */
import { parentFolder } from "../../../../node-resolution/module-tree.ts";
import { libraries } from "../libraries.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";
import { bindContext } from "./async-hooks.ts";
import { CALLBACK_FUNCTIONS, LASTING_FUNCTIONS, MEMBERS, SYNCHRONOUS_FUNCTIONS } from "./file-system-names.ts";
import { CUSTOM_PROMISIFY_NAMES } from "./util.ts";
import { standardFileFunctions, standardFilePromises } from "./standard-files.ts";

export function createFileSystem(realm: NodeRealm): Exports {
  let memory: Exports;
  const load = (): Exports => (memory ??= createMemoryFileSystem(realm));
  const fs: Exports = {};

  for (const name of [...SYNCHRONOUS_FUNCTIONS, ...CALLBACK_FUNCTIONS, ...LASTING_FUNCTIONS]) {
    fs[name] = { [name]: (...values: unknown[]) => load()[name](...values) }[name];
  }
  for (const name of MEMBERS) defineMember(fs, name, () => load()[name]);
  defineMember(fs, "promises", () =>
    createPromises(realm, { ...boundPromises(load().promises), ...standardFilePromises(realm, load) }),
  );

  for (const [name, forStandardFile] of Object.entries(standardFileFunctions(realm))) {
    const original = fs[name];
    fs[name] = { [name]: (...values: unknown[]) => forStandardFile(original, ...values) }[name];
  }
  for (const name of CALLBACK_FUNCTIONS) fs[name] = completeLater(realm, fs[name]);
  fs.read[CUSTOM_PROMISIFY_NAMES] = ["bytesRead", "buffer"];
  fs.write[CUSTOM_PROMISIFY_NAMES] = ["bytesWritten", "buffer"];
  fs.realpathSync.native = fs.realpathSync;
  fs.realpath.native = fs.realpath;
  fs.exists[Symbol.for("nodejs.util.promisify.custom")] = (path: string) =>
    new Promise((resolve) => fs.exists(path, resolve));
  return fs;
}

function createMemoryFileSystem(realm: NodeRealm): Exports {
  const { Volume, createFsFromVolume } = libraries.memfs();
  const volume = Volume.fromJSON({}, "/", { process: realm.process });
  for (const folder of ["/tmp", "/home/tool", "/dev", realm.process.cwd()])
    volume.mkdirSync(folder, { recursive: true });
  for (const [path, content] of realm.files.files) {
    volume.mkdirSync(parentFolder(path), { recursive: true });
    volume.writeFileSync(path, content);
  }
  const fs = createFsFromVolume(volume);
  realm.storage.connect(volume, fs);
  realm.files.mount(fs);
  return fs;
}

/** A property whose value is found when it is first asked for. */
function defineMember(fs: Exports, name: string, find: () => unknown): void {
  const settle = (value: unknown): unknown => {
    Object.defineProperty(fs, name, { value, writable: true, configurable: true, enumerable: true });
    return value;
  };
  Object.defineProperty(fs, name, { configurable: true, enumerable: true, get: () => settle(find()), set: settle });
}

/** `method` with its callback called as the completion of an operation is: never before what the caller still does. */
function completeLater(realm: NodeRealm, method: Exports): Exports {
  const completing = (...values: unknown[]): unknown => {
    const last = values.at(-1);
    if (typeof last !== "function") return method(...values);
    const callback = bindContext(last as (...results: unknown[]) => void);
    const release = realm.loop.hold();
    const complete = (...results: unknown[]): void => {
      release();
      realm.loop.addCompletion(() => callback(...results));
    };
    try {
      return method(...values.slice(0, -1), complete);
    } catch (error) {
      release();
      throw error;
    }
  };
  return Object.defineProperty(completing, "name", { value: method.name });
}

function boundPromises(promises: Exports): Exports {
  const names = new Set([...Object.getOwnPropertyNames(Object.getPrototypeOf(promises)), ...Object.keys(promises)]);
  names.delete("constructor");
  return Object.fromEntries(
    Array.from(names, (name) => [
      name,
      typeof promises[name] === "function" ? promises[name].bind(promises) : promises[name],
    ]),
  );
}

/** The promise functions, each settling as the completion of an operation does. */
function createPromises(realm: NodeRealm, promises: Exports): Exports {
  const later: Exports = {};
  for (const [name, method] of Object.entries<Exports>(promises)) {
    if (typeof method !== "function" || name === "watch" || name === "glob") later[name] = method;
    else {
      later[name] = (...values: unknown[]): Promise<unknown> => {
        const { promise, resolve, reject } = Promise.withResolvers<unknown>();
        const release = realm.loop.hold();
        const settle = (done: () => void): void => {
          release();
          realm.loop.addCompletion(done);
        };
        Promise.resolve(method(...values)).then(
          (value) => settle(() => resolve(value)),
          (error: unknown) => settle(() => reject(error)),
        );
        return promise;
      };
    }
  }
  return later;
}
