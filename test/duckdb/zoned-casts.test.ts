import { expect, test } from 'vitest';
import { aStep, attempt, memoryWorld } from '../runtime/fixtures.ts';

const columns = { text: 'VARCHAR', json: 'VARCHAR', moment: 'TIMESTAMP', day: 'DATE' };
const late = '2026-01-31T23:30:00-05:00';
const row = { text: late, json: `{"at": "${late}"}`, moment: '2026-01-31T10:30:00.000Z', day: '2026-01-31' };

/** The values of expressions over one row. */
const valuesOf = async (expressions: readonly string[], from = 'FROM make.d'): Promise<unknown[]> => {
  const world = memoryWorld();
  await attempt(world, { step: aStep('make') }, (step) => step.write('d', [row], { columns }));
  const found: unknown[] = [];
  await attempt(world, { step: aStep('query', { dependencies: ['make'] }) }, async (step) => {
    const list = expressions.map((one, index) => `${one} AS c${index}`).join(', ');
    const [values = {}] = await step.sql(`SELECT ${list} ${from}`);
    found.push(...Object.values(values));
  });
  return found;
};

const moment = '2026-02-01T04:30:00.000Z';

test('a text with an offset becomes the moment in UTC, wherever the text comes from', async () => {
  const expressions: readonly (readonly [string, string])[] = [
    ['text::TIMESTAMP', moment],
    ['"text"::DATE', '2026-02-01'],
    ['CAST(text AS TIMESTAMP)', moment],
    ['TRY_CAST(trim(text) AS DATE)', '2026-02-01'],
    ["(json->>'at')::TIMESTAMP", moment],
    ["CAST(json->>'$.at' AS datetime)", moment],
    ["CAST(/* ) */ concat(text, ' AS DATE)')[:25] AS TIMESTAMP)", moment],
    ['(SELECT max(text) FROM make.d)::DATE', '2026-02-01'],
    ["coalesce(NULL, text || '')::TIMESTAMP", moment],
    [`'${late}'::TIMESTAMP`, moment],
    [`TIMESTAMP '${late}'`, moment],
    [`DATE '${late}'`, '2026-02-01'],
    ["date_trunc('day', text::TIMESTAMP)", '2026-02-01T00:00:00.000Z'],
  ];
  expect(await valuesOf(expressions.map(([sql]) => sql))).toEqual(expressions.map(([, value]) => value));
});

test('a text that another part of the query names keeps its offset', async () => {
  expect(await valuesOf(['other::TIMESTAMP'], 'FROM (SELECT trim(text) AS other FROM make.d)')).toEqual([moment]);
});

test('a text with an offset is compared with a moment as a moment', async () => {
  const same = "'2026-01-31T12:30:00+02:00'";
  const expressions = [
    `moment = ${same}`,
    `${same} >= moment`,
    `moment BETWEEN ${same} AND '2026-01-31T13:00:00+02:00'`,
    `moment IN ('2026-01-01', ${same})`,
    `max(moment) = ${same}`,
    `date_trunc('minute', moment) = ${same}`,
  ];
  expect(await valuesOf(expressions, 'FROM make.d GROUP BY ALL')).toEqual(expressions.map(() => true));
});

test('other values and texts keep their meaning', async () => {
  const expressions: readonly (readonly [string, unknown])[] = [
    ['day::TIMESTAMP', '2026-01-31T00:00:00.000Z'],
    ['moment::DATE', '2026-01-31'],
    ['CAST(moment AS DATE)', '2026-01-31'],
    ["'2026-01-31 12:00:00'::TIMESTAMP", '2026-01-31T12:00:00.000Z'],
    ["'2026-01-31'::DATE", '2026-01-31'],
    [`text = '${late}'`, true],
    ["'::DATE' || '-- CAST(x AS DATE)'", '::DATE-- CAST(x AS DATE)'],
  ];
  expect(await valuesOf(expressions.map(([sql]) => sql))).toEqual(expressions.map(([, value]) => value));
});
