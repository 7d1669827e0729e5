import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { CollectorError, collectorOf, sendTraces } from '../../lib/cli/metrics/send-traces.ts';
import type { DaybreakEvent } from '../../lib/contract/events/event.ts';
import { otlpTraces } from '../../lib/metrics/traces/otlp.ts';
import { spansOfEvents } from '../../lib/metrics/traces/spans-of-events.ts';
import { otlpFault } from './otlp-fault.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 1, 0, second)).toISOString();

const event = (type: string, second: number, more: object): DaybreakEvent =>
  ({
    version: 1,
    id: `${type}/${JSON.stringify(more)}`,
    type,
    time: at(second),
    severity: 'info',
    pipeline: 'sales',
    run_id: 'r1',
    execution: 1,
    step: null,
    attempt: null,
    cause: null,
    detail: {},
    ...more,
  }) as unknown as DaybreakEvent;

const busy = { error: 'RetryableError', text: 'busy' };
/** extract succeeds in its second attempt; report fails; the run fails. */
const story = [
  event('step.started', 2, { step: 'extract', attempt: 1, detail: { started_at: at(2) } }),
  event('step.retrying', 5, {
    step: 'extract',
    attempt: 1,
    cause: busy,
    detail: { kind: 'error', delay_seconds: null },
  }),
  event('step.completed', 9, {
    step: 'extract',
    detail: { started_at: at(2), ended_at: at(9), attempts: 2, datasets: { orders: { rows: 5, bytes: 50 } }, files: 0 },
  }),
  event('step.failed', 12, {
    step: 'report',
    cause: { error: 'Error', text: 'no' },
    detail: { started_at: at(10), ended_at: at(12), attempts: 1, thrown_at: null, dead_letter: 'x', resume: 'y' },
  }),
  event('step.blocked', 12, {
    step: 'send',
    detail: { started_at: null, ended_at: at(12), attempts: 0, blocked_by: [] },
  }),
  event('run.failed', 13, {
    cause: { error: 'PipelineFailed', text: 'report failed' },
    detail: { started_at: at(0), ended_at: at(13), steps: {}, failed: [{}], blocked: ['send'], resume: null },
  }),
];

const spansIn = (events: readonly DaybreakEvent[]) =>
  otlpTraces(spansOfEvents(events)).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));

test('a run is a trace: its execution holds the steps, and each step its attempts', () => {
  const spans = spansIn(story);
  const ids = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  const seconds = (nanoseconds: string): number =>
    Number(BigInt(nanoseconds) / 1_000_000_000n) - Date.UTC(2026, 0, 1, 1) / 1000;
  expect(
    spans.map(({ name, parentSpanId, startTimeUnixNano, endTimeUnixNano, status }) => [
      name,
      parentSpanId === undefined ? null : ids.get(parentSpanId),
      seconds(startTimeUnixNano),
      seconds(endTimeUnixNano),
      status.code,
    ]),
  ).toEqual([
    ['extract', 'sales', 2, 9, 1],
    ['extract attempt 1', 'extract', 2, 5, 2],
    ['extract attempt 2', 'extract', 5, 9, 1],
    ['report', 'sales', 10, 12, 2],
    ['report attempt 1', 'report', 10, 12, 2],
    ['sales', null, 0, 13, 2],
  ]);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(spans[1]?.status).toEqual({ code: 2, message: 'RetryableError: busy' });
});

test('reported again, in any order and with copies, it is the same trace with the same spans', () => {
  const sorted = (events: readonly DaybreakEvent[]) => spansIn(events).sort((a, b) => (a.spanId < b.spanId ? -1 : 1));
  fc.assert(
    fc.property(fc.shuffledSubarray([...story, ...story], { minLength: 12, maxLength: 12 }), (again) => {
      expect(sorted(again)).toEqual(sorted(story));
    }),
  );
});

test('ids differ between runs, executions, steps and attempts, and names cannot make two of them one', () => {
  const name = fc.constantFrom('a', 'b', 'a","b', 'a/1', '', '1', 'null');
  const place = fc.record({ run_id: name, execution: fc.integer({ min: 1, max: 2 }), step: name });
  fc.assert(
    fc.property(
      fc.uniqueArray(place, { minLength: 2, maxLength: 6, selector: (one) => JSON.stringify(one) }),
      (places) => {
        const spans = spansIn(
          places.map((one) =>
            event('step.completed', 1, {
              ...one,
              detail: { started_at: at(0), ended_at: at(1), attempts: 1, datasets: null, files: null },
            }),
          ),
        );
        expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(2 * places.length);
      },
    ),
  );
});

test('any texts of names and errors make a request that the protocol allows', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  fc.assert(
    fc.property(
      text,
      text,
      fc.string({ unit: 'binary', minLength: 900, maxLength: 1_500 }),
      (pipeline, step, error) => {
        const cause = { error: step, text: `${error}\ud800` };
        const failed = event('step.failed', 2, {
          pipeline,
          step,
          cause,
          detail: { started_at: at(0), ended_at: at(2), attempts: 1, thrown_at: null, dead_letter: '', resume: '' },
        });
        expect(otlpFault(JSON.parse(JSON.stringify(otlpTraces(spansOfEvents([failed])))))).toBe(null);
      },
    ),
    { numRuns: 50, endOnFailure: true },
  );
});

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

interface Arrived {
  readonly path: string | undefined;
  readonly type: string | undefined;
  readonly key: string | string[] | undefined;
  readonly fault: string | null;
}

/** A receiver that holds what arrives to the protocol, and gives these answers. */
async function receiver(
  answers: readonly (readonly [status: number, body: string, headers?: Record<string, string>])[],
) {
  const arrived: Arrived[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { url: path, headers } = request;
    arrived.push({
      path,
      type: headers['content-type'],
      key: headers['x-key'],
      fault: otlpFault(JSON.parse(body.toString())),
    });
    const [status, text, more] = answers[Math.min(arrived.length, answers.length) - 1] ?? [500, ''];
    response.writeHead(status, more).end(text);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { arrived, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const document = otlpTraces(spansOfEvents(story));

test('spans go to /v1/traces as JSON, with the headers of OTEL_EXPORTER_OTLP_HEADERS', async () => {
  const { arrived, url } = await receiver([[200, '{"partialSuccess":{}}']]);
  const collector = collectorOf(url, { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b,other=1' });
  await sendTraces(collector as NonNullable<typeof collector>, document);
  expect(arrived).toEqual([{ path: '/v1/traces', type: 'application/json', key: 'a b', fault: null }]);
});

test('answers that may pass are tried again, after the time that the collector asks for', async () => {
  const { arrived, url } = await receiver([
    [503, ''],
    [429, '', { 'retry-after': '7' }],
    [200, ''],
  ]);
  const waits: number[] = [];
  const wait = (async (ms: number) => waits.push(ms)) as never;
  await sendTraces({ url: new URL(`${url}/v1/traces`), headers: {} }, document, wait);
  expect(arrived).toHaveLength(3);
  expect(waits).toEqual([1_000, 7_000]);
});

test.each([
  [[[400, 'bad span']], 1, 'answered 400: bad span'],
  [[[502, 'down']], 4, 'answered 502: down'],
  [[[200, '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}']], 1, 'refused 2 spans: too old'],
] as const)('%j is an error with the answer', async (answers, requests, text) => {
  const { arrived, url } = await receiver(answers);
  const sending = sendTraces(
    { url: new URL(`${url}/v1/traces`), headers: {} },
    document,
    (async () => undefined) as never,
  );
  await expect(sending).rejects.toThrow(CollectorError);
  await expect(sending).rejects.toThrow(text);
  expect(arrived).toHaveLength(requests);
});

test('the collector is the one of the option, or of the variables of OpenTelemetry', () => {
  const urlOf = (typed: string | null, env: Record<string, string>) => collectorOf(typed, env)?.url.href ?? null;
  expect(urlOf(null, {})).toBe(null);
  expect(urlOf('http://one:4318', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://two:4318' })).toBe(
    'http://one:4318/v1/traces',
  );
  expect(urlOf('http://one:4318/v1/traces', {})).toBe('http://one:4318/v1/traces');
  expect(urlOf(null, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://two:4318/prefix/' })).toBe(
    'http://two:4318/prefix/v1/traces',
  );
  expect(urlOf(null, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://three/own' })).toBe('https://three/own');
  expect(() => urlOf('localhost:4318', {})).toThrow('--otlp "localhost:4318" is not an address of a collector');
});
