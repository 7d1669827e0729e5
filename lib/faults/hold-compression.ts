import { createGzip } from 'node:zlib';
import type { VirtualClock } from '../asl/virtual-clock.ts';

type Transform = (chunk: unknown, encoding: string, done: (...result: unknown[]) => void) => void;

const clocks = new Set<VirtualClock>();

/** A stream that was destroyed may never call back; no piece takes this long (real milliseconds). */
const longest = 5_000;

/**
 * Lets no virtual time pass on this clock while gzip works, until the returned function is called. Compression runs in threads that a virtual clock does not see: two datasets that are
 * closed together would end in any order, at any time, and a seed would not give the same run twice.
 */
export function holdCompression(clock: VirtualClock): () => void {
  countGzip();
  clocks.add(clock);
  return () => clocks.delete(clock);
}

let counted = false;

/** Puts a counter around the work of all gzip streams of this process; what they do stays the same. */
function countGzip(): void {
  if (counted) return;
  counted = true;
  const prototype = Object.getPrototypeOf(createGzip()) as { _transform: Transform };
  const transform = prototype._transform;
  prototype._transform = function (this: unknown, chunk, encoding, done) {
    const working = Promise.withResolvers<void>();
    const patience = setTimeout(working.resolve, longest);
    for (const clock of clocks) void clock.hold(working.promise);
    transform.call(this, chunk, encoding, (...result) => {
      clearTimeout(patience);
      working.resolve();
      done(...result);
    });
  };
}
