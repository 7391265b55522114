/** A host of its own for tests that kill it: starts an invoker, runs one tool that loops, and says when it does. */
import { createWasmInvoker } from "../../src/index.ts";
import { createPythonTool } from "../python-tool.ts";

const invoker = createWasmInvoker({ readyInstances: 0, keepSpare: false });
const call = { input: {}, environment: {}, timeoutMs: 600_000 };
await invoker.run(createPythonTool("print('ready')"), call);
process.stdout.write("ready\n");
if (process.argv[2] === "close") await invoker.close();
else await invoker.run(createPythonTool("while True: pass"), call);
