/** Puts the example tools into a git repository that git's own smart HTTP serves on loopback. */
import { join } from "node:path";
import type { GitServer } from "@toolpocket/test-kit";
import { readToolFiles } from "../read-tool-files.ts";
import type { Report } from "../report.ts";

const EXAMPLES = join(import.meta.dirname, "..", "..", "..");

/** Returns the repository's URL. */
export async function publishTools(report: Report, server: GitServer): Promise<string> {
  report.stage("Publish", "somebody puts tools into a git repository");
  const { value } = await report.step(
    "git",
    async () => {
      const repository = await server.repository("tools");
      const files = {
        ...(await readToolFiles(join(EXAMPLES, "tools"))),
        ...(await readToolFiles(join(EXAMPLES, "demo", "hostile"), "hostile/")),
      };
      await repository.commit(files, { message: "Publish tools" });
      const tools = Object.keys(files).filter((path) => path.endsWith("/config.toml")).length;
      return { tools, url: repository.url };
    },
    ({ tools, url }) => `${tools} tools at ${url}`,
  );
  return value.url;
}
