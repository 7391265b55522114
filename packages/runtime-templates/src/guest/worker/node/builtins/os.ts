/** `node:os`: a machine that tells nothing about the one below. */
import { monotonicNow } from "../natives.ts";
import type { Exports } from "../node-realm.ts";
import { ARCHITECTURE, PLATFORM } from "../process/versions.ts";

const GIBIBYTE = 1_073_741_824;

export function createOs(): Exports {
  const signals = {
    SIGHUP: 1,
    SIGINT: 2,
    SIGQUIT: 3,
    SIGILL: 4,
    SIGTRAP: 5,
    SIGABRT: 6,
    SIGBUS: 7,
    SIGFPE: 8,
    SIGKILL: 9,
    SIGUSR1: 10,
    SIGSEGV: 11,
    SIGUSR2: 12,
    SIGPIPE: 13,
    SIGALRM: 14,
    SIGTERM: 15,
    SIGCHLD: 17,
    SIGCONT: 18,
    SIGSTOP: 19,
  };
  const errno = { EACCES: 13, EEXIST: 17, ENOENT: 2, EPERM: 1, EISDIR: 21, ENOTDIR: 20, EINVAL: 22, ECONNREFUSED: 111 };
  return {
    EOL: "\n",
    devNull: "/dev/null",
    constants: { UV_UDP_REUSEADDR: 4, signals, errno, dlopen: {}, priority: { PRIORITY_NORMAL: 0 } },
    arch: () => ARCHITECTURE,
    availableParallelism: () => 1,
    cpus: () => [{ model: "sandbox", speed: 0, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } }],
    endianness: () => "LE",
    freemem: () => GIBIBYTE,
    getPriority: () => 0,
    homedir: () => "/home/tool",
    hostname: () => "localhost",
    loadavg: () => [0, 0, 0],
    machine: () => "x86_64",
    networkInterfaces: () => ({}),
    platform: () => PLATFORM,
    release: () => "6.0.0",
    setPriority: () => undefined,
    tmpdir: () => "/tmp",
    totalmem: () => GIBIBYTE,
    type: () => "Linux",
    uptime: () => monotonicNow() / 1000,
    userInfo: () => ({ uid: 1000, gid: 1000, username: "tool", homedir: "/home/tool", shell: null }),
    version: () => "#1",
  };
}
