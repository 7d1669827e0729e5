import { describe, expect, test } from 'vitest';
import { deliverAlerts } from '../../../lib/alerts/delivery/deliver-alerts.ts';
import { incidentsKey } from '../../../lib/contract/object-keys.ts';
import type { Incident } from '../../../lib/contract/records/incident.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import { incident, resolved, settings } from './incidents.ts';

interface Message {
  readonly subject: string;
  readonly message: string;
}

/** Three pipelines that share a store and a mailbox. */
function world(store: ObjectStore, mails: Message[] = []) {
  const open = (pipeline: string, changes: Partial<Incident> = {}) =>
    incident(1, {
      id: `${pipeline}-1`,
      pipeline,
      severity: 'medium',
      title: `${pipeline}: extract failed`,
      ...changes,
    });
  const keep = (one: Incident) =>
    store.put(
      incidentsKey(one.pipeline),
      JSON.stringify({ pipeline: one.pipeline, last: 1, successes: [], incidents: [one] }),
    );
  const look = (pipeline: string, time: string, into: ObjectStore = store) =>
    deliverAlerts({
      store: into,
      pipeline,
      settings: { ...settings, escalate_after_ms: null },
      gatherMs: 6 * 60_000,
      links: () => [],
      secret: async () => 'x',
      publish: async (_: string, message: Message) => void mails.push(message),
      mail: async () => {},
      pause: async () => {},
      now: () => Date.parse(`2026-12-01T${time}Z`),
    });
  return { mails, open, keep, look };
}

describe('a digest of several pipelines for one destination', () => {
  test('gathers for some minutes and is sent once; each pipeline learns of it and tells its end', async () => {
    const store = new MemoryObjectStore();
    const { mails, open, keep, look } = world(store);
    for (const pipeline of ['orders', 'billing', 'stock']) await keep(open(pipeline));
    expect((await look('orders', '08:59:00')).sent).toEqual([]);
    for (const [pipeline, time] of [
      ['orders', '09:00:10'],
      ['billing', '09:02:00'],
      ['stock', '09:04:00'],
      ['orders', '09:05:10'],
    ] as const)
      await look(pipeline, time);
    expect(mails).toEqual([]);
    await look('billing', '09:07:00');
    for (const time of ['09:09:00', '09:10:10', '09:15:00'])
      for (const pipeline of ['stock', 'orders', 'billing']) await look(pipeline, time);
    expect(mails.map(({ subject }) => subject)).toEqual(['[digest] 3 incidents of 3 pipelines are open']);
    for (const pipeline of ['orders', 'billing', 'stock'])
      expect(mails[0]?.message).toContain(`${pipeline}: extract_1`);
    await keep(open('stock', resolved));
    await look('stock', '10:00:00');
    await look('stock', '10:05:00');
    expect(mails.slice(1).map(({ subject }) => subject)).toEqual(['[resolved] stock: extract failed']);
  });

  test('of one pipeline is the same message, some minutes later; an incident that comes back is another line', async () => {
    const store = new MemoryObjectStore();
    const { mails, open, keep, look } = world(store);
    await keep(open('orders'));
    await look('orders', '09:00:00');
    await look('orders', '09:06:00');
    await keep(open('orders', { loud_at: '2026-12-01T12:00:00.000Z', reopened: 1 }));
    await look('orders', '12:00:00');
    await look('orders', '12:06:00');
    await look('orders', '12:11:00');
    expect(mails.map(({ subject }) => subject)).toEqual([
      '[digest] orders: 1 incident is open',
      '[digest] orders: 1 incident is open',
    ]);
  });

  test('is sent at most once more after a crash at any request to the store, and covers every pipeline', async () => {
    let crashes = 0;
    for (let fatal = 1; fatal < 200; fatal += 1) {
      const real = new MemoryObjectStore();
      const { mails, open, keep, look } = world(real);
      for (const pipeline of ['orders', 'billing']) await keep(open(pipeline));
      for (const pipeline of ['orders', 'billing']) await look(pipeline, '09:00:00');
      let count = 0;
      const dying = new Proxy(real, {
        get(target, name: 'get' | 'put') {
          const value = target[name] as unknown;
          if (!['get', 'put'].includes(name)) return typeof value === 'function' ? value.bind(target) : value;
          return async (...parameters: unknown[]) => {
            count += 1;
            if (count >= fatal) throw new Error('killed');
            return (value as (...all: unknown[]) => unknown).apply(target, parameters);
          };
        },
      });
      const survived = await look('orders', '09:07:00', dying).then(
        () => true,
        () => false,
      );
      crashes += survived ? 0 : 1;
      for (const time of ['09:12:00', '09:17:00']) for (const one of ['billing', 'orders']) await look(one, time);
      expect(mails.length).toBeGreaterThanOrEqual(1);
      expect(mails.length).toBeLessThanOrEqual(survived ? 1 : 2);
      expect(mails.every(({ subject }) => subject === '[digest] 2 incidents of 2 pipelines are open')).toBe(true);
      if (survived && count < fatal) break;
    }
    expect(crashes).toBeGreaterThan(5);
  });
});
