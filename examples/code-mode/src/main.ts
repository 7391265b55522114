/** Code mode without a key: what a model would write stands here, and its calls are answered as a client's would be. */
import { strict as assert } from "node:assert";
import { codeTools } from "@toolpocket/code-mode";
import { fromFunction, Pocket } from "toolpocket";

const readings = fromFunction({
  name: "sensors__read",
  description: "Reads a sensor: a day of temperatures.",
  inputSchema: { type: "object", properties: { room: { type: "integer" } }, required: ["room"] },
  run: ({ room }: { room: number }) => Array.from({ length: 24 }, (_, hour) => 18 + ((room * 7 + hour * 3) % 11)),
});
const alarm = fromFunction({
  name: "alarms__raise",
  description: "Raises an alarm for a room.",
  inputSchema: { type: "object", properties: { room: { type: "integer" } }, required: ["room"] },
  run: ({ room }: { room: number }) => `alarm for room ${room}`,
});

await using pocket = new Pocket({ tools: [readings, alarm] });
await using code = await codeTools(pocket, {
  needsApproval: ["alarms__raise"],
  onApproval: (pending) => {
    console.log(`may it call ${pending.tool} with ${JSON.stringify(pending.input)}? yes`);
    pending.approve();
  },
});
console.log(code.instructions, "\n");

const written = `
days = await asyncio.gather(*[tools.sensors.read(room=room) for room in range(1, 41)])
averages = {room: sum(day) / len(day) for room, day in enumerate(days, 1)}
warmest = max(averages, key=averages.get)
print(f"{len(days)} rooms read, the warmest is {warmest}")
tools.alarms.raise_(room=warmest)
`;
const call = {
  type: "function_call",
  call_id: "1",
  name: "python",
  arguments: JSON.stringify({ code: written }),
} as const;
const { output } = await code.handle(call);
console.log(output);
assert.match(output, /^40 rooms read, the warmest is (?<room>\d+)\nalarm for room \k<room>$/u);
