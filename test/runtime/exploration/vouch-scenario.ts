/** A person who vouches for a step, a resume, and an attempt of the execution before that still works: they may meet at any line. */
import type { RunContext } from '../../../lib/contract/payloads.ts';
import type { Next } from '../../../lib/contract/records/next.ts';
import type { StepSpec } from '../../../lib/contract/step-spec.ts';
import { vouchForStep } from '../../../lib/operate/vouch/vouch-for-step.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import { runStep } from '../../../lib/runtime/attempt/run-step.ts';
import { prepare } from '../../../lib/runtime/execution/prepare.ts';
import { findDamage } from '../../../lib/runtime/manifests/find-damage.ts';
import { readExecutions } from '../../../lib/runtime/records/execution-number.ts';
import { overwriteJson } from '../../../lib/runtime/records/json-objects.ts';
import { aStart } from '../fixtures.ts';
import type { Happening, Scenario, World } from './explore.ts';
import { exploredRun } from './explored-run.ts';
import type { Program } from './process.ts';

const time = Date.parse('2026-01-01T00:00:00.000Z');
const clock = { now: () => time, sleep: () => new Promise<void>(() => undefined) };
const run = { pipeline: 'p', run_id: 'r' };

const a: StepSpec = {
  name: 'a',
  dependencies: [],
  trigger_rule: 'all_success',
  severity: 'high',
  definition: 'definition of a',
  code: 'code',
  config: { initialization: {} },
  budgets: { step: 3, time_out: 3, platform: 6 },
  delays: { backoff: 'none', initial_seconds: 1, longest_seconds: 1, jitter: false },
};
const facts = { pipeline: { name: 'p', version: '1', steps: ['a'] }, steps: [a] };

/** Step Functions says of the first execution that it has ended, whether or not an attempt of it still works. Others run until an object says that they died. */
const executionsIn = (store: ObjectStore) => ({
  status: async (arn: string) =>
    arn === 'arn' || (await store.get(`engine/${arn}`)) ? ('ABORTED' as const) : ('RUNNING' as const),
});

/** A process writes what it did, so that the checks see it. */
const note = (store: ObjectStore, name: string, what: string) => store.put(`notes/${name}`, what, { ifNoneMatch: '*' });

const person =
  (name: string): Program =>
  async ({ store }) => {
    const options = { facts, history: await readExecutions(store, run), check: findDamage, spec: a, store };
    const vouching = { by: name, at: '2026-01-01T00:00:00.000Z', reason: 'by hand' };
    const said = await vouchForStep(run, { ...options, executions: executionsIn(store), result: name, vouching }).then(
      () => 'recorded',
      (error: Error) => (error.name === 'RunRefusedError' ? 'refused' : Promise.reject(error)),
    );
    return note(store, name, said);
  };

const attemptIn = (ports: Parameters<Program>[0], context: RunContext, name: string) =>
  runStep(
    { run: context, step: a, attempt: 1, again: null, long: null, fresh: false },
    {
      ports: { ...ports, clock },
      invocationId: name,
      handler: async () => {
        await note(ports.store, `handler of ${name}`, 'started');
        return name;
      },
      writeLine: () => undefined,
    },
  );

/** A resume from its start to the end of the step. */
const resume =
  (name: string): Program =>
  async (ports) => {
    const { store } = ports;
    const start = aStart({ arn: name, input: { daybreak: { run_id: 'r' } }, pipeline: { name: 'p' } });
    const answer = await prepare(start, { store, clock, executions: executionsIn(store) });
    if ('run' in answer) await attemptIn(ports, answer.run, name);
    await store.put(`engine/${name}`, 'SUCCEEDED', { ifNoneMatch: '*' });
  };

const late: Program = (ports) => attemptIn(ports, exploredRun, 'late');

/** The first execution was stopped while its step worked. */
export async function stoppedExecution(): Promise<ReadonlyMap<string, string>> {
  const store = new MemoryObjectStore();
  const start = aStart({ arn: 'arn', input: { daybreak: { run_id: 'r' } }, pipeline: { name: 'p' } });
  await prepare(start, { store, clock, executions: executionsIn(store) });
  const end = { execution: 1, status: 'ABORTED', ended_at: '2026-01-01T00:00:00.000Z', failed: [], blocked: [] };
  await overwriteJson(store, 'p/runs/r/executions/1/end.json', { ...end, failure: null });
  const objects = new Map<string, string>();
  for await (const { key } of store.list('p/runs/'))
    objects.set(key, Buffer.from((await store.get(key))?.body ?? '').toString());
  return objects;
}

export interface VouchFacts {
  readonly crashesLeft: number;
  readonly over: boolean;
}

export interface VouchScenarioOptions {
  readonly persons: readonly string[];
  /** An attempt of the stopped execution works on. */
  readonly late: boolean;
  /** Of the first resume and the first person. */
  readonly crashes: number;
  readonly before: ReadonlyMap<string, string>;
  readonly mutate?: NonNullable<Scenario<VouchFacts>['mutate']>;
}

export function vouchScenario({ persons, crashes, before, ...options }: VouchScenarioOptions): Scenario<VouchFacts> {
  const programs: Record<string, Program> = {
    ...Object.fromEntries(persons.map((name) => [name, person(name)])),
    resume: resume('arn:2'),
    'death of resume': ({ store }) => store.put('engine/arn:2', 'ABORTED', { ifNoneMatch: '*' }),
    'death of anna': async () => undefined,
    'last resume': resume('arn:3'),
    ...(options.late && { late }),
  };
  const starting = [...persons, 'resume', ...(options.late ? ['late'] : [])].map((name) => ({ name, program: name }));
  return {
    programs,
    objects: before,
    start: { label: 'start', facts: { crashesLeft: crashes, over: false }, start: starting },
    happenings: ({ facts: now, processes }) =>
      ['resume', 'anna'].flatMap((name): Happening<VouchFacts>[] => {
        const process = processes.get(name);
        if (now.crashesLeft === 0 || !process || process.crashed || process.point.end) return [];
        const death = { name: `death of ${name}`, program: `death of ${name}` };
        const left = { ...now, crashesLeft: now.crashesLeft - 1 };
        return [{ label: `${name} is killed`, facts: left, crash: name, start: [death] }];
      }),
    react: ({ facts: now, processes }) =>
      now.over || [...processes.values()].some(({ crashed, point }) => !crashed && !point.end)
        ? null
        : {
            label: 'all is over',
            facts: { ...now, over: true },
            start: [{ name: 'last resume', program: 'last resume' }],
          },
    check: checkVouching,
    checkEnd: (world) => checkHonoured(world, persons),
    writtenOnce: (key) => !key.endsWith('/next.json'),
    ...(options.mutate && { mutate: options.mutate }),
  };
}

interface Stored {
  readonly digest: string;
  readonly manifest: string;
  readonly vouched?: object;
}

const documentAt = <T>(objects: ReadonlyMap<string, string>, key: string): T | null => {
  const text = objects.get(key);
  return text === undefined ? null : (JSON.parse(text) as T);
};

/** At every moment: outcomes say what the manifest says, and a word of a person is no outcome before someone follows. */
function checkVouching({ objects, processes }: World<VouchFacts>): string | null {
  for (const [name, { point }] of processes)
    if (point.end && 'error' in point.end) return `${name} ended with ${point.end.error}`;
  for (const execution of [1, 2, 3]) {
    const outcome = documentAt<Stored>(objects, `p/runs/r/executions/${execution}/outcomes/a.json`);
    if (!outcome) continue;
    const manifest = documentAt<Stored>(objects, outcome.manifest);
    if (manifest?.digest !== outcome.digest) return `execution ${execution} settled another result than the manifest's`;
    const next = documentAt<Next>(objects, 'p/runs/r/executions/1/next.json');
    if (execution === 1 && manifest.vouched && next?.taken_by == null)
      return 'a word of a person won against the execution that was working';
  }
  return null;
}

/** At the end: a word that was recorded spares the handler, and one that was refused is nowhere. */
function checkHonoured({ objects }: World<VouchFacts>, persons: readonly string[]): string | null {
  const recorded = persons.filter((name) => objects.get(`notes/${name}`) === 'recorded');
  const refused = persons.filter((name) => objects.get(`notes/${name}`) === 'refused');
  const resumed = ['arn:2', 'arn:3'].filter((name) => objects.has(`notes/handler of ${name}`));
  const manifests = [...objects].filter(([key]) => key.includes('/manifests/')).map(([, text]) => text);
  if (recorded.length > 1) return 'two persons were recorded with two results';
  if (recorded.length === 1 && resumed.length > 0)
    return `a word was recorded, and the handler of ${resumed.join(' and ')} started`;
  for (const name of refused)
    if (manifests.some((text) => text.includes(`"by": "${name}"`)))
      return `the word of ${name} was refused, and counts`;
  if (manifests.length !== 1) return `the step has ${manifests.length} manifests at the end`;
  return null;
}
