/** A mistake in a template, as data. Stages report diagnostics and continue; a separate renderer draws them. */

/** A range in a text: 1-based line and column of the first character, and of the character after the last. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Diagnostic {
  /** A stable code for tools: `UNKNOWN_STEP`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** One sentence: the mistake, the value, the allowed values, the likely fix. */
  readonly message: string;
  readonly span: Span;
  /** A second position that explains the first: "first defined here". */
  readonly related?: { readonly message: string; readonly span: Span };
}

/** The function that a stage calls to report a mistake. */
export type Report = (diagnostic: Diagnostic) => void;
