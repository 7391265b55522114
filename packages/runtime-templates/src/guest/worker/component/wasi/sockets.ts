/** `wasi:sockets`: there, because C libraries import it whether they need it or not, and refused at every call. */
import * as sockets from "@bytecodealliance/preview2-shim/sockets";
import type { ComponentImports } from "../glue.ts";

function deny(): never {
  throw "access-denied";
}

/** The classes are the shim's: nobody ever has an instance of one. */
export function createSockets(): ComponentImports {
  return {
    "wasi:sockets/instance-network": sockets.instanceNetwork,
    "wasi:sockets/network": sockets.network,
    "wasi:sockets/ip-name-lookup": { ...sockets.ipNameLookup, resolveAddresses: deny },
    "wasi:sockets/tcp": sockets.tcp,
    "wasi:sockets/tcp-create-socket": { createTcpSocket: deny },
    "wasi:sockets/udp": sockets.udp,
    "wasi:sockets/udp-create-socket": { createUdpSocket: deny },
  } as unknown as ComponentImports;
}
