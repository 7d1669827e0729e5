/** A step `a` with everything that can go wrong with its attempts, a step `b` that reads what `a` made, and Finalize; driven as the compiled machine does. */
import { errorNames } from '../../../lib/contract/error-names.ts';
import { PermanentError } from '../../../lib/contract/errors.ts';
import type { RunContext } from '../../../lib/contract/payloads.ts';
import type { StepSpec } from '../../../lib/contract/step-spec.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import { runStep } from '../../../lib/runtime/attempt/run-step.ts';
import { finalize } from '../../../lib/runtime/execution/finalize.ts';
import { recordFailure } from '../../../lib/runtime/execution/record-failure.ts';
import type { StepFunction } from '../../../lib/runtime/step.ts';
import { checkCommit } from './check-commit.ts';
import type { Happening, Scenario } from './explore.ts';
import { exploredRun } from './explored-run.ts';
import type { Point, Program } from './process.ts';

const time = Date.parse('2026-01-01T00:00:00.000Z');
const clock = { now: () => time, sleep: () => new Promise<void>(() => undefined) };

/** Takes every letter; that one was sent shows by its mark in the store. */
const queue = { send: async () => undefined };

const stepNamed = (name: string, dependencies: string[]): StepSpec => ({
  name,
  dependencies,
  trigger_rule: 'all_success',
  severity: 'high',
  definition: `definition of ${name}`,
  code: 'code',
  config: { initialization: {} },
  budgets: { step: 3, time_out: 3, platform: 6 },
  delays: { backoff: 'none', initial_seconds: 1, longest_seconds: 1, jitter: false },
});
const a = stepNamed('a', []);
const b = stepNamed('b', ['a']);

/** Two files and a result that tell who made them: parts of two attempts can be told from one attempt's. */
const makes =
  (invocationId: string): StepFunction =>
  async (step) => {
    await step.file('one', invocationId);
    await step.file('two', invocationId);
    return invocationId;
  };

const attemptOf =
  (run: RunContext, attempt: number, handler: StepFunction, invocationId: string): Program =>
  (ports) =>
    runStep(
      { run, step: a, attempt, again: null, long: null, fresh: attempt === 1 },
      { ports: { ...ports, clock }, invocationId, handler, writeLine: () => undefined },
    );

const fails: StepFunction = () => {
  throw new PermanentError('it cannot be');
};

const downstream =
  (run: RunContext): Program =>
  (ports) =>
    runStep(
      { run, step: b, attempt: 1, again: null, long: null, fresh: true },
      {
        ports: { ...ports, clock },
        invocationId: 'downstream',
        handler: async (step) => [
          step.result('a'),
          (await step.readFile('a', 'one')).toString(),
          (await step.readFile('a', 'two')).toString(),
        ],
      },
    );

const record =
  (run: RunContext): Program =>
  (ports) =>
    recordFailure(
      { run, step: a, failure: { Error: 'Sandbox.Timedout', Cause: 'Task timed out' }, attempts: 2 },
      { ...ports, clock, queue },
    );

const finish =
  (run: RunContext): Program =>
  (ports) =>
    finalize(
      { run, redrive_count: 0, steps: [{ name: 'a' }, { name: 'b', dependencies: ['a'] }] },
      { store: ports.store, clock, queue },
    );

/** The objects of an earlier execution of `a`: its manifest under the same fingerprint, and one of its two files with other bytes. */
export async function damagedBefore(): Promise<ReadonlyMap<string, string>> {
  const store = new MemoryObjectStore();
  const ports = { store, clock, tokens: { succeed: async () => 'gone' as const } };
  await runStep(
    { run: exploredRun, step: a, attempt: 1, again: null, long: null, fresh: true },
    { ports, invocationId: 'earlier', handler: makes('earlier'), writeLine: () => undefined },
  );
  const objects = new Map<string, string>();
  for await (const { key } of store.list('p/runs/r/')) {
    if (/\/executions\/|progress\.json$/.test(key)) continue;
    objects.set(key, key.endsWith('/two') ? 'damaged' : Buffer.from((await store.get(key))?.body ?? '').toString());
  }
  return objects;
}

export interface CommitFacts {
  /** The state that the machine is in, and its try. */
  readonly state: 'attempt' | 'record' | 'downstream' | 'finalize' | 'ended';
  readonly entry: number;
  readonly timeOutsLeft: number;
  readonly crashesLeft: number;
  readonly lossesLeft: number;
}

/** The step gets this many attempts. */
const attempts = 2;

const nameOf = ({ state, entry }: CommitFacts): string => `${state} ${entry}`;

/** The scenario; `second` says what the handler of the last attempt does. */
export function commitScenario(options: {
  readonly second: 'succeeds' | 'fails';
  /** Two by default. */
  readonly crashes?: number;
  /** Two by default. */
  readonly timeOuts?: number;
  /** True if Lambda runs the first attempt twice; true by default. */
  readonly twice?: boolean;
  /** The objects that the step left in an earlier execution: a manifest whose data is damaged, or none. */
  readonly before?: ReadonlyMap<string, string>;
  readonly mutate?: NonNullable<Scenario<CommitFacts>['mutate']>;
}): Scenario<CommitFacts> {
  const run = { ...exploredRun, execution: options.before ? 2 : 1 };
  return {
    programs: {
      'attempt 1': attemptOf(run, 1, makes('first'), 'first'),
      'attempt 1, invoked twice': attemptOf(run, 1, makes('twice'), 'twice'),
      'attempt 2': attemptOf(run, 2, options.second === 'fails' ? fails : makes('second'), 'second'),
      record: record(run),
      downstream: downstream(run),
      finalize: finish(run),
    },
    start: {
      label: 'start',
      facts: {
        state: 'attempt',
        entry: 1,
        timeOutsLeft: options.timeOuts ?? 2,
        crashesLeft: options.crashes ?? 2,
        lossesLeft: 1,
      },
      start: [
        { name: 'attempt 1', program: 'attempt 1' },
        ...(options.twice === false ? [] : [{ name: 'attempt 1, invoked twice', program: 'attempt 1, invoked twice' }]),
      ],
    },
    happenings(world) {
      const { facts, processes } = world;
      const live = nameOf(facts);
      const working = processes.get(live)?.point.pending ?? [];
      if (working.length === 0 || (facts.state !== 'attempt' && facts.state !== 'record')) return [];
      const crash = {
        ...retry({ ...facts, crashesLeft: facts.crashesLeft - 1 }),
        label: `${live} crashes`,
        crash: live,
      };
      const timeOut = {
        ...retry({ ...facts, timeOutsLeft: facts.timeOutsLeft - 1 }),
        label: `${live} times out and goes on`,
      };
      const loss = {
        label: `${live} loses an answer`,
        facts: { ...facts, lossesLeft: facts.lossesLeft - 1 },
        loseAnswerOf: live,
      };
      return [
        ...(facts.crashesLeft > 0 ? [crash] : []),
        ...(facts.timeOutsLeft > 0 ? [timeOut] : []),
        ...(facts.lossesLeft > 0 && working[0]?.operation.kind === 'put' ? [loss] : []),
      ];
    },
    react({ facts, processes }) {
      const end = processes.get(nameOf(facts))?.point.end;
      return end ? after(end, facts) : null;
    },
    check: () => null,
    checkEnd: checkCommit,
    ...(options.before && { objects: options.before }),
    // A damaged manifest is written over.
    writtenOnce: (key) =>
      /\/(outcomes|manifests|dead-letters)\/|\/end\.json$/.test(key) && !(options.before?.has(key) ?? false),
    ownedByOne: (key) => key.includes('/data/') || key.includes('/steps/b/') || key.endsWith('/outcomes/b.json'),
    ...(options.mutate && { mutate: options.mutate, writtenOnce: () => false }),
  };
}

/** The machine's next state after one that ended by itself. */
function after(end: NonNullable<Point['end']>, facts: CommitFacts): Happening<CommitFacts> | null {
  switch (facts.state) {
    case 'attempt':
      if ('value' in end) return enter('downstream', facts);
      return end.error.name === errorNames.permanent || end.error.name === errorNames.settled
        ? enter('record', facts)
        : retry(facts);
    case 'record':
      return 'value' in end ? enter('downstream', facts) : retry(facts);
    case 'downstream':
      return enter('finalize', facts);
    case 'finalize':
      return { label: 'the execution ends', facts: { ...facts, state: 'ended', entry: 1 } };
    default:
      return null;
  }
}

function retry(facts: CommitFacts): Happening<CommitFacts> {
  if (facts.state === 'attempt' && facts.entry === attempts) return enter('record', facts);
  const entry = facts.entry + 1;
  const program = facts.state === 'attempt' ? `attempt ${entry}` : facts.state;
  return { label: 'retry', facts: { ...facts, entry }, start: [{ name: `${facts.state} ${entry}`, program }] };
}

const enter = (state: 'record' | 'downstream' | 'finalize', facts: CommitFacts): Happening<CommitFacts> => ({
  label: `the machine enters ${state}`,
  facts: { ...facts, state, entry: 1 },
  start: [
    { name: `${state} 1`, program: state },
    ...(state === 'record' ? [{ name: 'record, invoked twice', program: state }] : []),
  ],
});
