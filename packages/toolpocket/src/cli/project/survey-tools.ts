/** Surveys the tools of the project one by one, so that what is wrong with one does not hide the others. */
import {
  isPocketError,
  Pocket,
  type PocketError,
  type PocketOptions,
  readSettings,
  type ToolInfo,
  type ToolRequest,
  toToolRequests,
} from "@toolpocket/core";
import { pythonPackages } from "../../python-packages.ts";
import type { Session } from "../command.ts";

/**
 * - `ok`: can be called.
 * - `unlocked`: pocket.lock does not hold it yet.
 * - `broken`: cannot be called, for the reason that `error` gives.
 */
export type SurveyedTool =
  /** A component may have several tools: the first of them, and all. */
  | { readonly name: string; readonly state: "ok"; readonly info: ToolInfo; readonly tools: readonly ToolInfo[] }
  | {
      readonly name: string;
      readonly state: "unlocked" | "broken";
      readonly source: string;
      readonly error: PocketError;
    };

/** The tools of settings.toml, sorted by name. The lock is not changed; what it pins is fetched where it is missing. */
export async function surveyTools(session: Session, { offline }: { offline: boolean }): Promise<SurveyedTool[]> {
  const { cwd, onProgress, signal } = session;
  const requests = toToolRequests(await readSettings({ cwd })).toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const options = { cwd, onProgress, signal, offline, frozen: true };
  return (
    (await surveyTogether(requests, options)) ?? Promise.all(requests.map((request) => surveyTool(request, options)))
  );
}

/** All at once, which fetches each repository once; undefined when something is wrong with one. */
async function surveyTogether(
  requests: readonly ToolRequest[],
  options: PocketOptions,
): Promise<SurveyedTool[] | undefined> {
  await using pocket = new Pocket({ pythonPackages, ...options, tools: requests });
  try {
    if ((await pocket.brokenTools()).length > 0) return undefined;
    return (await pocket.tools()).map((info) => ({ name: info.name, state: "ok", info, tools: [info] }));
  } catch (error) {
    if (isPocketError(error)) return undefined;
    throw error;
  }
}

/** One tool by itself. */
export async function surveyTool(request: ToolRequest, options: PocketOptions): Promise<SurveyedTool> {
  const name = nameOf(request);
  await using pocket = new Pocket({ pythonPackages, ...options, tools: [request] });
  try {
    const tools = await pocket.tools();
    const [info] = tools;
    if (info === undefined) throw new TypeError(`the Pocket of "${name}" is empty`);
    return { name, state: "ok", info, tools };
  } catch (error) {
    if (!isPocketError(error)) throw error;
    const state = error.code === "ERR_POCKET_LOCK_FROZEN" ? "unlocked" : "broken";
    return { name, state, source: describeTarget(request), error };
  }
}

/** The requests of settings are named as their tables are. */
function nameOf({ options }: ToolRequest): string {
  return options.name ?? "";
}

function describeTarget({ target }: ToolRequest): string {
  if (target.kind === "function") return `function:${target.definition.name}`;
  if (target.kind === "external") return target.definition.origin;
  if (target.kind === "local") return `local:${target.path}`;
  if (target.kind !== "git") return target.url;
  return `${target.url}${target.ref === undefined ? "" : `@${target.ref}`}${target.path === undefined ? "" : `#${target.path}`}`;
}
