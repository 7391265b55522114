/** Where things are in the checkout, and what stands for the content of some of its files. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the checkout. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** What the bootstrap keeps for itself; ignored by git. */
export const TOOLCHAIN = join(ROOT, ".toolchain");

/** Folders of the workspace's packages, relative to the root and sorted. */
export function listPackageFolders() {
  return ["packages", "examples"]
    .filter((parent) => existsSync(join(ROOT, parent)))
    .flatMap((parent) => readdirSync(join(ROOT, parent)).map((name) => join(parent, name)))
    .concat("bench")
    .filter((folder) => existsSync(join(ROOT, folder, "package.json")))
    .sort();
}

/**
 * Every file below `folder`, relative to the root and sorted.
 * @param {string} folder relative to the root
 * @returns {string[]}
 */
export function listFiles(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? listFiles(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

/**
 * A digest over names and contents.
 * @param {string[]} files relative to the root
 */
export function digestFiles(files) {
  const hash = createHash("sha256");
  for (const file of files) {
    const content = readFileSync(join(ROOT, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/**
 * Whether `file` holds exactly `text`: how a stage knows that its work was done for the same input.
 * @param {string} file absolute
 * @param {string} text
 */
export function isStamped(file, text) {
  return existsSync(file) && readFileSync(file, "utf8") === text;
}
