/** Reads the permissions of one tool of settings.toml: what it asks for, and what the user says to that. */
import { findUngranted, type Permissions, readSettings } from "@toolpocket/core";
import type { Session } from "../command.ts";
import { findRequest } from "./find-request.ts";
import { surveyTool } from "./survey-tools.ts";

/** The permissions of one tool. */
export interface PermissionState {
  readonly name: string;
  /** Absent where the tool cannot be read: it is not locked, or broken. */
  readonly asked?: Permissions;
  readonly granted: Permissions;
  readonly denied: Permissions;
  /** Asked for, and not granted. */
  readonly missing: Permissions;
}

/** @throws PocketError ERR_POCKET_TOOL_UNKNOWN that names the nearest */
export async function readPermissionState(
  name: string,
  session: Session,
  { offline }: { offline: boolean },
): Promise<PermissionState> {
  const { cwd, onProgress, signal } = session;
  const request = await findRequest(name, session);
  const table = (await readSettings({ cwd })).tools.get(name);
  const { allow: granted, deny: denied } = table ?? { allow: {}, deny: {} };
  const tool = await surveyTool(request, { cwd, onProgress, signal, offline, frozen: true });
  const common = { name, granted, denied };
  if (tool.state !== "ok") return { ...common, missing: {} };
  const { asked } = tool.info.permissions;
  return { ...common, asked, missing: findUngranted(asked, granted, denied) };
}
