/** The commands of `pocket`, in the order of the help. */
import type { Command } from "./command.ts";
import { addCommand } from "./commands/add.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { ejectCommand } from "./commands/eject.ts";
import { initCommand } from "./commands/init.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { listCommand } from "./commands/list.ts";
import { lockSyncCommand } from "./commands/lock-sync.ts";
import { lockUpdateCommand } from "./commands/lock-update.ts";
import { lockVerifyCommand } from "./commands/lock-verify.ts";
import { mcpCommand } from "./commands/mcp.ts";
import { newCommand } from "./commands/new.ts";
import { permissionGrantCommand } from "./commands/permission-grant.ts";
import { permissionResetCommand } from "./commands/permission-reset.ts";
import { permissionRevokeCommand } from "./commands/permission-revoke.ts";
import { permissionShowCommand } from "./commands/permission-show.ts";
import { pushCommand } from "./commands/push.ts";
import { removeCommand } from "./commands/remove.ts";
import { replayCommand } from "./commands/replay.ts";
import { runCommand } from "./commands/run.ts";
import { serveCommand } from "./commands/serve.ts";
import { testCommand } from "./commands/test.ts";

export const COMMANDS: readonly Command[] = [
  initCommand,
  addCommand,
  removeCommand,
  listCommand,
  inspectCommand,
  runCommand,
  replayCommand,
  testCommand,
  newCommand,
  permissionShowCommand,
  permissionGrantCommand,
  permissionRevokeCommand,
  permissionResetCommand,
  lockSyncCommand,
  lockUpdateCommand,
  lockVerifyCommand,
  ejectCommand,
  pushCommand,
  mcpCommand,
  serveCommand,
  doctorCommand,
];
