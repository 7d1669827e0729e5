/** One record of a file: its values, or the fault in it. */
export interface FileRecord<Value> {
  /** Number of its first line, from 1. */
  readonly line: number;
  /** The text of the record, unchanged. */
  readonly text: string;
  readonly values: Value | null;
  /** The fault; null if there are values. */
  readonly problem: string | null;
}
