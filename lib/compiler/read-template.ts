import { readFile } from 'node:fs/promises';
import type { Report } from '../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../diagnostics/make-diagnostic.ts';
import { decodeText } from '../exact/decode-text.ts';
import { ReadProblem } from '../exact/read-problem.ts';

/** Reads a template's text. A byte that is invalid in the encoding is reported at its position; the text then serves only for the code frame. */
export async function readTemplate(
  { path, file }: { readonly path: string; readonly file: string },
  report: Report,
): Promise<{ readonly text: string; readonly sound: boolean }> {
  const bytes = await readFile(path);
  try {
    return { text: decodeText(bytes), sound: true };
  } catch (fault) {
    if (!(fault instanceof ReadProblem)) throw fault;
    const { line, column, reason } = fault;
    const span = { file, line, column, endLine: line, endColumn: column + 1 };
    report(makeDiagnostic('BAD_ENCODING', span, reason.replace(/;.*$/, '; save the file as UTF-8')));
    return { text: new TextDecoder().decode(bytes), sound: false };
  }
}
