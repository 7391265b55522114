import { expect, it } from "vitest";
import { createKeepAlive } from "../src/keep-alive.ts";

/** Timers that keep this process running. */
function countTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}

it("createKeepAlive() holds the process as long as one of its works is underway, also one that fails", async () => {
  const keepAlive = createKeepAlive();
  const idle = countTimers();
  const [first, second] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const works = [keepAlive(() => first.promise), keepAlive(() => second.promise)];
  const settled = Promise.allSettled(works);
  expect(countTimers()).toBe(idle + 1);
  first.reject(new Error("failed"));
  await expect(works[0]).rejects.toThrow("failed");
  expect(countTimers()).toBe(idle + 1);
  second.resolve("done");
  await expect(settled).resolves.toMatchObject([{ status: "rejected" }, { value: "done" }]);
  expect(countTimers()).toBe(idle);
});
