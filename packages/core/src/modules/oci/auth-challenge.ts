/** The `WWW-Authenticate` header of a registry: which scheme it wants, and the parameters of it. */

export interface AuthChallenge {
  /** In lower case: "bearer" or "basic" for registries. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

const PARAMETER = /(?<![\w-])(?<name>[A-Za-z0-9_-]+)\s*=\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<plain>[^\s",]+))/gu;

/** The challenges of a header (RFC 9110, 11.6.1); what cannot be read is left out. */
export function parseAuthChallenges(header: string): AuthChallenge[] {
  const starts = [...header.matchAll(/(?:^|,)\s*(?<scheme>[A-Za-z0-9_-]+)(?=\s+[A-Za-z0-9_-]+\s*=|\s*(?:,|$))/gu)];
  return starts.map((start, index) => {
    const rest = header.slice(start.index + start[0].length, starts[index + 1]?.index);
    const parameters = [...rest.matchAll(PARAMETER)].map(({ groups }) => [
      groups?.["name"]?.toLowerCase() ?? "",
      groups?.["quoted"]?.replaceAll(/\\(.)/gu, "$1") ?? groups?.["plain"] ?? "",
    ]);
    return { scheme: start.groups?.["scheme"]?.toLowerCase() ?? "", parameters: Object.fromEntries(parameters) };
  });
}
