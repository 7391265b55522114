/** The one place that prints: results to standard output, as text or as JSON; errors and asides to standard error. */
import type { JsonValue } from "@toolpocket/core";
import { isPocketError } from "@toolpocket/core/messages";
import type { CommandResult } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import type { ParsedCommandLine } from "./parse-command-line.ts";
import { renderCommandHelp, renderGroup, renderOverview } from "./render-help.ts";
import { openPage, type Page, type PageStream } from "./text/page.ts";

export type OutputForm = "json" | "text";

export interface PrintStream extends PageStream {
  write(text: string, done: () => void): unknown;
}

export interface Printer {
  printResult(result: CommandResult, form: OutputForm): Promise<void>;
  /** As JSON on standard output, `{ "error": … }`; as text on standard error. */
  printError(error: unknown, form: OutputForm): Promise<void>;
  printHelp(help: Extract<ParsedCommandLine, { kind: "help" }>, form: OutputForm): Promise<void>;
  printVersion(version: string, form: OutputForm): Promise<void>;
  /** As JSON on standard output. */
  printValue(data: JsonValue): Promise<void>;
}

/** @param beforePrint called before anything is written, to take a progress line away */
export function createPrinter(streams: { stdout: PrintStream; stderr: PrintStream }, beforePrint: () => void): Printer {
  const [page, aside] = [openPage(streams.stdout), openPage(streams.stderr)];
  const print = async (stream: PrintStream, text: string): Promise<void> => {
    beforePrint();
    if (text !== "")
      await new Promise<void>((resolve) => void stream.write(text.endsWith("\n") ? text : `${text}\n`, resolve));
  };
  const printJson = (data: unknown): Promise<void> => print(streams.stdout, JSON.stringify(data, null, 2));

  return {
    printValue: printJson,
    async printResult(result, form) {
      if (form === "json") return printJson(result.data);
      await print(streams.stdout, result.render(page));
      await print(streams.stderr, result.renderAside(aside));
    },
    async printError(error, form) {
      if (form === "json") return printJson({ error: toErrorData(error) });
      // Loaded here, because it knows of locks and permissions, of which help needs nothing.
      const { renderError } = await import("./text/error-text.ts");
      await print(streams.stderr, renderError(error, aside));
    },
    async printHelp(help, form) {
      const text = renderHelp(help, page);
      await (form === "json" ? printJson({ help: text }) : print(streams.stdout, text));
    },
    async printVersion(version, form) {
      await (form === "json" ? printJson({ version }) : print(streams.stdout, version));
    },
  };
}

function renderHelp({ command, group }: Extract<ParsedCommandLine, { kind: "help" }>, { style }: Page): string {
  if (command !== undefined) return renderCommandHelp(command, style);
  return group === undefined ? renderOverview(COMMANDS, style) : renderGroup(group, COMMANDS, style);
}

function toErrorData(error: unknown): Record<string, unknown> {
  if (!isPocketError(error))
    return { code: "ERR_UNEXPECTED", message: error instanceof Error ? error.message : String(error) };
  const { code, message, hint, details } = error;
  return { code, message, hint, details };
}
