import { describe, expect, test } from 'vitest';
import type { DeadLetterQueue, QueueMessage } from '../../lib/ports/ports.ts';

/** An empty queue, and a way to let its time pass. */
export interface QueueUnderTest {
  readonly queue: DeadLetterQueue;
  /** Lets this many seconds of a message's hiding time pass. */
  readonly pass: (seconds: number) => Promise<void>;
}

const bodies = (messages: readonly QueueMessage[]): string[] => messages.map(({ body }) => body).sort();

/** Receives until the queue is empty: SQS may return fewer messages than there are. */
const receiveAll = async (queue: DeadLetterQueue, hideSeconds: number): Promise<QueueMessage[]> => {
  const messages: QueueMessage[] = [];
  for (;;) {
    const more = await queue.receive(10, hideSeconds);
    if (more.length === 0) return messages;
    messages.push(...more);
  }
};

/** The contract of every DeadLetterQueue. */
export function describeDeadLetterQueue(name: string, make: () => Promise<QueueUnderTest>): void {
  describe(`${name} is a DeadLetterQueue`, () => {
    test('returns sent messages, with text of any kind', async () => {
      const { queue } = await make();
      expect(await queue.receive(10, 30)).toEqual([]);
      // Without characters beyond U+FFFF: SQS takes them, fauxqs 1.9 does not.
      const sent = ['{"id":"a/b/1/step"}', 'grüße €\n', ' ', 'x'.repeat(200_000)];
      for (const body of sent) await queue.send(body);
      expect(bodies(await receiveAll(queue, 30))).toEqual(sent.toSorted());
    });

    test('returns at most the requested number', async () => {
      const { queue } = await make();
      for (let index = 0; index < 12; index += 1) await queue.send(`message ${index}`);
      const counts = [await queue.receive(1, 30), await queue.receive(10, 30), await queue.receive(3, 30)];
      expect(counts.map((messages) => messages.length)).toEqual([1, 10, 1]);
    });

    test('hides a received message until its time is over, then returns it again', async () => {
      const { queue, pass } = await make();
      await queue.send('once more');
      expect(bodies(await queue.receive(10, 2))).toEqual(['once more']);
      expect(await queue.receive(10, 2)).toEqual([]);
      await pass(2);
      const again = await queue.receive(10, 30);
      expect(bodies(again)).toEqual(['once more']);
    });

    test('never returns a deleted message again', async () => {
      const { queue, pass } = await make();
      for (const body of ['a', 'b', 'c']) await queue.send(body);
      const messages = await queue.receive(10, 2);
      expect(bodies(messages)).toEqual(['a', 'b', 'c']);
      for (const { body, receipt } of messages) if (body !== 'b') await queue.delete(receipt);
      await pass(2);
      expect(bodies(await receiveAll(queue, 30))).toEqual(['b']);
    });

    test('accepts the deletion of a message that is already deleted', async () => {
      const { queue } = await make();
      await queue.send('a');
      const [message] = await queue.receive(1, 30);
      await queue.delete(message?.receipt ?? '');
      await queue.delete(message?.receipt ?? '');
      expect(await queue.receive(1, 30)).toEqual([]);
    });

    test('returns a released message again at once; the release of a visible or deleted message changes nothing', async () => {
      const { queue } = await make();
      for (const body of ['a', 'b', 'c']) await queue.send(body);
      const messages = await receiveAll(queue, 60);
      for (const { body, receipt } of messages) {
        if (body === 'a') await queue.delete(receipt);
        if (body !== 'c') await queue.release(receipt);
        if (body === 'b') await queue.release(receipt);
      }
      expect(bodies(await receiveAll(queue, 60))).toEqual(['b']);
    });

    test('gives each message to one of many receivers at once', async () => {
      const { queue } = await make();
      const sent = Array.from({ length: 30 }, (_, index) => `message ${String(index).padStart(2, '0')}`);
      await Promise.all(sent.map((body) => queue.send(body)));
      const received = await Promise.all(Array.from({ length: 6 }, () => receiveAll(queue, 30)));
      expect(bodies(received.flat())).toEqual(sent);
    });
  });
}
