/** A promise that never settles: the answer that a dead process gets. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}

/** Something that can be killed together with everything inside it. */
export class Life {
  readonly #outer: Life | null;
  readonly #ends: (() => void)[] = [];
  #dead = false;

  constructor(outer: Life | null = null) {
    this.#outer = outer;
    outer?.onEnd(() => this.end());
  }

  get over(): boolean {
    return this.#dead || (this.#outer?.over ?? false);
  }

  end(): void {
    if (this.#dead) return;
    this.#dead = true;
    for (const tell of this.#ends.splice(0)) tell();
  }

  /** Calls `tell` at the end, or now if the end has passed. */
  onEnd(tell: () => void): void {
    if (this.over) tell();
    else this.#ends.push(tell);
  }

  /** Settles like the work while this lives; after its death it never settles. */
  hear<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      work.then(
        (value) => this.over || resolve(value),
        (error: unknown) => this.over || reject(error),
      );
    });
  }
}
