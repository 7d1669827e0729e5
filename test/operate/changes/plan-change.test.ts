import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { definitionDigest } from '../../../lib/contract/fingerprint.ts';
import type { Manifest } from '../../../lib/contract/records/manifest.ts';
import { type ChangeOptions, planChange } from '../../../lib/operate/changes/plan-change.ts';

interface Made {
  readonly code?: string;
  readonly initialization?: { readonly [key: string]: number };
  readonly after?: readonly string[];
  readonly columns?: Readonly<Record<string, string>>;
}

const config = ({ initialization = {} }: Made) => ({ initialization });

/** The form in which a definition has a step. */
const step = (name: string, made: Made = {}) => ({
  name,
  dependencies: made.after ?? [],
  code: made.code ?? 'aaaa',
  definition: definitionDigest(made.code ?? 'aaaa', config(made)),
  config: config(made),
});

const manifest = (made: Made = {}): Manifest =>
  ({
    made_of: {
      code: made.code ?? 'aaaa',
      config: config(made),
      upstream: Object.fromEntries((made.after ?? []).map((name) => [name, 'digest'])),
    },
    datasets: made.columns ? { data: { columns: made.columns, rows: 3 } } : {},
  }) as unknown as Manifest;

const optionsOf = (now: Record<string, Made>, last: Record<string, Made>): ChangeOptions => ({
  now: {
    pipeline: { name: 'p', version: '1', steps: Object.keys(now) },
    steps: Object.entries(now).map(([name, made]) => step(name, made)),
  },
  before: null,
  last: {
    run_id: 'r',
    execution: 1,
    ended_at: '2026-01-01T00:00:00.000Z',
    manifests: new Map(Object.entries(last).map(([name, made]) => [name, manifest(made)])),
  },
  columnsOf: (name) => now[name]?.columns ?? null,
  datasetsOf: (name) => (now[name]?.columns ? ['data'] : []),
  isPublished: (name) => name === 'b',
  fileOf: (name) => `${name}.ts`,
});

describe('a planned change', () => {
  test('says which steps run again, and on whose account', () => {
    const last = { a: {}, b: { after: ['a'] }, c: { after: ['b'] }, d: {}, gone: {} };
    const now = {
      a: { code: 'bbbb' },
      b: { after: ['a'] },
      c: { after: ['b'], initialization: { days: 7 } },
      d: {},
      e: { after: ['d'] },
    };
    expect(planChange(optionsOf(now, last)).steps).toEqual([
      { step: 'a', change: 'changed', because: ['code: a.ts'] },
      { step: 'b', change: 'downstream', because: ['a'] },
      { step: 'c', change: 'changed', because: ['configuration: initialization.days'] },
      { step: 'd', change: 'same', because: [] },
      { step: 'e', change: 'added', because: [] },
      { step: 'gone', change: 'removed', because: [] },
    ]);
  });

  test('takes the earlier partitions that a step reads for no dependency', () => {
    const last = { a: {}, b: { after: ['a', 'earlier'] } };
    expect(planChange(optionsOf({ a: {}, b: { after: ['a'] } }, last)).steps.map(({ change }) => change)).toEqual([
      'same',
      'same',
    ]);
  });

  test('names a dependency that is new or gone, and code and configuration that changed together', () => {
    const last = { a: {}, b: {}, c: { after: ['a'], initialization: { days: 1 } } };
    const now = { a: {}, b: {}, c: { after: ['b'], code: 'bbbb', initialization: { days: 2 } } };
    expect(planChange(optionsOf(now, last)).steps.at(-1)?.because).toEqual([
      'code: c.ts',
      'configuration: initialization.days',
      'depends on b',
      'no longer depends on a',
    ]);
  });

  test('says which datasets are out of date, and how their columns differ', () => {
    const last = {
      a: { columns: { x: 'INTEGER', y: 'DATE' } },
      b: { after: ['a'], columns: { z: 'BIGINT' } },
      gone: { columns: { q: 'DATE' } },
    };
    const now = {
      a: { code: 'bbbb', columns: { x: 'BIGINT', w: 'VARCHAR' } },
      b: { after: ['a'], columns: { z: 'BIGINT' } },
    };
    expect(planChange(optionsOf(now, last)).datasets).toEqual([
      {
        ...{ step: 'a', dataset: 'data', change: 'stale', published: false, breaks: [], rows: 3 },
        columns: [
          { column: 'x', declared: 'INTEGER', made: 'BIGINT' },
          { column: 'y', declared: 'DATE', made: null },
          { column: 'w', declared: null, made: 'VARCHAR' },
        ],
      },
      { step: 'b', dataset: 'data', change: 'perhaps', published: true, breaks: [], columns: [], rows: 3 },
      { step: 'gone', dataset: 'data', change: 'removed', published: false, breaks: [], columns: null, rows: 3 },
    ]);
  });

  test('names what breaks the readers of a published dataset, and nothing of one that no one reads', () => {
    const last = {
      a: { columns: { x: 'INTEGER' } },
      b: { columns: { gone: 'DATE', wider: 'INTEGER', narrower: 'BIGINT' } },
    };
    const now = {
      a: { columns: {} },
      b: { code: 'bbbb', columns: { wider: 'BIGINT', narrower: 'INTEGER', added: 'DATE' } },
    };
    expect(planChange(optionsOf(now, last)).datasets.map(({ breaks }) => breaks)).toEqual([
      [],
      ['column "gone" (DATE) is gone', 'column "narrower" was BIGINT and is INTEGER'],
    ]);
  });

  test('compares with a deployed definition, which may be newer than the last run', () => {
    const options = optionsOf({ a: { code: 'bbbb' }, b: { initialization: { days: 2 } } }, { a: {}, b: {} });
    const deployed = [
      { ...step('a', { code: 'bbbb' }), config: null, code: 'bb' },
      { ...step('b'), config: null, code: 'aa' },
    ];
    const before = { pipeline: options.now.pipeline, steps: deployed };
    expect(planChange({ ...options, before }).steps).toEqual([
      { step: 'a', change: 'same', because: [] },
      { step: 'b', change: 'changed', because: ['configuration: initialization.days'] },
    ]);
  });

  test('leaves no step out that a changed one leads to, on any graph', () => {
    const graph = fc.array(fc.record({ after: fc.array(fc.nat(11), { maxLength: 3 }), changed: fc.boolean() }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(graph, (nodes) => {
        const after = nodes.map(({ after: all }, index) =>
          [...new Set(all.filter((one) => one < index))]
            .sort((a, b) => a - b)
            .map((one) => `s${one}`)
            .sort(),
        );
        const name = (index: number) => `s${index}`;
        const last = Object.fromEntries(nodes.map((_, index) => [name(index), { after: after[index] ?? [] }]));
        const now = Object.fromEntries(
          nodes.map(({ changed }, index) => [
            name(index),
            { after: after[index] ?? [], code: changed ? 'bbbb' : 'aaaa' },
          ]),
        );
        const reaches = (index: number): boolean =>
          (after[index] ?? []).some((one) => nodes[Number(one.slice(1))]?.changed || reaches(Number(one.slice(1))));
        const expected = nodes.map(({ changed }, index) =>
          changed ? 'changed' : reaches(index) ? 'downstream' : 'same',
        );
        expect(planChange(optionsOf(now, last)).steps.map(({ change }) => change)).toEqual(expected);
      }),
    );
  });
});
