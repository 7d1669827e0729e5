import { describe, expect, test } from 'vitest';
import { type AttemptKind, parseScenario } from '../../lib/local/scenario.ts';
import { simulate } from '../../lib/local/simulate.ts';
import { planPipeline } from '../../lib/plan/plan-pipeline.ts';
import { emitMachine } from '../../lib/states/emit-machine.ts';
import {
  type Dependencies,
  graphOf,
  layeredDependencies,
  randomDependencies,
  randomFrom,
  stepName,
} from '../support/graphs.ts';
import { templateOfGraph } from '../support/templates.ts';
import { descendantsOf, expectedRun, type Script } from './expected-run.ts';

/** Waits in all machines so far: the tests below must not pass for lack of them. */
let waits = 0;

async function simulated(dependencies: Dependencies, scripts: readonly Script[]) {
  const plan = planPipeline(templateOfGraph(dependencies), graphOf(dependencies));
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
      { steps },
      plan.steps.map(({ name }) => name),
    ),
  );
}

/** Any graph of up to 60 steps: dense and small, sparse, or in layers. */
function randomGraph(random: () => number): Dependencies {
  const steps = 1 + Math.floor(random() * 60);
  if (random() < 0.5 && steps > 8)
    return layeredDependencies(steps, 2 + Math.floor(random() * 7), Math.round(steps * 1.4), random);
  return randomDependencies(steps, (0.5 + random() * 4) / steps, random);
}

/** From instants to half an hour, so that many waits outlive their backstop of fifteen minutes. */
const randomDuration = (random: () => number): number =>
  random() < 0.1 ? 0 : Math.floor(random() * (random() < 0.3 ? 899_999 : 90_000));

const kinds: AttemptKind[] = ['fail', 'fail', 'crash', 'timeout', 'throttle', 'throttle', 'permanent', 'succeed'];

const randomScript = (random: () => number, faults: number): Script => ({
  durationMs: randomDuration(random),
  attempts:
    random() < faults
      ? Array.from(
          { length: 1 + Math.floor(random() * 6) },
          () => kinds[Math.floor(random() * kinds.length)] as AttemptKind,
        )
      : [],
});

describe('the compiled machine on the virtual clock', () => {
  test('each step starts exactly when its last dependency ends, so the makespan is the critical path', async () => {
    const random = randomFrom(21);
    for (let round = 0; round < 150; round++) {
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
          started_ms: step.started,
          ended_ms: step.ended,
        });
      });
    }
    expect(waits).toBeGreaterThan(300);
  });

  test('under scripted faults every step has the outcome, attempts and times that the semantics say', async () => {
    const random = randomFrom(22);
    const seen = new Map<string, number>();
    for (let round = 0; round < 200; round++) {
      const dependencies = randomGraph(random);
      const scripts = dependencies.map(() => randomScript(random, 0.25));
      const report = await simulated(dependencies, scripts);
      const expected = expectedRun(dependencies, scripts);
      expected.forEach((step, index) => {
        seen.set(step.outcome, (seen.get(step.outcome) ?? 0) + 1);
        expect(report.steps[stepName(index)], `round ${round}, ${stepName(index)}`).toEqual({
          outcome: step.outcome,
          attempts: step.attempts,
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
    for (const outcome of ['succeeded', 'failed', 'blocked']) expect(seen.get(outcome), outcome).toBeGreaterThan(200);
  });

  test('the same scenario gives the same report', async () => {
    const random = randomFrom(23);
    const dependencies = randomGraph(random);
    const scripts = dependencies.map(() => randomScript(random, 0.4));
    expect(await simulated(dependencies, scripts)).toEqual(await simulated(dependencies, scripts));
  });
});
