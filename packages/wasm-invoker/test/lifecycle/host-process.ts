/** A host of its own for tests that end it: starts an invoker, runs a tool, says so, and goes on as its argument tells. */
import { createWasmInvoker } from "../../src/index.ts";
import { createNodeTool } from "../node-tool.ts";
import { createPythonTool } from "../python-tool.ts";

const invoker = createWasmInvoker({ readyInstances: 0, keepSpare: false });
const call = { input: {}, environment: {}, timeoutMs: 600_000 };
await invoker.run(createNodeTool("console.log('ready')"), call);
process.stdout.write("ready\n");
const [, , mode] = process.argv;
if (mode === "close") await invoker.close();
if (mode === "exit") process.exit(7);
if (mode === "session") await invoker.openSession?.(createPythonTool("")).run(call);
if (mode === "loop") await invoker.run(createNodeTool("for (;;) {}"), call);
