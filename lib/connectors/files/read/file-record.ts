/** One record of a file: the values that it has, or what is wrong with it. */
export interface FileRecord<Value> {
  /** Of its first line, from 1. */
  readonly line: number;
  /** As it stands in the file. */
  readonly text: string;
  readonly values: Value | null;
  /** Null when there are values. */
  readonly problem: string | null;
}
