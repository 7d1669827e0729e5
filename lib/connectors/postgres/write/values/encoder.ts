/** How the values of a column become the texts that PostgreSQL reads. */
export interface Encoder {
  /** The text of a value that is not null. Throws a Misfit for one that the column would round, cut or change. */
  readonly encode: (value: unknown) => string;
  /**
   * Where the server's reading has to be looked at: SQL that is true when `x`, the column, is not what the text `t` says. Absent where the text is certain to arrive.
   */
  readonly differs?: (x: string, t: string) => string;
}
