/** Two executions that each read the rows after a watermark, of which one may be thought dead while it works; Finalize may come late, and twice. */
import type { RunContext } from '../../../lib/contract/payloads.ts';
import type { Pointer } from '../../../lib/contract/published/pointer.ts';
import type { PublishedVersion } from '../../../lib/contract/published/published-version.ts';
import type { Executions, ObjectStore } from '../../../lib/ports/ports.ts';
import { runStep } from '../../../lib/runtime/attempt/run-step.ts';
import { finalize } from '../../../lib/runtime/execution/finalize.ts';
import { takeLease } from '../../../lib/runtime/execution/lease.ts';
import type { StepFunction } from '../../../lib/runtime/step.ts';
import { memoryWorld, StoppedClock } from '../fixtures.ts';
import { begin, extract, load, newRows, setting } from '../watermarks/world.ts';
import { explore, type Happening, type Scenario, type World } from './explore.ts';
import type { Program } from './process.ts';
import { textEngine } from './text-engine.ts';

const clock = new StoppedClock();
const leaseKey = 'sales/leases/_all.json';
const pointerKey = 'sales/published/current.json';
const contextKey = (name: string) => `context/${name}`;
const at = '2026-01-01T00:00:00.000Z';
const tokens = { succeed: async () => 'gone' as const };

/** `a` has read row 1, and not published; nothing of `b` is there. */
async function prepared() {
  const world = memoryWorld();
  const a = await begin(world, 'a');
  await extract(world, a, newRows(1));
  world.executions.set(a.execution_arn, 'ABORTED');
  const b = await begin(world, 'b');
  await world.store.put(leaseKey, JSON.stringify({ fence: 0, holder: null }));
  const objects = new Map<string, string>();
  for await (const { key } of world.store.list('')) {
    const body = (await world.store.get(key))?.body ?? '';
    if (!key.includes('/index/')) objects.set(key, Buffer.from(body).toString());
  }
  return {
    objects,
    contexts: new Map([
      ['a', a],
      ['b', b],
    ]),
  };
}

const executionsIn = (store: ObjectStore): Executions => ({
  status: async (arn) => ((await store.get(`engine/${arn}`)) ? 'ABORTED' : 'RUNNING'),
});

/** A function of the platform or a step is called again when it got no answer. */
const retried = <T>(call: () => Promise<T>): Promise<T> =>
  call().catch((error: Error) => (error.name === 'PlatformError' ? call() : Promise.reject(error)));

const queue = { send: async () => undefined };

/** A store whose pointer says nothing of watermarks that another run published. */
const blinded = (store: ObjectStore): ObjectStore => ({
  ...store,
  async get(key) {
    const found = await store.get(key);
    if (key !== pointerKey || !found) return found;
    const pointer = JSON.parse(Buffer.from(found.body).toString()) as Pointer;
    const partitions = pointer.partitions.map((row) => ({
      ...row,
      versions: row.versions.map(({ watermarks: _, ...version }) => version),
    }));
    return { ...found, body: Buffer.from(JSON.stringify({ ...pointer, partitions })) };
  },
});

export interface WatermarkFacts {
  readonly crashesLeft: number;
}

interface Options {
  /** `a` may be believed dead at any time, and go on. */
  readonly stopped?: boolean;
  /** Finalize of `a` is called once more, at any time. */
  readonly late?: boolean;
  /** A second attempt of the step of `b`, beside the first. */
  readonly twin?: boolean;
  readonly crashes?: number;
  /** Finalize does not see what other runs' marks are. */
  readonly blind?: boolean;
  readonly mutate?: NonNullable<Scenario<WatermarkFacts>['mutate']>;
}

export async function watermarkScenario(options: Options): Promise<Scenario<WatermarkFacts>> {
  const { objects, contexts } = await prepared();
  const finishing = (store: ObjectStore, run: RunContext): Promise<string> =>
    finalize(
      { run, redrive_count: 0, steps: [{ name: 'load' }], publish: setting },
      { store: options.blind ? blinded(store) : store, clock, queue },
    ).then(
      () => 'SUCCEEDED',
      (error: Error) =>
        error.name === 'LeaseLost' || error.name === 'PipelineFailed' ? 'FAILED' : Promise.reject(error),
    );
  const attempting = (store: ObjectStore, run: RunContext, invocationId: string): Promise<unknown> => {
    const handler: StepFunction = async (step) => {
      const { value } = await step.watermark('row');
      await store.put(`seen/${invocationId}`, JSON.stringify(value));
      return newRows(2)(step);
    };
    return runStep(
      { run, step: load, attempt: 1, again: null, long: null, fresh: false },
      { ports: { store, clock, tokens }, invocationId, handler, openEngine: textEngine, writeLine: () => undefined },
    );
  };
  const machine =
    (name: string): Program =>
    async ({ store }) => {
      const asking = { run_id: name, execution_arn: `arn:${name}`, redrive_count: 0, started_at: at };
      const ports = { store, clock, executions: executionsIn(store) };
      const taken = await retried(() => takeLease(ports, { pipeline: 'sales', key: '_all' }, asking));
      if (!('fence' in taken)) return 'skipped';
      const run = { ...(contexts.get(name) as RunContext), lease: { key: '_all', fence: taken.fence } };
      await store.put(contextKey(name), JSON.stringify(run), { ifNoneMatch: '*' });
      if (name === 'b') {
        const step = await attempting(store, run, 'first').catch((error: Error) => error);
        if (step instanceof Error) return `the step failed: ${step.name}`;
      }
      const how = await retried(() => finishing(store, run));
      await store.put(`engine/arn:${name}`, how, { ifNoneMatch: '*' });
      return how;
    };
  const begun = async (store: ObjectStore, name: string): Promise<RunContext | null> => {
    const found = await store.get(contextKey(name));
    return found && (JSON.parse(Buffer.from(found.body).toString()) as RunContext);
  };
  const programs: Record<string, Program> = {
    a: machine('a'),
    b: machine('b'),
    'stop a': ({ store }) => store.put('engine/arn:a', 'ABORTED', { ifNoneMatch: '*' }),
    'finalize a late': async ({ store }) => {
      const run = await begun(store, 'a');
      return run ? finishing(store, run) : 'not begun';
    },
    'twin of b': async ({ store }) => {
      const run = await begun(store, 'b');
      if (!run) return 'not begun';
      return attempting(store, run, 'second').then(
        () => 'done',
        (error: Error) => error.name,
      );
    },
  };
  const names = [
    'a',
    'b',
    ...(options.stopped ? ['stop a'] : []),
    ...(options.late ? ['finalize a late'] : []),
    ...(options.twin ? ['twin of b'] : []),
  ];
  return {
    programs,
    objects,
    start: {
      label: 'start',
      facts: { crashesLeft: options.crashes ?? 0 },
      start: names.map((name) => ({ name, program: name })),
    },
    happenings: ({ facts, processes }) =>
      facts.crashesLeft === 0
        ? []
        : ['a', 'b'].flatMap((name): Happening<WatermarkFacts>[] => {
            const process = processes.get(name);
            if (!process || process.crashed || process.point.end) return [];
            return [{ label: `${name} is killed`, crash: name, facts: { crashesLeft: facts.crashesLeft - 1 } }];
          }),
    check,
    checkEnd: checkSeen,
    unobserved: (key) => key === 'sales/history.json' || key.includes('/index/') || key.includes('progress'),
    endsDoNotMatter: true,
    ...(options.mutate && { mutate: options.mutate }),
  };
}

/** Explores a scenario that lacks a part of the protocol; answers the first violation. */
export async function watermarkViolation(options: Options): Promise<string> {
  const found = await explore(await watermarkScenario(options)).then(
    () => 'none',
    (error: Error) => error.message,
  );
  return found.split('\n')[0] ?? '';
}

const parsed = <T>(objects: ReadonlyMap<string, string>, key: string): T | null =>
  JSON.parse(objects.get(key) ?? 'null') as T | null;

/** At every moment: each published version begins where the one before it ended, and the current one has its end as its mark. */
function check({ objects, processes }: World<WatermarkFacts>): string | null {
  for (const [name, { point }] of processes)
    if (point.end && 'error' in point.end) return `${name} ended with ${point.end.error}`;
  const pointer = parsed<Pointer>(objects, pointerKey);
  const [row] = pointer?.partitions ?? [];
  let end = 0;
  for (const { after } of pointer?.changes ?? []) {
    const record = parsed<PublishedVersion>(objects, `sales/published/versions/${after}.json`);
    const { from, last } = parsed<{ result: { from: number; last: number } }>(objects, record?.steps[0]?.manifest ?? '')
      ?.result ?? { from: Number.NaN, last: Number.NaN };
    if (from < end) return `the rows ${from + 1} to ${end} are published twice`;
    if (from !== end) return `the rows ${end + 1} to ${from} are lost`;
    end = last;
  }
  const current = row?.versions.find(({ version }) => version === row.current);
  if (row && current?.watermarks?.[0]?.value !== end)
    return `the current version ends with row ${end}, and its mark does not`;
  return null;
}

/** All attempts of a run have read the same value, and an execution that succeeded has published. */
function checkSeen({ objects }: World<WatermarkFacts>): string | null {
  const [first, second] = [objects.get('seen/first'), objects.get('seen/second')];
  if (first !== undefined && second !== undefined && first !== second)
    return `two attempts of one run have read ${first} and ${second}`;
  const pointer = parsed<Pointer>(objects, pointerKey);
  for (const run of ['a', 'b']) {
    const ended = parsed<{ status: string; published?: { version: number } }>(
      objects,
      `sales/runs/${run}/executions/1/end.json`,
    );
    const isPublished = pointer?.changes.some(({ after }) => after === ended?.published?.version);
    if (ended?.status === 'SUCCEEDED' && !isPublished) return `${run} succeeded, and its rows are not published`;
  }
  return null;
}
