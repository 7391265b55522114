/** Reads the permissions that a tool asks for (`[permissions]`) or a user grants (`allow`). */
import type { Permissions } from "../permissions.ts";
import { describeValue } from "./describe-value.ts";
import type { TableReader } from "./table-reader.ts";

/** What an entry of each list looks like; what it means is up to those who enforce it. */
const ENTRY_FORMS = {
  network: { form: /^[^\s\p{Cc}\p{Cf}]+$/u, example: '"api.example.com" or "https://api.example.com:8443"' },
  env: { form: /^[A-Za-z_][A-Za-z0-9_]*$/u, example: '"HOME"' },
  storage: { form: /^(?:read|write):[^\p{Cc}\p{Cf}]+$/u, example: '"read:./data" or "write:./out"' },
} as const satisfies Record<keyof Permissions, { form: RegExp; example: string }>;

const KINDS = Object.keys(ENTRY_FORMS) as (keyof typeof ENTRY_FORMS)[];

/** The permissions under `key`, each list sorted and without repetitions; `{}` where the key is absent. */
export function readPermissions(table: TableReader, key: string): Permissions {
  const permissions = table.optionalTable(key);
  if (permissions === undefined) return {};
  permissions.only(KINDS);
  return Object.fromEntries(
    KINDS.filter((kind) => permissions.keys.includes(kind)).map((kind) => [kind, readEntries(permissions, kind)]),
  );
}

function readEntries(permissions: TableReader, kind: keyof typeof ENTRY_FORMS): readonly string[] {
  const { form, example } = ENTRY_FORMS[kind];
  const entries = permissions.texts(kind);
  const wrong = entries.find((entry) => !form.test(entry));
  if (wrong !== undefined) {
    throw permissions.fault(kind, `"${kind}" holds ${describeValue(wrong)}, which is no ${kind} permission`, {
      found: wrong,
      hint: `write for example ${example}`,
    });
  }
  return [...new Set(entries)].toSorted();
}
