/** A mistake in a template, as data: stages report diagnostics and go on; a separate renderer draws them. */

/** A place in a text: 1-based line and column of the first character, and of the character after the last. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Diagnostic {
  /** Stable, for tools: `UNKNOWN_STEP`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** One sentence: what is wrong, the value, what is allowed, the likely fix. */
  readonly message: string;
  readonly span: Span;
  /** A second place that explains the first: "first defined here". */
  readonly related?: { readonly message: string; readonly span: Span };
}

/** How a stage says what is wrong. */
export type Report = (diagnostic: Diagnostic) => void;
