import { expect, test } from "vitest";
import { listToolFolders } from "../../src/git/tool-folders.ts";

test("listToolFolders() gives the folders that hold a manifest, sorted", () => {
  const paths = [
    "b/pocket.json",
    "a/x/config.toml",
    "config.toml",
    "c/my-config.toml",
    "d/config.toml/x",
    "b/config.toml",
  ];
  expect(listToolFolders(paths)).toEqual(["", "a/x", "b"]);
});
