import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sendBatches } from '../../../lib/connectors/sinks.ts';
import { repeatUntil } from '../../support/repeat-until.ts';
import { MemoryRun } from '../memory-step.ts';
import { type Answer, serve } from '../web-server.ts';

/** The way in which an API treats a batch: if it takes the batch, and its answer. */
interface Play {
  readonly takes: boolean;
  readonly answer: Answer | 'reset' | 'elsewhere';
}

/** Plays after which the batch is sent again. */
const passing: Readonly<Record<string, Play>> = {
  'reset before': { takes: false, answer: 'reset' },
  'reset behind': { takes: true, answer: 'reset' },
  'cut behind': { takes: true, answer: { json: { errors: false }, cutAfter: 4 } },
  'cut, and closed properly': { takes: true, answer: { text: '{"errors":fa', chunked: true } },
  busy: { takes: false, answer: { status: 503, text: '' } },
  'too many': { takes: false, answer: { status: 429, text: '', headers: { 'retry-after': '0' } } },
  maintenance: { takes: false, answer: { text: '<html>soon</html>', headers: { 'content-type': 'text/html' } } },
  'later, row by row': { takes: false, answer: { status: 207, json: [{ status: 503 }] } },
};

/** Plays that end the step. */
const lasting: Readonly<Record<string, Play>> = {
  refused: { takes: false, answer: { json: { errors: true } } },
  'row refused': { takes: false, answer: { status: 207, json: { items: [{ status: 409 }] } } },
  invalid: { takes: false, answer: { status: 422, text: '' } },
  moved: { takes: false, answer: { status: 301, text: '', headers: { location: '/else' } } },
  'led away': { takes: false, answer: 'elsewhere' },
};

/** An API that takes each key once, and plays the planned faults of its requests, counted from 1. */
async function faultyTarget(plays: ReadonlyMap<number, Play>) {
  const elsewhere = await serve(() => ({ json: {} }));
  const taken = new Map<string, { readonly id: number }[]>();
  const server = await serve(async (_, request, number) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { takes, answer } = plays.get(number) ?? { takes: true, answer: { json: { errors: false } } };
    const key = String(request.headers['idempotency-key']);
    if (takes && request.method === 'POST' && !taken.has(key)) taken.set(key, JSON.parse(text));
    if (answer === 'reset') request.socket.destroy();
    if (answer === 'elsewhere') return { status: 307, text: '', headers: { location: elsewhere.url } };
    return answer === 'reset' ? {} : answer;
  });
  const stop = () => {
    server.stop();
    elsewhere.stop();
  };
  return { url: server.url, taken, elsewhere: elsewhere.requests, stop };
}

test('rows arrive once and in order, or the step fails', async () => {
  const kinds = { ...passing, ...lasting };
  const plan = fc.record({
    rows: fc.integer({ min: 0, max: 12 }),
    batchSize: fc.integer({ min: 1, max: 5 }),
    handsOn: fc.boolean(),
    plays: fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom(...Object.keys(kinds))), {
      minLength: 1,
      maxLength: 4,
    }),
  });
  let errors = 0;
  const property = fc.asyncProperty(plan, async ({ rows: count, batchSize, handsOn, plays }) => {
    const rows = Array.from({ length: count }, (_, id) => ({ id }));
    const byRequest = new Map(plays.map(([request, name]) => [request, kinds[name] as Play]));
    const { url, taken, elsewhere, stop } = await faultyTarget(byRequest);
    const outcome = await sendLikeAStep(url, { rows, batchSize, handsOn });
    stop();
    const arrived = [...taken.values()].flat();
    expect(elsewhere).toEqual([]);
    if (outcome instanceof Error) {
      errors += 1;
      expect(outcome.name).toBe('PermanentError');
      expect(arrived).toEqual(rows.slice(0, arrived.length));
    } else {
      expect(outcome.rows).toBe(count);
      expect(arrived).toEqual(rows);
    }
  });
  await repeatUntil(
    () => errors > 8,
    () => fc.assert(property, { numRuns: 80 }),
  );
  // Runs without a fault prove nothing.
  expect(errors).toBeGreaterThan(8);
});

/** Sends as a retried step does, which may hand on after each batch. */
async function sendLikeAStep(
  url: string,
  {
    rows,
    batchSize,
    handsOn,
  }: { readonly rows: readonly object[]; readonly batchSize: number; readonly handsOn: boolean },
) {
  const run = new MemoryRun();
  let checkpoint: unknown;
  const yieldIfDue = async (state: unknown): Promise<void> => {
    if (handsOn) checkpoint = JSON.parse(JSON.stringify(state));
  };
  for (;;) {
    try {
      return await sendBatches(run.step({ checkpoint: checkpoint as never, yieldIfDue }), rows, { url, batchSize });
    } catch (error) {
      if ((error as Error).name !== 'RetryableError') return error as Error;
    }
  }
}
