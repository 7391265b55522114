/** `poll_oneoff`: waits for clocks; the standard streams are always ready. */
import { readClockNs, sleepNs } from "./clocks.ts";
import { ERRNO, WasiError } from "./errno.ts";
import type { GuestMemory } from "./guest-memory.ts";
import type { StandardStreams } from "./standard-streams.ts";

const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
const CLOCK = 0;
const FD_READ = 1;
const FD_WRITE = 2;
const ABSOLUTE_TIME = 1;

interface Subscription {
  readonly userdata: bigint;
  readonly type: number;
  /** Until it is due, in nanoseconds; 0 for what is ready. */
  readonly wait: bigint;
  readonly errno: number;
  readonly readable: number;
}

export interface PollCall {
  readonly input: number;
  readonly output: number;
  readonly count: number;
}

/** The number of events that were written: one for each subscription that is due. */
export function poll(memory: GuestMemory, streams: StandardStreams, { input, output, count }: PollCall): number {
  const total = count >>> 0;
  if (total === 0) throw new WasiError("inval");
  const table = memory.view(input, Math.min(total * SUBSCRIPTION_BYTES, 0xffff_ffff));
  const subscriptions = Array.from({ length: total }, (_, index) =>
    readSubscription(new DataView(table.buffer, table.byteOffset + index * SUBSCRIPTION_BYTES), streams),
  );
  const soonest = subscriptions.reduce(
    (least, { wait }) => (wait < least ? wait : least),
    subscriptions[0]?.wait ?? 0n,
  );
  sleepNs(soonest);
  const due = subscriptions.filter(({ wait }) => wait <= soonest);
  due.forEach((subscription, index) =>
    writeEvent(memory.view(output + index * EVENT_BYTES, EVENT_BYTES), subscription),
  );
  return due.length;
}

function readSubscription(view: DataView, streams: StandardStreams): Subscription {
  const userdata = view.getBigUint64(0, true);
  const type = view.getUint8(8);
  const ready = { userdata, type, wait: 0n, errno: ERRNO.success, readable: 0 };
  try {
    if (type === CLOCK) return { ...ready, wait: readWait(view) };
    if (type !== FD_READ && type !== FD_WRITE) throw new WasiError("inval");
    streams.check(view.getUint32(16, true));
    return { ...ready, readable: type === FD_READ ? streams.waiting : 0 };
  } catch (error) {
    if (!(error instanceof WasiError)) throw error;
    return { ...ready, errno: error.errno };
  }
}

function readWait(view: DataView): bigint {
  const now = readClockNs(view.getUint32(16, true));
  const timeout = view.getBigUint64(24, true);
  const isAbsolute = (view.getUint16(40, true) & ABSOLUTE_TIME) !== 0;
  const wait = isAbsolute ? timeout - now : timeout;
  return wait > 0n ? wait : 0n;
}

function writeEvent(view: DataView, { userdata, type, errno, readable }: Subscription): void {
  new Uint8Array(view.buffer, view.byteOffset, EVENT_BYTES).fill(0);
  view.setBigUint64(0, userdata, true);
  view.setUint16(8, errno, true);
  view.setUint8(10, type);
  view.setBigUint64(16, BigInt(readable), true);
}
