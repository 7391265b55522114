/** Reads a port of the command line. */
import { usageError } from "../usage-error.ts";

const MAX_PORT = 65_535;

/** @throws PocketError ERR_POCKET_USAGE */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/u.test(text) ? Number(text) : Number.NaN;
  if (port <= MAX_PORT) return port;
  throw usageError(`--port ${text} is no port`, `write a number from 0 to ${MAX_PORT}`);
}
