import { expect, test } from 'vitest';
import { deliverAlerts } from '../../../lib/alerts/delivery/deliver-alerts.ts';
import type { AlertSettings } from '../../../lib/contract/events/alert-settings.ts';
import type { DaybreakEvent } from '../../../lib/contract/events/event.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import { takeEvents } from '../../../lib/runtime/incidents/keep-incidents.ts';
import { StoppedClock } from '../../runtime/fixtures.ts';
import { at, missed, runCompleted, stepFailed } from '../../runtime/incidents/incident-fixtures.ts';
import { settings as sample } from './incidents.ts';

const topic = (name: string) => `arn:aws:sns:eu-central-1:123456789012:${name}`;
const settings: AlertSettings = {
  ...sample,
  routes: { high: [{ kind: 'email', topic: topic('team') }] },
  stakeholders: [{ kind: 'email', topic: topic('board') }],
};

/** Takes events in one after the other, and delivers after each; gives `<topic>: <subject>` of each mail. */
async function mailsOf(...events: readonly DaybreakEvent[]): Promise<string[]> {
  const store = new MemoryObjectStore();
  const mails: string[] = [];
  for (const event of events) {
    await takeEvents({ store, clock: new StoppedClock() }, 'sales', [event]);
    const publish = async (to: string, { subject }: { readonly subject: string }) =>
      void mails.push(`${to.split(':').at(-1)}: ${subject}`);
    const outside = { secret: async () => 'x', publish, mail: async () => {}, pause: async () => {} };
    const now = () => Date.parse(event.time);
    await deliverAlerts({ ...outside, store, settings, pipeline: 'sales', links: () => [], now });
  }
  return mails;
}

const miss = missed('07:00', 'r1');
const risk = { ...miss, id: 'deadline.at_risk/sales/r1', type: 'deadline.at_risk', time: at('06:00') } as DaybreakEvent;
const success = runCompleted('08:00', { run: 'r1', n: 2, started: '07:30' });

test('a failure that makes data late tells the team once and the stakeholders once, and both of the end', async () => {
  const failure = stepFailed('02:00', { run: 'r1' });
  expect(await mailsOf(failure, risk, miss, miss, success, success)).toEqual([
    'team: [high] sales: extract failed with CrmDown',
    'board: [late] sales: the data will be late',
    'team: [resolved] sales: extract failed with CrmDown',
    'board: [resolved] sales: the data is ready',
  ]);
});

test('data that is late without a failure is one incident, named by the deadline', async () => {
  expect(await mailsOf(risk, miss, success)).toEqual([
    'team: [high] sales: the deadline is in danger',
    'board: [late] sales: the data will be late',
    'team: [resolved] sales: the deadline has passed',
    'board: [resolved] sales: the data is ready',
  ]);
});
