/** Bare repositories, and the ways to put commits, branches and tags into them. */
import { runGit } from "./git-command.ts";

/** One file of a commit: its content, or a special kind of entry. */
export type CommittedFile =
  | string
  | Uint8Array
  | { readonly executable: string }
  | { readonly link: string }
  | { readonly submodule: string };

export interface CommitOptions {
  /** @defaultValue "main" */
  readonly branch?: string;
  /** @defaultValue "commit N" */
  readonly message?: string;
  /** Commit without the branch's history, as a force-push does. @defaultValue false */
  readonly orphan?: boolean;
}

export interface GitRepository {
  /** Folder of the bare repository. */
  readonly path: string;
  readonly url: string;
  /** Makes a commit whose tree is exactly `files`, moves the branch to it, and returns its sha. */
  commit(files: Readonly<Record<string, CommittedFile>>, options?: CommitOptions): Promise<string>;
  /** Makes a branch, or moves it. */
  branch(name: string, commit: string): Promise<void>;
  /** Makes a tag; one with a message is annotated. Returns the sha that the tag's ref holds. */
  tag(name: string, commit: string, options?: { readonly message?: string }): Promise<string>;
  /** Removes a branch or a tag by its full name. */
  removeRef(ref: string): Promise<void>;
  /** Sets a key of the repository's configuration, such as "uploadpack.allowFilter". */
  configure(key: string, value: string): Promise<void>;
  /** Runs any git command in it. */
  git(args: readonly string[], input?: string | Uint8Array): Promise<string>;
}

/** 2024-01-01; each commit is a second later, so that shas are the same in every run. */
const FIRST_COMMIT_SECONDS = 1_704_067_200;
const AUTHOR = "Test Author <author@example.invalid>";

export async function createGitRepository(path: string, url: string): Promise<GitRepository> {
  await runGit(["init", "--quiet", "--bare", "--initial-branch=main", "--template=", "--", path], {
    cwd: process.cwd(),
  });
  const git: GitRepository["git"] = async (args, input) =>
    runGit(args, { cwd: path, ...(input !== undefined && { input }) });
  let commits = 0;
  await git(["config", "uploadpack.allowFilter", "true"]);

  return {
    path,
    url,
    git,
    async commit(files, { branch = "main", message = `commit ${commits + 1}`, orphan = false } = {}) {
      const when = FIRST_COMMIT_SECONDS + commits;
      commits += 1;
      const parent = orphan ? "" : await git(["for-each-ref", "--format=%(objectname)", `refs/heads/${branch}`]);
      await git(["fast-import", "--quiet", "--force"], formatImport({ files, branch, message, when, parent }));
      return git(["rev-parse", `refs/heads/${branch}`]);
    },
    async branch(name, commit) {
      await git(["update-ref", `refs/heads/${name}`, commit]);
    },
    async tag(name, commit, { message } = {}) {
      if (message === undefined) {
        await git(["update-ref", `refs/tags/${name}`, commit]);
        return commit;
      }
      const text = `object ${commit}\ntype commit\ntag ${name}\ntagger ${AUTHOR} ${FIRST_COMMIT_SECONDS} +0000\n\n${message}\n`;
      const tag = await git(["mktag"], text);
      await git(["update-ref", `refs/tags/${name}`, tag]);
      return tag;
    },
    async removeRef(ref) {
      await git(["update-ref", "-d", ref]);
    },
    async configure(key, value) {
      await git(["config", key, value]);
    },
  };
}

interface Import {
  readonly files: Readonly<Record<string, CommittedFile>>;
  readonly branch: string;
  readonly message: string;
  /** Seconds since 1970. */
  readonly when: number;
  /** Sha of the parent, or "". */
  readonly parent: string;
}

/** A stream for `git fast-import`. */
function formatImport({ files, branch, message, when, parent }: Import): Buffer {
  const parts: (string | Uint8Array)[] = [
    `commit refs/heads/${branch}\ncommitter ${AUTHOR} ${when} +0000\n`,
    ...formatData(message),
    // Without a parent, the branch's present tip must not become one.
    parent === "" ? "" : `from ${parent}\n`,
    "deleteall\n",
  ];
  if (parent === "") parts.unshift(`reset refs/heads/${branch}\n\n`);
  for (const [path, file] of Object.entries(files)) {
    if (/["\n\\]/u.test(path))
      throw new TypeError(`the path ${JSON.stringify(path)} needs quoting, which this does not do`);
    if (typeof file === "object" && "submodule" in file) parts.push(`M 160000 ${file.submodule} ${path}\n`);
    else parts.push(`M ${modeOf(file)} inline ${path}\n`, ...formatData(contentOf(file)));
  }
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

function formatData(content: string | Uint8Array): (string | Uint8Array)[] {
  return [`data ${Buffer.byteLength(content)}\n`, content, "\n"];
}

type WrittenFile = Exclude<CommittedFile, { readonly submodule: string }>;

function modeOf(file: WrittenFile): string {
  if (typeof file === "string" || file instanceof Uint8Array) return "100644";
  return "link" in file ? "120000" : "100755";
}

function contentOf(file: WrittenFile): string | Uint8Array {
  if (typeof file === "string" || file instanceof Uint8Array) return file;
  return "link" in file ? file.link : file.executable;
}
