/** Instances that are made ahead of the calls that will use them, each used once. */
/** A run that lasts longer than this no longer holds back the making of the next instance. */
const REFILL_DELAY_MS = 50;

export interface InstancePool<Instance> {
  /** Sets how many instances wait, and starts making them. */
  keep(instances: number): void;
  /** The next instance; `waited` tells whether it was not ready yet. Rejects when it cannot be made. */
  take(): Promise<{ instance: Instance; waited: boolean }>;
  /** Makes up for what was taken, now. */
  refill(): void;
  /** Gives up the instances that wait, and makes others in their place. */
  renew(giveUp: (instance: Instance) => void): void;
}

interface Slot<Instance> {
  readonly instance: Promise<Instance>;
  ready: boolean;
}

/** @param start makes an instance; it is called again after a failure only for the next `take()` */
export function createInstancePool<Instance>(start: () => Promise<Instance>): InstancePool<Instance> {
  let slots: Slot<Instance>[] = [];
  let wanted = 0;

  function makeSlot(): Slot<Instance> {
    const slot: Slot<Instance> = { instance: start(), ready: false };
    slot.instance.then(
      () => (slot.ready = true),
      () => (slots = slots.filter((other) => other !== slot)),
    );
    return slot;
  }

  function refill(): void {
    while (slots.length < wanted) slots.push(makeSlot());
  }

  return {
    keep(instances) {
      wanted = instances;
      refill();
    },
    async take() {
      const slot = slots.shift() ?? makeSlot();
      const waited = !slot.ready;
      const instance = await slot.instance;
      // Not before: the next one would be booted at the cost of this one, which somebody waits for.
      setTimeout(refill, REFILL_DELAY_MS);
      return { instance, waited };
    },
    refill,
    renew(giveUp) {
      for (const { instance } of slots) instance.then(giveUp, () => undefined);
      slots = [];
      refill();
    },
  };
}
