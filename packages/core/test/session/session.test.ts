/** The life of a session, on an instance that answers as the test tells it. */
import { describe, expect, it, vi } from "vitest";
import { PocketError } from "../../src/errors.ts";
import type { RunRequest } from "../../src/invoker.ts";
import type { PythonPackages } from "../../src/packages/python-packages.ts";
import { createSession } from "../../src/session/session.ts";
import { resolveSessionLimits, type SessionOptions } from "../../src/session/session-options.ts";
import { createSessionPackages } from "../../src/session/session-packages.ts";
import { createScriptedInstance, type ScriptedInstance } from "./scripted-instance.ts";

function open(instance: ScriptedInstance, options: SessionOptions = {}) {
  const closing = new AbortController();
  const invoke = async () => {
    throw new Error("no tool is called here");
  };
  const limits = resolveSessionLimits(options.limits);
  const packages = createSessionPackages([], shelf);
  const refuse = invoke;
  const host = { id: "s", instance, limits, packages, invoke, refuse, closing: closing.signal };
  const session = createSession(host, options);
  return { session, closing };
}

/** Has version 1 of every package, but not of "missing". */
const shelf: PythonPackages = {
  async resolve(requirements) {
    if (requirements.includes("missing")) {
      throw new PocketError("ERR_POCKET_PACKAGE_NOT_FOUND", "missing: no such package (404)", {
        hint: "check the name",
      });
    }
    const names = requirements.map((requirement) => requirement.replace(/==.*$/u, ""));
    return names.map((name) => ({ name, version: "1", digest: "", fileName: `${name}-1-py3-none-any.whl` }));
  },
  fetch: async (pins) => pins.map((pin) => Object.assign({ content: bytes(pin.fileName) }, pin)),
};

const report = (told: object): { value: string } => ({ value: JSON.stringify({ files: [], ...told }) });
const opOf = (request: RunRequest | undefined): unknown => (request?.input as { op: string } | undefined)?.op;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("run()", () => {
  it("gives the value, the streams and the files when the code ends well", async () => {
    const { session } = open(
      createScriptedInstance(() => ({
        ...report({ value: { json: '{"a":[1]}' }, files: [{ path: "a.txt", size: 3 }] }),
        stdout: bytes("out"),
        stderr: bytes("err"),
      })),
    );
    expect(await session.run("1")).toMatchObject({
      status: "ok",
      value: { a: [1] },
      stdout: "out",
      stderr: "err",
      files: [{ path: "a.txt", size: 3 }],
      calls: [],
      restored: false,
    });
  });

  it("gives error, line and advice, and keeps stdout, when the code raises", async () => {
    const error = { type: "ModuleNotFoundError", message: "No module named 'x'", module: "x", line: 2, traceback: "T" };
    const { session } = open(createScriptedInstance(() => ({ ...report({ error }), stdout: bytes("before") })));
    expect(await session.run("import x")).toMatchObject({
      status: "error",
      stdout: "before",
      error: {
        code: "execution_failed",
        type: "ModuleNotFoundError",
        message: "ModuleNotFoundError: No module named 'x'",
        line: 2,
        traceback: "T",
        hint: expect.stringContaining('"x"'),
      },
    });
  });

  it("is a timeout, and the session is not restored, when the interrupt ended the code", async () => {
    const interrupted = { code: "timeout", message: "late" } as const;
    const error = { type: "KeyboardInterrupt", message: "", line: 1 };
    const { session } = open(createScriptedInstance(() => ({ ...report({ error }), interrupted })));
    expect(await session.run("while True: pass")).toMatchObject({
      status: "error",
      error: { code: "timeout", message: "the code did not finish within 30000 ms", line: 1 },
      restored: false,
    });
  });

  it("says restored once when the instance was lost in the run, or before it", async () => {
    let isLost = false;
    const lost = { kind: "failed", code: "timeout", message: "late", coldStart: false, isFresh: false } as const;
    const empty = { stdout: new Uint8Array(0), stderr: new Uint8Array(0) };
    const { session } = open(createScriptedInstance(() => (isLost ? { ...lost, ...empty } : report({}))));
    expect((await session.run("1")).restored).toBe(false);
    isLost = true;
    expect(await session.run("2")).toMatchObject({ status: "error", restored: true, error: { code: "timeout" } });
    isLost = false;
    expect((await session.run("3")).restored).toBe(true);
    expect((await session.run("4")).restored).toBe(false);
  });

  it("is no outcome of the code's when the guest tells what cannot be read", async () => {
    for (const value of ["", "[", "[]", '{"value":{"json":"["},"files":7}', `${"[".repeat(5_000)}`]) {
      const { session } = open(createScriptedInstance(() => ({ value })));
      const { files, error } = await session.run("1");
      expect(files).toEqual([]);
      expect([undefined, "runtime_policy_invalid"]).toContain(error?.code);
    }
  });

  it("rejects with the signal's reason when it is aborted, and the session goes on", async () => {
    const { session } = open(createScriptedInstance());
    await expect(session.run("1", { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    expect((await session.run("1")).status).toBe("ok");
  });

  it("does one thing after the other when several are asked for at once", async () => {
    let live = 0;
    const { session } = open(
      createScriptedInstance(async () => {
        live += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
        expect(live).toBe(1);
        live -= 1;
        return report({});
      }),
    );
    await Promise.all([session.run("1"), session.listFiles(), session.run("2"), session.reset()]);
  });

  it("throws RangeError or TypeError when an option or the code is wrong", async () => {
    const { session } = open(createScriptedInstance());
    await expect(session.run("1", { timeoutMs: 0 })).rejects.toThrow(RangeError);
    await expect(session.run(1 as unknown as string)).rejects.toThrow(TypeError);
    expect(() => open(createScriptedInstance(), { ttlMs: -1 })).toThrow(RangeError);
    expect(() => open(createScriptedInstance(), { limits: { maxCalls: -1 } })).toThrow(RangeError);
    expect(() => open(createScriptedInstance(), { needsApproval: ["a"] })).toThrow(TypeError);
  });

  it("hands on output in whole characters, and goes on, when the listener throws", async () => {
    const heard: string[] = [];
    const instance = createScriptedInstance((request) => {
      const text = bytes("서울");
      request.onOutput?.(text.subarray(0, 4), new Uint8Array(0));
      request.onOutput?.(text.subarray(4), bytes("e"));
      return report({});
    });
    const { session } = open(instance, {
      onOutput: ({ stream, text }) => {
        heard.push(`${stream}:${text}`);
        throw new Error("a listener's");
      },
    });
    expect((await session.run("1")).status).toBe("ok");
    expect(heard).toEqual(["stdout:서", "stdout:울", "stderr:e"]);
  });
});

describe("files", () => {
  it("writeFile() and readFile() throw ERR_POCKET_SESSION_FILE when the guest cannot, or the file is too large", async () => {
    const failure = { value: '{"failure":{"errno":44,"message":"FS error"}}' };
    const { session } = open(
      createScriptedInstance(() => failure),
      { limits: { maxFileBytes: 3 } },
    );
    const refused = { code: "ERR_POCKET_SESSION_FILE" };
    await expect(session.readFile("a")).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining("no such"),
    });
    await expect(session.writeFile("a", "1234")).rejects.toMatchObject(refused);
    await expect(session.writeFile("a", "123")).rejects.toMatchObject(refused);
  });

  it("readFile() throws ERR_POCKET_SESSION_FILE when the guest says it is done and has sent nothing", async () => {
    const { session } = open(createScriptedInstance(() => ({ value: "{}" })));
    await expect(session.readFile("a")).rejects.toMatchObject({ code: "ERR_POCKET_SESSION_FILE" });
  });

  it("listFiles() drops what is no file when the guest lists it", async () => {
    const { session } = open(createScriptedInstance(() => ({ value: '[{"path":"a","size":1},{"path":2},7]' })));
    expect(await session.listFiles()).toEqual([{ path: "a", size: 1 }]);
  });
});

describe("the end", () => {
  it("a session is closed when it was idle for ttlMs, and says so", async () => {
    vi.useFakeTimers();
    try {
      const instance = createScriptedInstance();
      const { session } = open(instance, { ttlMs: 1_000 });
      await session.run("1");
      await vi.advanceTimersByTimeAsync(900);
      await session.run("1");
      await vi.advanceTimersByTimeAsync(900);
      expect(session.closed).toBe(false);
      await vi.advanceTimersByTimeAsync(200);
      expect([session.closed, instance.closed]).toEqual([true, true]);
      await expect(session.run("1")).rejects.toMatchObject({ code: "ERR_POCKET_CLOSED", message: /idle for 1000 ms/u });
    } finally {
      vi.useRealTimers();
    }
  });

  it("a session is closed when its Pocket is", async () => {
    const instance = createScriptedInstance();
    const { session, closing } = open(instance);
    closing.abort();
    expect(instance.closed).toBe(true);
    await expect(session.run("1")).rejects.toMatchObject({ code: "ERR_POCKET_CLOSED" });
  });

  it("reset() begins anew, which is no loss", async () => {
    const instance = createScriptedInstance();
    const { session } = open(instance);
    await session.run("1");
    await session.reset();
    expect(instance.resets).toBe(1);
    expect((await session.run("1")).restored).toBe(false);
    expect(instance.requests.map(opOf)).toEqual(["execute", "execute"]);
  });
});

describe("install()", () => {
  it("installs each package once, and tells what was installed", async () => {
    const ops: unknown[] = [];
    const { session } = open(createScriptedInstance((request) => (ops.push(opOf(request)), report({}))));
    expect(await session.install(["b", "a"])).toEqual([
      { name: "a", version: "1" },
      { name: "b", version: "1" },
    ]);
    expect(await session.install(["a"])).toEqual([]);
    expect(ops).toEqual(["install", "install"]);
    expect(session.listPackages().map(({ name }) => name)).toEqual(["a", "b"]);
  });

  it("throws the installer's own error, and the session lives on", async () => {
    const { session } = open(createScriptedInstance(() => report({})));
    await expect(session.install(["missing"])).rejects.toMatchObject({
      code: "ERR_POCKET_PACKAGE_NOT_FOUND",
      message: "missing: no such package (404)",
    });
    for (const [fileName, message] of [
      ["x.zip", '"x.zip" is no name of a wheel'],
      ["x-1.0.tar.gz", '"x-1.0.tar.gz" is no name of a wheel'],
      ["x-1-cp314-cp314-win32.whl", "x-1-cp314-cp314-win32.whl is built for another Python or platform"],
    ] as const) {
      await expect(session.install([{ fileName, content: bytes("") }])).rejects.toMatchObject({
        code: "ERR_POCKET_PACKAGE_REFUSED",
        message,
      });
    }
    expect((await session.run("1")).status).toBe("ok");
    expect(session.listPackages()).toEqual([]);
  });

  it("throws ERR_POCKET_SESSION_FILE when the guest cannot unpack the wheel", async () => {
    const { session } = open(
      createScriptedInstance(() => report({ failure: { errno: 0, message: "not a zip file" } })),
    );
    await expect(session.install(["a"])).rejects.toMatchObject({
      code: "ERR_POCKET_SESSION_FILE",
      message: expect.stringContaining("not a zip file"),
    });
    expect(session.listPackages()).toEqual([]);
  });

  it("installs again what a lost instance or reset() took away, before the next run", async () => {
    const ops: unknown[] = [];
    let isLost = false;
    const lost = { kind: "failed", code: "timeout", message: "late", coldStart: false, isFresh: false } as const;
    const empty = { stdout: new Uint8Array(0), stderr: new Uint8Array(0) };
    const { session } = open(
      createScriptedInstance((request) => {
        ops.push(opOf(request));
        return isLost ? { ...lost, ...empty } : report({});
      }),
    );
    await session.install(["a"]);
    isLost = true;
    await session.run("while True: pass");
    isLost = false;
    await session.run("1");
    await session.reset();
    await session.run("2");
    await session.run("3");
    expect(ops).toEqual(["install", "execute", "install", "execute", "install", "execute", "execute"]);
  });
});
