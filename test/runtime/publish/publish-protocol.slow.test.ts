import { expect, test } from 'vitest';
import { explore } from '../exploration/explore.ts';
import { type PublishScenarioOptions, publishScenario } from '../exploration/publish-scenario.ts';

const scenarios: Readonly<Record<string, PublishScenarioOptions>> = {
  'two executions, the first believed dead and finalized twice, one killed': {
    ...{ executions: ['a', 'b'], first: ['finalized late', 'stopped'], crashes: 1 },
  },
  'two executions, the first believed dead, a rollback, a lost answer': {
    ...{ executions: ['a', 'b'], first: ['stopped'], people: ['rolls back'], losses: 1 },
  },
  'an execution finalized twice, a rollback, a withdrawal of its version, a reader': {
    ...{ executions: ['a'], first: ['finalized late'], people: ['rolls back', 'withdraws the first'], readings: 1 },
  },
  'an execution, two withdrawals and a rollback, a killed and a lost write': {
    ...{ executions: ['a'], people: ['rolls back', 'withdraws 2', 'withdraws the first'], crashes: 1, losses: 1 },
  },
  'two executions, a removal of records and a reader that reads twice, one killed': {
    ...{ executions: ['a', 'b'], removal: true, readings: 2, crashes: 1 },
  },
  'three executions, the first believed dead': { ...{ executions: ['a', 'b', 'c'], first: ['stopped'] } },
};

test.each(Object.entries(scenarios))('no interleaving breaks what readers see: %s', async (title, options) => {
  const { interleavings, states, ends } = await explore(await publishScenario(options));
  console.info(`publish protocol, ${title}: ${interleavings} interleavings through ${states} states to ${ends} ends`);
  expect(interleavings).toBeGreaterThan(1_000n);
});
