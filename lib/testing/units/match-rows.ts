import type { ExpectedDataset, ExpectedRow } from '../../compiler/unit-tests/unit-test.ts';
import type { Columns } from '../../runtime/step.ts';
import { sameCell } from './same-value.ts';

type Row = Readonly<Record<string, unknown>>;

/** Rows that belong together, and those that have no equal. */
export interface Matched {
  /** Expected rows without an equal, each with the free row that differs in the fewest columns, and those columns. */
  readonly missing: readonly {
    readonly row: ExpectedRow;
    readonly nearest: { readonly row: Row; readonly columns: readonly string[] } | null;
  }[];
  /** Rows that no expected row equals. */
  readonly unexpected: readonly Row[];
}

/** Gives each expected row a separate equal one, as far as there are enough. With tolerances a row may equal several; then the assignment that leaves the fewest is found. */
export function matchRows(expected: ExpectedDataset, rows: readonly Row[], columns: Columns): Matched {
  const types = new Map(Object.entries(columns));
  const differing = (row: ExpectedRow, actual: Row): string[] =>
    Object.entries(row.values).flatMap(([column, value]) => {
      const far = expected.tolerance.get(column) ?? 0;
      return sameCell(value, actual[column], types.get(column) ?? '', far) ? [] : [column];
    });
  const equal = (row: ExpectedRow, actual: Row): boolean => differing(row, actual).length === 0;
  const owner = expected.ordered
    ? rows.map((row, index) => (expected.rows[index] && equal(expected.rows[index], row) ? index : null))
    : assign(expected.rows, rows, equal);
  const taken = new Set(owner);
  const free = rows.filter((_, index) => owner[index] === null);
  return {
    missing: expected.rows.flatMap((row, index) => {
      if (taken.has(index)) return [];
      const candidates = expected.ordered ? rows.slice(index, index + 1) : free;
      const near = candidates.map((one) => ({ row: one, columns: differing(row, one) }));
      return [{ row, nearest: near.sort((a, b) => a.columns.length - b.columns.length)[0] ?? null }];
    }),
    unexpected: free,
  };
}

/** By row: the expected row that owns it, or null. Kuhn's algorithm for a largest matching. */
function assign(
  expected: readonly ExpectedRow[],
  rows: readonly Row[],
  equal: (row: ExpectedRow, actual: Row) => boolean,
): (number | null)[] {
  const owner: (number | null)[] = rows.map(() => null);
  const find = (index: number, tried: Set<number>): boolean => {
    for (const [at, row] of rows.entries()) {
      if (tried.has(at) || !equal(expected[index] as ExpectedRow, row)) continue;
      tried.add(at);
      const before = owner[at] ?? null;
      if (before !== null && !find(before, tried)) continue;
      owner[at] = index;
      return true;
    }
    return false;
  };
  for (const index of expected.keys()) find(index, new Set());
  return owner;
}
