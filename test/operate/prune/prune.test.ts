import { expect, test } from 'vitest';
import { removalKey, removalsPrefix, runPrefix } from '../../../lib/contract/object-keys.ts';
import { examine } from '../../../lib/operate/doctor/doctor.ts';
import { openLetters } from '../../../lib/operate/letters/letter-states.ts';
import { prune } from '../../../lib/operate/prune/prune.ts';
import { listRuns } from '../../../lib/operate/runs/list-runs.ts';
import { readRun } from '../../../lib/operate/runs/read-run.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import type { World } from '../../runtime/fixtures.ts';
import { sized } from '../../support/sized.ts';
import { contentOf, copyOf, execute, goes, now, oldRuns, pipeline, pruneOptions, stays, watched } from './old-runs.ts';

const idsOf = (runs: readonly { readonly run_id: string }[]): string[] => runs.map(({ run_id }) => run_id).sort();

const belongsTo = (key: string, run: string): boolean =>
  key.startsWith(runPrefix({ pipeline, run_id: run })) || key.includes(`!${run}!`);

test('prune removes old runs that nothing needs, whole, and a dry run says exactly which', async () => {
  const world = await oldRuns();
  const before = await contentOf(world.store);
  const planned = await prune(pruneOptions(world, { dryRun: true }));
  expect(await contentOf(world.store)).toEqual(before);

  const done = await prune(pruneOptions(world));
  expect(done).toEqual(planned);
  expect(idsOf(done.removed)).toEqual([...goes].sort());
  expect(Object.fromEntries(done.kept.map(({ run_id, reason }) => [run_id, reason]))).toEqual(stays);
  // The sizes, counted from the objects that were there.
  for (const { run_id, objects, bytes, datasets } of done.removed) {
    const own = [...before].filter(([key]) => key.startsWith(runPrefix({ pipeline, run_id })));
    expect(objects).toBe(own.length);
    expect(bytes).toBe(own.reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0));
    expect(datasets).toBe(run_id === 'old-good' ? 1 : 0);
  }
  const after = await contentOf(world.store);
  const isGone = (key: string): boolean => goes.some((run) => belongsTo(key, run));
  const next = /\/next\.json$|\/removals\/|\/index\/base\.json$/;
  expect([...after.keys()].filter(isGone)).toEqual([]);
  for (const [key, text] of before) if (!isGone(key) && !next.test(key)) expect(after.get(key), key).toBe(text);
  expect(idsOf((await listRuns(pipeline, world)).runs)).toEqual(
    [...Object.keys(stays), 'fork', 'half', 'young'].sort(),
  );
  expect((await prune(pruneOptions(world))).removed).toEqual([]);
  // The records of removals go a day later.
  await prune(pruneOptions(world, { now: now + 25 * 3_600_000 }));
  expect([...(await contentOf(world.store)).keys()].filter((key) => key.startsWith(removalsPrefix(pipeline)))).toEqual(
    [],
  );
});

test('out of time, prune leaves whole runs to the next one, and all of them together remove the same', async () => {
  const world = await oldRuns();
  const whole = await copyOf(world.store);
  await prune(pruneOptions({ ...world, store: whole as never }));
  const { runs } = await listRuns(pipeline, { ...world, store: whole });
  for (const most of [2, 3, 5]) {
    const store = await copyOf(world.store);
    const removed: string[] = [];
    let calls = 0;
    for (let left = 0; calls < 50; calls++) {
      left = most;
      const done = await prune(pruneOptions({ ...world, store: store as never }, { hasTime: () => left-- > 0 }));
      for (const { run_id } of done.removed)
        expect(
          [...(await contentOf(store)).keys()].filter((key) => key.startsWith(runPrefix({ pipeline, run_id }))),
        ).toEqual([]);
      removed.push(...idsOf(done.removed));
      if (goes.every((run) => removed.includes(run))) break;
    }
    expect(removed.sort(), `${most} at a time`).toEqual([...goes].sort());
    expect((await listRuns(pipeline, { ...world, store })).runs).toEqual(runs);
  }
});

/** The view that people have of all runs. */
async function seen(world: Pick<World, 'executions'>, store: ObjectStore) {
  const { runs } = await listRuns(pipeline, { store, executions: world.executions });
  const letters = await openLetters(store, pipeline);
  return {
    runs: new Map(runs.map((run) => [run.run_id, run])),
    letters: letters.states.map(({ letter }) => letter.id),
    damaged: letters.damaged,
  };
}

/** A prune that dies before its change number `at`; answers whether it came so far. */
async function dies(world: World, store: ObjectStore, at: number): Promise<boolean> {
  const changes = { left: at, dead: false };
  const mortal = watched(store, (operation) => {
    if (operation === 'put' || operation === 'delete') changes.left -= 1;
    changes.dead ||= changes.left < 0;
    if (changes.dead) throw new Error('killed');
  });
  await prune(pruneOptions({ ...world, store: mortal as never })).catch((error: Error) => {
    if (error.message !== 'killed') throw error;
  });
  return changes.dead;
}

test('killed before any change, prune leaves runs that are whole or gone, and the next one finishes', async () => {
  const world = await oldRuns();
  const executions = world.executions;
  const before = await seen(world, world.store);
  const reports = new Map<string, unknown>();
  const reportOf = (store: ObjectStore, run: string) =>
    readRun(store, { name: pipeline, steps: ['load'] }, run, executions);
  for (const run of before.runs.keys()) reports.set(run, await reportOf(world.store, run));
  const whole = await copyOf(world.store);
  await prune(pruneOptions({ ...world, store: whole as never }));
  const wanted = [...(await contentOf(whole)).keys()].filter((key) => !key.endsWith('/next.json'));
  let at = 0;
  for (; ; at += sized(3, 1)) {
    const store = await copyOf(world.store);
    if (!(await dies(world, store, at))) break;
    const now = await seen(world, store);
    expect(now.letters, `killed before change ${at}`).toEqual(before.letters);
    expect(now.damaged).toEqual([]);
    for (const [run, row] of now.runs) expect(row, `killed before change ${at}`).toEqual(before.runs.get(run));
    for (const run of before.runs.keys()) {
      const report = await reportOf(store, run);
      if (report !== null) expect(report, `${run}, killed before change ${at}`).toEqual(reports.get(run));
      else expect(goes).toContain(run);
    }
    const examined = await examine({ store, pipeline, runId: null, repair: false, now: 0, remembered: async () => [] });
    expect(
      examined.findings.filter(({ key }) => !key.includes('/incidents/')),
      `killed before change ${at}`,
    ).toEqual([]);
    await prune(pruneOptions({ ...world, store: store as never }));
    const left = [...(await contentOf(store)).keys()].filter((key) => !key.endsWith('/next.json'));
    expect(left, `killed before change ${at}, and continued`).toEqual(wanted);
  }
  expect(at).toBeGreaterThan(30);
});

/** Runs `between` once, before operation number `at` of a store. */
function interrupting(store: ObjectStore, at: number, between: () => Promise<unknown>) {
  const state = { operations: 0, came: false };
  const stopped = watched(store, async () => {
    if (state.operations++ !== at || state.came) return;
    state.came = true;
    await between();
  });
  return { store: stopped, state };
}

/** The run is as a resume made it, or it is gone and the resume was refused; nothing between. */
async function checkOneWon(world: World, store: ObjectStore, answer: unknown, what: string): Promise<void> {
  const run = { pipeline, run_id: 'old-good' };
  const report = await readRun(store, { name: pipeline, steps: ['load'] }, run.run_id, world.executions);
  if (report === null) {
    expect(answer, what).toMatchObject({ refused: expect.stringContaining('`daybreak prune`') });
    const left = async () => [...(await contentOf(store)).keys()].filter((key) => belongsTo(key, run.run_id));
    // A start that was refused in the middle of the removal may have left this record, until the removal's own goes.
    expect(
      (await left()).filter((key) => !key.endsWith('/1/next.json')),
      what,
    ).toEqual([]);
    await prune(pruneOptions({ ...world, store: store as never }, { now: now + 25 * 3_600_000 }));
    expect(await left(), what).toEqual([]);
    return;
  }
  expect(report, what).toMatchObject({
    status: 'SUCCEEDED',
    execution: 2,
    steps: [{ outcome: 'reused', result: { run_id: run.run_id } }],
  });
  expect(await store.get(removalKey(run)), what).toBeNull();
}

test('a resume between any two operations of prune, and a prune between any two of a resume: one of them wins', async () => {
  const world = await oldRuns();
  const wins = { resume: 0, prune: 0 };
  for (let at = 0; ; at += sized(7, 1)) {
    const store = await copyOf(world.store);
    let answer: unknown = null;
    const resumed = { ...world, store: store as never };
    const { store: stopped, state } = interrupting(store, at, async () => {
      answer = await execute(resumed, 'old-good', `arn:again-${at}`, false);
    });
    await prune(pruneOptions({ ...world, store: stopped as never }));
    if (!state.came) break;
    wins[(await store.get(removalKey({ pipeline, run_id: 'old-good' }))) ? 'prune' : 'resume'] += 1;
    await checkOneWon(world, store, answer, `resume before operation ${at} of prune`);
  }
  for (let at = 0; ; at++) {
    const store = await copyOf(world.store);
    const { store: stopped, state } = interrupting(store, at, () =>
      prune(pruneOptions({ ...world, store: store as never })),
    );
    const answer = await execute({ ...world, store: stopped as never }, 'old-good', `arn:late-${at}`, false);
    if (!state.came) break;
    wins[(await store.get(removalKey({ pipeline, run_id: 'old-good' }))) ? 'prune' : 'resume'] += 1;
    await checkOneWon(world, store, answer, `prune before operation ${at} of a resume`);
  }
  expect(wins.resume).toBeGreaterThan(3);
  expect(wins.prune).toBeGreaterThan(3);
});
