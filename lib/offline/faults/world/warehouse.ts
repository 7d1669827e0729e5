import { PermanentError } from '../../../contract/errors.ts';
import { countsAsLater, type LoadFacts } from '../../../runtime/manifests/later-load.ts';

/** Rows that stand in a target, and the load that brought them. */
export interface Loaded extends LoadFacts {
  readonly rows: string;
}

/** A database outside: each target has the rows of one load, and a ledger by which it refuses a load that comes too late. */
export class Warehouse {
  readonly targets = new Map<string, Loaded>();
  /** Loads that took effect after a later one: what a ledger must prevent. */
  readonly overwritten: string[] = [];
  /** False for a target without a ledger. */
  readonly #guarded: boolean;

  constructor(guarded: boolean) {
    this.#guarded = guarded;
  }

  load(target: string, load: Loaded): void {
    const known = this.targets.get(target);
    if (known && countsAsLater(known, load)) {
      if (this.#guarded)
        throw new PermanentError(
          `execution ${load.execution} came too late: execution ${known.execution} has loaded ${target}`,
        );
      this.overwritten.push(
        `execution ${load.execution} put its rows over those of execution ${known.execution} in ${target}`,
      );
    }
    this.targets.set(target, load);
  }
}
