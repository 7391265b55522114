/** Assembles WebAssembly's text format, so that tests need no compiler. */
import createWabt from "wabt";

/** The module's bytes. @throws Error with file name and line when `text` is no module. */
export async function assembleWat(text: string, fileName = "module.wat"): Promise<Uint8Array> {
  const wabt = await createWabt();
  const parsed = wabt.parseWat(fileName, text, { exceptions: true, tail_call: true, bulk_memory: true });
  try {
    return new Uint8Array(parsed.toBinary({}).buffer);
  } finally {
    parsed.destroy();
  }
}
