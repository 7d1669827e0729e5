/** A store with runs of every kind that prune has to tell apart, made by the runtime's own functions. */
import { indexBaseKey, listedLettersPrefix, listedRunsPrefix } from '../../../lib/contract/index-keys.ts';
import { historyKey, incidentsKey, leaseKey, runKey } from '../../../lib/contract/object-keys.ts';
import { dismissLetter } from '../../../lib/operate/letters/dismiss-letter.ts';
import { letterStatesOfRun } from '../../../lib/operate/letters/letter-states.ts';
import type { PruneOptions } from '../../../lib/operate/prune/prune-options.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import { finalize } from '../../../lib/runtime/execution/finalize.ts';
import { prepare } from '../../../lib/runtime/execution/prepare.ts';
import { recordFailure } from '../../../lib/runtime/execution/record-failure.ts';
import { overwriteJson, readJson } from '../../../lib/runtime/records/json-objects.ts';
import { aStart, aStep, attempt, memoryWorld, type World } from '../../runtime/fixtures.ts';

export const pipeline = 'sales';
const day = 24 * 3_600_000;
/** Prune runs at this moment, and keeps 30 days. */
export const now = Date.parse('2026-06-01T00:00:00.000Z');

const load = aStep('load');

/** The runs that go, with a reason for people. */
export const goes = ['old-resumed', 'old-dismissed', 'old-good', 'old-of-the-base', 'old-fork'] as const;

/** The runs that stay, and why. */
export const stays: Readonly<Record<string, string>> = {
  'old-open': 'a dead letter of it is open',
  'old-incident': 'an open incident is about it',
  'old-history': 'estimates use its times',
  'old-turn': 'it has the turn',
  'old-origin': 'a run that stays was made out of it',
  'old-origin-of-origin': 'a run that stays was made out of it',
  'old-redriven': 'it is working',
};

/** Runs one execution, at the clock's time. */
export async function execute(world: World, run_id: string, arn: string, fails: boolean): Promise<unknown> {
  world.executions.set(arn, 'RUNNING');
  const answer = await prepare(aStart({ arn, input: { daybreak: { run_id } } }), world);
  if (!('run' in answer)) {
    world.executions.set(arn, 'SUCCEEDED');
    return answer;
  }
  const { run } = answer;
  await attempt(world, { run, step: load }, async (step) => {
    if (fails) throw new Error('the source is down');
    await step.file('page', `made for ${run_id}`);
    return { run_id };
  }).catch(async (error: Error) => {
    const failure = { Error: error.name, Cause: error.message };
    await recordFailure({ run, step: load, failure, attempts: 1 }, world);
  });
  const ended = await finalize({ run, redrive_count: 0, steps: [{ name: 'load' }] }, world).catch((error) => error);
  world.executions.set(arn, fails ? 'FAILED' : 'SUCCEEDED');
  return ended;
}

/** The world before prune. */
export async function oldRuns(): Promise<World> {
  const world = memoryWorld();
  const at = async (days: number, run_id: string, fails = false, arn = `arn:${run_id}`): Promise<void> => {
    world.clock.time = now - days * day;
    await execute(world, run_id, arn, fails);
  };
  await at(99, 'old-of-the-base');
  await moveIntoBase(world.store);
  await at(90, 'old-open', true);
  await at(89, 'old-resumed', true);
  await at(88, 'old-resumed', false, 'arn:old-resumed-2');
  await at(87, 'old-dismissed', true);
  for (const { letter } of await letterStatesOfRun(world.store, { pipeline, run_id: 'old-dismissed' }))
    await dismissLetter(world.store, letter, { reason: 'never mind', now: world.clock.now() });
  for (const [index, name] of ['old-incident', 'old-history', 'old-turn', 'old-origin-of-origin'].entries())
    await at(80 - index, name);
  await at(70, 'old-origin');
  await at(69, 'old-redriven');
  world.executions.set('arn:old-redriven', 'RUNNING');
  await at(60, 'old-good');
  await at(59, 'old-fork');
  await at(31, 'young', true);
  await at(20, 'young', false, 'arn:young-2');
  await at(2, 'fork');
  await at(1, 'half', true);
  // A run that was made out of another one in the same store; its record is as `fork` writes it.
  await madeOutOf(world.store, 'fork', 'old-origin');
  await madeOutOf(world.store, 'old-origin', 'old-origin-of-origin');
  await madeOutOf(world.store, 'old-fork', 'old-good');
  // A dataset that a failed attempt left behind.
  await world.store.put(`${pipeline}/runs/old-good/data/load/1-1-x/rows/part-00000.parquet`, 'PAR1');
  const incident = { status: 'open', last_run: { run_id: 'old-incident', execution: 1 }, failing: [], executions: [] };
  await overwriteJson(world.store, incidentsKey(pipeline), { pipeline, last: 1, successes: [], incidents: [incident] });
  await overwriteJson(world.store, historyKey(pipeline), { runs: [{ run_id: 'old-history', execution: 1 }] });
  const holder = { run_id: 'old-turn', execution_arn: 'arn:old-turn' };
  await overwriteJson(world.store, leaseKey(pipeline, '_all'), { fence: 1, holder });
  world.clock.time = now;
  return world;
}

async function madeOutOf(store: MemoryObjectStore, run_id: string, origin: string): Promise<void> {
  const key = runKey({ pipeline, run_id });
  const record = await readJson<object>(store, key);
  await overwriteJson(store, key, { ...record, origin: { store: store.url, run_id: origin, executions: 1 } });
}

/** Makes the index look as after its first reading: names in the base alone. */
async function moveIntoBase(store: MemoryObjectStore): Promise<void> {
  const base: Record<'runs' | 'letters', string[]> = { runs: [], letters: [] };
  for (const [kind, prefix] of [
    ['runs', listedRunsPrefix(pipeline)],
    ['letters', listedLettersPrefix(pipeline)],
  ] as const)
    for await (const { key } of store.list(prefix)) {
      base[kind].push(key.slice(prefix.length));
      await store.delete(key);
    }
  await overwriteJson(store, indexBaseKey(pipeline), { format: 1, ...base });
}

export async function copyOf(store: ObjectStore): Promise<MemoryObjectStore> {
  const copy = new MemoryObjectStore();
  for (const [key, text] of await contentOf(store)) await copy.put(key, text);
  return copy;
}

export async function contentOf(store: ObjectStore): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const { key } of store.list(''))
    found.set(key, Buffer.from((await store.get(key))?.body ?? '').toString());
  return found;
}

export function pruneOptions(
  world: Pick<World, 'store' | 'executions'>,
  over: Partial<PruneOptions> = {},
): PruneOptions {
  const { store, executions } = world;
  return { pipeline, store, executions, now, keepDays: 30, dryRun: false, forget: async () => undefined, ...over };
}

/** A store that calls back before each operation that changes it, or before each operation at all. */
export function watched(
  store: ObjectStore,
  before: (operation: string, key: string) => void | Promise<void>,
): ObjectStore {
  return new Proxy(store, {
    get(target, name: keyof ObjectStore) {
      const member = target[name];
      if (typeof member !== 'function') return member;
      if (name === 'list')
        return async function* (prefix: string) {
          await before(name, prefix);
          yield* target.list(prefix);
        };
      return async (key: string, ...rest: unknown[]) => {
        await before(name, key);
        return (member as (...args: unknown[]) => unknown).call(target, key, ...rest);
      };
    },
  });
}
