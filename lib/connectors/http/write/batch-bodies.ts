import { ValidationError } from '../../../contract/errors.ts';
import { writeJson } from '../../../exact/write-json.ts';
import { WriteProblem } from '../../../exact/write-problem.ts';
import type { Rows } from '../../../runtime/step.ts';
import { type AnyRow, evenBatches } from '../../row-batches.ts';
import { columnForms } from './column-forms.ts';
import type { HttpTarget } from './http-target.ts';

/** Some rows, and the JSON to send for them. */
export interface Batch {
  /** From 1. */
  readonly number: number;
  readonly rows: readonly AnyRow[];
  readonly content: string;
}

/**
 * Divides rows into batches, as exact JSON. A value that JSON has no form for (NaN, for example) is a ValidationError with row, column and value. Rows that can
 * be read twice (lists, `step.rows`, `step.sql`) are all checked before the first batch is given, unless `isChecked` says that this is done. Other rows are
 * checked batch by batch.
 */
export async function* batchBodies(rows: Rows, target: HttpTarget, isChecked: boolean): AsyncGenerator<Batch> {
  if (!isChecked && canBeReadTwice(rows)) for await (const _ of encoded(rows, target));
  yield* encoded(rows, target);
}

/** A generator is its own iterator: it is used up after one reading. */
function canBeReadTwice(rows: Rows): boolean {
  const iterator = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
  return (iterator as unknown) !== rows;
}

async function* encoded(rows: Rows, target: HttpTarget): AsyncGenerator<Batch> {
  const { batchSize = 100, body = (batch) => batch, as } = target;
  const inForms = columnForms(as);
  let number = 0;
  let count = 0;
  for await (const batch of evenBatches(rows, batchSize)) {
    const formed = inForms(batch, count + 1);
    number += 1;
    yield { number, rows: batch, content: contentOf(body(formed), formed, count + 1) };
    count += batch.length;
  }
}

function contentOf(body: unknown, rows: readonly AnyRow[], first: number): string {
  try {
    return writeJson(body);
  } catch (error) {
    if (!(error instanceof WriteProblem)) throw error;
    const violations = rows.flatMap((row, index) => problemOf(row, `row ${first + index}`));
    const ofBody = [`the body of rows ${first} to ${first + rows.length - 1}, ${error.message}`];
    throw new ValidationError('rows cannot be sent as JSON:', violations.length > 0 ? violations : ofBody, {
      cause: error,
    });
  }
}

function problemOf(row: AnyRow, what: string): string[] {
  try {
    writeJson(row);
    return [];
  } catch (error) {
    if (!(error instanceof WriteProblem)) throw error;
    return [`${what}, ${error.path.replace(/^\./, '')}: ${error.reason}`];
  }
}
