/**
 * The same items, each asked for while the one before it is in use; but not while one is that `isLarge`, since that would make two. A reader that stops early does not wait for what was
 * asked for.
 */
export async function* oneAhead<T>(
  items: AsyncIterable<T>,
  isLarge: (item: T) => boolean = () => false,
): AsyncGenerator<T, void, void> {
  const iterator = items[Symbol.asyncIterator]();
  const ask = (): Promise<IteratorResult<T>> => {
    const next = iterator.next();
    // Its error comes out when it is its turn; nobody may be there any more.
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
