/** Ends what a host leaves behind that exits without having closed its invoker. */

const endings = new Set<() => void>();

function endAll(): void {
  for (const end of endings) {
    try {
      end();
    } catch {
      // The process is exiting; what stays is removed by the next start.
    }
  }
}

/** Calls `end` when this process exits, unless the function that is given back was called before. */
export function endAtExit(end: () => void): () => void {
  // One listener for all, for Node warns of many.
  if (endings.size === 0) process.once("exit", endAll);
  endings.add(end);
  return () => {
    endings.delete(end);
    if (endings.size === 0) process.off("exit", endAll);
  };
}
