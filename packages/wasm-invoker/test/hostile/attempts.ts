/** All that hostile tools try in hostile.e2e.test.ts. */
import type { Attempt } from "./attempt.ts";
import { DOOR } from "./door-attempts.ts";
import { NETWORK, STORAGE } from "./escape-attempts.ts";
import { FORGERIES, TAMPERING } from "./forgery-attempts.ts";
import { ALLOCATIONS, CRASHES, FLOODS, LOOPS } from "./resource-attempts.ts";

export const ATTEMPTS: readonly Attempt[] = [
  ...LOOPS,
  ...CRASHES,
  ...FLOODS,
  ...ALLOCATIONS,
  ...NETWORK,
  ...DOOR,
  ...STORAGE,
  ...FORGERIES,
  ...TAMPERING,
];
