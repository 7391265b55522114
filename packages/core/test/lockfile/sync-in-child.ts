/** A child process that pins one tool: `node sync-in-child CWD URL PATH`. */
import { syncLock } from "../../src/lockfile/sync.ts";
import { fromGit } from "../../src/tool-request.ts";

const [, , cwd = "", url = "", path = ""] = process.argv;

await syncLock({ cwd, frozen: false, tools: [fromGit(url, { path })] });
