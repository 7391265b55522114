/** `node:net` and `node:dns`: what they say about addresses works, a connection or a look-up is refused. */
import { refusal } from "../../fetch/network-error.ts";
import { refusingClass, unavailable } from "../errors/node-error.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/u;

function isIP(text: unknown): 0 | 4 | 6 {
  const address = String(text);
  if (IPV4.test(address)) return 4;
  const withoutZone = address.replace(/%.*$/u, "");
  return withoutZone.includes(":") && URL.canParse(`http://[${withoutZone}]`) ? 6 : 0;
}

export function createNet(realm: NodeRealm): Exports {
  const { Duplex } = realm.builtin("stream");
  class Socket extends Duplex {
    connect(...values: Exports[]): this {
      const [first, second] = values;
      const target =
        typeof first === "object"
          ? `${first.host ?? "localhost"}:${first.port ?? first.path}`
          : `${typeof second === "string" ? second : "localhost"}:${first}`;
      this.destroy(refusal("connect", target));
      return this;
    }
    _read(): void {}
    _write(_chunk: unknown, _encoding: string, done: (error: unknown) => void): void {
      done(refusal("write", "socket"));
    }
    setTimeout(): this {
      return this;
    }
    setNoDelay(): this {
      return this;
    }
    setKeepAlive(): this {
      return this;
    }
    ref(): this {
      return this;
    }
    unref(): this {
      return this;
    }
  }
  const connect = (...values: unknown[]): Exports => new Socket().connect(...values);
  return {
    Socket,
    Stream: Socket,
    connect,
    createConnection: connect,
    isIP,
    isIPv4: (text: unknown) => isIP(text) === 4,
    isIPv6: (text: unknown) => isIP(text) === 6,
    createServer: () => {
      throw unavailable("net.createServer");
    },
    Server: refusingClass("Server", "net.Server"),
    BlockList: refusingClass("BlockList", "net.BlockList"),
    getDefaultAutoSelectFamily: () => true,
    setDefaultAutoSelectFamily: () => undefined,
  };
}

export function createDns(realm: NodeRealm): Exports {
  const refuse = (name: string, host: string): Error => {
    const error: Exports = new Error(`${name} ENOTFOUND ${host}`);
    return Object.assign(error, { errno: -3008, code: "ENOTFOUND", syscall: name, hostname: host });
  };
  const NAMES = [
    "lookup",
    "lookupService",
    "resolve",
    "resolve4",
    "resolve6",
    "resolveAny",
    "resolveCname",
    "resolveMx",
    "resolveNs",
    "resolveTxt",
    "resolveSrv",
    "resolvePtr",
    "resolveSoa",
    "resolveCaa",
    "resolveNaptr",
    "reverse",
  ];
  const dns: Exports = {
    promises: {},
    ADDRCONFIG: 1024,
    V4MAPPED: 2048,
    ALL: 256,
    NODATA: "ENODATA",
    NOTFOUND: "ENOTFOUND",
  };
  for (const name of NAMES) {
    dns[name] = (host: string, ...rest: Exports[]) => {
      const callback = rest.at(-1);
      realm.loop.addCompletion(() => callback(refuse(name === "lookup" ? "getaddrinfo" : name, host)));
    };
    dns.promises[name] = async (host: string) => {
      throw refuse(name === "lookup" ? "getaddrinfo" : name, host);
    };
  }
  const settings = {
    getServers: () => [],
    setServers: () => undefined,
    setDefaultResultOrder: () => undefined,
    getDefaultResultOrder: () => "verbatim",
  };
  function Resolver(): void {}
  Object.assign(Resolver.prototype, dns);
  Object.assign(dns.promises, settings);
  return Object.assign(dns, settings, { Resolver });
}
