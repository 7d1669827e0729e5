/** The same items, each asked for while the one before it is in use. A reader that stops early does not wait for what was asked for. */
export async function* oneAhead<T>(items: AsyncIterable<T>): AsyncGenerator<T, void, void> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    let next = iterator.next();
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = iterator.next();
      // Its error comes out when it is its turn; nobody may be there any more.
      next.catch(() => {});
      yield value;
    }
  } finally {
    iterator.return?.().catch(() => {});
  }
}
