/** A process that loads the Pocket of a folder's settings, and prints the milliseconds that load() took. */
import { Pocket } from "toolpocket";

await using pocket = new Pocket({ frozen: true, offline: true });
const start = performance.now();
await pocket.load();
process.stdout.write(JSON.stringify({ figure: performance.now() - start, tools: (await pocket.tools()).length }));
