import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../lib/contract/json.ts';
import { announceLoad } from '../../../lib/runtime/manifests/target-loads.ts';
import { sealed } from '../../../lib/runtime/records/seal.ts';
import { errorOf, keys } from '../../runtime/fixtures.ts';
import { type Author, fails, Runs, writes } from '../world-of-runs.ts';

const step = (name: string, dependencies: string[] = [], over: Partial<Author> = {}): Author => ({
  name,
  dependencies,
  code: `code of ${name}`,
  initialization: {},
  handler: writes(name),
  ...over,
});

const users = step('users');
const orders = step('orders');
const join = step('join', ['users', 'orders']);
const report = step('report', ['join']);
const pipeline = [users, orders, join, report];

/** The pipeline with some of its steps changed. */
const having = (changes: Record<string, Partial<Author>>): Author[] =>
  pipeline.map((one) => ({ ...one, ...changes[one.name] }));

const reused = (...names: string[]): string[] => names.map((name) => `${name} reuse: reused`);

describe('why a step is reused or runs again', () => {
  test('every step that succeeded and has not changed is reused', async () => {
    const runs = new Runs();
    await runs.execute(pipeline);
    expect(await runs.reasons(pipeline)).toEqual(reused('users', 'orders', 'join', 'report'));
  });

  test('a result whose rows in a table another execution has replaced since', async () => {
    const loads: Author['handler'] = async (step) => announceLoad(step);
    const load = (code: string) => [step('load', [], { code, handler: loads })];
    const runs = new Runs();
    await runs.execute(load('A'));
    expect(await runs.reasons(load('A'))).toEqual(reused('load'));
    await runs.execute(load('B'));
    expect(await runs.reasons(load('A'))).toEqual(['load run: execution 2 loaded other rows since']);
    await runs.execute(load('A'));
    expect(await runs.reasons(load('A'))).toEqual(reused('load'));
    expect(await runs.reasons(load('B'))).toEqual(['load run: execution 3 loaded other rows since']);
  });

  test('changed code names its file; downstream steps run if the result differs', async () => {
    const runs = new Runs();
    await runs.execute(pipeline);
    expect(await runs.reasons(having({ users: { code: 'fixed' } }))).toEqual([
      'users run: code changed: users.ts',
      ...reused('orders'),
      'join may_run: depends on users',
      'report may_run: depends on join',
    ]);
  });

  test('changed configuration names the first three paths, however the definition writes it', async () => {
    const before: JsonObject = { batch_size: 1, deep: { list: [1, 2], same: '${Bucket}' }, odd: '{% $run %}' };
    const after: JsonObject = { batch_size: 2, deep: { list: [1, 3], same: '${Bucket}' }, odd: '{% 1 %}', '${x}': 0 };
    const runs = new Runs();
    await runs.execute(having({ users: { initialization: before } }));
    expect(await runs.reasons(having({ users: { initialization: before } }))).toContain('users reuse: reused');
    expect((await runs.reasons(having({ users: { initialization: after } })))[0]).toBe(
      'users run: configuration changed: initialization.batch_size, initialization.deep.list[1], initialization.odd and 1 more',
    );
  });

  test('changed input names its keys', async () => {
    const runs = new Runs();
    await runs.execute([users], { input: { date_range: { start: 1 }, force: false } });
    const input = { date_range: { start: 2 }, force: false };
    expect(await runs.reasons([users], { input })).toEqual(['users run: input changed: date_range']);
    expect(await runs.reasons([users])).toEqual(reused('users'));
  });

  test('several changes are all named', async () => {
    const runs = new Runs();
    await runs.execute([users], { input: { day: 1 } });
    const changed = { ...users, code: 'fixed', initialization: { n: 1 } };
    expect(await runs.reasons([changed], { input: { day: 2 } })).toEqual([
      'users run: code changed: users.ts; configuration changed: initialization.n; input changed: day',
    ]);
  });

  test('a failed step, fixed or not, and those that it blocked', async () => {
    const runs = new Runs();
    await runs.execute(having({ users: { handler: fails } }), { input: { day: 1 } });
    const rest = ['join run: blocked before by users', 'report run: blocked before by users'];
    expect(await runs.reasons(pipeline)).toEqual(['users run: failed before', ...reused('orders'), ...rest]);
    const fixed = having({ users: { code: 'fixed' } });
    expect(await runs.reasons(fixed)).toEqual([
      'users run: failed before; code changed: users.ts',
      ...reused('orders'),
      ...rest,
    ]);
    expect((await runs.reasons(having({ users: { initialization: { n: 1 } } })))[0]).toBe(
      'users run: failed before; configuration changed',
    );
    expect((await runs.reasons(pipeline, { input: { day: 2 } }))[0]).toBe(
      'users run: failed before; input changed: day',
    );
  });

  test('a step that was blocked but had succeeded before is reused if its upstream is as it was then', async () => {
    const runs = new Runs();
    await runs.execute(pipeline);
    const broken = having({ users: { code: 'broken', handler: fails } });
    expect(await runs.execute(broken)).toMatchObject({ users: 'failed', join: 'blocked', report: 'blocked' });
    const fixed = having({ users: { code: 'fixed' } });
    expect((await runs.reasons(fixed)).slice(2)).toEqual([
      'join may_run: depends on users',
      'report may_run: depends on join',
    ]);
    expect(await runs.execute(fixed)).toEqual({
      users: 'succeeded',
      orders: 'reused',
      join: 'reused',
      report: 'reused',
    });
  });

  test('steps that an execution did not reach, and new steps', async () => {
    const runs = new Runs();
    await runs.execute(pipeline, { until: 2 });
    expect(await runs.reasons([...pipeline, step('new', ['users'])])).toEqual([
      ...reused('users', 'orders'),
      'join run: not run before',
      'report run: not run before',
      'new run: not run before',
    ]);
  });

  test('a step whose execution died while it ran', async () => {
    const runs = new Runs();
    await runs.execute(pipeline, { until: 1 });
    const progress = { updated_at: '', step: 'orders', execution: 1, attempt: 1, done: null };
    await runs.world.store.put('test/runs/r/steps/orders/progress.json', JSON.stringify(progress));
    expect((await runs.reasons(pipeline))[1]).toBe('orders run: interrupted before');
  });

  test('missing or damaged data, by name', async () => {
    const runs = new Runs();
    await runs.execute(pipeline);
    const parts = await keys(runs.world.store, 'test/runs/r/data/');
    const partOf = (name: string) => parts.find((key) => key.includes(`/data/${name}/`)) ?? '';
    await runs.world.store.delete(partOf('users'));
    await runs.world.store.put(partOf('report'), 'other bytes');
    expect(await runs.reasons(pipeline)).toEqual([
      'users run: data missing: rows (part-00000.parquet)',
      ...reused('orders'),
      'join may_run: depends on users',
      'report run: data damaged: rows (part-00000.parquet)',
    ]);
  });

  test('steps asked for now, or in an execution that did not reach them', async () => {
    const runs = new Runs();
    await runs.execute(pipeline);
    const from = ['join'];
    const expected = [
      ...reused('users', 'orders'),
      'join run: asked for with --from',
      'report may_run: depends on join',
    ];
    expect(await runs.reasons(pipeline, { from })).toEqual(expected);
    await runs.execute(pipeline, { from, until: 2 });
    expect(await runs.reasons(pipeline)).toEqual(expected);
    expect(await runs.execute(pipeline)).toMatchObject({ join: 'succeeded', report: 'reused' });
    expect(await runs.reasons(pipeline)).toEqual(reused('users', 'orders', 'join', 'report'));
  });

  test('added or removed dependencies, and dependencies with other results', async () => {
    const runs = new Runs();
    await runs.execute(pipeline);
    expect((await runs.reasons(having({ join: { dependencies: ['users'] } })))[2]).toBe(
      'join run: dependencies changed: orders',
    );
    await runs.execute(having({ users: { code: 'other', handler: writes('others') } }), { until: 2 });
    expect((await runs.reasons(having({ users: { code: 'other' } })))[2]).toBe('join run: upstream changed: users');
  });

  test('a new runtime contract', async () => {
    const runs = new Runs();
    await runs.execute([users]);
    const [key = ''] = await keys(runs.world.store, 'test/runs/r/steps/users/manifests/');
    const manifest = JSON.parse(Buffer.from((await runs.world.store.get(key))?.body ?? '').toString());
    manifest.made_of.contract -= 1;
    await runs.world.store.delete(key);
    const { seal, ...open } = manifest;
    expect(seal).toMatch(/^[0-9a-f]{64}$/);
    await runs.world.store.put(key.replace(/[0-9a-f]+\.json$/, 'older.json'), JSON.stringify(sealed(open)));
    expect(await runs.reasons([users])).toEqual(['users run: runtime changed']);
  });
});

test('an input that does not fit is reported before anything starts', async () => {
  const runs = new Runs();
  await runs.execute([users], { input: { n: 1 } });
  const error = await errorOf(runs.assess([users], { from: ['usres'] }));
  expect(error).toMatchObject({ name: 'InvalidInput' });
  expect(error.message).toContain('"usres" is not a step of pipeline test');
});
