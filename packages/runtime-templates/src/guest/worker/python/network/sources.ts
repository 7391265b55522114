/** The Python sources of the network, in the order in which they are executed. */
import connect from "./connect.py";
import exchange from "./exchange.py";
import failures from "./failures.py";
import libraries from "./libraries.py";
import names from "./names.py";
import sockets from "./sockets.py";
import wire from "./wire.py";

export const NETWORK_SOURCES: readonly string[] = [failures, exchange, wire, sockets, names, libraries, connect];
