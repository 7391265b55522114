/** Hashes of `node:crypto`, by @noble/hashes: synchronous, as Node's are. */
import { createNodeError } from "../errors/node-error.ts";
import { libraries } from "../libraries.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";

/** Library functions by Node's name of the algorithm, in lower case. */
const ALGORITHMS: Readonly<Record<string, () => Exports>> = {
  md5: () => libraries.hashes().md5,
  sha1: () => libraries.hashes().sha1,
  ripemd160: () => libraries.hashes().ripemd160,
  sha224: () => libraries.hashes().sha224,
  sha256: () => libraries.hashes().sha256,
  sha384: () => libraries.hashes().sha384,
  sha512: () => libraries.hashes().sha512,
  "sha512-224": () => libraries.hashes().sha512_224,
  "sha512-256": () => libraries.hashes().sha512_256,
  "sha3-224": () => libraries.hashes().sha3_224,
  "sha3-256": () => libraries.hashes().sha3_256,
  "sha3-384": () => libraries.hashes().sha3_384,
  "sha3-512": () => libraries.hashes().sha3_512,
  blake2b512: () => libraries.hashes().blake2b,
  blake2s256: () => libraries.hashes().blake2s,
};
const ALIASES: Readonly<Record<string, string>> = {
  rmd160: "ripemd160",
  "rsa-sha256": "sha256",
  "rsa-sha512": "sha512",
  "rsa-sha1": "sha1",
};

export const HASH_NAMES: readonly string[] = Object.keys(ALGORITHMS);

/** @throws Error "Digest method not supported" for an unknown name, as Node does */
export function findHash(name: string): Exports {
  const lower = String(name)
    .toLowerCase()
    .replace(/^sha-(?=\d)/u, "sha");
  const find = ALGORITHMS[ALIASES[lower] ?? lower];
  if (!find) throw createNodeError(Error, "ERR_OSSL_EVP_UNSUPPORTED", "Digest method not supported");
  return find();
}

/** Classes Hash and Hmac: streams that can be updated and digested once. */
export function createHashClasses(realm: NodeRealm): {
  createHash: Exports;
  createHmac: Exports;
  Hash: Exports;
  Hmac: Exports;
} {
  // A tool that names node:crypto will use it: better now, while it waits for its call.
  libraries.hashes();
  const { Transform } = realm.builtin("stream");
  const { Buffer } = realm.builtin("buffer");

  class Digest extends Transform {
    #state: Exports;
    #finished = false;
    constructor(state: Exports, options?: object) {
      super(options);
      this.#state = state;
    }
    update(data: Exports, encoding?: string): this {
      if (this.#finished) throw createNodeError(Error, "ERR_CRYPTO_HASH_FINALIZED", "Digest already called");
      if (typeof data !== "string" && !ArrayBuffer.isView(data)) {
        throw createNodeError(
          TypeError,
          "ERR_INVALID_ARG_TYPE",
          `The "data" argument must be of type string or an instance of Buffer, TypedArray, or DataView. Received ${realm.builtin("util").inspect(data)}`,
        );
      }
      this.#state.update(toBytes(Buffer, data, encoding));
      return this;
    }
    digest(encoding?: string): Exports {
      if (this.#finished) throw createNodeError(Error, "ERR_CRYPTO_HASH_FINALIZED", "Digest already called");
      this.#finished = true;
      const bytes = Buffer.from(this.#state.digest());
      return encoding && encoding !== "buffer" ? bytes.toString(encoding) : bytes;
    }
    copy(): Digest {
      if (this.#finished) throw createNodeError(Error, "ERR_CRYPTO_HASH_FINALIZED", "Digest already called");
      return new (this.constructor as typeof Digest)(this.#state.clone());
    }
    _transform(chunk: Exports, encoding: string, done: () => void): void {
      this.update(chunk, encoding);
      done();
    }
    _flush(done: () => void): void {
      this.push(this.digest());
      done();
    }
  }
  class Hash extends Digest {}
  class Hmac extends Digest {}
  return {
    Hash,
    Hmac,
    createHash: (name: string, options?: Exports) => {
      const length = options?.outputLength;
      const hash = findHash(name);
      return new Hash(length === undefined ? hash.create() : hash.create({ dkLen: length }), options);
    },
    createHmac: (name: string, key: Exports, options?: object) =>
      new Hmac(libraries.hashes().hmac.create(findHash(name), toBytes(Buffer, key?.toolpocketBytes ?? key)), options),
  };
}

/** Bytes of what Node's crypto functions take as data. */
export function toBytes(Buffer: Exports, data: Exports, encoding?: string): Uint8Array {
  if (typeof data === "string") return Buffer.from(data, encoding === "buffer" ? "utf8" : encoding);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
