/** Puts the values of secrets where a guest wrote their placeholders: headers, path, query and body of one hop. */
import { type BoundSecret, HostCallError, matchNetworkRule, type NetworkRequest } from "@toolpocket/core";
import { type Header, headerValues } from "./headers.ts";
import { replaceBytes, type Replacement } from "./replace-bytes.ts";
import { toJsonForm, toUrlForm } from "./secret-forms.ts";

/** Gives a secret's value out for the hop, or throws. */
export type ReleaseSecret = (secret: BoundSecret) => string;

/** Whether the user lets `secret` go with the request: to plain http only where he wrote http, or named a private host. */
export function isSecretGranted({ hosts }: BoundSecret, request: NetworkRequest): boolean {
  const isEncrypted = request.url.protocol === "https:";
  return hosts.some(
    (rule) => matchNetworkRule(rule, request) && (isEncrypted || rule.scheme === "http" || rule.isPrivate),
  );
}

/** @throws HostCallError `protocol` where a value cannot stand in a header; what `release` throws. */
export function putSecretsInHeaders(
  headers: readonly Header[],
  secrets: readonly BoundSecret[],
  release: ReleaseSecret,
): readonly Header[] {
  if (secrets.length === 0) return headers;
  const replacements = replacementsFor(secrets, (secret) => toFieldValue(secret, release(secret)));
  return headers.map(([name, value]) => [name, putInHeader(name, value, replacements)]);
}

/** The secrets whose placeholders stand in a header. */
export function secretsInHeader(header: Header, secrets: readonly BoundSecret[]): readonly BoundSecret[] {
  const found = new Set<BoundSecret>();
  putSecretsInHeaders([header], secrets, (secret) => {
    found.add(secret);
    return "";
  });
  return [...found];
}

/** The path and query that are sent. In the path a value is one segment's text, however many slashes it has. */
export function putSecretsInTarget(url: URL, secrets: readonly BoundSecret[], release: ReleaseSecret): string {
  let target = `${url.pathname}${url.search}`;
  for (const secret of secrets) {
    if (secret.placeholder === undefined) continue;
    target = target.replaceAll(escapedPattern(secret.placeholder), () => toUrlForm(release(secret)));
  }
  return target;
}

/** For a body of the type that `headers` name: the value is escaped as JSON strings and forms need it. */
export function bodyReplacements(
  headers: readonly Header[],
  secrets: readonly BoundSecret[],
  release: ReleaseSecret,
): readonly Replacement[] {
  const [type = ""] = headerValues(headers, "content-type");
  const essence = (type.split(";")[0] ?? "").trim().toLowerCase();
  const isJson = essence === "application/json" || essence.endsWith("+json") || essence === "application/x-ndjson";
  const isForm = essence === "application/x-www-form-urlencoded";
  const toForm = isJson ? toJsonForm : isForm ? toUrlForm : (value: string) => value;
  return replacementsFor(secrets, (secret) => Buffer.from(toForm(release(secret))));
}

function replacementsFor(
  secrets: readonly BoundSecret[],
  toBytes: (secret: BoundSecret) => Buffer,
): readonly Replacement[] {
  return secrets.flatMap((secret) => {
    if (secret.placeholder === undefined) return [];
    return [{ find: Buffer.from(secret.placeholder), put: () => toBytes(secret) }];
  });
}

function putInHeader(name: string, value: string, replacements: readonly Replacement[]): string {
  const basic = name.toLowerCase() === "authorization" ? /^(basic) +([A-Za-z0-9+/_-]+=*)$/iu.exec(value) : null;
  if (basic === null) return replaceBytes(Buffer.from(value, "latin1"), replacements).toString("latin1");
  const [, scheme, credentials = ""] = basic;
  const decoded = Buffer.from(credentials, "base64");
  const replaced = replaceBytes(decoded, replacements);
  return replaced.equals(decoded) ? value : `${scheme} ${replaced.toString("base64")}`;
}

function toFieldValue({ name }: BoundSecret, value: string): Buffer {
  const isPrintable = !/[\p{Cc}]/u.test(value);
  if (isPrintable) return Buffer.from(value);
  throw new HostCallError("protocol", `the secret ${name} cannot stand in a header: it holds a control character`);
}

/** `placeholder`, any of its characters perhaps written as a percent escape. */
function escapedPattern(placeholder: string): RegExp {
  const characters = Array.from(placeholder, (character) => {
    const hex = [...Buffer.from(character)].map((byte) => byte.toString(16).padStart(2, "0"));
    const escaped = hex.map(
      (digits) => `%${digits.replaceAll(/[a-f]/gu, (digit) => `[${digit}${digit.toUpperCase()}]`)}`,
    );
    return `(?:\\u{${(character.codePointAt(0) ?? 0).toString(16)}}|${escaped.join("")})`;
  });
  return new RegExp(characters.join(""), "gu");
}
