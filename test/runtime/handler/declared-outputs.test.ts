import { describe, expect, test } from 'vitest';
import { checkColumns, checkDatasets } from '../../../lib/runtime/handler/declared-outputs.ts';

const step = {
  name: 'extract',
  config: {
    initialization: {},
    outputs: { orders: { schema: { id: 'BIGINT', total: 'DECIMAL(18,2)', day: 'DATE' } }, free: {} },
  },
};

describe('the columns of a dataset', () => {
  test('may be in another order than they are declared in', () => {
    expect(() => checkColumns(step, 'orders', { day: 'DATE', id: 'BIGINT', total: 'DECIMAL(18,2)' })).not.toThrow();
  });

  test('that are not those that are declared are all told', () => {
    const check = () => checkColumns(step, 'orders', { id: 'VARCHAR', total: 'DECIMAL(18,2)', at: 'TIMESTAMP' });
    expect(check).toThrow(
      expect.objectContaining({
        name: 'ValidationError',
        violations: [
          '"id" is written as VARCHAR, and is declared as BIGINT',
          '"day" is declared as DATE, and is not written',
          '"at" is written as TIMESTAMP, and is not declared',
        ],
      }),
    );
  });

  test('are free where they are not declared', () => {
    for (const dataset of ['free', 'other', 'toString'])
      expect(() => checkColumns(step, dataset, { x: 'DATE' })).not.toThrow();
    expect(() => checkColumns({ name: 'a', config: { initialization: {} } }, 'orders', { x: 'DATE' })).not.toThrow();
  });
});

test('a declared dataset that was not written is a ValidationError', () => {
  expect(() => checkDatasets(step, ['orders', 'free', 'more'])).not.toThrow();
  expect(() => checkDatasets(step, ['more'])).toThrow(
    expect.objectContaining({ name: 'ValidationError', violations: ['"orders"', '"free"'] }),
  );
});
