/** Writes a number of events to an audit file: `node audit-in-child FILE TOOL COUNT`. */
import { openAudit } from "../../src/audit/audit-file.ts";
import { createEventSource } from "../../src/pocket/pocket-events.ts";

const [file = "", tool = "", count = "0"] = process.argv.slice(2);
const source = createEventSource();
const audit = openAudit(source, file);
for (let index = 0; index < Number(count); index += 1) {
  const origin = { time: new Date(0).toISOString(), tool, invocation: String(index) };
  source.emit("invocation", { ...origin, status: "ok", durationMs: 1 });
}
audit.close();
