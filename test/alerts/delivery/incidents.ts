import type { AlertSettings, SecretLocation } from '../../../lib/contract/events/alert-settings.ts';
import { incidentsKey } from '../../../lib/contract/object-keys.ts';
import type { Incident } from '../../../lib/contract/records/incident.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';

const at = (id: string): SecretLocation => ({ service: 'ssm', id: `/${id}` });

/** One destination of each severity, and two of critical. */
export const settings: AlertSettings = {
  routes: {
    critical: [
      { kind: 'pagerduty', routing_key: at('pager'), region: 'us' },
      { kind: 'slack', token: at('slack'), channel: '#data' },
    ],
    high: [{ kind: 'slack', token: at('slack'), channel: '#data' }],
    medium: [{ kind: 'email', topic: 'arn:aws:sns:eu-central-1:123456789012:alerts' }],
  },
  stakeholders: [],
  business_hours: { days: [1, 2, 3, 4, 5], from: 540, to: 1020, timezone: 'UTC', holidays: [] },
  escalate_after_ms: 15 * 60_000,
};

/** Tuesday, at night. */
export const night = Date.parse('2026-12-01T02:00:00.000Z');

/** An incident that just opened, loudly. */
export function incident(number: number, changes: Partial<Incident> = {}): Incident {
  const moment = new Date(night).toISOString();
  return {
    id: `orders-${number}`,
    number,
    pipeline: 'orders',
    status: 'open',
    severity: 'critical',
    title: `extract_${number} failed`,
    causes: [{ step: `extract_${number}`, error: 'RetryableError' }],
    opened_at: moment,
    last_failure_at: moment,
    last_run: { run_id: 'r1', execution: 1 },
    resolved_at: null,
    resolved_by: null,
    acknowledged: null,
    executions: ['r1/1'],
    failing: [{ step: `extract_${number}`, execution: { run_id: 'r1', execution: 1 }, at: moment }],
    failures: 1,
    blocked: ['transform'],
    reopened: 0,
    loud_at: moment,
    loud: true,
    resume: 'npx daybreak resume orders r1',
    revision: 1,
    story: [],
    ...changes,
  };
}

export const resolved: Partial<Incident> = {
  status: 'resolved',
  resolved_at: '2026-12-01T05:00:00.000Z',
  resolved_by: 'r2',
  revision: 2,
};

/** Puts incidents into the store in place of those that it has. */
export async function keepIncidents(store: ObjectStore, ...incidents: readonly Incident[]): Promise<void> {
  await store.put(
    incidentsKey('orders'),
    JSON.stringify({ pipeline: 'orders', last: incidents.length, successes: [], incidents }),
  );
}
