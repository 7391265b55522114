/** The page of a sandbox: takes the host's messages over one WebSocket and runs each invocation in a worker of its own. */
import type { FromPage, ToPage } from "../../protocol/page-messages.ts";
import type { PageConfig } from "../../protocol/page-config.ts";
import { fetchAssets } from "./assets.ts";
import { connectChannel } from "./channel.ts";
import { readProgram } from "./program.ts";
import { createRunner } from "./runner.ts";
import { makeSnapshot } from "./snapshot.ts";

const config = readPageConfig();
const channel = await connectChannel(config.channelPath);
const send = (message: FromPage, parts?: readonly Uint8Array[]): void => channel.send(message, parts);

const assets = fetchAssets(config);
assets.catch(failBoot);
const runner = createRunner({ workerUrl: config.workerPath, maxMemoryBytes: config.maxMemoryBytes, assets, send });

channel.receive((message: ToPage, parts) => {
  switch (message.type) {
    case "bind":
      return runner.bind(readProgram(message.program, parts), message.limits);
    case "keep-ready":
      return runner.keepReady(message.instances);
    case "run":
      return runner.run(message, parts);
    case "host-answer":
      return runner.answer(message.id, message.message, parts[0]);
    case "interrupt":
      return runner.interrupt(message.id, message.graceMs);
    case "reset":
      return runner.reset();
    case "stop":
      return runner.stop(message.id);
    case "make-snapshot":
      return void makeSnapshot(config.workerPath, assets)
        .then((bytes) => send({ type: "snapshot" }, [bytes]))
        .catch(failBoot);
  }
});

function failBoot(error: unknown): void {
  send({ type: "boot-failed", message: error instanceof Error ? error.message : String(error) });
}

/** The page's settings stand in an attribute of its script element: fixed paths and numbers, no value of a tool. */
function readPageConfig(): PageConfig {
  const text = document.querySelector("script")?.dataset["config"];
  if (text === undefined) throw new Error("the page was rendered without its settings");
  return JSON.parse(text) as PageConfig;
}
