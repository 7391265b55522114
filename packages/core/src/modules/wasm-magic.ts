/** Whether bytes are WebAssembly, by their first eight. */
import { refuseModule } from "./module-failure.ts";

/** `\0asm`; the version and layer behind it tell a module (1, 0) from a component. */
const MAGIC = Buffer.from([0x00, 0x61, 0x73, 0x6d]);

/**
 * Accepts modules and components: which of them a runtime can run is its own question.
 * @throws PocketError ERR_POCKET_MODULE_REFUSED that says what was found instead
 */
export function checkWasm(bytes: Uint8Array, reference: string): void {
  if (bytes.length >= 8 && MAGIC.equals(bytes.subarray(0, 4))) return;
  throw refuseModule(
    reference,
    `is no WebAssembly: ${describe(bytes)}`,
    "check the reference; a web page may stand in the file's place",
  );
}

function describe(bytes: Uint8Array): string {
  if (bytes.length === 0) return "it is empty";
  if (MAGIC.equals(bytes.subarray(0, 4))) return "it ends within its header";
  const start = new TextDecoder().decode(bytes.subarray(0, 24));
  if (/^[\x20-\x7e\s]+$/u.test(start)) return `it begins with ${JSON.stringify(start)}`;
  return `it begins with the bytes ${Buffer.from(bytes.subarray(0, 4)).toString("hex")}`;
}
