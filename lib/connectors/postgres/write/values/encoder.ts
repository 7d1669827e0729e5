/** Converts the values of a column to the texts that PostgreSQL reads. */
export interface Encoder {
  /** The text of a value that is not null. Throws a Misfit if the column would round, cut or change the value. */
  readonly encode: (value: unknown) => string;
  /** SQL that is true if the column `x` differs from what the text `t` says. Absent if the text is certain to arrive unchanged. */
  readonly differs?: (x: string, t: string) => string;
}
