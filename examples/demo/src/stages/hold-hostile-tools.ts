/** Runs two tools that do not mean well, and shows that they are held. */
import { strict as assert } from "node:assert";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Outcome, Pocket } from "toolpocket";
import { expectOutput } from "../expect-output.ts";
import type { Report } from "../report.ts";

export async function holdHostileTools(report: Report, pocket: Pocket): Promise<void> {
  report.stage("Hold", "two tools of the same repository that do not mean well");
  const { value: looped } = await report.step(
    "endless_loop",
    () => pocket.invoke("endless_loop", {}),
    (outcome) => `ended from outside: ${describe(outcome)}`,
  );
  assert.equal(looped.status === "error" && looped.error.code, "timeout");

  await report.step(
    "phone_home",
    () => letItPhone(pocket),
    ({ ways, arrived }) => `tried ${ways} ways out, all refused; ${arrived} requests arrived`,
  );
  await report.step(
    "climate",
    async () => expectOutput(await pocket.invoke("climate", { city: "Cairo" })),
    (output) => `goes on: ${output}`,
  );
}

/** Listens where the tool wants to send to. */
async function letItPhone(pocket: Pocket): Promise<{ ways: number; arrived: number }> {
  let arrived = 0;
  const listener = createServer((_, response) => {
    arrived += 1;
    response.end();
  });
  // A connection that never becomes a request counts too.
  listener.on("connection", () => void (arrived += 1));
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = listener.address() as AddressInfo;
    const output = expectOutput(await pocket.invoke("phone_home", { url: `http://127.0.0.1:${port}/` }));
    const ways: string[] = Object.values(JSON.parse(output));
    assert.ok(ways.length > 0 && ways.every((result) => result.startsWith("refused")), output);
    assert.equal(arrived, 0);
    return { ways: ways.length, arrived };
  } finally {
    listener.closeAllConnections();
    listener.close();
  }
}

function describe(outcome: Outcome): string {
  return outcome.status === "ok" ? "it came to an end" : outcome.error.message;
}
