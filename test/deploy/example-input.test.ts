import { expect, test } from 'vitest';
import { exampleInput } from '../../lib/deploy/schedule/example-input.ts';

test('an example input has the required properties, from default, example, choice, format or type', () => {
  const properties = {
    left_out: { type: 'string' },
    by_default: { type: 'integer', default: 5, examples: [6] },
    by_example: { type: 'string', examples: ['orders'] },
    by_choice: { enum: ['day', 'hour'] },
    by_constant: { const: 'v1' },
    by_format: { type: 'string', format: 'date' },
    by_type: { type: ['number', 'null'], minimum: 3 },
    list: { type: 'array', minItems: 1, items: { type: 'boolean' } },
    object: { type: 'object', required: ['a'], properties: { a: { type: 'string' }, b: { type: 'string' } } },
    anything: {},
  };
  const required = Object.keys(properties).filter((key) => key !== 'left_out');
  expect(exampleInput({ type: 'object', required, properties })).toEqual({
    by_default: 5,
    by_example: 'orders',
    by_choice: 'day',
    by_constant: 'v1',
    by_format: '2026-01-31',
    by_type: 3,
    list: [false],
    object: { a: '...' },
    anything: null,
  });
  expect(exampleInput(null)).toEqual({});
});
