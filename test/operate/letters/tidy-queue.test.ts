import { expect, test } from 'vitest';
import { deadLetterKey } from '../../../lib/contract/object-keys.ts';
import { tidyQueue } from '../../../lib/operate/letters/tidy-queue.ts';
import { MemoryDeadLetterQueue } from '../../../lib/ports/memory/memory-dead-letter-queue.ts';
import { messageOf } from '../../../lib/runtime/records/dead-letter.ts';
import { SetClock } from '../../ports/set-clock.ts';
import { letter, Records } from '../records.ts';

const closed = letter('demo/r1/1/first', '2026-01-31T01:10:00.000Z');
const open = letter('demo/r1/1/second', '2026-01-31T01:20:00.000Z');

/** A run whose first step has succeeded since; the second has not. */
async function failed() {
  const records = new Records();
  await records.started();
  await records.execution(1, '2026-01-31T01:00:00.000Z');
  await records.ended(1, 'FAILED', '2026-01-31T02:00:00.000Z');
  await records.execution(2, '2026-01-31T03:00:00.000Z');
  await records.outcome(2, 'first');
  for (const one of [closed, open]) await records.put(deadLetterKey(one, one.step), one);
  const queue = new MemoryDeadLetterQueue(new SetClock());
  const tidy = () => tidyQueue('demo', { store: records.store, executions: records.executions, queue });
  const bodies = async () => {
    const messages = await queue.receive(10, 1);
    for (const { receipt } of messages) await queue.release(receipt);
    return messages.map(({ body }) => body);
  };
  return { records, queue, tidy, bodies };
}

const bodyOf = (one: typeof open): string => JSON.stringify(messageOf(one));

test('messages of closed letters and second copies are deleted, those of open letters stay visible', async () => {
  const { queue, tidy, bodies } = await failed();
  for (const one of [closed, open, closed, open]) await queue.send(bodyOf(one));
  expect(await tidy()).toEqual({ kept: 1, deleted: 3, sent_again: [], not_understood: [] });
  expect(await bodies()).toEqual([bodyOf(open)]);
});

test('an open letter without a message is sent again, once', async () => {
  const { tidy, bodies } = await failed();
  expect(await tidy()).toMatchObject({ kept: 0, sent_again: [open.id] });
  expect(await tidy()).toMatchObject({ kept: 1, sent_again: [] });
  expect(await bodies()).toEqual([bodyOf(open)]);
});

test('the letter of a running execution is left for its machine to send', async () => {
  const { records, tidy } = await failed();
  const fresh = letter('demo/r1/2/second', '2026-01-31T03:10:00.000Z');
  await records.put(deadLetterKey(fresh, fresh.step), fresh);
  records.executions.set('arn:2', 'RUNNING');
  expect(await tidy()).toMatchObject({ sent_again: [] });
  records.executions.set('arn:2', 'FAILED');
  expect(await tidy()).toMatchObject({ sent_again: [fresh.id] });
});

test.each([
  ['{', 'it is not JSON'],
  ['', 'it is not JSON'],
  ['[]', 'it is not a dead letter'],
  ['{"id":"demo/r1/1/first"}', 'it is not a dead letter'],
  [bodyOf({ ...open, pipeline: 'other', id: 'other/r1/1/second' }), 'it is a dead letter of another pipeline'],
  [bodyOf({ ...open, id: 'demo/r1/9/second' }), 'its id does not fit what it says'],
  [bodyOf(letter('demo/gone/1/second', '')), 'the store has no such dead letter'],
])('a message that cannot be parsed stays and is reported: %s', async (body, reason) => {
  const { queue, tidy, bodies } = await failed();
  await queue.send(bodyOf(open));
  await queue.send(body);
  expect(await tidy()).toEqual({ kept: 2, deleted: 0, sent_again: [], not_understood: [{ reason, body }] });
  expect(await bodies()).toEqual([bodyOf(open), body]);
});

test('all messages are read, even if one answer cannot hold them', async () => {
  const { queue, tidy } = await failed();
  for (let index = 0; index < 25; index += 1) await queue.send(bodyOf(closed));
  await queue.send(bodyOf(open));
  expect(await tidy()).toMatchObject({ kept: 1, deleted: 25 });
});
