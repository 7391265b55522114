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

export function listServed(tools: readonly ToolInfo[]): readonly ServedComponent[] {
  const byId = Map.groupBy(tools, ({ name, component = name }) => component);
  return [...byId].flatMap(([id, [first, ...others]]) => {
    if (first === undefined) return [];
    const { description, source, permissions } = first;
    const { asked, granted } = permissions;
    const all = [first, ...others];
    const about = others.length === 0 ? description : `A component of ${all.length} tools.`;
    return [{ id, tools: all.map(({ name }) => name), description: about, source, asked, granted }];
  });
}
