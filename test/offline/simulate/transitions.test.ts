import { expect, test } from 'vitest';
import type { Layout } from '../../../lib/compiler/plan/plan.ts';
import { planPipeline } from '../../../lib/compiler/plan/plan-pipeline.ts';
import { emitMachine } from '../../../lib/compiler/states/emit-machine.ts';
import { parseScenario } from '../../../lib/offline/simulate/scenario.ts';
import { simulate } from '../../../lib/offline/simulate/simulate.ts';
import { type Dependencies, graphOf, layeredDependencies, randomFrom } from '../../support/graphs.ts';
import { templateOfGraph } from '../../support/templates.ts';

const chain: Dependencies = Array.from({ length: 20 }, (_, step) => (step === 0 ? [] : [step - 1]));
const wide: Dependencies = Array.from({ length: 20 }, () => []);

/** AWS bills each state that is entered: five of every machine (Prepare, two Choices, Finalize, the end), then those of the graph. */
const ofEveryRun = 5;

const parallelsIn = (layout: Layout): number =>
  layout.kind === 'step'
    ? 0
    : layout.parts.reduce((sum, part) => sum + parallelsIn(part), layout.kind === 'parallel' ? 1 : 0);

const simulated = (dependencies: Dependencies, attempts: Readonly<Record<string, string[]>>) => {
  const plan = planPipeline(templateOfGraph(dependencies), graphOf(dependencies));
  const scenario = {
    jitter: 0,
    steps: Object.fromEntries(Object.entries(attempts).map(([step, kinds]) => [step, { attempts: kinds }])),
  };
  const names = plan.steps.map(({ name }) => name);
  return {
    plan,
    report: simulate(
      plan,
      emitMachine(plan, () => 'c0de'),
      parseScenario(scenario, names),
    ),
  };
};

test.each([
  ['a chain', chain, { parallels: 0, waits: 0 }],
  ['steps side by side', wide, { parallels: 1, waits: 0 }],
  ['layers', layeredDependencies(30, 5, 60, randomFrom(1)), null],
])('%s: a run takes one transition for each step, each Parallel and each wait', async (_, dependencies, expected) => {
  const { plan, report } = simulated(dependencies, {});
  const parallels = parallelsIn(plan.layout);
  const waits = plan.steps.filter(({ awaits }) => awaits.length > 0).length;
  if (expected) expect({ parallels, waits }).toEqual(expected);
  else expect(waits).toBeGreaterThan(3);
  const { status, transitions } = await report;
  expect({ status, transitions }).toEqual({
    status: 'SUCCEEDED',
    transitions: ofEveryRun + dependencies.length + parallels + waits,
  });
});

test('a retry is one transition more', async () => {
  const { transitions } = await simulated(chain, { s003: ['fail', 'fail', 'succeed'] }).report;
  expect(transitions).toBe(ofEveryRun + 20 + 2);
});

test('a failure in a chain takes two more for itself, and a step after it none; a failed run does not reach its last two states', async () => {
  const { status, transitions } = await simulated(chain, { s003: ['permanent'] }).report;
  expect({ status, transitions }).toEqual({ status: 'FAILED', transitions: ofEveryRun - 2 + 20 + 2 });
});
