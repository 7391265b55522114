/** One repository of a registry over the distribution specification 1.1: requests with the authorization they need. */
import type { PocketError } from "../../errors.ts";
import type { OciReference } from "../../source/remote-reference.ts";
import { type HostCredentials, toBasic } from "../host-access.ts";
import { type HttpAnswer, type HttpClient, type HttpRequest, readBody } from "../http-client.ts";
import { refuseModule, toStatusFailure } from "../module-failure.ts";
import { type AuthChallenge, parseAuthChallenges } from "./auth-challenge.ts";

/** A token is a few kilobytes; a message of an error is shorter. */
const MAX_ANSWER_BYTES = 262_144;

export interface RegistryRequest extends Omit<HttpRequest, "url"> {
  /** Below `/v2/<repository>/`, or the absolute URL that the registry gave. */
  readonly path: string | URL;
}

export interface RegistryClient {
  readonly reference: OciReference;
  readonly http: HttpClient;
  /** The answer, whatever its status; 401 only where no credentials help. */
  send(request: RegistryRequest): Promise<HttpAnswer>;
}

/** `actions` are those that a token is asked for: "pull" or "pull,push". */
export function createRegistryClient(
  http: HttpClient,
  reference: OciReference,
  actions: "pull" | "pull,push",
): RegistryClient {
  const { hosts } = http.options;
  const base = registryUrl(reference, hosts.find(reference.host).isInsecure);
  let authorization: Promise<string | undefined> | undefined;

  const sendAs = async (request: RegistryRequest, header: string | undefined): Promise<HttpAnswer> => {
    const { path, headers, ...rest } = request;
    const url = typeof path === "string" ? new URL(path, base) : path;
    // What the registry gave for an upload may be another host: the token is not for that one.
    const isOwn = url.origin === base.origin;
    return http.send({ ...rest, url, headers: { ...headers, ...(header && isOwn && { authorization: header }) } });
  };
  const authorize = async (challenge: string): Promise<string | undefined> => {
    const credentials = await http.readCredentials(reference.host);
    const challenges = parseAuthChallenges(challenge);
    const bearer = challenges.find(({ scheme }) => scheme === "bearer");
    if (bearer !== undefined)
      return `Bearer ${await fetchToken(http, base, { bearer, credentials, scope: `repository:${reference.repository}:${actions}` })}`;
    const isBasic = challenges.some(({ scheme }) => scheme === "basic");
    return isBasic && credentials !== undefined ? toBasic(credentials) : undefined;
  };
  return {
    reference,
    http,
    async send(request) {
      const used = authorization;
      const answer = await sendAs(request, await used);
      if (answer.status !== 401) return answer;
      const challenge = answer.header("www-authenticate") ?? "";
      // Several requests may be told 401 at once: the first asks for the token, the others wait for it.
      if (authorization === used) authorization = authorize(challenge);
      const header = await authorization;
      if (header === undefined) return answer;
      answer.discard();
      return sendAs(request, header);
    },
  };
}

/** The error for an answer of a registry, with the words of the registry in it. */
export async function registryFailure({ http, reference }: RegistryClient, answer: HttpAnswer): Promise<PocketError> {
  const text = await readBody(answer, MAX_ANSWER_BYTES, http.options).then(
    (bytes) => new TextDecoder().decode(bytes),
    () => "",
  );
  return toStatusFailure({ reference: http.options.reference, host: reference.host }, answer.status, readMessage(text));
}

function registryUrl({ host, repository }: OciReference, isInsecure: boolean): URL {
  // Docker Hub's name is not that of its registry, and its own images stand below "library".
  const isHub = host === "docker.io" || host === "index.docker.io";
  const path = isHub && !repository.includes("/") ? `library/${repository}` : repository;
  return new URL(`${isInsecure ? "http" : "https"}://${isHub ? "registry-1.docker.io" : host}/v2/${path}/`);
}

interface TokenRequest {
  readonly bearer: AuthChallenge;
  readonly credentials: HostCredentials | undefined;
  readonly scope: string;
}

/** A token of the registry's authorization server. What the challenge says of the scope may be narrower than what is needed. */
async function fetchToken(http: HttpClient, base: URL, { bearer, credentials, scope }: TokenRequest): Promise<string> {
  const { reference } = http.options;
  const { realm = "", service } = bearer.parameters;
  const url = URL.parse(realm);
  if (url === null || !(url.protocol === "https:" || (url.protocol === "http:" && base.protocol === "http:"))) {
    throw refuseModule(
      reference,
      `: ${base.host} sends to ${JSON.stringify(realm)} for a token, which is no https address`,
      "tell the registry's operator",
    );
  }
  if (service !== undefined) url.searchParams.set("service", service);
  url.searchParams.set("scope", scope);
  const headers = credentials === undefined ? {} : { authorization: toBasic(credentials) };
  const answer = await http.send({ url, headers });
  const text = new TextDecoder().decode(await readBody(answer, MAX_ANSWER_BYTES, http.options));
  const place = { reference, host: base.host };
  if (answer.status !== 200) throw toStatusFailure(place, answer.status, readMessage(text));
  const token = readToken(text);
  if (token === undefined) throw toStatusFailure(place, answer.status, `${url.host} gives no token`);
  return token;
}

function readToken(text: string): string | undefined {
  const { token, access_token: accessToken } = parseObject(text);
  const found = [token, accessToken].find((value) => typeof value === "string" && /^[\x21-\x7e]+$/u.test(value));
  return typeof found === "string" ? found : undefined;
}

/** `{"errors": [{"code", "message"}]}`, as the specification has it. */
function readMessage(text: string): string {
  const { errors } = parseObject(text);
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  if (typeof first !== "object" || first === null) return "";
  const words = ["code" in first && first.code, "message" in first && first.message];
  const message = words.filter((word) => typeof word === "string").join(" ");
  return message.replaceAll(/\p{Cc}/gu, " ").slice(0, 300);
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
