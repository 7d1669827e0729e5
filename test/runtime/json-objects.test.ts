import { describe, expect, test } from 'vitest';
import type { DeadLetter } from '../../lib/contract/records/dead-letter.ts';
import { recordFailure } from '../../lib/runtime/execution/record-failure.ts';
import { createOrRead, readIntact, readJson } from '../../lib/runtime/records/json-objects.ts';
import { swapJson } from '../../lib/runtime/records/swap-json.ts';
import { aRun, aStep, attempt, errorOf, memoryWorld, stored } from './fixtures.ts';

describe('a record of the store', () => {
  test.each([
    ['a key given twice', '{"fence": 1,\n "fence": 2}', 'line 2, column 2: the key "fence" occurs twice'],
    ['__proto__', '{"__proto__": {"fence": 2}}', 'the key "__proto__" is not allowed'],
    ['a number that would be rounded', '{"fence": 9007199254740993}', 'would become 9007199254740992'],
    ['a number beyond every double', '{"fence": 1e400}', 'the number "1e400" is too large'],
    ['half a character', '{"run_id": "\\ud800"}', 'half of a character'],
    ['a cut end', '{"fence": 1', 'the text ends where'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'the byte 0xff is not UTF-8'],
  ])('with %s is damaged: the error names key and place', async (_, body, reason) => {
    const { store } = memoryWorld();
    await store.put('p/leases/_all.json', body);
    const error = await errorOf(readJson(store, 'p/leases/_all.json'));
    expect(error.message).toContain('the record memory:///store/p/leases/_all.json is damaged: its');
    expect(error.message).toContain(reason);
    expect((await errorOf(swapJson(store, 'p/leases/_all.json', () => ({ answer: 1 })))).message).toContain(reason);
    expect(await readIntact(store, 'p/leases/_all.json')).toBeNull();
  });

  test('is read as it was written, to the last digit', async () => {
    const { store } = memoryWorld();
    const record = {
      fence: 9007199254740991,
      share: 0.1,
      text: 'ü 😀 \u0000',
      none: null,
      list: [],
      nested: [{ a: -1e-7 }],
    };
    await createOrRead(store, 'r.json', record);
    expect(await readJson(store, 'r.json')).toEqual(record);
  });

  test.each([
    [{ a: [1, { share: Number.NaN }] }, '.a[1].share: NaN is not JSON'],
    [{ text: '\udc00' }, '.text: a text holds half of a character'],
  ])('is not written when JSON would change it: %j', async (record, message) => {
    const { store } = memoryWorld();
    expect((await errorOf(createOrRead(store, 'r.json', record))).message).toContain(message);
    expect(await store.get('r.json')).toBeNull();
  });
});

test('a failure, a report and a key of once with half a character leave records that can be read', async () => {
  const world = memoryWorld();
  await attempt(world, { step: aStep('extract') }, async (step) => {
    await step.progress(1, 2, 'page \ud800');
    await step.once('mail \udc00', () => undefined);
  });
  expect(await stored(world.store, 'sales/runs/r1/steps/extract/progress.json')).toMatchObject({
    message: 'page \ufffd',
  });
  const Cause = '{"errorType":"Error","errorMessage":"row \\ud83d is bad","trace":["caused by Error: \\udc00"]}';
  await recordFailure({ run: aRun(), step: aStep('load'), failure: { Error: 'Error', Cause }, attempts: 1 }, world);
  const letter = await readJson<DeadLetter>(world.store, 'sales/runs/r1/executions/1/dead-letters/load.json');
  expect(letter?.failure).toEqual({ error: 'Error', cause: 'row \ufffd is bad', caused_by: ['Error: \ufffd'] });
});
