import type { Reading } from '../tree/reading.ts';
import type { Tree } from '../tree/tree.ts';

/** Checks one value and gives it in the form that later stages trust; null when it is wrong (then it has been reported) or says nothing. */
export type ReadValue = (value: Tree, reading: Reading, key: string) => Tree | null;

/** One key of the language. */
export interface Key {
  readonly name: string;
  /** One line for the reference. */
  readonly means: string;
  /** Where the value belongs when this key is another name for it, from the mapping that the key stands in: `['retry', 'max_attempts']`. */
  readonly aliasOf?: readonly string[];
  /**
   * Not given: implemented. `later`: rejected with NOT_YET_SUPPORTED unless empty. `no effect`: a warning unless empty.
   */
  readonly status?: 'later' | 'no effect';
  /** For `later` and `no effect`: what to do instead. */
  readonly instead?: string;
  readonly required?: true;
  readonly read?: ReadValue;
}

/** All keys that a mapping can have. */
export interface KeyTable {
  /** What the mapping is, in messages: `a step`. */
  readonly of: string;
  readonly keys: readonly Key[];
}
