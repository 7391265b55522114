/** What is served, as the project names it: the tools of one component are one entry of settings.toml. */
import type { Permissions, ToolInfo } from "@toolpocket/core";

export interface ServedComponent {
  /** Its table in settings.toml. */
  readonly id: string;
  /** Names by which it is called; none where it cannot be used now. */
  readonly tools: readonly string[];
  readonly description: string;
  readonly source: string;
  readonly asked: Permissions;
  readonly granted: Permissions;
}

/** @param ids of settings.toml */
export function listServed(tools: readonly ToolInfo[], ids: readonly string[]): readonly ServedComponent[] {
  const byId = Map.groupBy(tools, (tool) => toId(tool, ids));
  return [...byId].flatMap(([id, [first, ...others]]) => {
    if (first === undefined) return [];
    const { description, source, permissions } = first;
    const { asked, granted } = permissions;
    const all = [first, ...others];
    const about = others.length === 0 ? description : `A component of ${all.length} tools.`;
    return [{ id, tools: all.map(({ name }) => name), description: about, source, asked, granted }];
  });
}

/** A function's name has no underscore in WIT: what stands before the last one is the component's. */
function toId({ name, runtime }: ToolInfo, ids: readonly string[]): string {
  const owner = name.slice(0, Math.max(name.lastIndexOf("_"), 0));
  return runtime === "component" && !ids.includes(name) && ids.includes(owner) ? owner : name;
}
