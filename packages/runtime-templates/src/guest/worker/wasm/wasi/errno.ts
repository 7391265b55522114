/** Error numbers of WASI preview 1, those that are used here. */
export const ERRNO = {
  success: 0,
  badf: 8,
  fault: 21,
  inval: 28,
  nosys: 52,
  notdir: 54,
  notsup: 58,
  spipe: 70,
} as const;

/** Ends a WASI call with an error number. */
export class WasiError extends Error {
  override readonly name = "WasiError";
  readonly errno: number;
  constructor(errno: keyof typeof ERRNO) {
    super(errno);
    this.errno = ERRNO[errno];
  }
}
