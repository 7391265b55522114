/** Preloaded into a process: at its end, standard error is the names of the packages and built-ins that it has loaded. */
import { registerHooks } from "node:module";

const loaded = new Set<string>();

registerHooks({
  load(url, context, next) {
    const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/u.exec(url)?.[1];
    if (name !== undefined) loaded.add(name);
    else if (url.startsWith("node:")) loaded.add(url);
    return next(url, context);
  },
});

process.on("exit", () => process.stderr.write(JSON.stringify([...loaded])));
