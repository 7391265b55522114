/** The public names of @toolpocket/python-widget/server. */
export { createStatusHandler, type StatusHandler } from "./status-handler.ts";
