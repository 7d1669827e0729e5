import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sendBatches } from '../../lib/connectors/sinks.ts';
import { byLink, httpPages, loadFiles } from '../../lib/connectors/sources.ts';
import { MemoryRun } from '../connectors/memory-step.ts';
import { serve } from '../connectors/web-server.ts';
import { aStep, attempt, memoryWorld } from '../runtime/fixtures.ts';

const secret = 'jane.doe-4711@example.com';
const number = '98765432109876543210';

const anything = { safeParse: (data: unknown) => ({ success: true as const, data: data as { items: object[] } }) };

/** Failures that quote a value of a row. */
const failures: readonly (readonly [string, () => Promise<unknown>])[] = [
  ...[secret, number].map(
    (value) =>
      [
        `a row with ${value}`,
        () =>
          attempt(memoryWorld(), { step: aStep('a') }, (step) =>
            step.write('d', [{ n: value }], { columns: { n: 'INTEGER' } }),
          ),
      ] as const,
  ),
  [
    'CSV of a nested column',
    () =>
      attempt(memoryWorld(), { step: aStep('a') }, async (step) => {
        const writer = step.writer('d', { columns: { n: 'STRUCT(a INTEGER)' } });
        await writer.appendCsv(Buffer.from(`"{""a"": ""${secret}""}"\n`), 1);
      }),
  ],
  [
    'a file',
    async () => {
      const world = memoryWorld();
      await world.store.put('sources/f.csv', Buffer.from(`n,m\n1,${secret}\n`));
      await attempt(world, { step: aStep('a') }, (step) =>
        loadFiles(step, { dataset: 'd', columns: { n: 'INTEGER', m: 'DATE' }, files: 'f.csv' }),
      );
    },
  ],
  [
    'a query',
    () =>
      attempt(memoryWorld(), { step: aStep('a') }, async (step) => {
        await step.sql(
          `SELECT x::INTEGER AS n FROM (VALUES ('${secret.slice(0, 4)}' || '${secret.slice(4)}')) v(x)`,
          {},
          { name: 'q' },
        );
      }),
  ],
  [
    'an answer that is no JSON',
    async () => {
      const { url } = await serve(() => ({ text: secret }));
      const source = {
        url,
        schema: anything,
        items: (body: { items: object[] }) => body.items,
        paging: byLink<{ items: object[] }>(),
      };
      for await (const _ of httpPages(new MemoryRun().step(), source));
    },
  ],
  [
    'an answer that refuses a row',
    async () => {
      const { url } = await serve(() => ({ json: { error: `${secret} is not known` } }));
      await sendBatches(new MemoryRun().step(), [{ id: 1 }], { url });
    },
  ],
];

/** The texts of an error and of its causes, which all get into a dead letter. */
const textsOf = (error: Error & { readonly violations?: readonly string[] }): readonly string[] => [
  error.message,
  ...(error.violations ?? []),
  ...(error.cause instanceof Error ? textsOf(error.cause) : []),
];

const messageOf = (work: () => Promise<unknown>): Promise<string> =>
  work().then(
    () => 'no error',
    (error: Error) => textsOf(error).join(' '),
  );

describe('with MASK_VALUES, no error quotes a value of a row', () => {
  beforeEach(() => void vi.stubEnv('MASK_VALUES', 'true'));
  afterEach(() => void vi.unstubAllEnvs());
  test.each(failures)('%s', async (_, work) => {
    const message = await messageOf(work);
    expect(message).not.toBe('no error');
    for (const part of ['jane', '4711', '98765']) expect(message).not.toContain(part);
  });
});

test.each(failures)('without it, errors do: %s', async (_, work) => {
  expect(await messageOf(work)).toMatch(/jane|98765/);
});
