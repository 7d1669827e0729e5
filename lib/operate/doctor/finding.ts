/** An object in the store that is missing or differs from what was written. */
export interface Finding {
  readonly key: string;
  /** Kind of the record (`execution`, `outcome`, ...), `manifest`, `data`, or `index`. */
  readonly kind: string;
  readonly fault: string;
}

/** A finding after a repair. */
export interface Treated extends Finding {
  /**
   * `rebuilt`: from other records. `set aside`: moved to a copy, and the store continues without it. `entered`: the index has it again. `run again`: only a resume of the run
   * makes the data again.
   */
  readonly action: 'rebuilt' | 'set aside' | 'entered' | 'run again';
}

/** Counts of everything that a doctor read. */
export interface Examined {
  readonly records: number;
  /** Parts of datasets and files, and their bytes. All bytes were read. */
  readonly objects: number;
  readonly bytes: number;
}
