/** A registry's reference without what names a version of it. */

/** `registry.example/tools/hash:1.0@sha256:…` → `registry.example/tools/hash`; a port stays. */
export function withoutVersion(reference: string): string {
  const name = reference.lastIndexOf("/") + 1;
  const version = reference.slice(name).search(/[:@]/u);
  return version === -1 ? reference : reference.slice(0, name + version);
}
