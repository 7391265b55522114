/** The errors of a network as Node words them, from what the host says of a call that failed. */
import { HostCallFailure } from "../host-calls.ts";

export interface NetworkError extends Error {
  code: string;
  errno: number;
  syscall: string;
}

interface SystemError {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
}

/** By the host's code. */
const SYSTEM_ERRORS: Readonly<Record<string, SystemError>> = {
  denied: { code: "EACCES", errno: -13, syscall: "connect" },
  unsupported: { code: "EACCES", errno: -13, syscall: "connect" },
  dns: { code: "ENOTFOUND", errno: -3008, syscall: "getaddrinfo" },
  timeout: { code: "ETIMEDOUT", errno: -110, syscall: "connect" },
  too_large: { code: "EMSGSIZE", errno: -90, syscall: "read" },
  too_many: { code: "EMFILE", errno: -24, syscall: "connect" },
  unreachable: { code: "ECONNREFUSED", errno: -111, syscall: "connect" },
  tls: { code: "EPROTO", errno: -71, syscall: "connect" },
  protocol: { code: "EPROTO", errno: -71, syscall: "write" },
};
const UNKNOWN: SystemError = { code: "ECONNRESET", errno: -104, syscall: "read" };

/** What a program that asked for `url` is told. Anything but a failure of the host's is given back as it is. */
export function toNetworkError(failure: unknown, url: URL): unknown {
  if (!(failure instanceof HostCallFailure)) return failure;
  const { code, errno, syscall } = SYSTEM_ERRORS[failure.code] ?? UNKNOWN;
  return makeNetworkError({ code, errno, syscall }, url, reasonOf(failure));
}

/** The error of an attempt that nothing here can serve: a socket, or a server. */
export function refusal(syscall: string, target: string): NetworkError {
  return Object.assign(new Error(`${syscall} EACCES ${target}: ${NOT_GRANTED}`), {
    errno: -13,
    code: "EACCES",
    syscall,
  });
}

const NOT_GRANTED = "network access is not granted to this tool";

function reasonOf({ code, message }: HostCallFailure): string {
  if (code === "unsupported") return NOT_GRANTED;
  return code === "denied" ? `network access denied: ${message}` : message;
}

function makeNetworkError({ code, errno, syscall }: SystemError, url: URL, reason: string): NetworkError {
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  const target = syscall === "getaddrinfo" ? url.hostname : `${url.hostname}:${port}`;
  const error = Object.assign(new Error(`${syscall} ${code} ${target}: ${reason}`), { errno, code, syscall });
  return Object.assign(error, syscall === "getaddrinfo" ? { hostname: url.hostname } : { address: url.hostname, port });
}
