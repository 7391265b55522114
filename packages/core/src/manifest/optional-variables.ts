/** The variables that a tool knows without declaring a default: the user may bind them, and they are absent otherwise. */
import type { Manifest } from "./manifest.ts";

/** The variable of its token (`[auth]`), and the names of the environment that it asks for. */
export function listOptionalVariables({
  auth,
  permissions,
}: Pick<Manifest, "auth" | "permissions">): readonly string[] {
  return [...(auth === undefined ? [] : [auth.environmentName]), ...(permissions.env ?? [])];
}
