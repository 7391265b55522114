/** Checks settings.toml and pocket.lock of the folder. */
import type { Settings } from "@toolpocket/core";
import { verifyLock } from "../../lock.ts";
import type { Session } from "../command.ts";
import { readSettingsText } from "../project/settings-file.ts";
import { type Check, check, failed, passed } from "./check.ts";

export async function checkSettings({ cwd }: Session, read: () => Promise<Settings>): Promise<Check> {
  return check("settings", async () => {
    const { tools } = await read();
    if ((await readSettingsText(cwd)) === undefined) return passed("settings", `no settings.toml in ${cwd}`);
    return passed("settings", `settings.toml, ${tools.size === 1 ? "1 tool" : `${tools.size} tools`}`);
  });
}

export async function checkLock({ cwd }: Session): Promise<Check> {
  return check("lock", async () => {
    const { ok, tools, sessions } = await verifyLock({ cwd });
    const named = [
      ...tools,
      ...sessions.map(({ requires, state }) => ({ name: `sessions with ${requires.join(", ")}`, state })),
    ];
    const wrong = named.filter(({ state }) => state !== "ok").map(({ name, state }) => `${name} ${state}`);
    if (!ok)
      return failed("lock", wrong.join(", "), "run `pocket lock verify`, which tells more, or `pocket lock sync`");
    return passed(
      "lock",
      tools.length === 0 ? "pins no tools" : `pocket.lock, ${tools.length === 1 ? "1 tool" : `${tools.length} tools`}`,
    );
  });
}
