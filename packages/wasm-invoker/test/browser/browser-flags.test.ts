/** The browser's switches: its sandbox stays on, and everything goes through the server. */
import { describe, expect, it } from "vitest";
import { renderBrowserFlags } from "../../src/browser/browser-flags.ts";

const OPTIONS = { profileFolder: "/profile", serverPort: 4_711, avoidSharedMemory: false };

describe("renderBrowserFlags()", () => {
  it("renderBrowserFlags() has nothing that weakens the browser when it is rendered", () => {
    for (const avoidSharedMemory of [true, false]) {
      const names = renderBrowserFlags({ ...OPTIONS, avoidSharedMemory }).map((flag) => flag.split("=")[0]);
      for (const weakening of WEAKENING) expect(names).not.toContain(weakening);
      expect(
        names.filter(
          (name) => name?.startsWith("--no-") || name?.startsWith("--allow-") || name?.startsWith("--unsafely-"),
        ),
      ).toEqual(["--no-first-run", "--no-default-browser-check", "--no-startup-window"]);
    }
  });

  it("renderBrowserFlags() sends everything but the sandboxes' own origin to the server when it is rendered", () => {
    const flags = renderBrowserFlags(OPTIONS);
    expect(flags).toContain("--proxy-server=http://127.0.0.1:4711");
    expect(flags).toContain("--proxy-bypass-list=<-loopback>;*.localhost:4711");
    expect(flags).toContain("--host-resolver-rules=MAP *.localhost 127.0.0.1, MAP * ~NOTFOUND");
    expect(flags).toContain("--webrtc-ip-handling-policy=disable_non_proxied_udp");
    expect(flags).toContain("--disable-quic");
    expect(flags).toContain("--disable-background-networking");
  });

  it("renderBrowserFlags() opens no port for debugging, and gives every site a process, when it is rendered", () => {
    const flags = renderBrowserFlags(OPTIONS);
    expect(flags).toContain("--remote-debugging-pipe");
    expect(flags.some((flag) => flag.startsWith("--remote-debugging-port"))).toBe(false);
    expect(flags).toContain("--site-per-process");
    expect(flags).toContain("--user-data-dir=/profile");
  });

  it("renderBrowserFlags() keeps shared memory in files only when it is asked to", () => {
    expect(renderBrowserFlags(OPTIONS)).not.toContain("--disable-dev-shm-usage");
    expect(renderBrowserFlags({ ...OPTIONS, avoidSharedMemory: true })).toContain("--disable-dev-shm-usage");
  });
});

const WEAKENING = [
  "--no-sandbox",
  "--disable-setuid-sandbox",
  "--disable-namespace-sandbox",
  "--disable-seccomp-filter-sandbox",
  "--disable-gpu-sandbox",
  "--no-zygote",
  "--single-process",
  "--in-process-gpu",
  "--disable-web-security",
  "--disable-site-isolation-trials",
  "--disable-site-isolation-for-policy",
  "--ignore-certificate-errors",
  "--allow-running-insecure-content",
  "--allow-file-access-from-files",
  "--remote-allow-origins",
  "--js-flags",
  "--enable-blink-features",
];
