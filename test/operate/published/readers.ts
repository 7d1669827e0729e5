/** Readers that loop while runs publish, people roll back and withdraw, and old versions go, with kills between any two writes. */
import { setImmediate as turn } from 'node:timers/promises';
import type { PublishedVersion } from '../../../lib/contract/published/published-version.ts';
import { prune } from '../../../lib/operate/prune/prune.ts';
import { rollBack, withdraw } from '../../../lib/operate/published/roll-back.ts';
import { openVersion } from '../../../lib/operate/published/snapshot.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import { memoryWorld, type World } from '../../runtime/fixtures.ts';
import { end, pointerOf, setting, storeWith, work } from '../../runtime/publish/world.ts';

const hour = 3_600_000;

class Killed extends Error {}

/** The store of a process that dies before its change number `left`. Each request lets others go first. */
function mortal<S extends ObjectStore>(store: S, left: number): S {
  let changes = left;
  const change = async (): Promise<void> => {
    await turn();
    if (changes < 0 || --changes < 0) throw new Killed('killed');
  };
  return storeWith(store, {
    get: async (key) => {
      await turn();
      if (changes < 0) throw new Killed('killed');
      return store.get(key);
    },
    put: async (key, body, options) => {
      await change();
      return store.put(key, body, options);
    },
    delete: async (key) => {
      await change();
      return store.delete(key);
    },
  });
}

const unlessKilled = (work: Promise<unknown>, also: readonly string[] = []): Promise<boolean> =>
  work.then(
    () => true,
    (error: Error) => {
      if (error instanceof Killed || also.includes(error.name)) return false;
      throw error;
    },
  );

export interface Counts {
  published: number;
  killed: number;
  rolledBack: number;
  withdrawn: number;
  removedRuns: number;
  readings: number;
  slowReadings: number;
}

interface Play {
  readonly operations: number;
  /** From 0 to 1, uniform. */
  readonly random: () => number;
  /** Hours that a slow reader takes to read what it opened. */
  readonly slowHours: number;
}

/** Plays the operations beside the readers. Throws at the first reading that is a mix, that lacks an object, or that shows a withdrawn version. */
export async function playReaders({ operations, random, slowHours }: Play): Promise<Counts> {
  const world = memoryWorld();
  const counts = { published: 0, killed: 0, rolledBack: 0, withdrawn: 0, removedRuns: 0, readings: 0, slowReadings: 0 };
  const state = { over: false };
  const readers = [
    loop(world, state, () => counts.readings++),
    loopSlowly(world, state, slowHours, () => counts.slowReadings++),
  ];
  const failed = Promise.race(readers);
  failed.catch(() => undefined);
  const writers = async (): Promise<void> => {
    for (let number = 1; number <= operations; number += 1) {
      world.clock.time += hour;
      await write(world, `r${String(number).padStart(3, '0')}`, random, counts);
    }
  };
  await Promise.race([writers(), failed.then(() => Promise.reject(new Error('a reader ended')))]);
  state.over = true;
  await Promise.all(readers);
  return counts;
}

async function write(world: World, run: string, random: () => number, counts: Counts): Promise<void> {
  const dies = random() < 0.5;
  const store = mortal(world.store, dies ? Math.floor(random() * 14) : Number.POSITIVE_INFINITY);
  const dice = random();
  const word = { by: 'ada', reason: 'wrong', at: new Date(world.clock.time).toISOString() };
  let whole: boolean;
  if (dice < 0.55) {
    const context = await work(world, run, run);
    whole = await unlessKilled(end({ ...world, store }, context, { ...setting, keep: 2 }));
    // The machine calls Finalize again, or the execution dies.
    const again = !whole && random() < 0.5;
    if (again)
      await unlessKilled(
        end({ ...world, store: mortal(world.store, Number.POSITIVE_INFINITY) }, context, { ...setting, keep: 2 }),
      );
    world.executions.set(`arn:${run}`, whole || again ? 'SUCCEEDED' : 'ABORTED');
    counts.published += whole || again ? 1 : 0;
  } else if (dice < 0.7) {
    whole = await unlessKilled(rollBack(store, 'sales', { partition: '', to: null, ...word }), ['PublishedError']);
    counts.rolledBack += whole ? 1 : 0;
  } else if (dice < 0.8) {
    const version = Math.max(1, ((await pointerOf(world))?.greatest ?? 1) - Math.floor(random() * 2));
    whole = await unlessKilled(withdraw(store, 'sales', { version, ...word }), ['PublishedError']);
    counts.withdrawn += whole ? 1 : 0;
  } else {
    // The history of times keeps the last 30 runs from going; the play is about versions.
    await world.store.delete('sales/history.json');
    const options = {
      pipeline: 'sales',
      executions: world.executions,
      now: world.clock.time,
      keepDays: 1,
      dryRun: false,
    };
    const forget = async (): Promise<void> => {
      counts.removedRuns += 1;
    };
    whole = await unlessKilled(prune({ ...options, store, forget }));
  }
  if (!whole && dies) counts.killed += 1;
}

const open = (store: ObjectStore): Promise<PublishedVersion | null> =>
  openVersion(store, 'sales', { partition: '', version: null }).catch((error: Error) =>
    error.name === 'PublishedError' ? null : Promise.reject(error),
  );

/** Reads every part: the content is the name of the run, in both datasets. */
async function readAll(world: World, store: ObjectStore, record: PublishedVersion): Promise<void> {
  const named = `version ${record.version} of ${record.run_id}`;
  for (const { step, parts, rows } of record.datasets) {
    if (rows !== 1 || parts.length !== 1) throw new Error(`${named}: ${step} has ${rows} rows`);
    for (const { key } of parts) {
      const found = await store.get(key);
      if (!found) throw new Error(`${named}: ${key} is missing at ${new Date(world.clock.time).toISOString()}`);
      const { content } = JSON.parse(Buffer.from(found.body).toString()) as { content: string };
      if (content !== record.run_id) throw new Error(`${named}: a mix, ${step} has the rows of ${content}`);
    }
  }
}

async function loop(world: World, state: { over: boolean }, count: () => void): Promise<void> {
  const store = mortal(world.store, Number.POSITIVE_INFINITY);
  while (!state.over) {
    const record = await open(store);
    if (!record) continue;
    await readAll(world, store, record);
    count();
  }
}

/** Opens a version, and reads its data much later. */
async function loopSlowly(world: World, state: { over: boolean }, hours: number, count: () => void): Promise<void> {
  const store = mortal(world.store, Number.POSITIVE_INFINITY);
  while (!state.over) {
    const opened = world.clock.time;
    const record = await open(store);
    while (!state.over && world.clock.time < opened + hours * hour) await turn();
    if (!record || state.over) continue;
    await readAll(world, store, record);
    count();
  }
}
