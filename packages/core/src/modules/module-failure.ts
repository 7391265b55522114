/** What a fetch from a web server or a registry that failed means to the user. */
import { PocketError } from "../errors.ts";

/** Where something was fetched from, for the words of an error. */
export interface FetchPlace {
  /** The reference as the user knows it. */
  readonly reference: string;
  /** Host and port. */
  readonly host: string;
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME|ISSUER/u;

/** A connection that was not made, or broke. */
export function toUnreachable({ reference, host }: FetchPlace, cause: unknown): PocketError {
  const code = codeOf(cause);
  const isCertificate = CERTIFICATE.test(code);
  const isPlainText = /ERR_SSL|EPROTO/u.test(code);
  return new PocketError("ERR_POCKET_SOURCE_UNREACHABLE", `${reference}: ${host} ${tellCode(code, cause)}`, {
    hint: isCertificate
      ? `name the authority that signed it: [registries."${host}"] ca = "ca.pem" in settings.toml, or NODE_EXTRA_CA_CERTS`
      : isPlainText
        ? `if the host speaks http, say so: [registries."${host}"] insecure = true in settings.toml`
        : "check the host's name and the network, then try again",
    details: { reference, host, retryable: !isCertificate && !isPlainText, ...(code !== "" && { reason: code }) },
    cause,
  });
}

/** An answer that is none of those that were expected. */
export function toStatusFailure({ reference, host }: FetchPlace, status: number, detail = ""): PocketError {
  const aside = detail === "" ? "" : `: ${detail}`;
  const details = { reference, host, status, retryable: isRetryable(status) };
  if (status === 401 || status === 403) {
    return new PocketError(
      "ERR_POCKET_SOURCE_UNREACHABLE",
      `${reference}: ${host} refuses access (${status}${aside})`,
      {
        hint: `give credentials in settings.toml: [registries."${host}"] username = "…", password = { secret = "NAME" }, or check those that are there`,
        details,
      },
    );
  }
  if (status === 404 || status === 410) {
    return new PocketError("ERR_POCKET_PATH_NOT_FOUND", `${reference} does not exist (${status}${aside})`, {
      hint: "check the reference; some servers answer so to those who may not know",
      details,
    });
  }
  return new PocketError("ERR_POCKET_SOURCE_UNREACHABLE", `${reference}: ${host} answers ${status}${aside}`, {
    hint: details.retryable ? "try again later" : "check the reference, and what the server says",
    details,
  });
}

/** Content that is not what a tool or module can be. */
export function refuseModule(reference: string, problem: string, hint: string, details = {}): PocketError {
  return new PocketError("ERR_POCKET_MODULE_REFUSED", `${reference} ${problem}`, {
    hint,
    details: { reference, retryable: false, ...details },
  });
}

export function tooLarge(reference: string, maxBytes: number): PocketError {
  return refuseModule(
    reference,
    `is larger than ${maxBytes} bytes`,
    "publish a smaller one: strip it of debug sections",
    {
      maxBytes,
    },
  );
}

export function digestMismatch(reference: string, expected: string, found: string): PocketError {
  return new PocketError(
    "ERR_POCKET_INTEGRITY",
    `${reference} has other content than was asked for: ${found}, not ${expected}`,
    {
      hint: "see what changed at its source, then run `pocket lock update`; the content is not used",
      details: { reference, expected, found, retryable: false },
    },
  );
}

export function timedOut(reference: string, timeoutMs: number): PocketError {
  return new PocketError("ERR_POCKET_FETCH_TIMEOUT", `fetching ${reference} took longer than ${timeoutMs} ms`, {
    hint: "try again later, or check your network",
    details: { reference, timeoutMs, retryable: true },
  });
}

function isRetryable(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}

/** The code of the error, or of the first of its causes that has one. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  return codeOf(error.cause);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: "is not known",
  EAI_AGAIN: "cannot be looked up",
  ECONNREFUSED: "refuses the connection",
  ECONNRESET: "broke off the connection",
  UND_ERR_SOCKET: "broke off the connection",
  UND_ERR_CONNECT_TIMEOUT: "does not answer",
  UND_ERR_HEADERS_TIMEOUT: "does not answer",
  UND_ERR_BODY_TIMEOUT: "stopped in the middle",
};

function tellCode(code: string, cause: unknown): string {
  const known = REASONS[code];
  if (known !== undefined) return `${known} (${code})`;
  if (CERTIFICATE.test(code)) return `shows a certificate that is not trusted (${code})`;
  if (/ERR_SSL|EPROTO/u.test(code)) return `does not speak TLS (${code})`;
  return `cannot be reached${code === "" ? "" : ` (${code})`}: ${cause instanceof Error ? cause.message : String(cause)}`;
}
