/** A process that opens an empty page: what every program pays that starts this browser. */
import { createServer } from "node:http";
import { once } from "node:events";
import { launchBrowser } from "@toolpocket/wasm-invoker/browser";

/** @type {PromiseWithResolvers<void>} */
const loaded = Promise.withResolvers();
const server = createServer((request, response) => {
  response.setHeader("Content-Type", "text/html");
  response.end('<!doctype html><link rel="icon" href="data:,"><script>fetch("/loaded")</script>');
  if (request.url === "/loaded") loaded.resolve();
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
const browser = await launchBrowser({ serverPort: port });
await browser.openPage(`http://bare.localhost:${port}/`, () => loaded.promise);
process.stdout.write("loaded\n");
await browser.close();
server.closeAllConnections();
server.close();
