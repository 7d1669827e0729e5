import type { Failure } from '../../contract/records/failure.ts';
import { readFailure } from '../../runtime/records/read-failure.ts';
import { cleanLine } from './clean-text.ts';
import type { Painter, Style } from './painter.ts';

/** A failure on one line: name and message, chain of causes, and position in the author's code. */
export function failureLine(failure: Failure): string {
  const { error, cause, caused_by = [] } = inFull(failure);
  const behind = caused_by.length > 0 ? ` (caused by ${caused_by.join(', by ')})` : '';
  const place = placeOf(failure);
  return cleanLine(`${error}: ${cause}${behind}${place === null ? '' : `, ${place}`}`);
}

/** Name and message of a failure on one line. */
export function failureText(failure: Failure): string {
  const { error, cause } = inFull(failure);
  return cleanLine(`${error}: ${cause}`);
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
  const { caused_by = [] } = inFull(failure);
  const place = placeOf(failure);
  return [...caused_by.map((cause) => `caused by ${cause}`), ...(place === null ? [] : [place])];
}

/** The place of the error, or else of the step's handler: a time-out, a crash and `throw 'text'` have no place. */
function placeOf(failure: Failure): string | null {
  const { thrown_at, handler } = inFull(failure);
  if (thrown_at !== undefined) return `at ${thrown_at}`;
  return handler === undefined ? null : `in ${handler}`;
}

/** A recorded failure is complete; a failure from the engine has Lambda's JSON as its cause. */
function inFull(failure: Failure): Failure {
  const read = readFailure({ Error: failure.error, Cause: failure.cause });
  const { thrown_at, handler, caused_by } = failure;
  return {
    ...read,
    cause: read.cause.replace(requestId, ''),
    ...(thrown_at !== undefined && { thrown_at }),
    ...(handler !== undefined && { handler }),
    ...(caused_by && { caused_by }),
  };
}

/** Lambda puts it before the texts of its errors. It tells people nothing; `--json` has it. */
const requestId = /^RequestId: [\w-]+ Error: /;
