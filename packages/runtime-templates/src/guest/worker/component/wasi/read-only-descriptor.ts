/** A descriptor of preview2-shim through which nothing can be changed. */

/** Methods that change what they are called on, or give others a way to. */
const CHANGES = new Set([
  "writeViaStream",
  "appendViaStream",
  "setSize",
  "setTimes",
  "write",
  "createDirectoryAt",
  "setTimesAt",
  "linkAt",
  "removeDirectoryAt",
  "renameAt",
  "symlinkAt",
  "unlinkFileAt",
]);

interface OpenFlags {
  readonly create?: boolean;
  readonly truncate?: boolean;
}
interface DescriptorFlags {
  readonly write?: boolean;
  readonly mutateDirectory?: boolean;
}
type OpenAt = (pathFlags: unknown, path: string, open: OpenFlags, flags: DescriptorFlags) => object;

/** The descriptor with every change refused as `read-only`; what is opened below it is closed in the same way. */
export function toReadOnly<Descriptor extends object>(descriptor: Descriptor): Descriptor {
  return new Proxy(descriptor, {
    get(target, key) {
      if (typeof key === "string" && CHANGES.has(key)) return refuse;
      if (key === "getFlags") return () => ({ read: true });
      const found: unknown = Reflect.get(target, key, target);
      if (typeof found !== "function") return found;
      if (key !== "openAt") return found.bind(target);
      return ((pathFlags, path, open, flags) => {
        if (open.create === true || open.truncate === true || flags.write === true || flags.mutateDirectory === true) {
          refuse();
        }
        return toReadOnly((found as OpenAt).call(target, pathFlags, path, open, flags));
      }) satisfies OpenAt;
    },
  });
}

/** An error of `wasi:filesystem` is its code. */
function refuse(): never {
  throw "read-only";
}
