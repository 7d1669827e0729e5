/** Passes a stream on unchanged and remembers the stream's error. A store must distinguish the producer's fault from its own. */
export class WatchedBody implements AsyncIterable<Uint8Array> {
  readonly #body: AsyncIterable<Uint8Array>;
  #failure: { readonly error: unknown } | null = null;

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#body = body;
  }

  /** Not a generator: a consumer that stops may throw its own error into a generator, and that error would look like the producer's. */
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

  /** Throws the producer's error, if it failed. */
  rethrow(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}
