/** A stream passed on as it is, that remembers its own error: a store must tell the producer's fault from its own. */
export class WatchedBody implements AsyncIterable<Uint8Array> {
  readonly #body: AsyncIterable<Uint8Array>;
  #failure: { readonly error: unknown } | null = null;

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#body = body;
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    try {
      yield* this.#body;
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  /** Throws the producer's error if there was one. */
  rethrow(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}
