/** A stream passed on as it is, that remembers its own error: a store must tell the producer's fault from its own. */
export class WatchedBody implements AsyncIterable<Uint8Array> {
  readonly #body: AsyncIterable<Uint8Array>;
  #failure: { readonly error: unknown } | null = null;

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#body = body;
  }

  /** By hand, not as a generator: a consumer that gives up may throw its own error into a generator, and it would look like the producer's. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    const inner = this.#body[Symbol.asyncIterator]();
    return {
      next: async () => {
        try {
          return await inner.next();
        } catch (error) {
          this.#failure = { error };
          throw error;
        }
      },
      return: async () => (await inner.return?.()) ?? { done: true, value: undefined },
    };
  }

  /** Throws the producer's error if there was one. */
  rethrow(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}
