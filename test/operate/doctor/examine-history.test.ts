import { expect, test } from 'vitest';
import { readDeadlines } from '../../../lib/operate/deadlines/keep-deadlines.ts';
import { examine } from '../../../lib/operate/doctor/doctor.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';

test('a damaged record of deadlines is found, and a repair keeps a copy and makes room for a new one', async () => {
  const store = new MemoryObjectStore();
  await store.put('sales/deadlines.json', '{"pipeline":"sales","deadlines":[');
  const diagnose = (repair: boolean) =>
    examine({ store, pipeline: 'sales', runId: null, repair, now: 0, remembered: async () => [] });
  expect((await diagnose(false)).findings).toMatchObject([{ key: 'sales/deadlines.json', kind: 'deadlines' }]);
  expect(await readDeadlines(store, 'sales')).toBe(null);
  expect((await diagnose(true)).findings).toMatchObject([{ kind: 'deadlines', action: 'set aside' }]);
  expect((await diagnose(false)).findings).toEqual([]);
  expect(await store.get('sales/set-aside/19700101T000000Z/deadlines.json')).not.toBe(null);
});
