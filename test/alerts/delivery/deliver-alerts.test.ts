import { describe, expect, test } from 'vitest';
import { alertsAhead, deliverAlerts } from '../../../lib/alerts/delivery/deliver-alerts.ts';
import type { AlertSettings, Destination } from '../../../lib/contract/events/alert-settings.ts';
import { outcomeKey } from '../../../lib/contract/object-keys.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import { incident, keepIncidents, night, resolved, settings } from './incidents.ts';

/** The vendors as one fetch: it keeps `<vendor> <what>` of each message. */
class Vendors {
  readonly taken: string[] = [];
  /** Hosts in the order of requests. */
  readonly tried: string[] = [];
  readonly bodies: Record<string, unknown>[] = [];
  /** Hosts that answer 400. */
  broken: string[] = [];
  /** Called before an answer. */
  before: () => void = () => {};

  readonly fetch = (async (url: string, { body }: { readonly body: string }) => {
    const { host } = new URL(url);
    this.tried.push(host);
    this.before();
    if (this.broken.includes(host)) return new Response('no', { status: 400 });
    const content = JSON.parse(body);
    this.bodies.push(content);
    this.taken.push(host === 'slack.com' ? `slack ${content.text}` : `pagerduty ${content.event_action}`);
    return new Response(JSON.stringify({ ok: true, ts: `1.${this.taken.length}` }));
  }) as unknown as typeof fetch;
}

function world(store: ObjectStore = new MemoryObjectStore(), given: AlertSettings = settings) {
  const vendors = new Vendors();
  const clock = { now: night };
  const options = {
    store,
    settings: given,
    pipeline: 'orders',
    links: () => [],
    secret: async () => 'x',
    publish: async (_: string, { subject }: { readonly subject: string }) => {
      vendors.taken.push(`mail ${subject}`);
    },
    mail: async () => {},
    pause: async () => {},
    now: () => clock.now,
    fetch: vendors.fetch,
  };
  return { store, vendors, clock, deliver: () => deliverAlerts(options), ahead: () => alertsAhead(options) };
}

const minutes = (count: number): number => count * 60_000;

describe('alerts of an incident', () => {
  test('reach every destination of its severity once, however often the function is called', async () => {
    const { store, vendors, deliver } = world();
    await keepIncidents(store, incident(1));
    for (let call = 0; call < 3; call += 1) await deliver();
    expect(vendors.taken).toEqual(['pagerduty trigger', 'slack [critical] orders: extract_1 failed']);
  });

  test('say what failed, how often it was tried, what it blocks and what still arrives', async () => {
    const { store, vendors, deliver } = world();
    const run = { pipeline: 'orders', run_id: 'r1', execution: 1 };
    const failure = { error: 'RetryableError', cause: 'the CRM answers 503' };
    const outcome = { step: 'extract_1', outcome: 'failed', execution: 1, attempts: 3, failure };
    await store.put(outcomeKey(run, 'extract_1'), JSON.stringify(outcome));
    await store.put(
      outcomeKey(run, 'extract_2'),
      JSON.stringify({ ...outcome, step: 'extract_2', outcome: 'succeeded' }),
    );
    await keepIncidents(store, incident(1));
    await deliver();
    expect(vendors.bodies[0]).toMatchObject({
      dedup_key: 'orders-1',
      payload: {
        custom_details: {
          Failed: 'extract_1 (RetryableError)',
          Tried: '3 times',
          Blocks: 'transform',
          'Still arrives': 'extract_2',
          Message: 'the CRM answers 503',
          'Continue with': 'npx daybreak resume orders r1',
        },
      },
    });
  });

  test('tell the end to those who heard of the beginning, in the same thread, and to no one else', async () => {
    const { store, vendors, deliver } = world();
    await keepIncidents(store, incident(1), incident(2, { severity: 'low' }));
    await deliver();
    await keepIncidents(store, incident(1, resolved), incident(2, { ...resolved, severity: 'low' }));
    await deliver();
    await deliver();
    expect(vendors.taken.slice(2)).toEqual(['pagerduty resolve', 'slack [resolved] orders: extract_1 failed']);
    expect(vendors.bodies[3]).toMatchObject({ thread_ts: '1.2' });
  });

  test('do not exist for an incident that is quiet, or was resolved before anyone heard of it', async () => {
    const { store, vendors, deliver } = world();
    await keepIncidents(store, incident(1, { loud_at: null, loud: false }), incident(2, resolved));
    await deliver();
    expect(vendors.taken).toEqual([]);
  });

  test('come again if it comes back loudly, or if its severity rises', async () => {
    const { store, vendors, deliver } = world();
    await keepIncidents(store, incident(1, { severity: 'high' }));
    await deliver();
    await keepIncidents(store, incident(1));
    await deliver();
    await keepIncidents(store, incident(1, { loud_at: new Date(night + minutes(5)).toISOString(), reopened: 1 }));
    await deliver();
    expect(vendors.taken.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'slack [high]',
      'pagerduty trigger',
      'slack [critical]',
      'pagerduty trigger',
      'slack [critical]',
    ]);
  });
});

describe('alerts that can wait', () => {
  test('come in one digest at the next business hour', async () => {
    const { store, vendors, clock, deliver } = world();
    const medium = { severity: 'medium' } as const;
    await keepIncidents(store, incident(1, medium), incident(2, medium), incident(3, medium));
    clock.now = Date.parse('2026-12-01T08:59:59Z');
    await deliver();
    expect(vendors.taken).toEqual([]);
    await keepIncidents(store, incident(1, medium), incident(2, medium), incident(3, { ...medium, ...resolved }));
    clock.now = Date.parse('2026-12-01T09:00:00Z');
    await deliver();
    await deliver();
    expect(vendors.taken).toEqual(['mail [digest] orders: 2 incidents are open']);
  });
});

describe('stakeholders', () => {
  const late = { ready_by: '2026-12-01T06:00:00.000Z', missed: false, late_seconds: 1_500, held_up_by: 'extract_1' };
  const board: Destination = { kind: 'slack', token: { service: 'ssm', id: '/slack' }, channel: '#executive-alerts' };
  const inBoard = (vendors: Vendors) => vendors.bodies.filter(({ channel }) => channel === '#executive-alerts');

  test('hear once that the data will be late, in plain words, and once that it is ready', async () => {
    const { store, vendors, deliver } = world(new MemoryObjectStore(), { ...settings, stakeholders: [board] });
    await keepIncidents(store, incident(1));
    await deliver();
    expect(inBoard(vendors)).toEqual([]);
    await keepIncidents(store, incident(1, { late }));
    await deliver();
    await keepIncidents(store, incident(1, { late: { ...late, missed: true }, failures: 2 }));
    await deliver();
    await keepIncidents(store, incident(1, { ...resolved, late }));
    await deliver();
    await deliver();
    expect(inBoard(vendors).map(({ text }) => text)).toEqual([
      '[late] orders: the data will be late',
      '[resolved] orders: the data is ready',
    ]);
    const [first, second] = inBoard(vendors);
    const shown = JSON.stringify(first);
    for (const fact of ['2026-12-01 06:00 UTC', '2026-12-01 06:25 UTC', 'extract_1', 'when it is ready'])
      expect(shown).toContain(fact);
    expect(shown).not.toMatch(/RetryableError|daybreak resume/);
    expect(second).toHaveProperty('thread_ts');
  });

  test('hear of the next deadline again, and of an incident that the team need not hear of', async () => {
    const { store, vendors, deliver } = world(new MemoryObjectStore(), { ...settings, stakeholders: [board] });
    const quiet = { severity: 'low', loud_at: null, loud: false } as const;
    await keepIncidents(store, incident(1, { ...quiet, late }));
    await deliver();
    const next = { ...late, ready_by: '2026-12-02T06:00:00.000Z' };
    await keepIncidents(store, incident(1, { ...quiet, late: next }));
    await deliver();
    await deliver();
    expect(vendors.taken).toEqual([
      'slack [late] orders: the data will be late',
      'slack [late] orders: the data will be late',
    ]);
  });

  test('are not told that data is ready when a person only closed the incident', async () => {
    const { store, vendors, deliver } = world(new MemoryObjectStore(), { ...settings, stakeholders: [board] });
    await keepIncidents(store, incident(1, { late }));
    await deliver();
    await keepIncidents(store, incident(1, { ...resolved, late, resolved_by: 'operator ada' }));
    await deliver();
    expect(inBoard(vendors).at(-1)?.text).toBe('[resolved] orders: the team has closed the incident');
  });

  test('the team’s thread learns that the deadline is in danger', async () => {
    const { store, vendors, deliver } = world();
    await keepIncidents(store, incident(1));
    await deliver();
    await keepIncidents(store, incident(1, { late }));
    await deliver();
    await deliver();
    expect(vendors.taken.slice(2)).toEqual(['pagerduty trigger', 'slack [critical, again] orders: extract_1 failed']);
    expect(JSON.stringify(vendors.bodies[3])).toContain(
      'in danger: 2026-12-01 06:00 UTC; expected 25 min later, held up by extract_1',
    );
  });
});

describe('escalation', () => {
  test('goes to the next severity after escalate_after, unless a person acknowledges', async () => {
    const { store, vendors, clock, deliver } = world();
    const high = { severity: 'high' } as const;
    const acknowledged = { by: 'Ada', at: new Date(night + minutes(5)).toISOString(), note: '' };
    await keepIncidents(store, incident(1, high), incident(2, high));
    await deliver();
    await keepIncidents(store, incident(1, high), incident(2, { ...high, status: 'acknowledged', acknowledged }));
    clock.now = night + minutes(15) - 1;
    await deliver();
    expect(vendors.taken.slice(2)).toEqual(['slack [acknowledged] orders: extract_2 failed']);
    clock.now = night + minutes(15);
    await deliver();
    await deliver();
    // Slack has heard of the first incident already; PagerDuty is new.
    expect(vendors.taken.slice(3)).toEqual(['pagerduty trigger']);
    expect(vendors.bodies.at(-1)).toMatchObject({ dedup_key: 'orders-1' });
  });
});

describe('delivery', () => {
  test('does not let a broken destination hold up the others, and repeats it with the next call', async () => {
    const { store, vendors, deliver } = world();
    await keepIncidents(store, incident(1));
    vendors.broken = ['events.pagerduty.com'];
    const first = await deliver();
    expect(first.failed).toEqual([
      'pagerduty (ssm:/pager) refused the alert: HTTP 400 (no); store the integration key of an "Events API v2" integration (32 characters) in ssm:/pager, and check "region"',
    ]);
    expect(vendors.taken).toEqual(['slack [critical] orders: extract_1 failed']);
    vendors.broken = [];
    await deliver();
    expect(vendors.taken.slice(1)).toEqual(['pagerduty trigger']);
  });

  test('asks a destination that does not answer once in a call, however many messages wait for it', async () => {
    const { store, vendors, deliver } = world();
    await keepIncidents(store, incident(1), incident(2), incident(3));
    let asked = 0;
    vendors.before = () => {
      asked += 1;
      throw new TypeError('fetch failed');
    };
    const { failed } = await deliver();
    // Four tries at each of the two destinations.
    expect(asked).toBe(8);
    expect(failed).toHaveLength(2);
  });

  test('is foretold exactly, with what follows by the clock, and foretelling changes nothing', async () => {
    const { store, vendors, clock, deliver, ahead } = world();
    await keepIncidents(store, incident(1, { severity: 'high' }), incident(2, { severity: 'medium' }));
    const slack = { destination: 'slack #data (ssm:/slack)', title: '[high] orders: extract_1 failed' };
    const first = await ahead();
    expect(first.map(({ destination, at }) => [destination, at])).toEqual([
      ['slack #data (ssm:/slack)', null],
      ['pagerduty (ssm:/pager)', '2026-12-01T02:15:00.000Z'],
      ['email arn:aws:sns:eu-central-1:123456789012:alerts', '2026-12-01T09:00:00.000Z'],
      ['slack #data (ssm:/slack)', '2026-12-01T09:15:00.000Z'],
      ['pagerduty (ssm:/pager)', '2026-12-01T09:30:00.000Z'],
    ]);
    expect(first[0]).toEqual({ ...slack, at: null });
    expect(await ahead()).toEqual(first);
    expect(vendors.taken).toEqual([]);
    for (const moment of ['02:00', '02:15', '09:00', '09:15', '09:30']) {
      clock.now = Date.parse(`2026-12-01T${moment}:00.000Z`);
      expect((await deliver()).sent).toHaveLength(1);
    }
    expect(await ahead()).toEqual([]);
  });

  test('reads two objects and writes none while nothing is due', async () => {
    const store = new MemoryObjectStore();
    const asked: string[] = [];
    const watched = new Proxy(store, {
      get(target, name: 'get' | 'put' | 'list') {
        const value = target[name] as unknown;
        if (typeof value !== 'function') return value;
        return (...parameters: unknown[]) => {
          asked.push(name);
          return value.apply(target, parameters);
        };
      },
    });
    await world(watched).deliver();
    expect(asked).toEqual(['get', 'get']);
  });

  test('is done by one invocation at a time, which sees what came meanwhile', async () => {
    const { store, vendors, deliver } = world();
    await keepIncidents(store, incident(1));
    let second: Promise<{ readonly busy: boolean }> | undefined;
    vendors.before = () => {
      second ??= keepIncidents(store, incident(1), incident(2)).then(deliver);
    };
    await deliver();
    expect((await second)?.busy).toBe(true);
    expect(vendors.taken).toHaveLength(4);
  });

  test('tells the end also where a crash left it open if the beginning arrived, but not where it was refused', async () => {
    const real = new MemoryObjectStore();
    let sent = false;
    const dying = new Proxy(real, {
      get(target, name: 'put') {
        const value = target[name] as unknown;
        if (typeof value !== 'function') return value;
        return (...parameters: unknown[]) => {
          if (sent && name === 'put') throw new Error('killed');
          return value.apply(target, parameters);
        };
      },
    });
    const first = world(dying);
    first.vendors.broken = ['events.pagerduty.com'];
    first.vendors.before = () => {
      sent = first.vendors.taken.length === 0 && first.vendors.tried.at(-1) === 'slack.com';
    };
    await keepIncidents(real, incident(1));
    await expect(first.deliver()).rejects.toThrow('killed');
    await keepIncidents(real, incident(1, resolved));
    const second = world(real);
    second.clock.now = night + minutes(3);
    await second.deliver();
    expect(second.vendors.taken).toEqual(['slack [resolved] orders: extract_1 failed']);
  });

  test('repeats at most one message after a crash at any request to the store', async () => {
    let crashes = 0;
    for (let fatal = 1; fatal < 500; fatal += 1) {
      let count = 0;
      const real = new MemoryObjectStore();
      const dying = new Proxy(real, {
        get(target, name: 'get' | 'put') {
          const value = target[name];
          if (!['get', 'put'].includes(name)) return typeof value === 'function' ? value.bind(target) : value;
          return async (...parameters: unknown[]) => {
            count += 1;
            if (count >= fatal) throw new Error('killed');
            return (value as (...all: unknown[]) => unknown).apply(target, parameters);
          };
        },
      });
      const { vendors, clock, deliver } = world(dying);
      await keepIncidents(real, incident(1), incident(2));
      const survived = await deliver().then(
        () => true,
        () => false,
      );
      crashes += survived ? 0 : 1;
      const options = world(real);
      options.clock.now = clock.now + minutes(3);
      await options.deliver();
      const all = [...vendors.taken, ...options.vendors.taken].length;
      expect(all).toBeGreaterThanOrEqual(4);
      expect(all).toBeLessThanOrEqual(5);
      if (survived && count < fatal) break;
    }
    expect(crashes).toBeGreaterThan(15);
  });
});
