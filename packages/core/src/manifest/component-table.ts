/** Reads `[component]` of config.toml: the WebAssembly component, and which of its functions are tools. */
import type { TableReader } from "../tables/table-reader.ts";

export interface ComponentDeclaration {
  /** As it is written: a path, an `https://` URL or an `oci://` reference. */
  readonly module?: string;
  /** Functions by name, or with their interface as `ops/count`; absent: all that can be called. */
  readonly tools?: readonly string[];
  /** The name of the secret that holds a registry's user name and password. */
  readonly imagePullSecret?: string;
}

const KEYS = ["module", "tools", "image_pull_secret"] as const;

/** The table under `key`; undefined where it is absent. */
export function readComponent(table: TableReader, key: string): ComponentDeclaration | undefined {
  const component = table.optionalTable(key);
  if (component === undefined) return undefined;
  component.only(KEYS);
  const module = component.optionalText("module");
  const imagePullSecret = component.optionalText("image_pull_secret");
  return {
    ...(module !== undefined && { module }),
    ...(component.keys.includes("tools") && { tools: component.texts("tools") }),
    ...(imagePullSecret !== undefined && { imagePullSecret }),
  };
}
