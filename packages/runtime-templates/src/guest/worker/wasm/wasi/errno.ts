/** Error numbers of WASI preview 1, those that are used here. */
export const ERRNO = {
  success: 0,
  badf: 8,
  exist: 20,
  fault: 21,
  fbig: 22,
  inval: 28,
  isdir: 31,
  loop: 32,
  nametoolong: 37,
  noent: 44,
  nospc: 51,
  nosys: 52,
  notdir: 54,
  notempty: 55,
  notsup: 58,
  rofs: 69,
  spipe: 70,
  notcapable: 76,
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
