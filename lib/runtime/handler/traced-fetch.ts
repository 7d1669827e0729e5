/**
 * Makes the errors of the global `fetch` tell who called it. Where a program is an ES module, Node 24 gives `TypeError: fetch failed` a stack without any frame, so no one could see
 * which of a handler's requests failed.
 */
export function traceFetch(): void {
  const plain = globalThis.fetch;
  globalThis.fetch = async function fetch(...request: Parameters<typeof plain>) {
    try {
      return await plain(...request);
    } catch (error) {
      if (error instanceof Error && !/\n\s+at /.test(error.stack ?? '')) Error.captureStackTrace(error);
      throw error;
    }
  };
}
