/** Functions that take events of one pipeline into its incidents, at the same time, with crashes and copies. */
import type { DaybreakEvent } from '../../../lib/contract/events/event.ts';
import type { IncidentState } from '../../../lib/contract/records/incident.ts';
import type { Events } from '../../../lib/ports/ports.ts';
import { say, takeEvents } from '../../../lib/runtime/incidents/keep-incidents.ts';
import { StoppedClock } from '../fixtures.ts';
import { at } from '../incidents/incident-fixtures.ts';
import type { Scenario } from './explore.ts';
import type { Program } from './process.ts';

const clock = new StoppedClock();
const key = 'sales/incidents/state.json';

/** Lambda invokes a function again after a crash. */
export interface IncidentFacts {
  readonly crashesLeft: number;
}

/** Each report is an object, so that checks see it. */
const reportsInto = (store: Parameters<Program>[0]['store']): Events => ({
  open: async () => undefined,
  send: async (events) => {
    for (const { id } of events) await store.put(`reports/${id}`, '');
  },
});

const taking =
  (event: DaybreakEvent): Program =>
  async ({ store }) => {
    await takeEvents({ store, clock, events: reportsInto(store) }, 'sales', [event]);
  };

const closing: Program = async ({ store }) => {
  const word = { word: 'resolve', number: 1, by: 'ada', at: at('02:30'), note: '' } as const;
  await say({ store, clock, events: reportsInto(store) }, 'sales', word);
};

export interface IncidentOptions {
  readonly events: Readonly<Record<string, DaybreakEvent>>;
  /** Names of events that are delivered twice. */
  readonly twice?: readonly string[];
  /** A person closes incident 1 at 02:30. */
  readonly closes?: boolean;
  readonly crashes: number;
  /** Complains about the state in which nothing more happens. */
  readonly check: (state: IncidentState) => string | null;
  readonly mutate?: NonNullable<Scenario<IncidentFacts>['mutate']>;
}

export function incidentScenario(options: IncidentOptions): Scenario<IncidentFacts> {
  const { events, twice = [], closes = false, crashes, check, mutate } = options;
  const programs = {
    ...Object.fromEntries(Object.entries(events).map(([name, event]) => [name, taking(event)])),
    ...(closes && { closes: closing }),
  };
  const started = [
    ...Object.keys(programs).map((name) => ({ name, program: name })),
    ...twice.map((name) => ({ name: `${name} again`, program: name })),
  ];
  return {
    programs,
    start: { label: 'start', facts: { crashesLeft: crashes }, start: started },
    happenings({ facts, processes }) {
      if (facts.crashesLeft === 0) return [];
      // A crash before the first answer is a crash that did nothing.
      const working = [...processes].filter(
        ([, one]) => !one.crashed && one.point.history.length > 0 && !one.point.end,
      );
      return working
        .filter(([name]) => name !== 'closes')
        .map(([name, { program }]) => ({
          label: `${name} crashes`,
          facts: { crashesLeft: facts.crashesLeft - 1 },
          crash: name,
          start: [{ name: `${name}, retried`, program }],
        }));
    },
    check: () => null,
    checkEnd({ objects }) {
      const state = JSON.parse(objects.get(key) ?? '{"incidents":[]}') as IncidentState;
      for (const incident of state.incidents) {
        for (const { change, revision, event } of incident.story) {
          const heard = ['opened', 'updated', 'resolved'].some((type) =>
            objects.has(`reports/incident.${type}/${incident.id}/${revision}`),
          );
          if (!heard && !event.startsWith('operator/'))
            return `no one hears that incident ${incident.id} was ${change}`;
        }
      }
      return check(state);
    },
    endsDoNotMatter: true,
    ...(mutate && { mutate }),
  };
}
