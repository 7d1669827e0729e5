/** Real order lines, damaged on purpose: each damage is found by the check that should find it, and nothing of it is published. */
import { beforeAll, describe, expect, test } from 'vitest';
import { memoryWorld, stored, type World } from '../../runtime/fixtures.ts';
import { isMissing, type Line, night, realDays, why } from './shop.ts';

const world = memoryWorld();
const alarms: string[] = [];
let days: (readonly [string, readonly Line[]])[] = [];
let codes: ReadonlySet<string> = new Set();

/** The version that readers see. */
const current = async (of: World): Promise<unknown> =>
  (await stored<{ partitions: { current: number }[] }>(of.store, 'sales/published/current.json'))?.partitions[0]
    ?.current;

describe.skipIf(isMissing)(`real order lines${why}`, () => {
  beforeAll(async () => {
    const all = realDays();
    codes = new Set([...all.values()].flat().map(({ code }) => code ?? ''));
    days = [...all].filter(([day]) => day >= '2011-03-01').slice(0, 61);
    for (const [day, lines] of days.slice(0, 60)) {
      const error = await night(world, day, { lines, codes });
      if (error !== null) alarms.push(`${day}: ${error}`);
    }
  });

  test('60 clean days raise no alarm, and each is published', async () => {
    expect(alarms).toEqual([]);
    expect(await current(world)).toBe(60);
  });

  const each = (change: (line: Line, index: number) => Line) => (lines: readonly Line[]) => lines.map(change);
  const some = (change: Line) => each((line, index) => (index % 10 === 0 ? { ...line, ...change } : line));

  const corruptions: readonly (readonly [
    string,
    (lines: readonly Line[], before: readonly Line[]) => readonly Line[],
    RegExp,
  ])[] = [
    ['nulls where a value is needed', some({ invoice: null }), /not_null\(line, invoice, .*\): \d+ of \d+ rows/],
    ['more nulls than usual', each((line) => ({ ...line, customer: null })), /as usual: null_share\(customer\) 100%/],
    ['duplicates', (lines) => [...lines, ...lines.slice(0, 5)], /unique\(line\): 10 of \d+ rows/],
    ['wrong types', some({ quantity: 'six' }), /column "quantity".*BIGINT/],
    ['a missing day: yesterday once more', (_, before) => before, /freshness\(at\)/],
    ['a missing day: nothing', () => [], /freshness\(at\)|row_count/],
    [
      '10 × volume',
      (lines) =>
        Array.from({ length: 10 }, (_, copy) =>
          lines.map((line) => ({ ...line, line: `${line.line}/${copy}` })),
        ).flat(),
      /as usual: row_count \d{3,}/,
    ],
    [
      'drift: prices three times as high',
      each((line) => ({ ...line, price: (Number(line.price) * 3).toFixed(2) })),
      /as usual: .*mean\(price\)/,
    ],
    ['broken foreign keys', some({ code: '99999Z' }), /foreign_key\(code\): \d+ of \d+ rows/],
    [
      'swapped columns: code and description',
      each((line) => ({ ...line, code: line.description ?? 'x', description: line.code ?? '' })),
      /regex\(code\)|foreign_key\(code\)/,
    ],
    [
      'swapped columns: quantity and price',
      each((line) => ({ ...line, quantity: line.price ?? '', price: line.quantity ?? '' })),
      /column "quantity".*BIGINT/,
    ],
  ];

  test.each(corruptions)('%s: found, and not published', async (name, corrupt, by) => {
    const [day, lines] = days[60] ?? ['', []];
    const [, before] = days[59] ?? ['', []];
    const seen = await current(world);
    const run_id = `bad-${name.replace(/\W+/g, '-')}`;
    const error = await night(world, day, { lines: corrupt(lines, before), codes, run_id });
    expect(error).toMatch(by);
    expect(error).toMatch(/^ValidationError/);
    expect(await current(world)).toBe(seen);
  });

  test('the same day without damage is published', async () => {
    const [day, lines] = days[60] ?? ['', []];
    expect(await night(world, day, { lines, codes, run_id: 'good' })).toBeNull();
    expect(await current(world)).toBe(61);
  });
});
