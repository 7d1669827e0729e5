import { expect, test } from 'vitest';
import { readIncidents } from '../../../lib/runtime/incidents/keep-incidents.ts';
import { sized } from '../../support/sized.ts';
import { playNight } from './night.ts';
import { crmReaders, flaky, late, pipelineNames } from './night-pipelines.ts';

const seeds = Array.from({ length: sized(1, 20) }, (_, index) => index + 1);

test.each(seeds)(
  'seed %i: in a night of 40 runs people are woken once per cause, and in the morning all is closed',
  async (seed) => {
    const { store, vendors, events, kills, statuses } = await playNight(seed);
    expect([...statuses.values()].flat()).toHaveLength(40);
    expect(events.filter(({ type }) => type === 'step.retrying').length).toBeGreaterThan(5);
    expect(kills).toBeGreaterThan(3);
    // Three causes: the CRM, the bug and the slow source. The last one may end before a sender that dies again and again could tell of it.
    const woken = vendors.pages.map(({ summary }) => summary.replace(/^\[critical\] /, ''));
    expect(woken).toContain('ledger: transform failed with PermanentError');
    expect(woken.filter((summary) => summary.includes('extract_users failed'))).toHaveLength(1);
    const heardOfDelay = woken.filter((summary) => summary.startsWith(`${late}: `)).length;
    expect(heardOfDelay).toBeLessThanOrEqual(1);
    expect(woken).toHaveLength(2 + heardOfDelay);
    const deadlines = events.filter(({ type }) => type.startsWith('deadline.')).map(({ type }) => type);
    expect(deadlines.filter((type) => type !== 'deadline.at_risk')).toEqual(['deadline.missed', 'deadline.met']);
    expect([...vendors.open]).toEqual([]);

    const incidents = (await Promise.all(pipelineNames.map((name) => readIncidents(store, name)))).flatMap(
      (one) => one.incidents,
    );
    expect(new Set(incidents.map(({ pipeline }) => pipeline))).toEqual(new Set([...crmReaders, 'ledger', late]));
    expect(incidents.map(({ status }) => status).filter((status) => status !== 'resolved')).toEqual([]);
    // Each pipeline that failed is heard of at its beginning and its end; a kill repeats at most one message.
    const said = (name: string, words: RegExp) =>
      vendors.posts.filter(({ text }) => text.includes(` ${name}: `) && words.test(text));
    for (const name of [...crmReaders, 'ledger', ...(heardOfDelay > 0 ? [late] : [])]) {
      expect(said(name, /^\[critical(, same cause)?\]/).length, name).toBeGreaterThanOrEqual(1);
      expect(said(name, /^\[(resolved|works again)\]/).length, name).toBeGreaterThanOrEqual(1);
    }
    expect(vendors.posts.length).toBeLessThanOrEqual(new Set(vendors.posts.map(({ text }) => text)).size + kills);
    for (const { story } of incidents) {
      expect(story.map(({ revision }) => revision)).toEqual(story.map((_, index) => index + 1));
      const inOrder = [...story].sort((one, other) => Date.parse(one.time) - Date.parse(other.time));
      expect(inOrder[0]?.change).toBe('opened');
      expect(inOrder.at(-1)?.change).toBe('resolved');
    }
    for (const name of flaky) expect(vendors.posts.filter(({ text }) => text.includes(name))).toEqual([]);
  },
);
