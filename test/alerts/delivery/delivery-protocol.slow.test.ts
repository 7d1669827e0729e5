import { expect, test } from 'vitest';
import { deliverAlerts } from '../../../lib/alerts/delivery/deliver-alerts.ts';
import type { AlertSettings } from '../../../lib/contract/events/alert-settings.ts';
import { incidentsKey } from '../../../lib/contract/object-keys.ts';
import type { Incident } from '../../../lib/contract/records/incident.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import { type Explored, explore, type Scenario } from '../../runtime/exploration/explore.ts';
import type { Program } from '../../runtime/exploration/process.ts';
import { unconditional } from '../../runtime/exploration/unconditional.ts';
import { incident, night, resolved, settings as sample } from './incidents.ts';

const topic = 'arn:aws:sns:eu-central-1:123456789012:alerts';
const settings: AlertSettings = {
  ...sample,
  routes: { critical: [{ kind: 'email', topic }] },
  escalate_after_ms: null,
};

const state = (...incidents: readonly Incident[]): string =>
  JSON.stringify({ pipeline: 'orders', last: incidents.length, successes: [], incidents });

/** Each message is an object with the name of its sender, so that copies are seen. */
const delivering = (name: string, now: number): Program =>
  async function deliver({ store }) {
    const publish = async (_: string, { subject }: { readonly subject: string }) => {
      await (store as ObjectStore).put(`sent/${subject}/${name}`, '');
    };
    const outside = { secret: async () => 'x', publish, mail: async () => {}, pause: async () => {} };
    await deliverAlerts({
      ...outside,
      store,
      settings,
      pipeline: 'orders',
      invocation: name,
      links: () => [],
      now: () => now,
    });
  };

/** The function of incidents writes, and its event calls the function of alerts. */
const after =
  (incidents: string, program: Program): Program =>
  async (ports) => {
    await ports.store.put(incidentsKey('orders'), incidents);
    await program(ports);
  };

interface Facts {
  readonly crashesLeft: number;
}

/** The number of copies of each message. */
function copies(objects: ReadonlyMap<string, string>): Map<string, number> {
  const found = new Map<string, number>();
  for (const key of objects.keys()) {
    const [, subject] = /^sent\/(.*)\/[^/]*$/.exec(key) ?? [];
    if (subject !== undefined) found.set(subject, (found.get(subject) ?? 0) + 1);
  }
  return found;
}

function scenario(crashes: number, mutate?: Scenario<Facts>['mutate']): Scenario<Facts> {
  const opened = state(incident(1));
  const ended = state(incident(1, resolved), incident(2));
  const programs = {
    first: after(opened, delivering('first', night)),
    second: after(ended, delivering('second', night)),
    // The sweep comes when the claim of a function that died has ended.
    sweep: delivering('sweep', night + 300_000),
  };
  return {
    programs,
    start: { label: 'start', facts: { crashesLeft: crashes }, start: [{ name: 'first', program: 'first' }] },
    happenings({ facts, processes, objects }) {
      const next = [];
      const wrote = (objects.get(incidentsKey('orders')) ?? '') !== '';
      if (wrote && !processes.has('second'))
        next.push({
          label: 'the run succeeds, another step fails',
          facts,
          start: [{ name: 'second', program: 'second' }],
        });
      // A function whose write of the incidents is not done has not told anything yet: that is the protocol of incidents.
      const working = [...processes].filter(
        ([name, one]) => !one.crashed && !one.point.end && one.point.history.length > 0 && name !== 'sweep',
      );
      if (facts.crashesLeft > 0)
        for (const [name] of working)
          next.push({ label: `${name} crashes`, facts: { crashesLeft: facts.crashesLeft - 1 }, crash: name });
      // Its clock is five minutes ahead, so a live function would look dead to it.
      const isQuiet = processes.has('second') && [...processes].every(([, one]) => one.crashed || one.point.end);
      if (isQuiet && !processes.has('sweep'))
        next.push({ label: 'the sweep', facts, start: [{ name: 'sweep', program: 'sweep' }] });
      return next;
    },
    check({ objects, facts }) {
      const extra = [...copies(objects).values()].reduce((sum, count) => sum + count - 1, 0);
      const crashed = crashes - facts.crashesLeft;
      return extra > crashed ? `${extra} messages more than needed after ${crashed} crashes` : null;
    },
    checkEnd({ objects, processes, facts }) {
      if (!processes.has('sweep')) return 'the sweep did not come';
      const sent = copies(objects);
      const [heard, ended, other] = [
        '[critical] orders: extract_1 failed',
        '[resolved] orders: extract_1 failed',
        '[critical] orders: extract_2 failed',
      ].map((subject) => sent.has(subject));
      if (!other) return 'no one hears of the second incident';
      // After a crash no one knows if a message arrived: an end too many is better than one too few.
      const isUncertain = facts.crashesLeft < crashes && ended;
      if (heard === ended || isUncertain) return null;
      return `the beginning was ${heard ? '' : 'not '}told, and the end ${ended ? '' : 'not '}`;
    },
    endsDoNotMatter: true,
    ...(mutate && { mutate }),
  };
}

const report = (title: string, { states, interleavings, ends }: Explored) =>
  console.info(`alerts, ${title}: ${interleavings} interleavings through ${states} states to ${ends} ends`);

test('in every interleaving each message is sent, and a crash repeats at most one', async () => {
  const explored = await explore(scenario(1));
  report('at most one crash', explored);
  expect(explored.interleavings).toBeGreaterThan(1_000_000n);
});

test('when the marks can be written over, messages are sent twice without a crash', async () => {
  await expect(explore(scenario(0, unconditional('/alerts/')))).rejects.toThrow(/messages more than needed/);
});
