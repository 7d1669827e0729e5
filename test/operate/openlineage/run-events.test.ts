import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { sendHttp } from '../../../lib/alerts/send/send-http.ts';
import type { JsonObject } from '../../../lib/contract/json.ts';
import { runEvents } from '../../../lib/operate/openlineage/run-events.ts';
import { runUuid } from '../../../lib/operate/openlineage/run-uuid.ts';
import { facts, options } from './facts.ts';
import { Specification, specFolder } from './spec.ts';

const specification = new Specification(specFolder);
const events = runEvents(facts, options);

interface Event {
  readonly eventType: string;
  readonly job: { readonly name: string; readonly facets: Record<string, JsonObject> };
  readonly run: { readonly runId: string; readonly facets: Record<string, JsonObject> };
  readonly inputs: readonly Dataset[];
  readonly outputs: readonly Dataset[];
}
interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets: Record<string, JsonObject>;
  readonly inputFacets?: Record<string, JsonObject>;
  readonly outputFacets?: Record<string, JsonObject>;
}

const named = (type: string, job: string): Event => {
  const found = (events as unknown as Event[]).find((event) => event.eventType === type && event.job.name === job);
  if (!found) throw new Error(`there is no ${type} of ${job}`);
  return found;
};

describe('OpenLineage run events', () => {
  test('keep the specification, with every facet if its schemas are at hand', () => {
    expect(events.flatMap((event) => specification.problems(event, specFolder !== null))).toEqual([]);
  });

  test('are in the order of time: each run has one START before its one end', () => {
    expect(events.map(({ eventType, job }) => `${eventType} ${(job as { name: string }).name}`)).toEqual([
      'START shop',
      'START shop.extract',
      'COMPLETE shop.extract',
      'START shop.extract.checks',
      'COMPLETE shop.extract.checks',
      'START shop.revenue',
      'COMPLETE shop.revenue',
      'START shop.report',
      'FAIL shop.report',
      'START shop.notify',
      'COMPLETE shop.notify',
      'FAIL shop',
    ]);
    const times = events.map(({ eventTime }) => String(eventTime));
    expect(times).toEqual(times.toSorted());
  });

  test('have ids that are the same in each report, and differ between executions and steps', () => {
    expect(runEvents(facts, options)).toEqual(events);
    const ids = new Set((events as unknown as Event[]).map(({ run }) => run.runId));
    expect(ids.size).toBe(6);
    const other = runEvents({ ...facts, execution: 2 }, options) as unknown as Event[];
    expect(other.filter(({ run }) => ids.has(run.runId))).toEqual([]);
    // By Python: uuid.uuid5(uuid.UUID('6f0d7c5e-2b9c-4d0f-8a4e-1d3b7c9a5e21'), '["shop","r1",1]')
    expect(runUuid('shop', 'r1', 1)).toBe('0c4303a8-4c8c-57f7-ab6b-45579fb72559');
  });

  test('tell what a query made, of what, and column by column', () => {
    const { inputs, outputs, job } = named('COMPLETE', 'shop.revenue');
    expect(job.facets.sql).toMatchObject({ query: 'SELECT 1', dialect: 'duckdb' });
    expect(inputs.map(({ namespace, name }) => [namespace, name])).toEqual([['night', 'shop.extract.orders']]);
    const [made] = outputs;
    expect(made?.name).toBe('shop.revenue.by_country');
    expect(made?.outputFacets?.outputStatistics).toMatchObject({ rowCount: 2, size: 200, fileCount: 1 });
    expect(made?.facets.schema).toMatchObject({
      fields: [{ name: 'country', type: 'VARCHAR', ordinal_position: 1 }, { name: 'revenue' }, { name: 'orders' }],
    });
    const from = (field: string) => ({ namespace: 'night', name: 'shop.extract.orders', field });
    const way = (type: string, subtype: string) => ({ type, subtype, description: '', masking: false });
    expect(made?.facets.columnLineage).toMatchObject({
      fields: {
        country: { inputFields: [{ ...from('country'), transformations: [way('DIRECT', 'IDENTITY')] }] },
        revenue: {
          inputFields: [
            { ...from('amount'), transformations: [way('DIRECT', 'AGGREGATION'), way('INDIRECT', 'CONDITIONAL')] },
          ],
        },
        orders: { inputFields: [] },
      },
      dataset: [{ ...from('country'), transformations: [way('INDIRECT', 'GROUP_BY')] }],
    });
  });

  test('name all datasets of its dependencies as inputs of a step handler, and its file at the commit', () => {
    const { inputs, job } = named('COMPLETE', 'shop.notify');
    expect(inputs.map(({ name }) => name)).toEqual(['shop.extract.orders', 'shop.extract.extra', 'shop.users.users']);
    expect(job.facets.sourceCodeLocation).toMatchObject({
      type: 'git',
      url: `https://github.com/you/shop/blob/${'a'.repeat(40)}/lambdas/steps/shop/notify.ts`,
      version: 'a'.repeat(40),
    });
  });

  test('tell the verdict of each check, and the error of what failed', () => {
    const [checked] = named('COMPLETE', 'shop.extract.checks').inputs;
    expect(checked?.inputFacets?.dataQualityAssertions).toMatchObject({
      assertions: [
        { assertion: 'row_count', success: false, severity: 'warn', expected: 'at least 5 rows', actual: '3 rows' },
        { assertion: 'freshness', success: true, severity: 'error' },
      ],
    });
    expect(named('FAIL', 'shop.report').run.facets.errorMessage).toMatchObject({
      message: 'PermanentError: the printer is gone',
    });
    expect(named('FAIL', 'shop').run.facets).toMatchObject({
      errorMessage: { message: 'PipelineFailed: report failed' },
      nominalTime: { nominalStartTime: '2026-02-01T01:00:00.000Z' },
    });
    expect(named('FAIL', 'shop.report').run.facets.parent).toMatchObject({
      run: { runId: named('START', 'shop').run.runId },
      job: { name: 'shop' },
    });
  });

  test('leave out what the templates say of other code, and never hold the input', () => {
    const other = runEvents(facts, {
      ...options,
      sourceOf: (step) => ({
        ...(options.sourceOf(step) as NonNullable<ReturnType<typeof options.sourceOf>>),
        code: 'other',
      }),
    });
    const text = JSON.stringify(other);
    expect(text).not.toContain('columnLineage');
    expect(text).not.toContain('SELECT 1');
    expect(text).not.toContain('sourceCodeLocation');
    expect(JSON.stringify(events)).not.toContain('in the input');
  });

  test('are taken by a receiver that refuses all that the specification does not allow', async () => {
    const taken: JsonObject[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const event = JSON.parse(body) as JsonObject;
        const isRight =
          request.method === 'POST' &&
          request.url === '/api/v1/lineage' &&
          request.headers.authorization === 'Bearer key';
        const problems = isRight ? specification.problems(event, specFolder !== null) : ['not a report'];
        if (problems.length === 0) taken.push(event);
        response.writeHead(problems.length === 0 ? 201 : 422).end(JSON.stringify({ problems }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/lineage`;
    const send = (event: JsonObject) =>
      sendHttp(
        { url, method: 'POST', headers: { authorization: 'Bearer key' }, body: JSON.stringify(event) },
        { receiver: 'the receiver', what: 'event', pause: async () => undefined },
      );
    try {
      for (const event of events) await send(event);
      expect(taken).toEqual(events);
      const { run: _, ...broken } = events[0] ?? {};
      await expect(send(broken as JsonObject)).rejects.toThrow('the receiver refused the event: HTTP 422');
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
