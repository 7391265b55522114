/** What happens during a run that a user may want to record: requests and refusals, never a secret. */

/** Something that was not granted, and what would grant it. */
export interface Denial {
  readonly kind: "network" | "storage" | "env" | "secret";
  /** What was tried, for example "GET https://api.example.com/v1"; secrets masked, without query. */
  readonly subject: string;
  /** Why, as a sentence without a final period. */
  readonly message: string;
  /** The entry of `allow` that would allow it, where one would. */
  readonly grant?: string;
}

export type RunEvent =
  | {
      readonly type: "request";
      readonly method: string;
      /** scheme://host:port, the path without its query; secrets masked. */
      readonly url: string;
      /** Absent where there was no answer. */
      readonly status?: number;
      readonly requestBytes: number;
      readonly responseBytes: number;
      readonly durationMs: number;
      /** What went wrong, where something did. */
      readonly failure?: string;
    }
  | ({ readonly type: "denial" } & Denial);
