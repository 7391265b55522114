/** A process that wants one Python result from Toolpocket; run in the bench's folder. In JavaScript, as installed programs are. */
import { fromLocal, Pocket } from "toolpocket";

await using pocket = new Pocket({ tools: [fromLocal("echo-python")] });
const outcome = await pocket.invoke("echo-python", { city: "Seoul" });
if (outcome.status !== "ok") throw new Error(outcome.error.message);
process.stdout.write(outcome.output);
