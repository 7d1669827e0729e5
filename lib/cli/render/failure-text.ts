import { readFailure } from '../../runtime/records/read-failure.ts';
import { cleanLine } from './clean-text.ts';
import type { Painter, Style } from './painter.ts';

/** A failure on one line, as a person reads it: the stack that Lambda adds stays in the log. */
export function failureLine({ error, cause }: { readonly error: string; readonly cause: string }): string {
  const read = readFailure({ Error: error, Cause: cause });
  return cleanLine(`${read.error}: ${read.cause}`);
}

/** More lines than anybody reads in a summary; the record has all. */
const mostLines = 12;

/** A failure with its lines kept, indented by two. */
export function failureLines(
  { error, cause }: { readonly error: string; readonly cause: string },
  paint: Painter,
  style: Style = 'red',
): string[] {
  const read = readFailure({ Error: error, Cause: cause });
  const lines = `${read.error}: ${read.cause}`.split('\n');
  const more = lines.length > mostLines ? [`  … ${lines.length - mostLines} more lines`] : [];
  return [...lines.slice(0, mostLines).map((line) => `  ${paint(line, style)}`), ...more];
}
