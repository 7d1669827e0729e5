import { expect } from 'vitest';
import { planPipeline } from '../../../lib/compiler/plan/plan-pipeline.ts';
import { emitMachine } from '../../../lib/compiler/states/emit-machine.ts';
import { parseScenario, type ScriptedAttempt } from '../../../lib/offline/simulate/scenario.ts';
import { simulate } from '../../../lib/offline/simulate/simulate.ts';
import {
  type Dependencies,
  graphOf,
  layeredDependencies,
  randomDependencies,
  randomFrom,
  stepName,
} from '../../support/graphs.ts';
import { stepTemplate, templateOf, templateOfGraph } from '../../support/templates.ts';
import {
  type Budgets,
  descendantsOf,
  expectedRun,
  happened,
  type Retries,
  type Script,
} from '../engine/expected-run.ts';

/** Waits in all machines so far: a test must not pass for lack of them. */
let waits = 0;

async function simulated(dependencies: Dependencies, scripts: readonly Script[], retries?: Retries) {
  const template = retries ? templateOfRetries(dependencies, retries.budgets) : templateOfGraph(dependencies);
  const plan = planPipeline(template, graphOf(dependencies));
  waits += plan.steps.filter(({ awaits }) => awaits.length > 0).length;
  const machine = emitMachine(plan, () => 'c0de');
  const steps = Object.fromEntries(
    scripts.map(({ durationMs, attempts }, index) => [
      stepName(index),
      { duration_ms: durationMs, attempts: [...attempts] },
    ]),
  );
  return simulate(
    plan,
    machine,
    parseScenario(
      { steps, jitter: retries?.jitter ?? 1 },
      plan.steps.map(({ name }) => name),
    ),
  );
}

const templateOfRetries = (dependencies: Dependencies, budgets: readonly Budgets[]) =>
  templateOf(
    dependencies.map((own, index) => {
      const { step, timeOut, platform, backoff, initialSeconds, maxSeconds, jitter } = budgets[index] as Budgets;
      return stepTemplate(stepName(index), own.map(stepName), {
        retry: {
          retryable: null,
          maxAttempts: step,
          platformAttempts: platform,
          timeoutAttempts: timeOut,
          backoff,
          initialDelayMs: initialSeconds * 1000,
          maxDelayMs: maxSeconds * 1000,
          jitter,
        },
      });
    }),
  );

/** Any graph of up to 60 steps: dense and small, sparse, or in layers. */
function randomGraph(random: () => number): Dependencies {
  const steps = 1 + Math.floor(random() * 60);
  if (random() < 0.5 && steps > 8)
    return layeredDependencies(steps, 2 + Math.floor(random() * 7), Math.round(steps * 1.4), random);
  return randomDependencies(steps, (0.5 + random() * 4) / steps, random);
}

/** From instants to a quarter of an hour less the notice of five seconds, so that many waits outlive their backstop of fifteen minutes. */
const randomDuration = (random: () => number): number =>
  random() < 0.1 ? 0 : Math.floor(random() * (random() < 0.3 ? 894_999 : 90_000));

const kinds: ScriptedAttempt[] = ['fail', 'fail', 'crash', 'timeout', 'throttle', 'throttle', 'permanent', 'succeed'];

const randomScript = (random: () => number, faults: number): Script => ({
  durationMs: randomDuration(random),
  attempts:
    random() < faults
      ? Array.from(
          { length: 1 + Math.floor(random() * 6) },
          () => kinds[Math.floor(random() * kinds.length)] as ScriptedAttempt,
        )
      : [],
});

const oneOf = <T>(random: () => number, values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;

function randomBudgets(random: () => number): Budgets {
  const initialSeconds = 1 + Math.floor(random() * 5);
  return {
    step: 1 + Math.floor(random() * 6),
    timeOut: 1 + Math.floor(random() * 4),
    platform: 1 + Math.floor(random() * 7),
    backoff: oneOf(random, ['none', 'linear', 'exponential', 'fibonacci'] as const),
    initialSeconds,
    maxSeconds: initialSeconds + Math.floor(random() * 30),
    jitter: oneOf(random, ['full', 'none'] as const),
  };
}

/** Mostly errors of the step that may be retried, in any order, so that budgets meet. */
const faults: ScriptedAttempt[] = [
  'fail',
  'fail',
  'fail',
  { fail: { retry_after: 0 } },
  { fail: { retry_after: 7 } },
  { fail: { retry_after: 30 } },
  { fail: { retry_after: 31.5 } },
  { fail: { retry_after: 5000 } },
  'crash',
  'crash',
  'timeout',
  'timeout',
  'timeout',
  'throttle',
  'throttle',
];

function faultyScript(random: () => number): Script {
  const last = random() < 0.3 ? (['permanent'] as const) : [];
  const attempts = Array.from({ length: Math.floor(random() * 12) }, () => oneOf(random, faults));
  return { durationMs: randomDuration(random), attempts: [...attempts, ...last] };
}

/** Holds makespans to the critical path on random graphs; gives the number of waits in their machines. */
export async function checkMakespans(rounds: number): Promise<number> {
  const random = randomFrom(21);
  for (let round = 0; round < rounds; round++) {
    const dependencies = randomGraph(random);
    const scripts = dependencies.map(() => randomScript(random, 0));
    const report = await simulated(dependencies, scripts);
    const expected = expectedRun(dependencies, scripts);
    expect(report.status).toBe('SUCCEEDED');
    expect(report.makespan_ms).toBe(Math.max(...expected.map(({ ended }) => ended)));
    expected.forEach((step, index) => {
      expect(report.steps[stepName(index)], `round ${round}, ${stepName(index)}`).toEqual({
        outcome: 'succeeded',
        attempts: 1,
        invocations: 1,
        started_ms: step.started,
        ended_ms: step.ended,
      });
    });
  }
  return waits;
}

/** Holds outcomes, attempts and times under scripted faults to the semantics; counts each outcome. */
export async function checkOutcomes(rounds: number): Promise<ReadonlyMap<string, number>> {
  const random = randomFrom(22);
  const seen = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    const dependencies = randomGraph(random);
    const scripts = dependencies.map(() => randomScript(random, 0.25));
    const report = await simulated(dependencies, scripts);
    const expected = expectedRun(dependencies, scripts);
    expected.forEach((step, index) => {
      seen.set(step.outcome, (seen.get(step.outcome) ?? 0) + 1);
      expect(report.steps[stepName(index)], `round ${round}, ${stepName(index)}`).toEqual({
        outcome: step.outcome,
        attempts: step.attempts,
        invocations: step.attempts,
        started_ms: step.started,
        ended_ms: step.ended,
      });
    });
    const failed = expected.flatMap(({ outcome }, index) => (outcome === 'failed' ? [index] : []));
    const blocked = new Set(failed.flatMap((step) => [...descendantsOf(dependencies, step)]));
    expect(report.failed).toEqual(failed.map(stepName));
    expect([...report.blocked].sort()).toEqual([...blocked].sort((a, b) => a - b).map(stepName));
    expect(report.dead_letters.map(({ step }) => step).sort()).toEqual(failed.map(stepName));
    expect(report.status).toBe(failed.length > 0 ? 'FAILED' : 'SUCCEEDED');
    expect(report.makespan_ms).toBe(Math.max(...expected.map(({ ended }) => ended)));
  }
  return seen;
}

/** Holds the retry budgets and delays to the semantics; counts what happened. */
export async function checkBudgets(rounds: number): Promise<Readonly<Record<string, number>>> {
  const random = randomFrom(24);
  for (let round = 0; round < rounds; round++) {
    // Few edges: a failed step hides what would become of those after it.
    const dependencies = randomDependencies(1 + Math.floor(random() * 12), 0.05, random);
    const scripts = dependencies.map(() => faultyScript(random));
    const retries = { budgets: dependencies.map(() => randomBudgets(random)), jitter: oneOf(random, [1, 0.37, 0]) };
    const report = await simulated(dependencies, scripts, retries);
    const expected = expectedRun(dependencies, scripts, retries);
    expected.forEach((step, index) => {
      const about = JSON.stringify({ ...scripts[index], ...retries.budgets[index], jitter: retries.jitter });
      expect(report.steps[stepName(index)], `round ${round}, ${stepName(index)}: ${about}`).toEqual({
        outcome: step.outcome,
        attempts: step.attempts,
        // After a crash that used up the budget one more is begun, and finds that out.
        invocations: expect.toBeOneOf([step.attempts, step.attempts + 1]),
        started_ms: step.started,
        ended_ms: step.ended,
      });
    });
    const names = report.dead_letters.map(({ failure }) => failure.error);
    expect(names.filter((name) => /Attempts|TryAgain/.test(name))).toEqual([]);
  }
  return happened;
}

/** Two reports of one scenario. */
export async function simulateTwice() {
  const random = randomFrom(23);
  const dependencies = randomGraph(random);
  const scripts = dependencies.map(() => randomScript(random, 0.4));
  return [await simulated(dependencies, scripts), await simulated(dependencies, scripts)] as const;
}
