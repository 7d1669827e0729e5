import type { Failure } from '../../contract/records/failure.ts';
import { readFailure } from '../../runtime/records/read-failure.ts';
import { cleanLine } from './clean-text.ts';
import type { Painter, Style } from './painter.ts';

/** A failure on one line: name and message, chain of causes, and position in the author's code. */
export function failureLine(failure: Failure): string {
  const { error, cause, thrown_at: place, caused_by = [] } = inFull(failure);
  const behind = caused_by.length > 0 ? ` (caused by ${caused_by.join(', by ')})` : '';
  return cleanLine(`${error}: ${cause}${behind}${place === undefined ? '' : `, at ${place}`}`);
}

/** Enough for a summary; the record has all lines. */
const mostLines = 12;

/** A failure with its line breaks, indented by two. */
export function failureLines(failure: Failure, paint: Painter, style: Style = 'red'): string[] {
  const { error, cause } = inFull(failure);
  const lines = `${error}: ${cause}`.split('\n');
  const more = lines.length > mostLines ? [`  … ${lines.length - mostLines} more lines`] : [];
  return [
    ...lines.slice(0, mostLines).map((line) => `  ${paint(line, style)}`),
    ...more,
    ...behindLines(failure).map((line) => `  ${paint(line)}`),
  ];
}

/** The causes of a failure and its position, one per line. */
export function behindLines(failure: Failure): string[] {
  const { thrown_at: place, caused_by = [] } = inFull(failure);
  return [...caused_by.map((cause) => `caused by ${cause}`), ...(place === undefined ? [] : [`at ${place}`])];
}

/** A recorded failure is complete; a failure from the engine has Lambda's JSON as its cause. */
function inFull(failure: Failure): Failure {
  return { ...readFailure({ Error: failure.error, Cause: failure.cause }), ...placed(failure) };
}

const placed = ({ thrown_at, caused_by }: Failure): Partial<Failure> => ({
  ...(thrown_at !== undefined && { thrown_at }),
  ...(caused_by && { caused_by }),
});
