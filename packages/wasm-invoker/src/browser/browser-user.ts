/** The unprivileged user that Chromium runs as when the host is root: its sandbox refuses root, and rightly so. */
import { randomInt } from "node:crypto";

/** Range that systemd sets aside for users made for one service only (systemd: "Users, Groups, UIDs and GIDs"). */
const FIRST_ID = 61_184;
const LAST_ID = 65_519;

export interface BrowserUser {
  readonly uid: number;
  readonly gid: number;
}

/** A user of its own for each browser; undefined when the host is not root and the browser simply runs as the host does. */
export function chooseBrowserUser(): BrowserUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = randomInt(FIRST_ID, LAST_ID + 1);
  return { uid: id, gid: id };
}
