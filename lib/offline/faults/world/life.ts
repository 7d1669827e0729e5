/** A promise that never settles: the answer that a dead process gets. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}

/** Something that can be killed, and with it all that lives inside it. */
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

  /** Calls `tell` at the end, or now if that has been. */
  onEnd(tell: () => void): void {
    if (this.over) tell();
    else this.#ends.push(tell);
  }

  /** Settles as the work does while this lives; a dead one never hears of it. */
  hear<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      work.then(
        (value) => this.over || resolve(value),
        (error: unknown) => this.over || reject(error),
      );
    });
  }
}
