/**
 * Folders that are held open, so that what is done in them stays in them: no link that is put in the place of a folder
 * meanwhile can lead elsewhere.
 *
 * Node has no openat(). On Linux `/proc/self/fd/<n>/<name>` is the same: the kernel starts at the open folder. Elsewhere
 * each folder is looked at again before it is entered, which leaves a moment in which a program of the user could swap it.
 */
import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, realpathSync } from "node:fs";
import { join } from "node:path";

export interface AnchoredFolder {
  /** Path of the entry `name`, which must be one segment. Follow no link there: `O_NOFOLLOW`, `lstat`. */
  at(name: string): string;
  /** Path of the folder itself. */
  readonly here: string;
  /** @throws the file system's ENOTDIR or ELOOP where `name` is a link or no folder, ENOENT where it is missing. */
  enter(name: string): AnchoredFolder;
  close(): void;
}

const HAS_FD_PATHS = process.platform === "linux" && existsSync("/proc/self/fd");
const OPEN_FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** Holds the folder at `path`, which the user named: links on the way to it are followed, once. */
export function anchorFolder(path: string, { byDescriptor = HAS_FD_PATHS } = {}): AnchoredFolder {
  const real = realpathSync(path);
  return byDescriptor ? holdDescriptor(real) : holdPath(real);
}

/** Does `work` in the folder `path` below `root`, relative with `/`; "" is the root itself. */
export function withFolder<Result>(
  root: AnchoredFolder,
  path: string,
  work: (folder: AnchoredFolder) => Result,
): Result {
  if (path === "") return work(root);
  const [name = "", ...rest] = path.split("/");
  const folder = root.enter(name);
  try {
    return withFolder(folder, rest.join("/"), work);
  } finally {
    folder.close();
  }
}

function holdDescriptor(path: string): AnchoredFolder {
  const descriptor = openSync(path, OPEN_FOLDER);
  const here = `/proc/self/fd/${descriptor}`;
  const at = (name: string): string => `${here}/${checkSegment(name)}`;
  return { here: `${here}/`, at, enter: (name) => holdDescriptor(at(name)), close: () => closeSync(descriptor) };
}

function holdPath(path: string): AnchoredFolder {
  const at = (name: string): string => join(path, checkSegment(name));
  return {
    here: path,
    at,
    enter(name) {
      const inside = at(name);
      if (!lstatSync(inside).isDirectory())
        throw Object.assign(new Error(`${inside} is no folder`), { code: "ENOTDIR" });
      if (realpathSync(inside) !== inside) throw Object.assign(new Error(`${inside} is a link`), { code: "ELOOP" });
      return holdPath(inside);
    },
    close: () => undefined,
  };
}

function checkSegment(name: string): string {
  if (name === "" || name === "." || name === ".." || /[/\0]/u.test(name))
    throw new TypeError(`"${name}" is no segment`);
  return name;
}

/** What tells a state of a file from a later one; `moved` leaves out what a rename changes. */
export interface FileStamp {
  readonly moved: string;
  readonly full: string;
}

/** The stamp of what stands at `path`, a link not followed, or of an open file. */
export function stampOf(file: string | number): FileStamp {
  const found = typeof file === "number" ? fstatSync(file, { bigint: true }) : lstatSync(file, { bigint: true });
  const moved = `${found.mode} ${found.ino} ${found.size} ${found.mtimeNs}`;
  return { moved, full: `${moved} ${found.ctimeNs}` };
}
