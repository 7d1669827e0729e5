import type { TaskTokens } from '../ports.ts';

/** TaskTokens of an engine in this process. `deliver` passes an output to the waiting state; it returns false if none waits. */
export class MemoryTaskTokens implements TaskTokens {
  readonly #deliver: (token: string, output: string) => boolean;

  constructor(deliver: (token: string, output: string) => boolean) {
    this.#deliver = deliver;
  }

  async succeed(token: string, output: string): Promise<'delivered' | 'gone'> {
    return this.#deliver(token, output) ? 'delivered' : 'gone';
  }
}
