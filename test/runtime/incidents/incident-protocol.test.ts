import { describe, expect, test } from 'vitest';
import type { IncidentState } from '../../../lib/contract/records/incident.ts';
import { type Explored, explore } from '../exploration/explore.ts';
import { incidentScenario } from '../exploration/incident-scenario.ts';
import { unconditional } from '../exploration/unconditional.ts';
import { runCompleted, runFailed, stepFailed } from './incident-fixtures.ts';

const report = (title: string, { states, interleavings, ends }: Explored) =>
  console.info(`incidents, ${title}: ${interleavings} interleavings through ${states} states to ${ends} ends`);

const failure = stepFailed('02:00', { run: 'r1' });
const sameCause = stepFailed('02:01', { run: 'r2' });
const failedRun = runFailed('02:02', { run: 'r1', started: '01:00', failed: ['extract'] });
const success = runCompleted('03:00', { run: 'r3', started: '02:30' });
const afterwards = stepFailed('04:00', { run: 'r4' });

const only = (status: string, failures: number) => (state: IncidentState) => {
  const found = state.incidents.map((incident) => `${incident.status} after ${incident.failures}`).join(', ');
  return found === `${status} after ${failures}` ? null : `the incidents are: ${found}`;
};

describe('taking events into incidents, every interleaving', () => {
  test('two failures of one cause at once, one of them delivered twice, one function killed: one incident, each change heard', async () => {
    const explored = await explore(
      incidentScenario({ events: { failure, sameCause }, twice: ['failure'], crashes: 1, check: only('open', 2) }),
    );
    report('two failures at once', explored);
    expect(explored.interleavings).toBeGreaterThan(1_000n);
  });

  test('a failed step, its run and the success after it in any order: one incident, resolved', async () => {
    const explored = await explore(
      incidentScenario({ events: { failure, failedRun, success }, crashes: 1, check: only('resolved', 1) }),
    );
    report('late events', explored);
    expect(explored.ends).toBeGreaterThan(1);
  });

  test('a success against a failure that came after it: the incident is open in the end', async () => {
    const explored = await explore(
      incidentScenario({ events: { failure, success, afterwards }, crashes: 1, check: only('open', 2) }),
    );
    report('resolved against reopened', explored);
  });

  test('a person who closes against a failure that comes afterwards: the failure counts', async () => {
    const check = ({ incidents }: IncidentState) =>
      incidents.some(({ status }) => status === 'open') || incidents.length === 0
        ? null
        : 'the failure of 04:00 is closed';
    await explore(incidentScenario({ events: { failure, afterwards }, closes: true, crashes: 0, check }));
  });

  test('when the record can be written over, a failure is lost', async () => {
    const broken = incidentScenario({
      events: { failure, sameCause },
      crashes: 0,
      check: only('open', 2),
      mutate: unconditional('/incidents/'),
    });
    await expect(explore(broken)).rejects.toThrow(/the incidents are: open after 1/);
  });
});
