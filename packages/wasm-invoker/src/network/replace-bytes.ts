/** Replaces byte sequences in a stream, also where one lies across the border of chunks. */

export interface Replacement {
  /** Not empty. */
  readonly find: Buffer;
  /** What stands in its place, asked at each find; it may throw to end the stream. */
  readonly put: () => Buffer;
}

export interface ByteReplacer {
  /** What is settled so far: only what may be the beginning of a sequence is held back. */
  push(chunk: Uint8Array): Buffer;
  /** The rest. */
  end(): Buffer;
}

/** The leftmost sequence wins, of those that begin at the same place the longest. */
export function createByteReplacer(replacements: readonly Replacement[]): ByteReplacer {
  // Of equal places the first wins below, so that the longest has to come first.
  const ordered = replacements.toSorted((a, b) => b.find.length - a.find.length);
  let held: Buffer = Buffer.alloc(0);

  function settle(data: Buffer, isLast: boolean): Buffer {
    const settled: Buffer[] = [];
    const next = ordered.map(({ find }) => data.indexOf(find));
    let position = 0;
    for (;;) {
      const limit = isLast ? data.length : pendingFrom(ordered, data, position);
      const found = leftmost(next, limit);
      const replacement = ordered[found];
      const start = next[found];
      if (replacement === undefined || start === undefined) {
        settled.push(data.subarray(position, limit));
        held = Buffer.from(data.subarray(limit));
        return settled.length === 1 ? (settled[0] ?? held) : Buffer.concat(settled);
      }
      settled.push(data.subarray(position, start), replacement.put());
      position = start + replacement.find.length;
      for (const [index, { find }] of ordered.entries()) {
        const place = next[index] ?? -1;
        if (place !== -1 && place < position) next[index] = data.indexOf(find, position);
      }
    }
  }

  return {
    push: (chunk) => settle(held.length === 0 ? toBuffer(chunk) : Buffer.concat([held, chunk]), false),
    end: () => settle(held, true),
  };
}

export function replaceBytes(data: Uint8Array, replacements: readonly Replacement[]): Buffer {
  const replacer = createByteReplacer(replacements);
  return Buffer.concat([replacer.push(data), replacer.end()]);
}

/** The index of the smallest place before `limit`; -1 where there is none. */
function leftmost(places: readonly number[], limit: number): number {
  let found = -1;
  let first = limit;
  for (const [index, place] of places.entries()) {
    if (place === -1 || place >= first) continue;
    found = index;
    first = place;
  }
  return found;
}

/** Where the first sequence begins that the end of `data` cuts short; the length of `data` where none does. */
function pendingFrom(replacements: readonly Replacement[], data: Buffer, from: number): number {
  let pending = data.length;
  for (const { find } of replacements) {
    let start = data.indexOf(find[0] ?? 0, Math.max(from, data.length - find.length + 1));
    while (start !== -1 && start < pending) {
      if (data.compare(find, 0, data.length - start, start) === 0) pending = start;
      else start = data.indexOf(find[0] ?? 0, start + 1);
    }
  }
  return pending;
}

function toBuffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
