/** Components: transpiling them cold and out of the store, and warm calls beside jco in Node in process. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildJsComponent } from "@toolpocket/test-kit/build-component";
import type { BenchFolder } from "../bench-folder.ts";
import { openNodeComponent } from "../peers/node-component.ts";
import { compareRow } from "../row.ts";
import { interleave, time } from "../samples.ts";
import type { Section } from "../section.ts";

const WIT = "package bench:greeter;\nworld greeter { export greet: func(name: string) -> string; }\n";
const SOURCE = "export function greet(name) { return `Hello ${name}`; }\n";
const INPUT = { name: "Ada" };
/** Time between calls, in which the next instance is made. */
const PAUSE_MS = 400;

export const components: Section = {
  id: "components",
  title: "components of the component model",
  rows: ["component-cold", "component-cached", "component-warm"],
  async measure({ folder, count }) {
    const component = await buildJsComponent(WIT, SOURCE);
    await mkdir(join(folder.path, "greeter"));
    await writeFile(join(folder.path, "greeter", "greeter.wasm"), component);
    const cold = await measureFirstCall(folder);
    const cached = await measureFirstCall(folder);
    const node = await openNodeComponent(component, join(folder.path, "node-component"));
    await using pocket = folder.openPocket(["greeter"]);
    const [warm = [], inNode = []] = await interleave([() => time(() => pocket.invoke("greeter", INPUT)), node.call], {
      rounds: count(40, 5),
      pauseMs: PAUSE_MS,
    });
    return [
      compareRow({
        id: "component-cold",
        what: "first call of a component of 1 MB, which is transpiled for it",
        ours: cold,
        floorOrPeer: node.firstCallMs,
        unit: "ms",
        beside: "jco transpiling it and calling it in Node, in process",
      }),
      compareRow({
        id: "component-cached",
        what: "first call of the component by another Pocket, out of the store",
        ours: cached,
        floorOrPeer: cold,
        unit: "ms",
        beside: "the first call, for which it was transpiled",
      }),
      compareRow({
        id: "component-warm",
        what: "warm call of a component, fresh instance",
        ours: warm,
        floorOrPeer: inNode,
        unit: "ms",
        beside: "a fresh instance of it by jco in Node, in process",
      }),
    ];
  },
};

/** The first call, in a browser that runs already: its start is a row of its own. */
async function measureFirstCall(folder: BenchFolder): Promise<number> {
  await using pocket = folder.openPocket(["echo-node", "greeter"]);
  await pocket.invoke("echo-node", { city: "Seoul" });
  return await time(() => pocket.invoke("greeter", INPUT));
}
