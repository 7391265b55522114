/** Which Node the runtime passes for: the release that its behaviour is compared with in the tests. */

export const PLATFORM = "linux";
export const ARCHITECTURE = "x64";

export const NODE_VERSIONS: Readonly<Record<string, string>> = Object.freeze({
  node: "24.21.0",
  v8: "13.6.233.17-node.37",
  uv: "1.51.0",
  zlib: "1.3.1",
  modules: "137",
  openssl: "3.5.4",
  unicode: "17.0",
});

export const NODE_RELEASE = Object.freeze({ name: "node", lts: "Krypton" });
