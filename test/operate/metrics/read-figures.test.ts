import { expect, test } from 'vitest';
import { readFigures } from '../../../lib/operate/metrics/read-figures.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import { madeTotals } from '../../metrics/made-figures.ts';

const now = Date.UTC(2026, 0, 31, 12);
const at = (day: number, hour: number): string => new Date(Date.UTC(2026, 0, day, hour)).toISOString();
const pipeline = { name: 'sales', expectedWithin: null, mayHaveDeadlines: true };

/** A deadline at seven o'clock of a day in January, and the hour at which the data was ready. */
const deadline = (day: number, metHour: number | null, step: string | null = null) => ({
  step,
  scheduled_time: at(day, 1),
  ready_by: at(day, 7),
  run_id: `r${day}`,
  at_risk: null,
  missed: null,
  met: metHour === null ? null : { at: at(day, metHour), execution: 1, reported: true },
});

test('the share of met deadlines is that of the runs: those of steps and of the future do not count', async () => {
  const store = new MemoryObjectStore();
  await store.put('sales/history.json', JSON.stringify({ runs: [], totals: madeTotals }));
  const deadlines = [
    deadline(30, 6),
    deadline(29, 8),
    deadline(28, null),
    deadline(27, 7),
    deadline(30, 9, 'extract'),
    { ...deadline(31, null), ready_by: at(31, 13) },
  ];
  await store.put(
    'sales/deadlines.json',
    JSON.stringify({ pipeline: 'sales', schedule: 'x', since: at(1, 1), deadlines }),
  );
  const [figures] = await readFigures(store, [pipeline], now);
  expect(figures?.onTime).toMatchObject({ met: 2, of: 4 });
  expect(figures?.totals).toEqual(madeTotals);
});

test('a pipeline takes one request, and one for its deadlines if it has any; a damaged record counts as none', async () => {
  const store = new MemoryObjectStore();
  await store.put('sales/history.json', '{"runs": [');
  const asked: string[] = [];
  const get = store.get.bind(store);
  store.get = (key) => {
    asked.push(key);
    return get(key);
  };
  const none = { pipeline: 'sales', totals: null, steps: new Map(), expectedWithin: null, onTime: null };
  expect(await readFigures(store, [{ ...pipeline, mayHaveDeadlines: false }], now)).toEqual([none]);
  expect(asked).toEqual(['sales/history.json']);
  expect(await readFigures(store, [pipeline], now)).toEqual([none]);
  expect(asked).toHaveLength(3);
});
