import { describe, expect, test } from 'vitest';
import { type HttpTarget, sendBatches } from '../../../lib/connectors/sinks.ts';
import { MemoryRun } from '../memory-step.ts';
import { type Answer, serve } from '../web-server.ts';

const rows = [{ id: 1 }, { id: 2 }, { id: 3 }];

/** An API that keeps method, path, key and body of every request. */
const keeping = async (answer: (path: string) => Answer = () => ({ json: {} })) => {
  const seen: { readonly at: string; readonly key: string; readonly body: string; readonly secret: string }[] = [];
  const server = await serve(async (url, request) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { 'idempotency-key': key = '', authorization: secret = '' } = request.headers;
    seen.push({ at: `${request.method} ${url.pathname}${url.search}`, key: String(key), body, secret });
    return answer(url.pathname);
  });
  return { ...server, seen };
};

describe('the target is part of every key', () => {
  test('so that rows that one target has are sent to another too', async () => {
    const [one, other] = [await keeping(), await keeping()];
    const run = new MemoryRun();
    const targets: HttpTarget[] = [
      { url: `${one.url}/a` },
      { url: `${one.url}/a`, method: 'PUT' },
      { url: `${one.url}/b` },
      { url: `${one.url}/b?table=x` },
      { url: `${one.url}/b?table=y` },
      { url: `${other.url}/a` },
    ];
    for (const target of targets) expect(await sendBatches(run.step(), rows, target)).toMatchObject({ skipped: 0 });
    const keys = [...one.seen, ...other.seen].map(({ key }) => key);
    expect(new Set(keys).size).toBe(6);
    for (const target of targets) expect(await sendBatches(run.step(), rows, target)).toMatchObject({ skipped: 1 });
    expect([...one.seen, ...other.seen]).toHaveLength(6);
  });

  test('without credentials and the order of parameters', async () => {
    const { url, seen } = await keeping();
    const run = new MemoryRun();
    for (const query of ['a=1&b=2&token=old', 'b=2&a=1&access_token=new', 'a=1&api_key=x&b=2&X-Amz-Signature=y'])
      await sendBatches(run.step(), rows, { url: `${url}/a?${query}` });
    expect(seen).toHaveLength(1);
  });
});

describe('the target is part of every checkpoint', () => {
  /** Sends up to the second batch, and returns the state that a step then hands on. */
  const handedOn = async (target: HttpTarget, some: readonly object[] = rows): Promise<never> => {
    const states: unknown[] = [];
    const step = new MemoryRun().step({
      yieldIfDue: async (state) => {
        states.push(JSON.parse(JSON.stringify(state)));
        if (states.length === 2) throw new Error('handed on');
      },
    });
    await expect(sendBatches(step, some, { batchSize: 1, ...target })).rejects.toThrow('handed on');
    return states.at(-1) as never;
  };

  test('so that another target gets all batches', async () => {
    const [one, other] = [await keeping(), await keeping()];
    const checkpoint = await handedOn({ url: one.url });
    const go = (target: HttpTarget) =>
      sendBatches(new MemoryRun().step({ checkpoint }), rows, { batchSize: 1, ...target });
    expect(await go({ url: one.url })).toMatchObject({ skipped: 2 });
    expect(await go({ url: other.url })).toMatchObject({ skipped: 0 });
    expect(await go({ url: `${one.url}/other` })).toMatchObject({ skipped: 0 });
    expect(await go({ url: one.url, method: 'PUT' })).toMatchObject({ skipped: 0 });
    expect(await go({ url: one.url, name: 'other' })).toMatchObject({ skipped: 0 });
  });

  test('so that batches of another size are sent', async () => {
    const { url } = await keeping();
    const checkpoint = await handedOn({ url });
    const step = new MemoryRun().step({ checkpoint });
    expect(await sendBatches(step, rows, { url, batchSize: 2 })).toMatchObject({ skipped: 0 });
  });

  test('and so are the rows: other rows in their place are an error, not a gap', async () => {
    const { url, seen } = await keeping();
    const checkpoint = await handedOn({ url });
    for (const others of [[{ id: 2 }, { id: 1 }, { id: 3 }], [{ id: 1 }], []]) {
      const sending = sendBatches(new MemoryRun().step({ checkpoint }), others, { url, batchSize: 1 });
      await expect(sending).rejects.toMatchObject({
        name: 'PermanentError',
        message: expect.stringMatching(/ORDER BY/),
      });
    }
    expect(seen).toHaveLength(2);
  });

  test('which keeps the other state of the step', async () => {
    const { url } = await keeping();
    const states: unknown[] = [];
    const step = new MemoryRun().step({
      checkpoint: { cursor: 5 } as never,
      yieldIfDue: async (state) => void states.push(state),
    });
    await sendBatches(step, rows, { url });
    expect(states).toEqual([{ cursor: 5, sent: expect.anything() }]);
  });
});

describe('a redirect', () => {
  const token = 'SECRET';
  test.each([301, 302, 303])('with %i is an error: the rows would be lost', async (status) => {
    const { url, seen } = await keeping((path) =>
      path === '/metrics' ? { status, text: '', headers: { location: '/metrics/' } } : { text: '[]' },
    );
    const run = new MemoryRun();
    await expect(sendBatches(run.step(), rows, { url: `${url}/metrics` })).rejects.toMatchObject({
      name: 'PermanentError',
      message: expect.stringMatching(/leads to .*\/metrics\/: .* turn the POST into a GET/),
    });
    expect(seen.map(({ at }) => at)).toEqual(['POST /metrics']);
    expect(run.done.size).toBe(0);
  });

  test.each([307, 308])('with %i inside the origin brings the rows to the new address', async (status) => {
    const { url, seen } = await keeping((path) =>
      path === '/metrics' ? { status, text: '', headers: { location: '/metrics/' } } : { text: '[]' },
    );
    await sendBatches(new MemoryRun().step(), rows, { url: `${url}/metrics`, token });
    expect(seen.map(({ at }) => at)).toEqual(['POST /metrics', 'POST /metrics/']);
    expect(seen[1]).toEqual({ ...seen[0], at: 'POST /metrics/' });
  });

  test('to another origin carries no rows, key or token, unless it is allowed', async () => {
    const other = await keeping();
    const { url } = await keeping(() => ({ status: 307, text: '', headers: { location: `${other.url}/stolen` } }));
    await expect(sendBatches(new MemoryRun().step(), rows, { url, token })).rejects.toThrow(/allowedOrigins/);
    expect(other.seen).toEqual([]);
    await sendBatches(new MemoryRun().step(), rows, { url, token, allowedOrigins: [other.url] });
    expect(other.seen).toEqual([
      { at: 'POST /stolen', key: expect.stringMatching(/^\w{40}$/), body: JSON.stringify(rows), secret: '' },
    ]);
  });
});

test('a step that was asked for again sends each batch once more, with the same keys', async () => {
  const { url, seen } = await keeping();
  const run = new MemoryRun();
  const stepOf = (requested: number) => run.step({ run: { ...run.step().run, requested } as never });
  await sendBatches(stepOf(1), rows, { url });
  expect(await sendBatches(stepOf(3), rows, { url })).toMatchObject({ skipped: 0 });
  expect(await sendBatches(stepOf(3), rows, { url })).toMatchObject({ skipped: 1 });
  expect(seen.map(({ key }) => key)).toEqual([seen[0]?.key, seen[0]?.key]);
});
