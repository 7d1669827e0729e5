/** Bytes of one part of a large object: large enough that a request's latency does not count, small enough that four fit in the memory of a small function. */
export const partBytes = 8 * 1024 * 1024;

/** One connection to S3 carries 40 to 90 MB/s; four come near to what a function's network gives. */
const partsAtOnce = 4;

/** Works on the parts 0 to `count` - 1, four at a time. The first failure stops the others, and is thrown when all have stopped; so is `outer`'s reason. */
export async function inParts(
  count: number,
  work: (part: number, signal: AbortSignal) => Promise<void>,
  outer?: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const signal = outer ? AbortSignal.any([outer, stop.signal]) : stop.signal;
  let failure: { readonly error: unknown } | null = null;
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count && !signal.aborted) {
      const part = next;
      next += 1;
      try {
        await work(part, signal);
      } catch (error) {
        failure ??= { error };
        stop.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, partsAtOnce) }, worker));
  outer?.throwIfAborted();
  rethrow(failure);
}

const rethrow = (failure: { readonly error: unknown } | null): void => {
  if (failure !== null) throw failure.error;
};
