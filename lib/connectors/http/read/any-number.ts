import { ExactNumber } from '../../../exact/exact-number.ts';

/**
 * A number as JSON brings it: a bigint beyond 2^53, an ExactNumber if it has more digits than a JavaScript number holds. Columns of DECIMAL, BIGINT and DOUBLE
 * take all of them.
 */
export type AnyNumber = number | bigint | ExactNumber;

/** For schemas: `z.custom<AnyNumber>(isAnyNumber)` takes every number of JSON, exactly. */
export function isAnyNumber(value: unknown): value is AnyNumber {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof ExactNumber;
}
