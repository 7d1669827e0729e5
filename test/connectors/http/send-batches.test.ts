import { describe, expect, test } from 'vitest';
import { sendBatches } from '../../../lib/connectors/sinks.ts';
import { MemoryRun } from '../memory-step.ts';
import { serve } from '../web-server.ts';

const rows = Array.from({ length: 25 }, (_, index) => ({ id: index }));

/** An API that keeps the bodies that it receives, each key once, and fails as a test demands. */
const api = async (fails: (count: number) => 'before' | 'after' | null = () => null) => {
  const taken = new Map<string, { id: number }[]>();
  const server = await serve(async (_url, request, count) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const failure = fails(count);
    if (failure === 'before') return { status: 503, json: {} };
    const key = String(request.headers['idempotency-key']);
    if (!taken.has(key)) taken.set(key, JSON.parse(Buffer.concat(chunks).toString()));
    return failure === 'after' ? { json: {}, cutAfter: 0 } : { json: {} };
  });
  return { ...server, taken, ids: () => [...taken.values()].flat().map(({ id }) => id) };
};

describe('batches over HTTP', () => {
  test('hold all rows in their order, each batch with its own key', async () => {
    const { url, taken, ids } = await api();
    expect(await sendBatches(new MemoryRun().step(), rows, { url, batchSize: 10 })).toEqual({
      rows: 25,
      batches: 3,
      skipped: 0,
    });
    expect([...taken.values()].map((batch) => batch.length)).toEqual([10, 10, 5]);
    expect(ids()).toEqual(rows.map(({ id }) => id));
  });

  test('however often it fails, before or after the API has taken a batch, each row arrives once', async () => {
    let chance = 7;
    const next = (): number => {
      chance = (chance * 48_271) % 2_147_483_647;
      return chance / 2_147_483_647;
    };
    const { url, ids, requests } = await api(() => (next() < 0.3 ? 'before' : next() < 0.3 ? 'after' : null));
    const run = new MemoryRun();
    let attempts = 0;
    for (;;) {
      attempts += 1;
      const sent = await sendBatches(run.step(), rows, { url, batchSize: 4 }).catch((error: Error) => error.name);
      if (sent !== 'RetryableError') break;
    }
    expect(attempts).toBeGreaterThan(1);
    expect(requests.length).toBeGreaterThan(7);
    expect(ids()).toEqual(rows.map(({ id }) => id));
    // Batches that were sent are not sent again.
    const before = requests.length;
    expect(await sendBatches(run.step(), rows, { url, batchSize: 4 })).toMatchObject({ batches: 7, skipped: 7 });
    expect(requests.length).toBe(before);
  });

  test('keys are made of run, step, name, number and content', async () => {
    const { url, taken } = await api();
    const send = (over: object, target: object = {}) =>
      sendBatches(new MemoryRun().step(over), [rows[0] ?? {}], { url, ...target });
    const { run } = new MemoryRun().step();
    await send({});
    await send({});
    expect(taken.size).toBe(1);
    await send({ run: { ...run, run_id: 'r2' } });
    await send({ name: 'other' });
    await send({}, { name: 'second' });
    await sendBatches(new MemoryRun().step(), [rows[1] ?? {}], { url });
    expect(taken.size).toBe(5);
  });

  test('a long step continues behind the last batch', async () => {
    const { url, requests, ids } = await api();
    const states: unknown[] = [];
    const first = new MemoryRun().step({
      yieldIfDue: async (state) => {
        states.push(state);
        if (states.length === 2) throw new Error('handed on');
      },
    });
    await expect(sendBatches(first, rows, { url, batchSize: 10 })).rejects.toThrow('handed on');
    const second = new MemoryRun().step({ checkpoint: structuredClone(states.at(-1)) as never });
    expect(await sendBatches(second, rows, { url, batchSize: 10 })).toEqual({ rows: 25, batches: 3, skipped: 2 });
    expect(requests).toHaveLength(3);
    expect(ids()).toEqual(rows.map(({ id }) => id));
  });

  test('the author makes the body from the rows, with integers of any size', async () => {
    const bodies: string[] = [];
    const { url } = await serve(async (_url, request) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      bodies.push(text);
      return { json: {} };
    });
    await sendBatches(new MemoryRun().step(), [{ id: 12345678901234567890n }], {
      url,
      body: (items) => ({ items }),
      method: 'PUT',
    });
    expect(bodies).toEqual(['{"items":[{"id":12345678901234567890}]}']);
  });

  test('a refusal is permanent, and so is an invalid batch size', async () => {
    const { url } = await serve(() => ({ status: 422, json: {} }));
    await expect(sendBatches(new MemoryRun().step(), rows, { url })).rejects.toMatchObject({
      name: 'PermanentError',
      status: 422,
    });
    await expect(sendBatches(new MemoryRun().step(), rows, { url, batchSize: 0 })).rejects.toThrow(
      /batchSize is a whole number/,
    );
  });
});
