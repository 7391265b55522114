/** `node:fs`: memfs, with the tool's files under /tool, a writable /tmp, and the standard streams as files. */
import { parentFolder } from "../../../../node-resolution/module-tree.ts";
import { libraries } from "../libraries.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";
import { bindContext } from "./async-hooks.ts";
import { withStandardFiles } from "./standard-files.ts";

/** Watchers call back as long as they live: no single callback ends their wait. */
const WATCHERS = new Set(["watch", "watchFile", "unwatchFile"]);

export function createFileSystem(realm: NodeRealm): Exports {
  const { Volume, createFsFromVolume } = libraries.memfs();
  const volume = Volume.fromJSON({}, "/", { process: realm.process });
  for (const folder of ["/tmp", "/home/tool", "/dev", realm.process.cwd()]) volume.mkdirSync(folder, { recursive: true });
  for (const [path, content] of realm.files.files) {
    volume.mkdirSync(parentFolder(path), { recursive: true });
    volume.writeFileSync(path, content);
  }
  const fs = withStandardFiles(realm, createFsFromVolume(volume));
  for (const name of Object.keys(fs)) {
    const method = fs[name];
    if (typeof method === "function" && /^[a-z]/u.test(name) && !name.endsWith("Sync") && !WATCHERS.has(name)) {
      fs[name] = completeLater(realm, method);
    }
  }
  fs.promises = createPromises(realm, fs.promises);
  const { promisify } = realm.builtin("util");
  fs.exists[promisify.custom] = (path: string) => new Promise((resolve) => fs.exists(path, resolve));
  realm.files.mount(fs);
  return fs;
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
  return Object.assign(Object.defineProperty(completing, "name", { value: method.name }), method);
}

function createPromises(realm: NodeRealm, promises: Exports): Exports {
  const later: Exports = {};
  const names = new Set([...Object.getOwnPropertyNames(Object.getPrototypeOf(promises)), ...Object.keys(promises)]);
  for (const name of names) {
    const method = promises[name];
    if (typeof method !== "function" || name === "constructor") later[name] = method;
    else if (name === "watch" || name === "glob") later[name] = method.bind(promises);
    else {
      later[name] = (...values: unknown[]): Promise<unknown> => {
        const { promise, resolve, reject } = Promise.withResolvers<unknown>();
        const release = realm.loop.hold();
        const settle = (done: () => void): void => {
          release();
          realm.loop.addCompletion(done);
        };
        Promise.resolve(method.apply(promises, values)).then(
          (value) => settle(() => resolve(value)),
          (error: unknown) => settle(() => reject(error)),
        );
        return promise;
      };
    }
  }
  return later;
}
