/** Offsets in the text: the first character, and the one after the last. */
export interface Range {
  readonly start: number;
  readonly end: number;
}
