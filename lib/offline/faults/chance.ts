/**
 * Numbers that look random and depend on nothing but the seed and a name. Every decision of the bench has its own name, so earlier decisions do not change it:
 * two threads of work that finish in another order change nothing.
 */
export class Chance {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** At least 0, below 1 (cyrb53 of the name). */
  roll(name: string): number {
    let a = 0xdeadbeef ^ this.#seed;
    let b = 0x41c6ce57 ^ Math.imul(this.#seed, 0x9e3779b1);
    for (let i = 0; i < name.length; i++) {
      const code = name.charCodeAt(i);
      a = Math.imul(a ^ code, 2654435761);
      b = Math.imul(b ^ code, 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return (2 ** 32 * (b & 0x1fffff) + (a >>> 0)) / 2 ** 53;
  }

  /** A whole number from `low` to `high`, both included. */
  between(name: string, low: number, high: number): number {
    return low + Math.floor(this.roll(name) * (high - low + 1));
  }

  /** One of the items. */
  pick<T>(name: string, items: readonly [T, ...T[]]): T {
    return items[Math.floor(this.roll(name) * items.length)] ?? items[0];
  }
}
