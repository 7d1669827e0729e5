import {
  type AlertSettings,
  type Destination,
  type Severity,
  severities,
} from '../../../../contract/events/alert-settings.ts';
import { describe } from '../../tree/tree.ts';
import { type KeyTable, key, type Reader, take, takes } from '../key-table.ts';
import { wholeSeconds } from '../read-duration.ts';
import { readMapping } from '../read-mapping.ts';
import { businessHours, defaultBusinessHours } from './read-business-hours.ts';
import { destination, destinationTable } from './read-destination.ts';

/** Each destination gets each alert; a few are enough for a team, and a message per destination takes time. */
const mostDestinations = 10;

const route: Reader<Destination[]> = takes(
  (of) => ({
    anyOf: [of(destinationTable), { type: 'array', maxItems: mostDestinations, items: of(destinationTable) }],
  }),
  (value, reading, name) => {
    const items = value.kind === 'list' ? value.items : [value];
    if (value.kind === 'scalar' || items.length > mostDestinations) {
      const what = value.kind === 'scalar' ? describe(value) : `a list of ${items.length}`;
      const message = `"${name}" is a list of 1 to ${mostDestinations} destinations like { slack: ssm:/alerts/slack }, but this is ${what}`;
      reading.say('BAD_TYPE', value.range, message);
      return null;
    }
    return items.flatMap((item) => destination(item, reading, name) ?? []);
  },
);

const meanings: Readonly<Record<Severity, string>> = {
  critical: 'destinations of critical incidents, at once',
  high: 'destinations of incidents of high severity, at once',
  medium: 'destinations of incidents of medium severity, in a digest at the next business hour',
  low: 'destinations of incidents of low severity, in the same digest; without it they are only recorded',
};

const routes = severities.map((severity) => key(severity, meanings[severity], route));
const stakeholders = key(
  'stakeholders',
  'destinations of people outside of the team: they hear once that the data will be late, and once that it is ready',
  route,
);
const hours = key('business_hours', 'when the digest is sent, see "Business hours"', businessHours);
const escalateAfter = key(
  'escalate_after',
  'an incident that no one acknowledged for so long goes to the next severity that has destinations too',
  wholeSeconds('s', 'an escalation time'),
);

/** Keys of `alerts`. */
export const alertKeys: KeyTable = { of: '"alerts"', keys: [...routes, stakeholders, hours, escalateAfter] };

/** The people and systems that hear of incidents. */
export const alerts: Reader<AlertSettings> = takes(
  (of) => of(alertKeys),
  (value, reading) => {
    const map = readMapping(value, alertKeys, reading);
    if (map === null) return null;
    const read = routes.flatMap((one, index): [Severity, Destination[]][] => {
      const list = take(map, one, reading);
      const severity = severities[index];
      return list && list.length > 0 && severity ? [[severity, list]] : [];
    });
    return {
      routes: Object.fromEntries(read),
      stakeholders: take(map, stakeholders, reading) ?? [],
      business_hours: take(map, hours, reading) ?? defaultBusinessHours,
      escalate_after_ms: take(map, escalateAfter, reading),
    };
  },
);
