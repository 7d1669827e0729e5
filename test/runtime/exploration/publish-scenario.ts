/** Executions that publish, people who roll back and withdraw, a removal of records, and a reader: they may meet at any line. */
import type { RunContext } from '../../../lib/contract/payloads.ts';
import type { Pointer } from '../../../lib/contract/published/pointer.ts';
import type { PublishedVersion } from '../../../lib/contract/published/published-version.ts';
import { removeDeadRecords } from '../../../lib/operate/published/remove-records.ts';
import { rollBack, withdraw } from '../../../lib/operate/published/roll-back.ts';
import { openVersion } from '../../../lib/operate/published/snapshot.ts';
import type { Executions, ObjectStore } from '../../../lib/ports/ports.ts';
import { finalize } from '../../../lib/runtime/execution/finalize.ts';
import { takeLease } from '../../../lib/runtime/execution/lease.ts';
import { memoryWorld, StoppedClock } from '../fixtures.ts';
import { runOnce, work } from '../publish/world.ts';
import type { Happening, Scenario, World } from './explore.ts';
import type { Program } from './process.ts';

const clock = new StoppedClock();
const leaseKey = 'sales/leases/_all.json';
const pointerKey = 'sales/published/current.json';
const recordKey = (version: number) => `sales/published/versions/${version}.json`;

/** The status that Step Functions reports for an ended execution; while the object is absent it is RUNNING. */
const statusKey = (name: string) => `engine/arn:${name}`;
/** Written when an execution gets a fence, for the checks and for invocations that come late. */
const turnKey = (name: string, fence: number) => `turns/${fence}/${name}`;
const contextKey = (name: string) => `context/${name}`;

/** Versions that were published before, with their runs. */
const earlier = ['r1', 'r2'];

/** `keep` 1: with two versions before it, each publish retires one. */
const setting = { datasets: { load: ['orders'], join: ['revenue'] }, keep: 1 };

/** The store after two publishes, and the executions whose steps have succeeded. */
async function prepared(executions: readonly string[]) {
  const world = memoryWorld();
  for (const run of earlier) await runOnce(world, run, run, setting);
  const contexts = new Map<string, RunContext>();
  for (const name of executions) {
    contexts.set(name, await work(world, name, name));
    world.executions.set(`arn:${name}`, 'ABORTED');
  }
  await world.store.put(leaseKey, JSON.stringify({ fence: earlier.length, holder: null }));
  const objects = new Map<string, string>();
  for await (const { key } of world.store.list('')) {
    const body = (await world.store.get(key))?.body ?? '';
    if (!key.includes('/index/') && !key.endsWith('history.json')) objects.set(key, Buffer.from(body).toString());
  }
  return { objects, contexts };
}

const executionsIn = (store: ObjectStore): Executions => ({
  status: async (arn) => ((await store.get(`engine/${arn}`)) ? 'ABORTED' : 'RUNNING'),
});

const ending = (store: ObjectStore, name: string, status: string) =>
  store.put(statusKey(name), status, { ifNoneMatch: '*' });

/** Calls a function of the platform as the machine does: again, when it got no answer. */
const retried = <T>(call: () => Promise<T>): Promise<T> =>
  call().catch((error: Error) => (error.name === 'PlatformError' ? call() : Promise.reject(error)));

const queue = { send: async () => undefined };
const steps = [{ name: 'load' }, { name: 'join', dependencies: ['load'] }];

/** Parts of the protocol that a scenario leaves out, to see that the exploration notices. */
type Blindness = 'the fence of the pointer' | 'the executions that published' | 'the grace';

const finishing = (store: ObjectStore, run: RunContext, blindTo: Blindness | undefined) =>
  finalize({ run, redrive_count: 0, steps, publish: setting }, { store: blinded(store, run, blindTo), clock, queue });

/** A store whose pointer says less to Finalize than it should. */
function blinded(store: ObjectStore, run: RunContext, to: Blindness | undefined): ObjectStore {
  return {
    ...store,
    async get(key) {
      const found = await store.get(key);
      if (key !== pointerKey || !found || to === undefined) return found;
      const real = JSON.parse(Buffer.from(found.body).toString()) as Pointer;
      const partitions = real.partitions.map((row) => ({
        ...row,
        ...(to === 'the fence of the pointer' && { fence: 0 }),
        ...(to === 'the executions that published' && {
          versions: row.versions.map((one) => (one.run_id === run.run_id ? { ...one, run_id: 'hidden' } : one)),
        }),
      }));
      return { ...found, body: Buffer.from(JSON.stringify({ ...real, partitions })) };
    },
    put: (key, body, given) => store.put(key, String(body).replaceAll('"hidden"', JSON.stringify(run.run_id)), given),
  };
}

const person =
  (speak: (store: ObjectStore) => Promise<unknown>): Program =>
  ({ store }) =>
    speak(store).then(
      () => 'done',
      (error: Error) => (error.name === 'PublishedError' ? 'refused' : Promise.reject(error)),
    );

const word = { by: 'ada', reason: 'wrong', at: '2026-02-01T00:00:00.000Z' };

/** Opens the current version and reads all of its parts, `rounds` times. */
const reading =
  (rounds: number): Program =>
  async ({ store }) => {
    for (let round = 0; round < rounds; round += 1) {
      const record = await openVersion(store, 'sales', { partition: '', version: null }).catch((error: Error) =>
        error.name === 'PublishedError' ? null : Promise.reject(error),
      );
      for (const { parts } of record?.datasets ?? [])
        for (const { key } of parts) {
          if (!key.startsWith(`sales/runs/${record?.run_id}/`)) throw new Error(`a mix: ${key} in ${record?.run_id}`);
          if (!(await store.get(key))) throw new Error(`${key} is missing`);
        }
    }
  };

export interface PublishFacts {
  readonly crashesLeft: number;
  readonly lossesLeft: number;
}

export interface PublishScenarioOptions {
  /** Names of the executions. */
  readonly executions: readonly string[];
  /** Of the first: Finalize invoked once more at any time, stopped from outside at any time. */
  readonly first?: readonly ('finalized late' | 'stopped')[];
  readonly people?: readonly ('rolls back' | 'withdraws 2' | 'withdraws the first')[];
  readonly removal?: true;
  readonly readings?: number;
  /** The number of executions that are killed at any point, and of writes of what is published that lose their answer. */
  readonly crashes?: number;
  readonly losses?: number;
  readonly blindTo?: Blindness;
  readonly mutate?: NonNullable<Scenario<PublishFacts>['mutate']>;
}

export async function publishScenario(options: PublishScenarioOptions): Promise<Scenario<PublishFacts>> {
  const { executions, first = [], people = [], crashes = 0, losses = 0, blindTo } = options;
  const { objects, contexts } = await prepared(executions);
  const [main = ''] = executions;
  const machine =
    (name: string): Program =>
    async ({ store }) => {
      const asking = { run_id: name, execution_arn: `arn:${name}`, redrive_count: 0, started_at: word.at };
      const ports = { store, clock, executions: executionsIn(store) };
      const taken = await retried(() => takeLease(ports, { pipeline: 'sales', key: '_all' }, asking));
      if (!('fence' in taken)) return ending(store, name, 'SUCCEEDED');
      const run = { ...(contexts.get(name) as RunContext), lease: { key: '_all', fence: taken.fence } };
      await store.put(turnKey(name, taken.fence), '', { ifNoneMatch: '*' });
      await store.put(contextKey(name), JSON.stringify(run), { ifNoneMatch: '*' });
      const how = await retried(() => finishing(store, run, blindTo)).then(
        () => 'SUCCEEDED',
        (error: Error) => (error.name === 'LeaseLost' ? 'FAILED' : Promise.reject(error)),
      );
      return ending(store, name, how);
    };
  const late: Program = async ({ store }) => {
    const found = await store.get(contextKey(main));
    if (!found) return 'not begun';
    return finishing(store, JSON.parse(Buffer.from(found.body).toString()) as RunContext, blindTo).then(
      () => 'SUCCEEDED',
      (error: Error) => (error.name === 'LeaseLost' ? 'FAILED' : Promise.reject(error)),
    );
  };
  const speaks = {
    'rolls back': person((store) => rollBack(store, 'sales', { partition: '', to: null, ...word })),
    'withdraws 2': person((store) => withdraw(store, 'sales', { version: 2, ...word })),
    'withdraws the first': person((store) => withdraw(store, 'sales', { version: 3, ...word })),
  };
  // Blind to the grace, a removal takes the records of versions that retired a moment ago.
  const now = clock.now() + (blindTo === 'the grace' ? 100 * 3_600_000 : 0);
  const beside: readonly (readonly [string, Program])[] = [
    ...(first.includes('finalized late') ? [[`finalize ${main} late`, late] as const] : []),
    ...(first.includes('stopped')
      ? [[`stop ${main}`, (({ store }) => ending(store, main, 'ABORTED')) as Program] as const]
      : []),
    ...people.map((one) => [one, speaks[one]] as const),
    ...(options.removal
      ? [['removal', (({ store }) => removeDeadRecords(store, 'sales', now)) as Program] as const]
      : []),
    ...(options.readings ? [['reader', reading(options.readings)] as const] : []),
  ];
  const machines = executions.map((name) => [name, machine(name)] as const);
  const deaths = executions.map(
    (name) => [`death of ${name}`, (({ store }) => ending(store, name, 'ABORTED')) as Program] as const,
  );
  const shared = first.includes('finalized late') ? `/${main}/` : '//';
  const isPublished = (key: string): boolean => key.startsWith('sales/published/');
  return {
    programs: Object.fromEntries([...machines, ...beside, ...deaths]),
    objects,
    start: {
      label: 'start',
      facts: { crashesLeft: crashes, lossesLeft: losses },
      start: [...machines, ...beside].map(([name]) => ({ name, program: name })),
    },
    happenings: ({ facts, processes }) =>
      executions.flatMap((name): Happening<PublishFacts>[] => {
        const process = processes.get(name);
        const [next] = process?.crashed ? [] : (process?.point.pending ?? []);
        if (!next) return [];
        const death = { name: `death of ${name}`, program: `death of ${name}` };
        const crash = {
          ...{ label: `${name} is killed`, crash: name, start: [death] },
          facts: { ...facts, crashesLeft: facts.crashesLeft - 1 },
        };
        const loss = {
          ...{ label: `${name} gets no answer`, loseAnswerOf: name },
          facts: { ...facts, lossesLeft: facts.lossesLeft - 1 },
        };
        const writes = next.operation.kind === 'put' && isPublished(next.operation.key);
        return [...(facts.crashesLeft > 0 ? [crash] : []), ...(facts.lossesLeft > 0 && writes ? [loss] : [])];
      }),
    check: checkPublished,
    checkEnd,
    writtenOnce: (key) => key !== leaseKey && !isPublished(key),
    ownedByOne: (key) =>
      key.startsWith('sales/runs/') && !key.endsWith('/end.json') && !key.includes(shared) && !objects.has(key),
    unobserved: (key) => key === 'sales/history.json',
    endsDoNotMatter: true,
    ...(options.mutate && { mutate: options.mutate }),
  };
}

const parsed = <T>(objects: ReadonlyMap<string, string>, key: string): T | null => {
  const text = objects.get(key);
  return text === undefined ? null : (JSON.parse(text) as T);
};

/** The conditions that hold at every moment, from the objects alone. */
function checkPublished({ objects, processes }: World<PublishFacts>): string | null {
  for (const [name, { point }] of processes)
    if (point.end && 'error' in point.end) return `${name} ended with ${point.end.error}`;
  const pointer = parsed<Pointer>(objects, pointerKey);
  const [row] = pointer?.partitions ?? [];
  if (!pointer || !row) return 'the pointer is lost';
  for (const { version, run_id } of [...row.versions, ...pointer.retired]) {
    const record = parsed<PublishedVersion>(objects, recordKey(version));
    if (!record) return `the record of version ${version} is missing`;
    if (record.run_id !== run_id) return `version ${version} is of ${record.run_id}, and the pointer says ${run_id}`;
  }
  if (row.current !== null && !row.versions.some(({ version }) => version === row.current))
    return `version ${row.current} is current, and no one can read it`;
  if (pointer.withdrawn.some(({ version }) => version === row.current)) return 'a withdrawn version is current';
  if (pointer.changes.some(({ change }, index) => change !== index + 1)) return 'a change is lost';
  const fences = new Map(earlier.map((run, index) => [run, index + 1]));
  for (const key of objects.keys()) {
    const [folder, fence, name = ''] = key.split('/');
    if (folder === 'turns') fences.set(name, Number(fence));
  }
  const published = pointer.changes.flatMap(({ kind, summary }) => (kind === 'published' && summary ? [summary] : []));
  const runs = published.map(({ run_id }) => run_id);
  if (new Set(runs).size < runs.length) return `an execution published twice: ${runs.join(', ')}`;
  const turns = runs.map((run) => fences.get(run) ?? 0);
  if (turns.some((fence, index) => index > 0 && fence < (turns[index - 1] ?? 0)))
    return `an execution that was overtaken published over a later one: ${runs.join(', ')}`;
  return null;
}

/** An end that names a version tells the truth. */
function checkEnd({ objects }: World<PublishFacts>): string | null {
  const pointer = parsed<Pointer>(objects, pointerKey);
  for (const key of objects.keys()) {
    if (!key.endsWith('/end.json')) continue;
    const end = parsed<{ status: string; published?: { version?: number } }>(objects, key);
    const version = end?.published?.version;
    const isKnown = pointer?.changes.some(({ kind, after }) => kind === 'published' && after === version);
    if (version !== undefined && !isKnown) return `${key} names version ${version}, which was not published`;
    if (end?.status === 'SUCCEEDED' && end.published === undefined) return `${key} published nothing`;
  }
  return null;
}
