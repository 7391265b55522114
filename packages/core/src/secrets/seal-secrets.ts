/** Makes the secrets of one run: a placeholder for each in the tool's environment, and what stands behind it. */
import { randomBytes } from "node:crypto";
import type { BoundSecret } from "./bound-secret.ts";
import type { SecretBinding } from "./bind-secret.ts";
import type { SecretResolver } from "./secret-resolver.ts";

/** A placeholder is this and 32 hex digits: it means itself in URLs, headers, JSON and forms. */
export const PLACEHOLDER_PREFIX = "pocket-secret-";

export interface SealedSecrets {
  /** The tool's variables: placeholders, and values where they are exposed. */
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly BoundSecret[];
}

/** @throws SecretResolutionError when one has no value */
export async function sealSecrets(
  bindings: readonly SecretBinding[],
  resolver: SecretResolver,
): Promise<SealedSecrets> {
  const sealed = await Promise.all(
    bindings.map(async ({ variable, name, source, hosts, isExposed }) => {
      const value = await resolver.resolve(name, source);
      const bound: BoundSecret = isExposed
        ? { name, value, hosts }
        : { name, value, hosts, placeholder: createPlaceholder() };
      return { variable, bound };
    }),
  );
  return {
    environment: Object.fromEntries(sealed.map(({ variable, bound }) => [variable, bound.placeholder ?? bound.value])),
    secrets: sealed.map(({ bound }) => bound),
  };
}

/** 128 random bits: no tool can guess another run's. */
export function createPlaceholder(): string {
  return `${PLACEHOLDER_PREFIX}${randomBytes(16).toString("hex")}`;
}
