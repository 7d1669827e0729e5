import type { Report } from '../../../diagnostics/diagnostic.ts';
import type { DiagnosticCode } from '../../../diagnostics/diagnostic-codes.ts';
import { makeDiagnostic } from '../../../diagnostics/make-diagnostic.ts';
import type { SourceFile } from '../../../diagnostics/source-file.ts';
import type { Range } from './range.ts';

/** The context of all readers of a template: its text, and the place for its diagnostics. */
export class Reading {
  readonly source: SourceFile;
  readonly #report: Report;
  /** By value, by reader. */
  readonly #read = new WeakMap<object, Map<unknown, unknown>>();

  constructor(source: SourceFile, report: Report) {
    this.source = source;
    this.#report = report;
  }

  /** The result of a reader for a value. A value that many steps share is read once, so its mistakes are reported once. */
  once<V extends object, T>(
    value: V,
    read: (value: V, reading: Reading, key: string) => T | null,
    key: string,
  ): T | null {
    const known = this.#read.get(value) ?? new Map<unknown, unknown>();
    this.#read.set(value, known);
    if (!known.has(read)) known.set(read, read(value, this, key));
    return known.get(read) as T | null;
  }

  /** Reports a diagnostic at a range of the text, if need be with a second place. */
  say(code: DiagnosticCode, at: Range, message: string, related?: { message: string; at: Range }): void {
    this.#report(
      makeDiagnostic(
        code,
        this.source.span(at.start, at.end),
        message,
        related && { message: related.message, span: this.source.span(related.at.start, related.at.end) },
      ),
    );
  }
}
