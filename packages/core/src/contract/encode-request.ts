/** Makes the request of contract v1, which a wasm tool reads from its standard input. */
import type { JsonObject } from "../json.ts";
import type { ResolvedLimits } from "../limits.ts";
import type { ContractAuth, WasmProgram } from "../program.ts";

export const CONTRACT_VERSION = "v1";

export interface EncodeRequestOptions {
  /** The tool as the agent calls it. */
  readonly tool: string;
  readonly program: Pick<WasmProgram, "entrypoint" | "enableWasi" | "contract">;
  readonly limits: ResolvedLimits;
  /** The environment of this call, which holds the credential of a tool that has auth configured. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The request; what the tool has not configured is left out, and `auth` is there only where the user has bound the
 * credential that the tool asks for.
 * @param input the agent's JSON, word for word where it came as text
 */
export function encodeRequest(input: string, options: EncodeRequestOptions): JsonObject {
  const { tool, program, limits, environment } = options;
  const { namespace, capabilities, riskLevel, auth } = program.contract;
  const credential = auth === undefined ? undefined : environment[auth.environmentName];
  return {
    contract_version: CONTRACT_VERSION,
    ...(namespace !== undefined && { namespace }),
    tool,
    input,
    ...(capabilities.length > 0 && { capabilities: [...capabilities] }),
    ...(riskLevel !== undefined && { risk_level: riskLevel }),
    runtime: {
      entrypoint: program.entrypoint,
      max_memory_bytes: limits.maxMemoryBytes,
      ...(limits.fuel !== undefined && { fuel: limits.fuel }),
      enable_wasi: program.enableWasi,
    },
    ...(auth !== undefined &&
      credential !== undefined && {
        auth: { profile: auth.profile, headers: { [auth.headerName]: toHeaderValue(auth, credential) } },
      }),
  };
}

function toHeaderValue({ profile }: ContractAuth, credential: string): string {
  switch (profile) {
    case "bearer":
    case "oauth2_client_credentials":
      return `Bearer ${credential}`;
    case "basic":
      return `Basic ${Buffer.from(credential).toString("base64")}`;
    case "api_key_header":
      return credential;
  }
}
