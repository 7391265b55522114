/** Checks the browser's program, and whether this machine lets it build its sandbox. */
import { readFile } from "node:fs/promises";
import { type Check, check, failed, passed, warned } from "./check.ts";
import { type ProgramUser, runProgram } from "./run-program.ts";

/** Stands for the unprivileged user that the browser runs as when this process is root. */
const UNPRIVILEGED: ProgramUser = { uid: 61_184, gid: 61_184 };

/** @param configured `[browser]` `path` of settings.toml */
export async function checkBrowser(configured: string | undefined): Promise<Check> {
  return check("browser", async () => {
    const { findBrowser } = await import("@toolpocket/wasm-invoker");
    const { path, origin } = await findBrowser(configured);
    const place = `${path} (${origin === "option" ? "settings.toml" : origin})`;
    const version = await runProgram(path, ["--version"], browserUser());
    if (version !== undefined) return passed("browser", `${version.split("\n").at(-1) ?? ""}, ${place}`);
    return browserUser() === undefined
      ? failed("browser", `${place} does not start`, "install Chromium again, or set POCKET_BROWSER to another")
      : failed(
          "browser",
          `${place} cannot be started by an unprivileged user, which it runs as under root`,
          "install it outside of root's home, for example your system's package `chromium`",
        );
  });
}

/** A kernel setting that keeps programs without privileges from making user namespaces. */
interface KernelSetting {
  readonly key: string;
  readonly forbids: (value: number) => boolean;
  readonly remedy: string;
}

const KERNEL_SETTINGS: readonly KernelSetting[] = [
  {
    key: "kernel.unprivileged_userns_clone",
    forbids: (value) => value === 0,
    remedy: "sysctl -w kernel.unprivileged_userns_clone=1",
  },
  {
    key: "user.max_user_namespaces",
    forbids: (value) => value === 0,
    remedy: "sysctl -w user.max_user_namespaces=15000",
  },
  {
    key: "kernel.apparmor_restrict_unprivileged_userns",
    forbids: (value) => value === 1,
    remedy: "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
  },
];

/** Chromium's sandbox is made of user namespaces. Some machines forbid them; a setuid helper can stand in for them. */
export async function checkUserNamespaces(): Promise<readonly Check[]> {
  if (process.platform !== "linux") return [];
  const name = "namespaces";
  const forbidding = await findForbidding();
  const first = forbidding[0];
  if (first !== undefined) {
    return [
      warned(name, `forbidden by ${forbidding.map(({ key }) => key).join(", ")}`, `as root, run \`${first.remedy}\``),
    ];
  }
  const isBlocked =
    (await runProgram("unshare", ["--version"])) !== undefined &&
    (await runProgram("unshare", ["--user", "true"], browserUser())) === undefined;
  return [
    isBlocked
      ? warned(
          name,
          "forbidden, though no kernel setting says so",
          "in a container, allow them: with Docker, a seccomp profile that allows clone and unshare",
        )
      : passed(name, "programs without privileges may make user namespaces"),
  ];
}

async function findForbidding(): Promise<readonly KernelSetting[]> {
  const values = await Promise.all(KERNEL_SETTINGS.map(({ key }) => readKernelSetting(key)));
  return KERNEL_SETTINGS.filter(({ forbids }, index) => {
    const value = values[index];
    return value !== undefined && forbids(value);
  });
}

async function readKernelSetting(key: string): Promise<number | undefined> {
  const text = await readFile(`/proc/sys/${key.replaceAll(".", "/")}`, "utf8").catch(() => undefined);
  return text === undefined ? undefined : Number(text);
}

function browserUser(): ProgramUser | undefined {
  return process.getuid?.() === 0 ? UNPRIVILEGED : undefined;
}
