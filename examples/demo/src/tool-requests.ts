/** What the demo asks for: tools of one repository, named in the ways that a user has. */
import { fromGit, type ToolRequest } from "toolpocket";

/** The tools that do their work, and two that do not mean well; the user grants none of them anything. */
export function listRequests(repository: string): (string | ToolRequest)[] {
  return [
    fromGit(repository, { ref: "main", path: "climate", toolVars: { unit: "metric" } }),
    `${repository}/tree/main/slugify`,
    fromGit(repository, { path: "hostile/endless-loop", limits: { timeout: "1s" } }),
    fromGit(repository, { path: "hostile/phone-home" }),
  ];
}
