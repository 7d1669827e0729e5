/** Bytes of one part of a large object: large enough to make a request's latency negligible, small enough that four fit in the memory of a small function. */
export const partBytes = 8 * 1024 * 1024;

/** One connection to S3 carries 40 to 90 MB/s; four nearly fill a function's network. */
const partsAtOnce = 4;

/**
 * Processes the parts 0 to `count` - 1, four at a time. The first failure stops the others. When all have stopped, it throws that failure, or the reason of
 * `outer`.
 */
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
