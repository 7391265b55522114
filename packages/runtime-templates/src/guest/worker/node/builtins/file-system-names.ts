/** The names of `node:fs`, so that the module can be there before the file system behind it is. */

/** Operations with a synchronous and a callback form. */
const OPERATIONS = [
  "access", "appendFile", "chmod", "chown", "close", "copyFile", "cp", "exists", "fchmod", "fchown", "fdatasync", "fstat",
  "fsync", "ftruncate", "futimes", "lchmod", "lchown", "link", "lstat", "lutimes", "mkdir", "mkdtemp", "open", "opendir",
  "read", "readdir", "readFile", "readlink", "readv", "realpath", "rename", "rm", "rmdir", "stat", "statfs", "symlink",
  "truncate", "unlink", "utimes", "write", "writeFile", "writev",
];

export const CALLBACK_FUNCTIONS: readonly string[] = OPERATIONS;
export const SYNCHRONOUS_FUNCTIONS: readonly string[] = [...OPERATIONS.map((name) => `${name}Sync`), "globSync"];
/** Functions that give something that lives on. */
export const LASTING_FUNCTIONS: readonly string[] = [
  "createReadStream", "createWriteStream", "glob", "openAsBlob", "unwatchFile", "watch", "watchFile",
];
/** What is neither: classes and constants. */
export const MEMBERS: readonly string[] = [
  "constants", "F_OK", "R_OK", "W_OK", "X_OK", "Stats", "Dir", "Dirent", "ReadStream", "WriteStream", "FileReadStream",
  "FileWriteStream",
];
