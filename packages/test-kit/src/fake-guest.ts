/** Runs one node program inside a child process of the fake invoker: `node fake-guest ENTRY FUNCTION ARGS…`. */
import { writeSync } from "node:fs";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

/** The pipe on which a returned value goes back. */
const VALUE_PIPE = 3;

const [, , entry = "", functionName = "", ...args] = process.argv;
process.argv = [process.execPath, entry, ...args];

const module: Record<string, unknown> = await import(pathToFileURL(entry).href);
const target = module[functionName === "" ? "default" : functionName];
if (typeof target === "function") {
  const value: unknown = await target(JSON.parse(await text(process.stdin)));
  writeSync(VALUE_PIPE, JSON.stringify(value ?? null));
}
