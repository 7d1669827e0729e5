import { expect, test } from 'vitest';
import type { Json } from '../../../lib/contract/json.ts';
import { letterStatesOfRun } from '../../../lib/operate/letters/letter-states.ts';
import { readExecutions } from '../../../lib/runtime/records/execution-number.ts';
import { type Author, fails, Runs, writes } from '../world-of-runs.ts';

const run = { pipeline: 'test', run_id: 'r' };

/** `load` fails, `report` tells what it was given, and `mail` comes last. */
const steps = (code = 'v1', seen: Json[] = []): Author[] => [
  { name: 'source', dependencies: [], code: 's', initialization: {}, handler: writes('rows') },
  { name: 'load', dependencies: ['source'], code, initialization: {}, handler: code === 'v1' ? fails : () => code },
  {
    ...{ name: 'report', dependencies: ['load'], code: 'r', initialization: {} },
    handler: (step) => {
      seen.push(step.result('load'));
      return 'told';
    },
  },
  { name: 'mail', dependencies: ['report'], code: 'm', initialization: {}, handler: () => 'sent' },
];

async function failed(): Promise<Runs> {
  const runs = new Runs();
  expect(await runs.execute(steps())).toEqual({
    source: 'succeeded',
    load: 'failed',
    report: 'blocked',
    mail: 'blocked',
  });
  return runs;
}

test('the next execution reuses the result that a person gave, and the letter of the step is settled', async () => {
  const runs = await failed();
  const vouched = await runs.vouch(steps(), 'load', { rows: 7 });
  expect(vouched).toMatchObject({ changed: true, settled: ['test/r/1/load'], manifest: { vouched: { by: 'anna' } } });
  const [state] = await letterStatesOfRun(runs.world.store, run);
  expect(state).toMatchObject({ closedBecause: 'vouched', vouched: { by: 'anna', reason: 'done by hand' } });
  expect((await runs.reasons(steps()))[1]).toBe('load reuse: vouched for by anna');
  const seen: Json[] = [];
  const outcomes = await runs.execute(steps('v1', seen));
  expect(outcomes).toEqual({ source: 'reused', load: 'reused', report: 'succeeded', mail: 'succeeded' });
  expect(seen).toEqual([{ rows: 7 }]);
});

test('steps can be vouched for one after the other, and a word reaches over a further failure', async () => {
  const runs = await failed();
  await expect(runs.vouch(steps(), 'report', 1)).rejects.toThrow('it depends on load, without a result');
  await runs.vouch(steps(), 'load', 1);
  await runs.vouch(steps(), 'report', 'by phone');
  const broken = steps().map((step) => (step.name === 'mail' ? { ...step, handler: fails } : step));
  const first = { source: 'reused', load: 'reused', report: 'reused' };
  expect(await runs.execute(broken)).toEqual({ ...first, mail: 'failed' });
  expect(await runs.execute(steps())).toEqual({ ...first, mail: 'succeeded' });
});

test('a change of the code or of the input ends a word, and --from does', async () => {
  const changed = await failed();
  await changed.vouch(steps(), 'load', 1);
  expect((await changed.reasons(steps('v2')))[1]).toBe('load run: code changed: load.ts since anna vouched for it');
  expect(await changed.execute(steps('v2'))).toMatchObject({ load: 'succeeded' });
  const other = await failed();
  await other.vouch(steps(), 'load', 1);
  expect(await other.execute(steps(), { input: { day: 2 } })).toMatchObject({ load: 'failed' });
  const asked = await failed();
  await asked.vouch(steps(), 'load', 1);
  expect(await asked.execute(steps(), { from: ['load'] })).toMatchObject({ load: 'failed' });
});

test('no one vouches for a step with a result, for a run that works, or twice with two results', async () => {
  const runs = await failed();
  await expect(runs.vouch(steps(), 'source', 1)).rejects.toThrow('it succeeded in execution 1, and a resume reuses');
  await runs.vouch(steps(), 'load', 1);
  expect(await runs.vouch(steps(), 'load', 1)).toMatchObject({ changed: false, settled: ['test/r/1/load'] });
  await expect(runs.vouch(steps(), 'load', 2)).rejects.toThrow('anna has vouched for it with another result');
  const [{ execution_arn: arn } = { execution_arn: '' }] = await readExecutions(runs.world.store, run);
  runs.world.executions.set(arn, 'RUNNING');
  await expect(runs.vouch(steps(), 'load', 1)).rejects.toThrow(`is being worked on by ${arn}`);
  runs.world.executions.set(arn, 'FAILED');
  await runs.execute(steps(), { until: 1 });
  // Execution 2 died, and Reconcile has not recorded it.
  await expect(runs.vouch(steps(), 'report', 1)).rejects.toThrow('the end of execution 2 of run r is not recorded yet');
});
