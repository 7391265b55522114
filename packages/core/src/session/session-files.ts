/** Files on their way into a session and out of it: the guest takes and sends them by the service `session-file`. */
import { PocketError } from "../errors.ts";
import type { HostService } from "../host-service.ts";
import type { RunResult } from "../invoker.ts";
import { isJsonObject, type JsonValue } from "../json.ts";
import { readBody } from "./read-body.ts";

/** Gives the guest the content that it is told to write. */
export function giveFile(content: Uint8Array): HostService {
  return async () => ({
    answer: {},
    body: (async function* () {
      yield content;
    })(),
  });
}

export interface TakenFile {
  readonly service: HostService;
  /** What the guest has sent, where it has. */
  readonly content: Uint8Array | undefined;
}

/** Takes from the guest the file that it is told to read. */
export function takeFile(maxBytes: number): TakenFile {
  let content: Uint8Array | undefined;
  return {
    async service({ body }) {
      content = await readBody(body, maxBytes);
      return { answer: {} };
    },
    get content() {
      return content;
    },
  };
}

/** Error numbers of WASI, which the guest's file system uses. */
const REASONS: Readonly<Record<number, string>> = {
  2: "permission is denied",
  20: "there is a file of that name",
  31: "it is a folder",
  44: "there is no such file",
  54: "a part of its path is no folder",
};

/** @throws PocketError ERR_POCKET_SESSION_FILE when the guest could not do it */
export function checkFileResult(result: RunResult, what: string): void {
  if (result.kind === "failed") throw fileError(what, result.message);
  const failure = readFailure(result.value);
  if (failure) throw fileError(what, failure);
}

export function fileError(what: string, reason: string): PocketError {
  return new PocketError("ERR_POCKET_SESSION_FILE", `cannot ${what} in the session: ${reason}`, {
    hint: "look at what is there with `listFiles()`",
  });
}

function readFailure(text = "{}"): string | undefined {
  let told: JsonValue;
  try {
    told = JSON.parse(text);
  } catch {
    return "it told nothing that can be read";
  }
  const failure = isJsonObject(told) ? told["failure"] : undefined;
  if (!isJsonObject(failure)) return undefined;
  return REASONS[Number(failure["errno"])] ?? String(failure["message"]).slice(0, 1_000);
}
