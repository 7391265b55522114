/** `node:crypto`: hashes, key derivation, random values and AES in software, the rest through the web's crypto. */
import { createNodeError, unavailable } from "../errors/node-error.ts";
import { libraries } from "../libraries.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";
import { createHashClasses, findHash, HASH_NAMES, toBytes } from "./hashes.ts";
import { createRandom } from "./random.ts";

/** Names of functions that need public-key code which the sandbox has only as `crypto.subtle`. */
const ASYMMETRIC = [
  "createSign",
  "createVerify",
  "sign",
  "verify",
  "publicEncrypt",
  "publicDecrypt",
  "privateEncrypt",
  "privateDecrypt",
  "createDiffieHellman",
  "createDiffieHellmanGroup",
  "getDiffieHellman",
  "createECDH",
  "diffieHellman",
  "createPrivateKey",
  "createPublicKey",
  "generateKeyPair",
  "generateKeyPairSync",
  "generateKey",
  "generateKeySync",
  "generatePrime",
  "generatePrimeSync",
  "checkPrime",
  "checkPrimeSync",
  "X509Certificate",
  "Certificate",
  "encapsulate",
  "decapsulate",
];

export function createCrypto(realm: NodeRealm): Exports {
  const { Buffer } = realm.builtin("buffer");
  const { webcrypto } = realm;
  const bytes = (data: Exports, encoding?: string): Uint8Array =>
    toBytes(Buffer, data?.toolpocketBytes ?? data, encoding);
  const later = (compute: () => unknown, callback: Exports): void => {
    realm.loop.addCompletion(() => {
      let result: unknown;
      try {
        result = compute();
      } catch (error) {
        return callback(error);
      }
      callback(null, result);
    });
  };
  const hashes = createHashClasses(realm);

  const pbkdf2Sync = (password: Exports, salt: Exports, iterations: number, length: number, digest: string): Exports =>
    Buffer.from(
      libraries.hashes().pbkdf2(findHash(digest), bytes(password), bytes(salt), { c: iterations, dkLen: length }),
    );
  const scryptSync = (password: Exports, salt: Exports, length: number, options: Exports = {}): Exports => {
    const N = options.N ?? options.cost ?? 16_384;
    const r = options.r ?? options.blockSize ?? 8;
    const p = options.p ?? options.parallelization ?? 1;
    const maxmem = options.maxmem ?? 33_554_432;
    if (128 * N * r > maxmem) {
      throw createNodeError(
        RangeError,
        "ERR_CRYPTO_INVALID_SCRYPT_PARAMS",
        "Invalid scrypt params: memory limit exceeded",
      );
    }
    return Buffer.from(
      libraries.hashes().scrypt(bytes(password), bytes(salt), { N, r, p, dkLen: length, maxmem: maxmem * 2 }),
    );
  };
  const hkdfSync = (digest: string, key: Exports, salt: Exports, info: Exports, length: number): ArrayBuffer =>
    new Uint8Array(libraries.hashes().hkdf(findHash(digest), bytes(key), bytes(salt), bytes(info), length)).buffer;

  const crypto: Exports = {
    ...hashes,
    ...createRandom(realm),
    getHashes: () => [...HASH_NAMES],
    hash: (name: string, data: Exports, encoding = "hex") => hashes.createHash(name).update(data).digest(encoding),
    pbkdf2Sync,
    pbkdf2: (password: Exports, salt: Exports, iterations: number, length: number, digest: string, callback: Exports) =>
      later(() => pbkdf2Sync(password, salt, iterations, length, digest), callback),
    scryptSync,
    scrypt: (password: Exports, salt: Exports, length: number, options: Exports, callback: Exports = options) =>
      later(() => scryptSync(password, salt, length, callback === options ? {} : options), callback),
    hkdfSync,
    hkdf: (digest: string, key: Exports, salt: Exports, info: Exports, length: number, callback: Exports) =>
      later(() => hkdfSync(digest, key, salt, info, length), callback),
    timingSafeEqual(first: Exports, second: Exports) {
      const [a, b] = [bytes(first), bytes(second)];
      if (a.length !== b.length) {
        throw createNodeError(
          RangeError,
          "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH",
          "Input buffers must have the same byte length",
        );
      }
      return a.reduce((difference, byte, index) => difference | (byte ^ (b[index] ?? 0)), 0) === 0;
    },
    createSecretKey: (key: Exports, encoding?: string) => createSecretKey(Buffer, bytes(key, encoding)),
    webcrypto,
    subtle: webcrypto.subtle,
    constants: {},
    getFips: () => 0,
    setFips: () => undefined,
    secureHeapUsed: () => ({ total: 0, used: 0, utilization: 0, min: 0 }),
    getCurves: () => [],
  };
  for (const name of ASYMMETRIC) {
    crypto[name] = function (): never {
      throw unavailable(`crypto.${name}`);
    };
  }
  return addCiphers(crypto, bytes);
}

function addCiphers(crypto: Exports, bytes: (data: Exports) => Uint8Array): Exports {
  const names = (): string[] =>
    Object.keys(libraries.aes().getCiphers?.() ?? {}).length > 0 ? libraries.aes().getCiphers() : [];
  const create = (kind: "createCipheriv" | "createDecipheriv") => (name: string, key: Exports, iv: Exports) => {
    try {
      return libraries.aes()[kind](String(name).toLowerCase(), bytes(key), iv === null ? bytes("") : bytes(iv));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      if (error.message.includes("invalid suite"))
        throw createNodeError(Error, "ERR_CRYPTO_UNKNOWN_CIPHER", "Unknown cipher");
      if (error.message.includes("key length"))
        throw createNodeError(RangeError, "ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length");
      throw createNodeError(TypeError, "ERR_CRYPTO_INVALID_IV", "Invalid initialization vector");
    }
  };
  return Object.assign(crypto, {
    createCipheriv: create("createCipheriv"),
    createDecipheriv: create("createDecipheriv"),
    getCiphers: names,
  });
}

function createSecretKey(Buffer: Exports, key: Uint8Array): Exports {
  return {
    type: "secret",
    symmetricKeySize: key.length,
    toolpocketBytes: key,
    export: (options?: Exports) =>
      options?.format === "jwk" ? { kty: "oct", k: Buffer.from(key).toString("base64url") } : Buffer.from(key),
    equals: (other: Exports) => Buffer.from(key).equals(other.toolpocketBytes),
  };
}
