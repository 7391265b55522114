/** Calls that wait for a word: approved, rejected, expired, or left behind. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ApprovalOptions, createApproval, type PendingCall } from "../../src/session/approval.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const CALL = { tool: "pay", input: { amount: 3 } };

function ask(options: ApprovalOptions = {}) {
  const pending: PendingCall[] = [];
  const end = new AbortController();
  const clock = { held: 0, released: 0 };
  const approve = createApproval({ needsApproval: ["pay"], onApproval: (call) => pending.push(call), ...options });
  const decided = approve(CALL, {
    signal: end.signal,
    holdClock: () => {
      clock.held += 1;
      return () => void (clock.released += 1);
    },
  });
  decided.catch(() => undefined);
  return { decided, pending, end, clock };
}

describe("createApproval()", () => {
  it("lets a call pass at once when none needs approval, or this one does not", async () => {
    await createApproval({})(CALL, { signal: new AbortController().signal });
    await ask({ needsApproval: ["other"] }).decided;
    await ask({ needsApproval: async () => false }).decided;
  });

  it("resolves when the call is approved, and holds the clock until then", async () => {
    const { decided, pending, clock } = ask();
    await vi.advanceTimersByTimeAsync(200_000);
    expect(pending).toMatchObject([CALL]);
    expect(clock).toEqual({ held: 1, released: 0 });
    pending[0]?.approve();
    await decided;
    expect(clock).toEqual({ held: 1, released: 1 });
    expect(pending[0]?.signal.aborted).toBe(true);
  });

  it("refuses when the call is rejected, with the reason; the first word counts", async () => {
    const { decided, pending } = ask({ needsApproval: ({ input }) => (input as { amount: number }).amount > 2 });
    await vi.advanceTimersByTimeAsync(0);
    pending[0]?.reject("too much");
    pending[0]?.approve();
    await expect(decided).rejects.toMatchObject({
      code: "approval_rejected",
      message: 'the call of "pay" was rejected: too much',
    });
  });

  it("refuses when nobody says a word in time", async () => {
    const { decided, clock } = ask({ approvalTimeoutMs: 500 });
    await vi.advanceTimersByTimeAsync(501);
    await expect(decided).rejects.toMatchObject({ code: "approval_expired" });
    expect(clock.released).toBe(1);
  });

  it("gives up when the run has ended, and tells who is asked", async () => {
    const { decided, pending, end } = ask();
    await vi.advanceTimersByTimeAsync(0);
    end.abort(new Error("ended"));
    await expect(decided).rejects.toThrow("ended");
    expect(pending[0]?.signal.aborted).toBe(true);
  });

  it("refuses when the test or the listener throws: in doubt nothing is called", async () => {
    const fail = (): never => {
      throw new Error("broken");
    };
    await expect(ask({ needsApproval: fail }).decided).rejects.toThrow("broken");
    await expect(ask({ onApproval: fail }).decided).rejects.toThrow("broken");
    await expect(ask({ onApproval: async () => fail() }).decided).rejects.toThrow("broken");
  });
});
