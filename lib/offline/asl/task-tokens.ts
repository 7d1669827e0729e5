import type { Json } from '../../contract/json.ts';
import { StateFailure } from './state-failure.ts';

interface Waiting {
  readonly succeed: (output: Json) => void;
  readonly fail: (failure: StateFailure) => void;
}

/** The tokens that states of one execution wait for. Each is answered at most once. */
export class TokenRegister {
  readonly #prefix: string;
  readonly #waiting = new Map<string, Waiting>();
  #made = 0;

  /** `prefix` makes tokens of different executions differ. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  make(): string {
    this.#made += 1;
    return `${this.#prefix}#${this.#made}`;
  }

  /** From now on `token` can be answered, until `forget`. */
  await(token: string, waiting: Waiting): void {
    this.#waiting.set(token, waiting);
  }

  forget(token: string): void {
    this.#waiting.delete(token);
  }

  /** False if no state waits for this token now. */
  succeed(token: string, output: Json): boolean {
    return this.#answer(token, (waiting) => waiting.succeed(output));
  }

  fail(token: string, error: string, cause: string): boolean {
    return this.#answer(token, (waiting) => waiting.fail(new StateFailure(error, cause)));
  }

  #answer(token: string, give: (waiting: Waiting) => void): boolean {
    const waiting = this.#waiting.get(token);
    if (waiting === undefined) return false;
    this.#waiting.delete(token);
    give(waiting);
    return true;
  }
}
