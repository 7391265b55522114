/** One tool as text: what it is, where it comes from, what it may do, what it takes. */
import {
  type ComponentImport,
  isEmptyPermissions,
  joinPermissions,
  type Permissions,
  renderAllow,
  type ResolvedLimits,
  renderToolVars,
  secret,
  type SecretReference,
} from "@toolpocket/core";
import type { InspectedTool, ToolDetails } from "../project/inspect-tool.ts";
import type { VariableOrigin } from "../project/variable-origins.ts";
import { indent } from "./columns.ts";
import { type Fact, renderFacts } from "./facts.ts";
import { toLine, toLines } from "./foreign-text.ts";
import type { Page, Style } from "./page.ts";
import { listPermissions } from "./permissions.ts";

/** Lines of the readme that are shown. */
const README_LINES = 12;
const MEBIBYTE = 1_048_576;

export function renderInspectedTool(tool: InspectedTool, { style }: Page): string {
  const { name, details, locked, source, state, reason, hint } = tool;
  const facts = renderFacts(
    [
      ["state", state === "ok" ? style.green(state) : style.red(`${state}: ${toLine(reason ?? "")}`)],
      ["to mend", hint === undefined ? [] : toLine(hint)],
      ["source", toLine(source)],
      ["ref", locked?.ref === undefined ? [] : toLine(locked.ref)],
      ["commit", locked?.commit ?? []],
      ["digest", locked?.digest ?? []],
      ["integrity", locked?.integrity ?? []],
      ["definition", locked?.definition ?? []],
      ["modules", (locked?.modules ?? []).map((module) => toLine(module))],
      ...(details === undefined ? [] : listDetails(details, style)),
    ],
    style,
  );
  const head =
    details === undefined
      ? style.bold(toLine(name))
      : `${style.bold(toLine(name))}\n${indent(toLines(details.description))}`;
  return [head, indent(facts), ...(details === undefined ? [] : renderBlocks(name, details, style))].join("\n");
}

function listDetails(details: ToolDetails, style: Style): Fact[] {
  const {
    runtime,
    entry,
    args,
    variables,
    limits,
    permissions,
    wheels,
    packages,
    auth,
    tools = [],
    imports = [],
    warnings,
  } = details;
  return [
    ["runtime", runtime],
    ["entry", toLine([entry, ...args].join(" "))],
    ["tools", tools.map(toLine)],
    ["imports", imports.map((one) => renderImport(one, permissions.granted, style))],
    ["wheels", wheels.map(({ name, version, digest }) => `${toLine(name)} ${toLine(version)}  ${style.dim(digest)}`)],
    ["asks for packages", packages.requires.map((requirement) => toLine(requirement))],
    [
      "packages",
      packages.wheels.map(({ name, version, digest }) => `${toLine(name)} ${toLine(version)}  ${style.dim(digest)}`),
    ],
    ["variables", variables.map((variable) => renderVariable(variable, style))],
    ["limits", renderLimits(limits)],
    ["asks for", orNothing(listPermissions(permissions.asked))],
    ["granted", orNothing(listPermissions(permissions.granted))],
    ["denied", listPermissions(permissions.denied)],
    ["not granted", listPermissions(permissions.missing).map((line) => style.yellow(line))],
    ["needs", auth === undefined ? [] : `a token of ${toLine(auth.provider)} in ${auth.environmentName}`],
    ["warnings", warnings.map((warning) => style.yellow(toLine(warning)))],
  ];
}

function renderLimits({ timeoutMs, maxMemoryBytes, maxOutputBytes, fuel }: ResolvedLimits): string {
  return [
    `${timeoutMs / 1000} s`,
    `${maxMemoryBytes / MEBIBYTE} MiB of memory`,
    `${maxOutputBytes / MEBIBYTE} MiB of output`,
    ...(fuel === undefined ? [] : [`${fuel.toLocaleString("en-US")} fuel`]),
  ].join(", ");
}

/** What a component imports, and what is still to be granted for it. */
function renderImport({ name, state }: ComponentImport, granted: Permissions, style: Style): string {
  const label = toLine(name);
  if (state === "network" || state === "storage") {
    return (granted[state]?.length ?? 0) > 0
      ? `${label}  ${style.dim("granted")}`
      : style.yellow(`${label}  needs ${state}`);
  }
  return state === "provided" ? label : style.yellow(`${label}  ${state}`);
}

function renderVariable({ name, value, secret: bound, from }: VariableOrigin, style: Style): string {
  const shown = bound === undefined ? toLine(value ?? "(not shown)") : describeSecret(bound);
  return `${toLine(name)} = ${shown}  ${style.dim(`from ${from}`)}`;
}

function describeSecret({ name, hosts, expose }: SecretReference): string {
  const to = hosts === undefined ? "" : `, for ${hosts.map(toLine).join(", ")}`;
  return `the secret ${toLine(name)}${to}${expose === true ? ", in clear" : ""}`;
}

function orNothing(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ["nothing"] : lines;
}

function renderBlocks(
  name: string,
  { permissions, tools, inputSchema, readme, auth, variables }: ToolDetails,
  style: Style,
): string[] {
  const unbound = auth !== undefined && !variables.some((variable) => variable.name === auth.environmentName);
  const allow = renderAllow(joinPermissions(permissions.granted, permissions.missing));
  return [
    ...(isEmptyPermissions(permissions.missing)
      ? []
      : [style.yellow(`To grant what it asks for, write under [tools.${name}] in settings.toml:`), indent(allow)]),
    ...(unbound
      ? [
          style.yellow(`To give it its token, write under [tools.${name}] in settings.toml:`),
          indent(renderTokenBinding(auth.environmentName, permissions)),
        ]
      : []),
    style.dim(tools === undefined ? "input schema" : "schemas"),
    indent(toLines(JSON.stringify(inputSchema, null, 2))),
    ...(readme === undefined ? [] : [style.dim("readme"), indent(firstLines(toLines(readme), style))]),
  ];
}

/** The secret has the name of the variable, and goes where the tool asks to go. */
function renderTokenBinding(variable: string, { asked, granted }: ToolDetails["permissions"]): string {
  const hosts = granted.network ?? asked.network ?? ["api.example.com"];
  const line = renderToolVars({ [variable]: secret(variable, { hosts }) });
  return `${line}\n[secrets]\n${variable} = { env = "${variable}" }`;
}

function firstLines(text: string, style: Style): string {
  const lines = text.trim().split("\n");
  const cut = lines.length > README_LINES ? [style.dim(`… ${lines.length - README_LINES} more lines`)] : [];
  return [...lines.slice(0, README_LINES), ...cut].join("\n");
}
