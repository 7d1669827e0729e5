/**
 * Yields the same items, and asks for the next one while one is in use. It waits after an item that `isLarge`, because two would take too much memory. A reader
 * that stops early does not wait for the next item.
 */
export async function* oneAhead<T>(
  items: AsyncIterable<T>,
  isLarge: (item: T) => boolean = () => false,
): AsyncGenerator<T, void, void> {
  const iterator = items[Symbol.asyncIterator]();
  const ask = (): Promise<IteratorResult<T>> => {
    const next = iterator.next();
    // The error surfaces when this item is read. The reader may have stopped before that.
    next.catch(() => {});
    return next;
  };
  try {
    let next = ask();
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      if (isLarge(value)) {
        yield value;
        next = ask();
      } else {
        next = ask();
        yield value;
      }
    }
  } finally {
    iterator.return?.().catch(() => {});
  }
}
