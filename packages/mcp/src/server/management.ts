/** Tools of the server itself: offered beside those of the Pocket, and some only with a person's word. */
import { createHash, randomBytes } from "node:crypto";
import {
  createInputValidator,
  describeFaults,
  isJsonObject,
  isPocketError,
  type JsonObject,
  type JsonSchema,
} from "@toolpocket/core";
import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type Server,
  type ServerContext,
  type Tool,
  type ToolAnnotations,
} from "@modelcontextprotocol/server";
import { toErrorResult } from "./call-tool.ts";
import { toTitle } from "./describe-tool.ts";

export interface ManagementTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly annotations?: ToolAnnotations;
  /**
   * For a tool that needs a person's word: what he is asked, and the command that does the same where his client cannot
   * ask. Throws a `PocketError` when the input names nothing that there is.
   */
  readonly confirm?: (input: JsonObject) => Promise<Confirmation>;
  /** Does the work. Its answer is shown as JSON. */
  readonly run: (input: JsonObject, context: { readonly signal: AbortSignal }) => Promise<JsonObject>;
}

export interface Confirmation {
  readonly question: string;
  readonly command: string;
}

export interface Management {
  has(name: string): boolean;
  list(): Tool[];
  call(
    call: { name: string; input: unknown },
    server: Server,
    context: ServerContext,
  ): Promise<CallToolResult | InputRequiredResult>;
  /** For the server's `requestState.verify`. */
  verifyState(state: string, context: ServerContext): Promise<string>;
}

/** Seals what a person was asked, so that his word counts for that alone. One for all servers of this process. */
const questions = createRequestStateCodec<string>({ key: randomBytes(32) });

const ANSWER = "confirm";

export function createManagement(tools: readonly ManagementTool[]): Management {
  const byName = new Map(tools.map((tool) => [tool.name, { tool, validate: createInputValidator(tool.inputSchema) }]));
  return {
    has: (name) => byName.has(name),
    list: () => tools.map(describe),
    verifyState: questions.verify,
    async call({ name, input }, server, context) {
      const found = byName.get(name);
      if (found === undefined) throw new TypeError(`no management tool is named ${name}`);
      const checked = found.validate(input);
      if (!checked.ok) return refuse(`the input of "${name}" is not valid: ${describeFaults(checked.faults)}`);
      try {
        return await runConfirmed(found.tool, checked.value as JsonObject, server, context);
      } catch (error) {
        context.mcpReq.signal.throwIfAborted();
        if (isPocketError(error)) return toErrorResult(error);
        throw error;
      }
    },
  };
}

async function runConfirmed(
  tool: ManagementTool,
  input: JsonObject,
  server: Server,
  context: ServerContext,
): Promise<CallToolResult | InputRequiredResult> {
  const { signal } = context.mcpReq;
  if (tool.confirm === undefined) return toAnswer(await tool.run(input, { signal }));
  const { question, command } = await tool.confirm(input);
  if (!canAsk(server, context)) {
    return refuse(
      `"${tool.name}" needs the word of a person, and this client cannot ask one. Tell the user to run: ${command}`,
    );
  }
  const subject = createHash("sha256")
    .update(JSON.stringify([tool.name, input, question]))
    .digest("hex");
  const response = inputResponse(context.mcpReq.inputResponses, ANSWER);
  if (response.kind === "missing" || context.mcpReq.requestState<string>() !== subject) {
    return inputRequired({
      inputRequests: { [ANSWER]: ask(question) },
      requestState: await questions.mint(subject),
    });
  }
  if (response.kind === "elicit" && response.action === "accept" && response.content?.["allow"] === true) {
    return toAnswer(await tool.run(input, { signal }));
  }
  return refuse(`the user did not allow it: ${question}`);
}

function ask(question: string) {
  return inputRequired.elicit({
    message: question,
    requestedSchema: {
      type: "object",
      properties: { allow: { type: "boolean", title: "Allow", description: question, default: false } },
      required: ["allow"],
    },
  });
}

/**
 * Whether the client can show a form: a client of the revision of 2026 says with each request what it can do, an older one
 * once. Before there was another way of asking, an empty object meant a form.
 */
function canAsk(server: Server, { mcpReq }: ServerContext): boolean {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {};
  const stated = envelope[CLIENT_CAPABILITIES_META_KEY];
  const elicitation: unknown = isJsonObject(stated)
    ? stated["elicitation"]
    : server.getClientCapabilities()?.elicitation;
  if (typeof elicitation !== "object" || elicitation === null) return false;
  return "form" in elicitation || !("url" in elicitation);
}

function describe({ name, description, inputSchema, annotations }: ManagementTool): Tool {
  return {
    name,
    title: toTitle(name),
    description,
    inputSchema: { ...inputSchema, type: "object" },
    ...(annotations !== undefined && { annotations }),
  };
}

function toAnswer(answer: JsonObject): CallToolResult {
  return { content: [{ type: "text", text: JSON.stringify(answer) }], structuredContent: answer };
}

function refuse(text: string): CallToolResult {
  return { isError: true, content: [{ type: "text", text }] };
}
