/** Reads what a guest sends after a call, up to a limit. */
import { HostCallError } from "../host-service.ts";

/** @throws HostCallError "too_large" */
export async function readBody(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new HostCallError("too_large", `more than ${maxBytes} bytes were sent`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
