/** Executions of different runs that want one lease: what Step Functions, Lambda and the network may do to them, and what must hold all the same. */
import type { RunContext } from '../../../lib/contract/payloads.ts';
import type { Lease } from '../../../lib/contract/records/lease.ts';
import type { PreparePayload } from '../../../lib/contract/resolve-event.ts';
import type { Executions, ObjectStore, StoredObject } from '../../../lib/ports/ports.ts';
import { finalize } from '../../../lib/runtime/execution/finalize.ts';
import { prepare } from '../../../lib/runtime/execution/prepare.ts';
import { aStart, StoppedClock } from '../fixtures.ts';
import type { Happening, Scenario, World } from './explore.ts';
import type { Program } from './process.ts';

const clock = new StoppedClock();
const lease = 'sales/leases/_all.json';
const history = 'sales/history.json';

/** The status that Step Functions reports for an ended execution; while the object is absent it is RUNNING. */
const statusKey = (name: string) => `engine/arn:${name}`;
/** Written when an execution continues with a fence, for the checks and for invocations that come late. */
const turnKey = (name: string, fence: number) => `turns/${fence}/${name}`;
const contextKey = (name: string) => `context/${name}`;
const endKey = (name: string) => `sales/runs/${name}/executions/1/end.json`;

const executionsIn = (store: ObjectStore): Executions => ({
  status: async (arn) => ((await store.get(`engine/${arn}`)) ? 'ABORTED' : 'RUNNING'),
});

const startOf = (name: string): PreparePayload =>
  aStart({
    arn: `arn:${name}`,
    input: { daybreak: { run_id: name } },
    pipeline: { overlap: { policy: 'skip' } },
  });

const preparing =
  (name: string): Program =>
  ({ store }) =>
    prepare(startOf(name), { store, clock, executions: executionsIn(store) });

/** Calls a function of the platform as the machine does: again, when it got no answer. */
const retried = <T>(call: () => Promise<T>): Promise<T> =>
  call().catch((error: Error) => (error.name === 'PlatformError' ? call() : Promise.reject(error)));

const ending = (store: ObjectStore, name: string, status: string) =>
  store.put(statusKey(name), status, { ifNoneMatch: '*' });

/** An execution from its start to its end. Stopped from outside, it ends with the function that it just runs. */
const machine =
  (name: string): Program =>
  async ({ store, tokens }) => {
    const answer = await retried(() => preparing(name)({ store, tokens }) as ReturnType<typeof prepare>);
    if (!('run' in answer)) {
      await ending(store, name, 'SUCCEEDED');
      return answer;
    }
    if (await store.get(statusKey(name))) return 'stopped';
    const { run } = answer;
    await store.put(turnKey(name, fenceOf(run)), '', { ifNoneMatch: '*' });
    await store.put(contextKey(name), JSON.stringify(run), { ifNoneMatch: '*' });
    const how = await retried(() => finishing(store, run)).then(
      () => 'SUCCEEDED',
      (error: Error) => error.name,
    );
    await ending(store, name, how);
    return how;
  };

const queue = { send: async () => undefined };

const fenceOf = (run: RunContext): number => run.lease?.fence ?? 0;

/** Finalize. It must not succeed if another execution had the lease before it even began. */
async function finishing(store: ObjectStore, run: RunContext, blindTo: 'nothing' | Blindness = 'nothing') {
  const turns: string[] = [];
  for await (const { key } of store.list('turns/')) turns.push(key);
  const overtaken = turns.some((key) => Number(key.split('/')[1]) > fenceOf(run));
  const watched: ObjectStore = {
    ...store,
    // No one decides by the history: its requests would only multiply the interleavings.
    get: async (key) => (key === history ? null : store.get(key)),
    put(key, body, options) {
      if (key === history) return Promise.resolve({ written: true, etag: '1' });
      if (overtaken && key.endsWith('/end.json') && String(body).includes('"SUCCEEDED"'))
        throw new Error(`${run.run_id} was overtaken, and succeeds`);
      return store.put(key, body, options);
    },
  };
  return finalize({ run, redrive_count: 0, steps: [] }, { store: blinded(watched, run, blindTo), clock, queue });
}

/** The look at the fence that a Finalize leaves out: before it judges, or before it gives the lease back. */
type Blindness = 'fence before the end' | 'fence before the release';

function blinded(store: ObjectStore, run: RunContext, to: 'nothing' | Blindness): ObjectStore {
  let looks = 0;
  let fence = 0;
  const get = async (key: string): Promise<StoredObject | null> => {
    const found = await store.get(key);
    if (key !== lease || !found) return found;
    looks += 1;
    const real = JSON.parse(found.body.toString()) as Lease;
    ({ fence } = real);
    const blind = to === (looks === 1 ? 'fence before the end' : 'fence before the release');
    return blind ? { ...found, body: Buffer.from(JSON.stringify({ ...real, fence: fenceOf(run) })) } : found;
  };
  const put: ObjectStore['put'] = (key, body, options) =>
    store.put(key, key === lease ? JSON.stringify({ ...(JSON.parse(String(body)) as Lease), fence }) : body, options);
  return to === 'nothing' ? store : { ...store, get, put };
}

/** A second invocation of Finalize, at any time after the execution's turn came: long after its end too. */
const lateFinalize =
  (name: string, blindTo: 'nothing' | Blindness): Program =>
  async ({ store }) => {
    const found = await store.get(contextKey(name));
    if (!found) return 'not begun';
    const run = JSON.parse(found.body.toString()) as RunContext;
    return finishing(store, run, blindTo).then(
      () => 'SUCCEEDED',
      (error: Error) => (error.name === 'Error' ? Promise.reject(error) : error.name),
    );
  };

export interface LeaseFacts {
  readonly crashesLeft: number;
  readonly lossesLeft: number;
  readonly over: boolean;
}

export interface LeaseScenarioOptions {
  /** Names of the executions. */
  readonly executions: readonly string[];
  /** Of the first: Prepare invoked twice, Finalize invoked once more at any time, stopped from outside at any time. */
  readonly first: readonly ('prepared twice' | 'finalized late' | 'stopped')[];
  /** The number of executions that are killed at any point, and of writes of the lease that lose their answer. */
  readonly crashes: number;
  readonly losses: number;
  readonly blindTo?: Blindness;
  readonly mutate?: NonNullable<Scenario<LeaseFacts>['mutate']>;
}

export function leaseScenario(options: LeaseScenarioOptions): Scenario<LeaseFacts> {
  const { executions, first, crashes, losses } = options;
  const [main = ''] = executions;
  const beside: readonly (readonly [name: string, program: Program])[] = [
    ...(first.includes('prepared twice') ? [[`prepare ${main} again`, preparing(main)] as const] : []),
    ...(first.includes('finalized late')
      ? [[`finalize ${main} late`, lateFinalize(main, options.blindTo ?? 'nothing')] as const]
      : []),
    ...(first.includes('stopped')
      ? [[`stop ${main}`, (({ store }) => ending(store, main, 'ABORTED')) as Program] as const]
      : []),
  ];
  const machines = executions.map((name) => [name, machine(name)] as const);
  const deaths = executions.map(
    (name) => [`death of ${name}`, (({ store }) => ending(store, name, 'ABORTED')) as Program] as const,
  );
  const shared = beside.length > 0 ? `/${main}/` : '//';
  const starting = [...machines, ...beside].map(([name]) => ({ name, program: name }));
  return {
    programs: Object.fromEntries([...machines, ...beside, ...deaths, ['last', preparing('last')]]),
    start: { label: 'start', facts: { crashesLeft: crashes, lossesLeft: losses, over: false }, start: starting },
    happenings: ({ facts, processes }) =>
      executions.flatMap((name): Happening<LeaseFacts>[] => {
        const process = processes.get(name);
        const [next] = process?.crashed ? [] : (process?.point.pending ?? []);
        if (!next) return [];
        const crash = {
          label: `${name} is killed`,
          facts: { ...facts, crashesLeft: facts.crashesLeft - 1 },
          crash: name,
          start: [{ name: `death of ${name}`, program: `death of ${name}` }],
        };
        const loss = {
          label: `${name} gets no answer`,
          facts: { ...facts, lossesLeft: facts.lossesLeft - 1 },
          loseAnswerOf: name,
        };
        const writesLease = next.operation.kind === 'put' && next.operation.key === lease;
        return [...(facts.crashesLeft > 0 ? [crash] : []), ...(facts.lossesLeft > 0 && writesLease ? [loss] : [])];
      }),
    // When everything is over one more comes, to see that no one blocks it.
    react: ({ facts, processes }) =>
      facts.over || [...processes.values()].some(({ crashed, point }) => !crashed && !point.end)
        ? null
        : { label: 'all is over', facts: { ...facts, over: true }, start: [{ name: 'last', program: 'last' }] },
    check: checkLease,
    checkEnd: (world) => checkLast(world, executions),
    writtenOnce: (key) => key !== lease,
    // The checks look at ends, so it matters when they are written.
    ownedByOne: (key) => key.startsWith('sales/runs/') && !key.endsWith('/end.json') && !key.includes(shared),
    ...(options.mutate && { mutate: options.mutate }),
  };
}

/** The conditions that hold at every moment. */
function checkLease({ objects, processes }: World<LeaseFacts>): string | null {
  for (const [name, { point }] of processes)
    if (point.end && 'error' in point.end) return `${name} ended with ${point.end.error}`;
  const turns = [...objects.keys()].flatMap((key) => {
    const [, fence, name = ''] = key.split('/');
    return key.startsWith('turns/') ? [{ fence, name }] : [];
  });
  const fences = new Set(turns.map(({ fence }) => fence));
  if (fences.size < turns.length) return `two holders with one fence: ${JSON.stringify(turns)}`;
  const working = turns.filter(({ name }) => !objects.has(statusKey(name)) && !objects.has(endKey(name)));
  return working.length > 1 ? `two live holders at once: ${working.map(({ name }) => name).join(', ')}` : null;
}

/** No one holds the lease endlessly, and each refusal had a holder. */
function checkLast({ processes, objects }: World<LeaseFacts>, executions: readonly string[]): string | null {
  const end = processes.get('last')?.point.end;
  const answer = end && 'value' in end ? (end.value as { readonly run?: RunContext; readonly refused?: string }) : {};
  if (!answer.run) return `one more start gets ${JSON.stringify(answer)}`;
  const turns = [...objects.keys()].filter((key) => key.startsWith('turns/'));
  const died = executions.some((name) => objects.get(statusKey(name)) === 'ABORTED');
  return turns.length > 0 || died ? null : 'all were refused';
}
