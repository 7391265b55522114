/** The names of the exports that metering adds. */

/** The export that holds the fuel that is left: a mutable i64. Below zero it ran out. */
export const FUEL_GLOBAL = "toolpocket:fuel";

/** The export that takes the place of the module's start function, if it has one. */
export const START_EXPORT = "toolpocket:start";
