/** The three standard streams of a WASI program. */
import { WasiError } from "./errno.ts";

export interface StreamEnds {
  readonly stdin: Uint8Array;
  stdout(bytes: Uint8Array): void;
  stderr(bytes: Uint8Array): void;
}

export interface StandardStreams {
  /** Bytes read into `buffer`; 0 at the end. */
  read(fd: number, buffer: Uint8Array): number;
  write(fd: number, bytes: Uint8Array): void;
  close(fd: number): void;
  /** @throws WasiError badf when the descriptor is not open. */
  check(fd: number): void;
  /** Bytes of stdin that have not been read. */
  readonly waiting: number;
}

export function createStandardStreams({ stdin, stdout, stderr }: StreamEnds): StandardStreams {
  const open = new Set([0, 1, 2]);
  let position = 0;
  const check = (fd: number): void => {
    if (!open.has(fd)) throw new WasiError("badf");
  };
  return {
    check,
    read(fd, buffer) {
      check(fd);
      if (fd !== 0) throw new WasiError("badf");
      const chunk = stdin.subarray(position, position + buffer.length);
      buffer.set(chunk);
      position += chunk.length;
      return chunk.length;
    },
    write(fd, bytes) {
      check(fd);
      if (fd === 1) stdout(bytes);
      else if (fd === 2) stderr(bytes);
      else throw new WasiError("badf");
    },
    close(fd) {
      check(fd);
      open.delete(fd);
    },
    get waiting() {
      return stdin.length - position;
    },
  };
}
