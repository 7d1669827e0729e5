import { describe, expect, test } from 'vitest';
import type { RunContext } from '../../../lib/contract/payloads.ts';
import type { Manifest } from '../../../lib/contract/records/manifest.ts';
import type { Outcome } from '../../../lib/contract/records/outcome.ts';
import { resolveStep } from '../../../lib/contract/resolve-event.ts';
import { aRun, aStep, attempt, errorOf, memoryWorld, stored, type World } from '../fixtures.ts';

const outcomeOf = (world: World, step: string, execution = 1) =>
  stored<Outcome>(world.store, `sales/runs/r1/executions/${execution}/outcomes/${step}.json`);
const manifestOf = async (world: World, step: string, execution = 1) =>
  stored<Manifest>(world.store, (await outcomeOf(world, step, execution))?.manifest ?? 'none');
const never = () => {
  throw new Error('the handler must not run');
};

/** Puts an outcome as another step would have settled it. */
const put = (world: World, step: string, outcome: Outcome['outcome'], causes: string[] = []) =>
  world.store.put(
    `sales/runs/r1/executions/1/outcomes/${step}.json`,
    JSON.stringify({ step, outcome, causes, execution: 1, manifest: null, digest: null, failure: null }),
  );

describe('an attempt', () => {
  test('that succeeds leaves a manifest with its result and an outcome that names it', async () => {
    const world = memoryWorld();
    const answer = await attempt(world, { step: aStep('extract') }, () => ({ orders: 3 }));
    const manifest = await manifestOf(world, 'extract');
    expect(answer.outcome).toBe('succeeded');
    expect(manifest).toMatchObject({ result: { orders: 3 }, step: 'extract', run_id: 'r1', execution: 1, attempt: 1 });
    expect(manifest?.made_of).toMatchObject({ code: 'code', contract: 3, upstream: {} });
    expect(Object.keys(manifest?.made_of.input ?? {})).toEqual(['day']);
    expect(await outcomeOf(world, 'extract')).toMatchObject({
      outcome: 'succeeded',
      manifest: answer.manifest,
      digest: manifest?.digest,
      attempts: 1,
      causes: [],
      started_at: '2026-02-01T01:00:00.000Z',
    });
  });

  test('that fails leaves no outcome: more attempts may come', async () => {
    const world = memoryWorld();
    const error = await errorOf(attempt(world, { step: aStep('extract') }, () => Promise.reject(new TypeError('no'))));
    expect(error).toMatchObject({ name: 'TypeError', message: 'no' });
    expect(await outcomeOf(world, 'extract')).toBeNull();
  });

  test('after a success of the same execution does nothing and answers the same', async () => {
    const world = memoryWorld();
    const first = await attempt(world, { step: aStep('extract') }, () => 1);
    expect(await attempt(world, { step: aStep('extract'), attempt: 2 }, never)).toEqual(first);
  });

  test('whose commit was followed by a crash is found again: succeeded, without running the handler', async () => {
    const world = memoryWorld();
    await attempt(world, { step: aStep('extract') }, () => 1);
    await world.store.delete('sales/runs/r1/executions/1/outcomes/extract.json');
    expect(await attempt(world, { step: aStep('extract'), attempt: 2 }, never)).toMatchObject({ outcome: 'succeeded' });
    expect(await outcomeOf(world, 'extract')).toMatchObject({ outcome: 'succeeded', attempts: 1 });
  });

  test('whose outcome was written, but whose answer was lost, is repeated without effect', async () => {
    const world = memoryWorld();
    const { store } = world;
    const put = store.put.bind(store);
    let lost = false;
    store.put = async (key, body, options) => {
      const written = await put(key, body, options);
      if (lost || !key.includes('/outcomes/')) return written;
      lost = true;
      throw Object.assign(new Error('no answer'), { name: 'PlatformError' });
    };
    expect(await errorOf(attempt(world, { step: aStep('extract') }, () => 1))).toMatchObject({ name: 'PlatformError' });
    expect(await attempt(world, { step: aStep('extract'), attempt: 2 }, never)).toMatchObject({ outcome: 'succeeded' });
    expect(await outcomeOf(world, 'extract')).toMatchObject({ attempts: 1 });
  });

  test('that runs beside a twin obeys the first commit, and its own work stays unseen', async () => {
    const world = memoryWorld();
    const first = await attempt(world, { step: aStep('extract') }, () => 'first');
    expect(await attempt(world, { step: aStep('extract') }, () => 'twin')).toEqual(first);
    expect((await manifestOf(world, 'extract'))?.result).toBe('first');
  });

  test('of a redrive finds what the attempt before it did, and does not repeat it', async () => {
    const world = memoryWorld();
    const event = { run: aRun(), state: { Name: 'extract' }, input: {} };
    const specs = { extract: aStep('extract') };
    expect(resolveStep({ ...event, redrives: 0 }, specs).fresh).toBe(true);
    await attempt(world, resolveStep(event, specs), () => 1);
    expect(await attempt(world, resolveStep({ ...event, redrives: 1 }, specs), never)).toMatchObject({
      outcome: 'succeeded',
    });
  });

  test('after a settled failure obeys it', async () => {
    const world = memoryWorld();
    await put(world, 'extract', 'failed', ['extract']);
    expect(await errorOf(attempt(world, { step: aStep('extract'), fresh: false }, never))).toMatchObject({
      name: 'Settled',
    });
  });

  test('tells who waits for it, also when it only repeats a settled outcome', async () => {
    const world = memoryWorld();
    const step = aStep('extract', { wakes: { join: ['extract'], other: ['extract', 'slow'] } });
    await world.store.put('sales/runs/r1/executions/1/waits/join.json', '{"token":"t1","rank":[0,"x",0]}');
    await world.store.put('sales/runs/r1/executions/1/waits/other.json', '{"token":"t2","rank":[0,"x",0]}');
    await attempt(world, { step }, () => 1);
    expect(world.answered).toEqual(['t1']);
    await attempt(world, { step, fresh: false }, never);
    expect(world.answered).toEqual(['t1', 't1']);
  });
});

describe('where runs take turns', () => {
  const lease = { key: '_all', fence: 3 };
  const holder = { run_id: 'r1', execution_arn: 'arn:1', redrive_count: 0, started_at: '', taken_at: '' };

  test('a handler knows its turn, and the one in which it was asked for', async () => {
    const world = memoryWorld();
    await world.store.put('sales/leases/_all.json', JSON.stringify({ fence: 3, holder }));
    const facts: unknown[] = [];
    const look = (run: RunContext) =>
      attempt(
        world,
        { run, step: aStep('load') },
        ({ run: { requested, turn } }) => void facts.push([requested, turn]),
      );
    await look(aRun());
    await look(aRun({ execution: 3, lease: { ...lease, first: 1 }, salts: { other: '2' }, input: { n: 1 } }));
    await look(aRun({ execution: 4, lease: { ...lease, first: 1, asked: { load: 2 } }, salts: { load: '2' } }));
    expect(facts).toEqual([
      [1, null],
      [1, { key: '_all', number: 3, requested: 1 }],
      [2, { key: '_all', number: 3, requested: 2 }],
    ]);
  });

  test.each([
    ['another run has it', { fence: 4, holder: { ...holder, run_id: 'r2' } }],
    ['another run had it, and gave it back', { fence: 4, holder: null }],
    ['its own end gave it back', { fence: 3, holder: null }],
  ])('no handler starts when the turn is lost: %s', async (_, found) => {
    const world = memoryWorld();
    await world.store.put('sales/leases/_all.json', JSON.stringify(found));
    expect(await errorOf(attempt(world, { run: aRun({ lease }), step: aStep('load') }, never))).toMatchObject({
      name: 'PermanentError',
      message: expect.stringMatching(/another run of sales has taken the turn of run r1.*resume sales r1/),
    });
  });
});

describe('a step of a later execution', () => {
  const later = aRun({ execution: 2, execution_arn: 'arn:2' });

  test('is reused when code, configuration, input and dependencies are the same', async () => {
    const world = memoryWorld();
    const first = await attempt(world, { step: aStep('extract') }, () => 1);
    const again = await attempt(world, { run: later, step: aStep('extract') }, never);
    expect(again).toEqual({ outcome: 'reused', manifest: first.manifest });
    expect(await outcomeOf(world, 'extract', 2)).toMatchObject({ outcome: 'reused', attempts: 0, started_at: null });
  });

  test.each([
    ['definition', { run: later, step: aStep('extract', { definition: 'fixed code' }) }],
    ['input', { run: { ...later, input: { day: '2026-02-01' } }, step: aStep('extract') }],
  ])('runs again when its %s is different', async (_what, payload) => {
    const world = memoryWorld();
    await attempt(world, { step: aStep('extract') }, () => 1);
    expect(await attempt(world, payload, () => 2)).toMatchObject({ outcome: 'succeeded' });
    expect((await manifestOf(world, 'extract', 2))?.result).toBe(2);
  });

  test('is reused after a dependency ran again with the same content, and runs after one with other content', async () => {
    for (const [content, expected] of [
      ['same', 'reused'],
      ['other', 'succeeded'],
    ] as const) {
      const world = memoryWorld();
      const join = aStep('join', { dependencies: ['extract'] });
      await attempt(world, { step: aStep('extract') }, (step) => step.file('x', 'same'));
      await attempt(world, { step: join }, () => 'joined');
      const fixed = aStep('extract', { definition: 'fixed' });
      await attempt(world, { run: later, step: fixed }, (step) => step.file('x', content));
      expect(await attempt(world, { run: later, step: join }, () => 'again')).toMatchObject({ outcome: expected });
    }
  });
});

describe('trigger rules', () => {
  const table = {
    all_success: {
      failed: 'blocked',
      blocked: 'blocked',
      missing: 'blocked',
      skipped: 'skipped',
      succeeded: 'succeeded',
    },
    none_failed: {
      failed: 'blocked',
      blocked: 'blocked',
      missing: 'blocked',
      skipped: 'succeeded',
      succeeded: 'succeeded',
    },
    all_done: {
      failed: 'succeeded',
      blocked: 'succeeded',
      missing: 'succeeded',
      skipped: 'succeeded',
      succeeded: 'succeeded',
    },
  } as const;
  const rows = Object.entries(table).flatMap(([rule, row]) =>
    Object.entries(row).map(([kind, expected]) => [rule as keyof typeof table, kind, expected] as const),
  );

  test.each(rows)('%s after a dependency that is %s: %s', async (trigger_rule, kind, expected) => {
    const world = memoryWorld();
    await attempt(world, { step: aStep('good') }, () => 'good');
    if (kind === 'succeeded') await attempt(world, { step: aStep('odd') }, () => 'odd');
    else if (kind !== 'missing')
      await put(world, 'odd', kind as Outcome['outcome'], kind === 'blocked' ? ['root'] : []);
    const step = aStep('join', { trigger_rule, dependencies: ['good', 'odd'] });
    const running = attempt(world, { step }, (it) => [it.result('good'), it.result('odd') ?? 'nothing']);
    if (expected === 'blocked') expect(await errorOf(running)).toMatchObject({ name: 'Blocked' });
    else expect(await running).toMatchObject({ outcome: expected });
    const causes = { failed: ['odd'], missing: ['odd'], blocked: ['root'] }[kind] ?? [];
    expect(await outcomeOf(world, 'join')).toMatchObject({
      outcome: expected,
      causes: expected === 'blocked' ? causes : [],
    });
    if (expected !== 'succeeded') return;
    expect((await manifestOf(world, 'join'))?.result).toEqual(['good', kind === 'succeeded' ? 'odd' : 'nothing']);
  });
});

test('a large input is read from the execution record', async () => {
  const world = memoryWorld();
  const { input: _input, ...run } = aRun();
  const record = { ...run, version: '1', input: { big: 'value' } };
  await world.store.put('sales/runs/r1/executions/1.json', JSON.stringify(record));
  await attempt(world, { run, step: aStep('extract') }, (step) => step.input);
  expect((await manifestOf(world, 'extract'))?.result).toEqual({ big: 'value' });
});
