import { take } from '../template/keys/key-table.ts';
import type { Reading } from '../template/tree/reading.ts';
import { describe, type Mapping, type Tree, toJsonObject } from '../template/tree/tree.ts';
import { keysOf } from './keys-of.ts';
import { distance, errorKeys, expectedRowsKeys, expectKeys } from './test-keys.ts';
import type { Expected, ExpectedDataset, ExpectedRow } from './unit-test.ts';

/** Reads what a test expects; null after a mistake. */
export function readExpected(tree: Mapping, reading: Reading): Expected | null {
  const content = keysOf(tree, 'an expectation', expectKeys, reading);
  if (!content) return null;
  const datasets = new Map<string, ExpectedDataset>();
  for (const [name, { value }] of take(content, expectKeys.datasets, reading)?.entries ?? []) {
    const dataset = readDataset(value, name, reading);
    if (!dataset) return null;
    datasets.set(name, dataset);
  }
  const result = take(content, expectKeys.result, reading);
  const at = content.entries.get('result')?.value.range ?? content.range;
  const error = take(content, expectKeys.error, reading);
  const thrown = error && keysOf(error, 'an error', errorKeys, reading);
  if (content.entries.size === 0) {
    reading.say('MISSING_KEY', tree.range, 'a test expects nothing: give "result", "datasets" or "error"');
    return null;
  }
  if (thrown && (result !== null || datasets.size > 0)) {
    reading.say(
      'KEY_CONFLICT',
      at,
      'a step that fails has neither a result nor datasets: leave "error" or the others out',
    );
    return null;
  }
  return {
    ...(result !== null && { result: { value: result, span: reading.source.span(at.start, at.end) } }),
    tolerance: take(content, expectKeys.tolerance, reading) ?? 0,
    datasets,
    error: thrown && {
      name: take(thrown, errorKeys.name, reading),
      message: take(thrown, errorKeys.message, reading),
    },
  };
}

function readDataset(tree: Tree, name: string, reading: Reading): ExpectedDataset | null {
  const span = reading.source.span(tree.range.start, tree.range.end);
  if (tree.kind === 'list') return { span, rows: rowsOf(tree.items, reading), ordered: false, tolerance: new Map() };
  const content = keysOf(tree, `the dataset "${name}"`, expectedRowsKeys, reading);
  const rows = take(content, expectedRowsKeys.rows, reading);
  if (!content || rows === null) return null;
  const tolerance = new Map<string, number>();
  for (const [column, { value }] of take(content, expectedRowsKeys.tolerance, reading)?.entries ?? []) {
    const far = distance(value, reading, column);
    if (far !== null) tolerance.set(column, far);
  }
  return {
    span,
    rows: rowsOf(rows, reading),
    ordered: take(content, expectedRowsKeys.ordered, reading) ?? false,
    tolerance,
  };
}

function rowsOf(items: readonly Tree[], reading: Reading): ExpectedRow[] {
  return items.flatMap((item) => {
    if (item.kind === 'map')
      return [{ values: toJsonObject(item), span: reading.source.span(item.range.start, item.range.end) }];
    reading.say('BAD_TYPE', item.range, `a row is a mapping of columns to values, but this is ${describe(item)}`);
    return [];
  });
}
