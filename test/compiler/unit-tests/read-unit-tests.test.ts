import { expect, test } from 'vitest';
import { readUnitTests } from '../../../lib/compiler/unit-tests/read-unit-tests.ts';

const steps = new Map([
  ['extract', []],
  ['revenue', ['extract', 'rates']],
]);

function read(text: string) {
  const mistakes: string[] = [];
  const tests = readUnitTests({ file: 'revenue.yaml', text }, steps, ({ code, span, message }) =>
    mistakes.push(`${span.line}:${span.column} ${code} ${message}`),
  );
  return { tests, mistakes };
}

test('a file of tests has what a step is given and what is expected, each with its place', () => {
  const { tests, mistakes } = read(`step: revenue
tests:
  - name: sums
    input: { day: 2026-01-31 }
    upstream:
      extract:
        result: { total: 2 }
        datasets:
          orders:
            columns: { amount: DOUBLE }
            rows: [{ amount: 1 }]
          plain: [{ a: null }]
      rates: failed
    expect:
      tolerance: 0.5
      result: { sum: 1 }
      datasets:
        revenue:
          ordered: true
          tolerance: { sum: 0.01 }
          rows:
            - { sum: 1 }
`);
  expect(mistakes).toEqual([]);
  expect(tests).toMatchObject([
    {
      step: 'revenue',
      name: 'sums',
      span: { line: 3, column: 11 },
      input: { day: '2026-01-31' },
      config: null,
      expected: { tolerance: 0.5, result: { value: { sum: 1 }, span: { line: 16 } }, error: null },
    },
  ]);
  const [one] = tests;
  expect(one?.upstream.get('extract')).toEqual({
    result: { total: 2 },
    datasets: { orders: { columns: { amount: 'DOUBLE' }, rows: [{ amount: 1 }] }, plain: [{ a: null }] },
  });
  expect(one?.upstream.get('rates')).toBe('failed');
  expect(one?.expected.datasets.get('revenue')).toMatchObject({
    ordered: true,
    tolerance: new Map([['sum', 0.01]]),
    rows: [{ values: { sum: 1 }, span: { line: 22, column: 15 } }],
  });
});

test('a dependency that a test does not name has neither a result nor datasets', () => {
  const { tests } = read('step: revenue\ntests: [{ name: a, expect: { result: 1 } }]\n');
  expect([...(tests[0]?.upstream ?? [])]).toEqual([
    ['extract', { datasets: {} }],
    ['rates', { datasets: {} }],
  ]);
});

const head = 'step: revenue\ntests:\n  - name: a\n';

test.each([
  ['', '1:1 EMPTY_TEMPLATE a file of tests is empty; it needs at least "step" and "tests"'],
  ['- a\n', '1:1 BAD_TYPE a file of tests is a mapping with "step" and "tests", but this is a list'],
  ['step: revenu\ntests: []\n', '1:7 UNKNOWN_STEP the pipeline has no step "revenu"; did you mean "revenue"?'],
  ['step: revenue\n', '1:1 MISSING_KEY a file of tests needs the key "tests": the tests, each with its name'],
  ['step: revenue\ntests: {}\n', '2:8 BAD_TYPE "tests" is a list, but this is a mapping'],
  [head, '3:5 MISSING_KEY a test needs the key "expect": the result, the rows, or the error'],
  [
    `${head}    expct: {}\n    expect: { result: 1 }\n`,
    '4:5 UNKNOWN_KEY a test has no key "expct"; did you mean "expect"?',
  ],
  [`${head}    expect: {}\n`, '4:13 MISSING_KEY a test expects nothing: give "result", "datasets" or "error"'],
  [
    `${head}    expect: { error: { name: X }, result: 1 }\n`,
    '4:43 KEY_CONFLICT a step that fails has neither a result nor datasets: leave "error" or the others out',
  ],
  [
    `${head}    upstream: { extrct: {} }\n    expect: { result: 1 }\n`,
    '4:17 UNKNOWN_STEP the step does not depend on "extrct"; did you mean "extract"?',
  ],
  [
    `${head}    upstream: { extract: broken }\n    expect: { result: 1 }\n`,
    '4:26 BAD_VALUE "extract" is a mapping with "result" and "datasets", or one of failed, blocked, skipped, but this is the text "broken"',
  ],
  [
    `${head}    upstream: { extract: { datasets: { o: [1] } } }\n    expect: { result: 1 }\n`,
    '4:44 BAD_TYPE a row is a mapping of columns to values, but this is the number 1',
  ],
  [
    `${head}    expect: { datasets: { o: { rows: [], tolerance: { a: -1 } } } }\n`,
    '4:58 BAD_TYPE "a" is a number from 0 on, as far as a value may be from the expected one, but this is the number -1',
  ],
  [
    `${head}    expect: { datasets: { o: [{ __proto__: 1 }] } }\n`,
    '4:33 BAD_NAME no key can have the name "__proto__"; rename it',
  ],
])('the mistake in %j has its place', (text, mistake) => {
  expect(read(text).mistakes).toContain(mistake);
});
