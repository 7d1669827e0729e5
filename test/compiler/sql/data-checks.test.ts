import { describe, expect, test } from 'vitest';
import { diagnose } from './project.ts';

const withChecks = (checks: string): Promise<string[]> =>
  diagnose(
    `name: p
steps:
  - name: users
    handler: users
    outputs: { users: { schema: { id: BIGINT, name: VARCHAR } } }
  - name: other
    handler: other
    outputs: { rows: { schema: { n: BIGINT } } }
  - name: orders
    handler: orders
    dependencies: [users]
    outputs:
      orders:
        schema: { id: BIGINT, user_id: BIGINT, status: VARCHAR, total: "DECIMAL(18,2)", day: DATE, at: TIMESTAMP, items: "BIGINT[]" }
        checks:
${checks
  .split('\n')
  .map((line) => `          - ${line}`)
  .join('\n')}
`,
    {},
  );

describe('what check says of checks', () => {
  test('nothing, when they are right', async () => {
    expect(
      await withChecks(
        [
          'unique: [id, status]',
          'foreign_key: { columns: user_id, dataset: users.users, to: id }',
          'range: { column: day, min: "2020-01-01" }',
          'range: { column: at, max: "2030-01-01T00:00:00Z" }',
          'accepted_values: { column: status, values: [open, paid] }',
          'sum_equals: { column: total, equals: 5, tolerance: 0.5 }',
          'freshness: { column: day, max_age: 36h }',
          'anomaly: { columns: [total, status], measures: [mean, null_share], runs: 90, threshold: 4.5 }',
          'sql: SELECT * FROM this JOIN users.users u ON u.id = this.user_id WHERE u.name IS NULL',
        ].join('\n'),
      ),
    ).toEqual([]);
  });

  test.each([
    ['not_null: [id, statsu]', 'UNKNOWN_COLUMN', 'dataset "orders" has no column "statsu"; did you mean "status"?'],
    ['range: { column: day, min: 3 }', 'BAD_VALUE', 'the column is DATE; write a day such as "2026-01-31"'],
    ['range: { column: at, min: "2026-01-31T01:00:00" }', 'BAD_VALUE', 'the column is TIMESTAMP; write a moment'],
    ['range: { column: total, min: "3" }', 'BAD_VALUE', 'write a number, without quotation marks'],
    ['range: { column: items, min: 3 }', 'BAD_VALUE', 'a column of type BIGINT[] cannot be compared'],
    ['accepted_values: { column: status, values: [open, 3] }', 'BAD_VALUE', 'write the value in quotation marks'],
    ['regex: { column: id, pattern: x }', 'BAD_VALUE', 'a pattern needs VARCHAR'],
    ['freshness: { column: total, max_age: 1h }', 'BAD_VALUE', 'an age needs DATE or TIMESTAMP'],
    ['sum_equals: { column: status, equals: 3 }', 'BAD_VALUE', 'which has no sum'],
    ['sum_equals: { column: total, equals: users.users.name }', 'BAD_VALUE', '"name" is VARCHAR, which has no sum'],
    [
      'foreign_key: { columns: user_id, dataset: users.users }',
      'UNKNOWN_COLUMN',
      'has no column "user_id"; it has id, name',
    ],
    ['foreign_key: { columns: user_id, dataset: users.users, to: name }', 'BAD_VALUE', 'which are never equal'],
    ['foreign_key: { columns: user_id, dataset: other.rows, to: n }', 'NOT_UPSTREAM', '"other"'],
    [
      'foreign_key: { columns: user_id, dataset: users.usrs, to: id }',
      'UNKNOWN_DATASET',
      'did you mean "users"."users"?',
    ],
    ['anomaly: { columns: [totl] }', 'UNKNOWN_COLUMN', 'did you mean "total"?'],
    ['anomaly: { columns: [total, status], measures: mean }', 'BAD_VALUE', '"status" is VARCHAR, which has no mean'],
    ['sql: SELECT * FROM this WHERE totl > 3', 'UNKNOWN_COLUMN', 'did you mean "total"?'],
    ['sql: SELECT * FORM this', 'SQL_SYNTAX', 'syntax error'],
    ["sql: SELECT * FROM read_csv('x')", 'SQL_NOT_ALLOWED', 'read_csv'],
    ['sql: DELETE FROM this', 'SQL_SYNTAX', 'syntax error'],
    ['sql: SELECT * FROM other.rows', 'NOT_UPSTREAM', '"other"'],
  ])('%s', async (check, code, words) => {
    const found = await withChecks(check);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/:(1[5-9]|2\d):/);
    expect(found[0]).toContain(code);
    expect(found[0]).toContain(words);
  });

  test('the rows in quarantine have their own name and a further column, which queries of later steps know', async () => {
    const template = (query: string) => `name: p
steps:
  - name: a
    handler: a
    outputs:
      d: { schema: { id: BIGINT }, on_violation: quarantine, checks: [{ unique: id }] }
  - name: b
    dependencies: [a]
    sql: { query: ${JSON.stringify(query)} }
`;
    expect(await diagnose(template('SELECT id, quarantine_reason FROM a.d__quarantine'), {})).toEqual([]);
    expect(await diagnose(template('SELECT reason FROM a.d__quarantine'), {})).toEqual([
      expect.stringContaining('UNKNOWN_COLUMN'),
    ]);
    const taken = 'd__quarantine: { schema: { id: BIGINT } }';
    expect(
      (await diagnose(template('SELECT 1 AS n').replace('      d: {', `      ${taken}\n      d: {`), {})).join(),
    ).toContain('"d__quarantine" is the name of the rows in quarantine');
    expect(
      (
        await diagnose(
          template('SELECT 1 AS n').replace('id: BIGINT }', 'id: BIGINT, quarantine_reason: VARCHAR }'),
          {},
        )
      ).join(),
    ).toContain('which the dataset has itself');
  });
});

test('an anomaly check needs a profile', async () => {
  const found = await diagnose(
    'name: p\nprofile: false\nsteps: [{ name: a, handler: a, outputs: { d: { checks: [{ anomaly: {} }] } } }]\n',
    {},
  );
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/KEY_CONFLICT.*compares the profile of the dataset, and "profile" is false/);
});
