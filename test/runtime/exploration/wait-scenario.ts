/** A step that waits for two producers, with attempts, repeated invocations and crashes; without the backstop. */
import type { Outcome } from '../../../lib/contract/records/outcome.ts';
import type { WaitPayload } from '../../../lib/contract/resolve-event.ts';
import { wait } from '../../../lib/runtime/execution/wait.ts';
import { settle } from '../../../lib/runtime/records/settle.ts';
import { signal } from '../../../lib/runtime/records/signal.ts';
import type { Scenario, World } from './explore.ts';
import { exploredRun as run } from './explored-run.ts';
import type { Program } from './process.ts';

const awaits = ['left', 'right'];

/** Ranks of the waiter's attempts: the second is a retry after a fault, the third entered the state again after the backstop. */
const ranks: readonly WaitPayload['rank'][] = [
  [0, '2026-01-01T00:00:00.000Z', 0],
  [0, '2026-01-01T00:00:00.000Z', 1],
  [0, '2026-01-01T00:15:00.000Z', 0],
];
const tokens = ['token 1', 'token 2', 'token 3'];

const waiter =
  (attempt: number): Program =>
  (ports) =>
    wait({ run, step: 'join', awaits, token: tokens[attempt] ?? '', rank: ranks[attempt] ?? [0, '', 0] }, ports);

/** Settles and signals, as a step does, and record-failure after it. */
const producer =
  (step: string, outcome: Outcome['outcome']): Program =>
  async (ports) => {
    const proposal: Outcome = {
      step,
      outcome,
      execution: 1,
      manifest: null,
      digest: null,
      failure: null,
      causes: [],
      attempts: 1,
      started_at: null,
      ended_at: '2026-01-01T00:00:00.000Z',
    };
    await settle(ports.store, run, proposal);
    await signal(ports, run, { name: step, wakes: { join: awaits } });
  };

export interface WaitFacts {
  /** Attempts of the wait state that were started. */
  readonly attempts: number;
  /** Producers that crashed and were followed by a retry or by record-failure. */
  readonly crashed: readonly string[];
}

interface Options {
  readonly attempts?: number;
  /** True if Lambda runs the first invocation of each attempt twice. */
  readonly twice?: boolean;
  readonly mutate?: NonNullable<Scenario<WaitFacts>['mutate']>;
}

const settled = (world: World<WaitFacts>) =>
  awaits.filter((step) => world.objects.has(`p/runs/r/executions/1/outcomes/${step}.json`));

const startAttempt = (index: number, twice: boolean) => [
  { name: `waiter ${index + 1}`, program: `waiter ${index + 1}`, token: tokens[index] ?? '' },
  ...(twice ? [{ name: `waiter ${index + 1}, invoked twice`, program: `waiter ${index + 1}` }] : []),
];

export function waitScenario({ attempts = 2, twice = true, mutate }: Options): Scenario<WaitFacts> {
  return {
    programs: {
      'waiter 1': waiter(0),
      'waiter 2': waiter(1),
      'waiter 3': waiter(2),
      ...Object.fromEntries(awaits.map((step) => [step, producer(step, 'succeeded')])),
      ...Object.fromEntries(awaits.map((step) => [`record failure of ${step}`, producer(step, 'failed')])),
    },
    start: {
      label: 'start',
      facts: { attempts: 1, crashed: [] },
      start: [...startAttempt(0, twice), ...awaits.map((step) => ({ name: step, program: step }))],
    },
    happenings({ facts, tokens: states, processes }) {
      const live = tokens[facts.attempts - 1] ?? '';
      const next = {
        facts: { ...facts, attempts: facts.attempts + 1 },
        kill: live,
        start: startAttempt(facts.attempts, twice),
      };
      const mayRetry = facts.attempts < attempts && states.get(live) === 'live';
      const crashable = awaits.filter(
        (step) => !facts.crashed.includes(step) && processes.get(step)?.point.end === null,
      );
      return [
        // The backstop is off: only a fault of the invocation ends an attempt that no one answers. Its invocations may continue, or not.
        ...(mayRetry
          ? [{ ...next, label: `attempt ${facts.attempts} of the wait is given up; its invocations go on` }]
          : []),
        ...(mayRetry
          ? [{ ...next, label: `attempt ${facts.attempts} of the wait crashes`, crash: `waiter ${facts.attempts}` }]
          : []),
        // Its retry does the same with the outcome that it finds; record-failure differs from it in what it would have settled.
        ...crashable.map((step) => ({
          label: `${step} crashes; then comes its retry or record-failure`,
          facts: { ...facts, crashed: [...facts.crashed, step].sort() },
          crash: step,
          start: [{ name: `${step} again`, program: `record failure of ${step}` }],
        })),
      ];
    },
    check: (world, last) =>
      last?.kind === 'succeed' && settled(world).length < awaits.length ? 'a token was answered too early' : null,
    checkEnd: (world) => {
      const live = tokens[world.facts.attempts - 1] ?? '';
      if (settled(world).length < awaits.length) return 'a producer never settled';
      return [...world.tokens.values()].includes('answered') ? null : `lost wake-up: no one answered ${live}`;
    },
    endsDoNotMatter: true,
    writtenOnce: (key) => key.includes('/outcomes/'),
    ...(mutate && { mutate }),
  };
}
