/** Calls tools from a plain program: which of some cities is warmest in a month, in the unit that one likes. */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { type JsonObject, Pocket } from "toolpocket";

interface Average {
  readonly city: string;
  readonly average: number;
  readonly unit: string;
}

interface Quantity {
  readonly value: number;
  readonly unit: string;
}

const cities = ["Seoul", "Sydney", "Nairobi"];

// The tools are named in settings.toml, which lies with pocket.lock in the folder above.
const pocket = new Pocket({ cwd: join(import.meta.dirname, "..") });
try {
  // Calls run side by side, each in an instance of its own.
  const averages = await Promise.all(cities.map((city) => callForJson<Average>("climate", { city, month: 7 })));
  const warmest = averages.reduce((best, next) => (next.average > best.average ? next : best));
  assert.equal(warmest.city, "Seoul");

  const { city, average, unit } = warmest;
  const converted = await callForJson<Quantity>("unit_convert", { value: average, from: unit, to: "°F" });
  const slug = await call("slugify", { text: `${city} in July` });
  console.log(`${slug}: ${converted.value} ${converted.unit}`);
  assert.deepEqual([slug, converted], ["seoul-in-july", { value: 77, unit: "°F" }]);

  // What a tool or its input causes is an outcome, not an exception.
  const failed = await pocket.invoke("climate", { city: "Seoul", month: "July" });
  assert.equal(failed.status, "error");
  console.log(`${failed.error.code}: ${failed.error.message}`);
  assert.equal(failed.error.code, "invalid_input");
} finally {
  await pocket.close();
}

async function call(name: string, input: JsonObject): Promise<string> {
  const outcome = await pocket.invoke(name, input);
  if (outcome.status !== "ok") throw new Error(`${name}: ${outcome.error.message}`);
  return outcome.output.trimEnd();
}

/** The output of a tool that answers in JSON. */
async function callForJson<Answer>(name: string, input: JsonObject): Promise<Answer> {
  const answer: Answer = JSON.parse(await call(name, input));
  return answer;
}
