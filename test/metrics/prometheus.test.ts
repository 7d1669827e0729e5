import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exposition } from '../../lib/metrics/prometheus/exposition.ts';
import { exposedNames, prometheusRules } from '../../lib/metrics/prometheus/rules.ts';
import { madeFigures } from './made-figures.ts';
import { parseExposition } from './parse-exposition.ts';

const now = Date.parse('2026-01-07T02:00:00.000Z');

test('a pipeline is exposed with counters over all runs, gauges of the latest run, and gauges of its steps', () => {
  const { series, types } = parseExposition(exposition([madeFigures('sales', ['extract'])], now));
  const shown = series.map(({ name, labels, value }) => [name, Object.fromEntries(labels), value]);
  expect(shown).toEqual([
    ['daybreak_runs_total', { pipeline: 'sales', end: 'succeeded' }, 4],
    ['daybreak_runs_total', { pipeline: 'sales', end: 'failed' }, 2],
    ['daybreak_runs_total', { pipeline: 'sales', end: 'timed_out' }, 1],
    ['daybreak_runs_total', { pipeline: 'sales', end: 'stopped' }, 0],
    ['daybreak_duration_seconds_total', { pipeline: 'sales' }, 70.5],
    ['daybreak_rows_total', { pipeline: 'sales' }, 700],
    ['daybreak_bytes_total', { pipeline: 'sales' }, 7_000],
    ['daybreak_attempts_total', { pipeline: 'sales' }, 21],
    ['daybreak_retries_total', { pipeline: 'sales' }, 3],
    ['daybreak_wait_seconds_total', { pipeline: 'sales' }, 1.25],
    ['daybreak_last_run_duration_seconds', { pipeline: 'sales' }, 10],
    ['daybreak_last_run_rows', { pipeline: 'sales' }, 100],
    ['daybreak_last_run_bytes', { pipeline: 'sales' }, 1_000],
    ['daybreak_last_run_attempts', { pipeline: 'sales' }, 3],
    ['daybreak_last_run_retries', { pipeline: 'sales' }, 1],
    ['daybreak_last_run_wait_seconds', { pipeline: 'sales' }, 0.5],
    ['daybreak_last_step_duration_seconds', { pipeline: 'sales', step: 'extract' }, 2.5],
    ['daybreak_last_step_rows', { pipeline: 'sales', step: 'extract' }, 9],
    ['daybreak_last_step_bytes', { pipeline: 'sales', step: 'extract' }, 90],
    ['daybreak_last_step_attempts', { pipeline: 'sales', step: 'extract' }, 2],
    ['daybreak_last_step_retries', { pipeline: 'sales', step: 'extract' }, 1],
    ['daybreak_freshness_seconds', { pipeline: 'sales' }, 90_000],
    ['daybreak_deadlines_met_ratio', { pipeline: 'sales' }, 0.9],
    ['daybreak_last_run_timestamp_seconds', { pipeline: 'sales' }, Date.UTC(2026, 0, 7, 1, 0, 10) / 1000],
    ['daybreak_last_success_timestamp_seconds', { pipeline: 'sales' }, Date.UTC(2026, 0, 6, 1) / 1000],
    ['daybreak_last_run_failed', { pipeline: 'sales' }, 1],
    ['daybreak_success_expected_within_seconds', { pipeline: 'sales' }, 100_800],
  ]);
  const counters = [...types].filter(([, type]) => type === 'counter').map(([name]) => name);
  expect(counters.every((name) => name.endsWith('_total'))).toBe(true);
  expect(new Set(series.map(({ name }) => name))).toEqual(new Set(exposedNames));
});

test('names of pipelines and steps may be any text, and come back unchanged', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^[\\"\n{}=, #]{0,8}$/),
    fc.constantFrom('__proto__', '"} 1\nfaked 2', '\\n', '\u2028', '# TYPE x gauge'),
  );
  fc.assert(
    fc.property(fc.uniqueArray(text, { minLength: 1, maxLength: 4 }), text, (pipelines, step) => {
      const { series } = parseExposition(
        exposition(
          pipelines.map((name) => madeFigures(name, [step])),
          now,
        ),
      );
      const of = series
        .filter(({ name }) => name === 'daybreak_last_step_rows')
        .map(({ labels }) => [...labels.values()]);
      expect(of).toEqual(pipelines.map((name) => [name, step]));
    }),
  );
});

test('half a character in a name becomes the replacement character', () => {
  const { series } = parseExposition(exposition([madeFigures('a\ud800', [])], now));
  expect(series[0]?.labels.get('pipeline')).toBe('a\ufffd');
});

test('a pipeline has at most 22 series, and 5 for each of its steps', () => {
  const steps = Array.from({ length: 40 }, (_, number) => `step_${number}`);
  const { series } = parseExposition(exposition([madeFigures('sales', steps)], now));
  expect(series).toHaveLength(22 + 5 * 40);
});

test('a pipeline that never ran has no figures but the time in which a success is expected', () => {
  const { series } = parseExposition(exposition([madeFigures('sales', [], null)], now));
  expect(series.map(({ name }) => name)).toEqual(['daybreak_success_expected_within_seconds']);
});

test('every series that a rule reads is exposed, and no rule has the name of another', () => {
  const rules = prometheusRules().groups.flatMap((group) => group.rules);
  const read = rules.flatMap(({ expr }) => [...expr.matchAll(/\bdaybreak_\w+/g)].map(([name]) => name));
  expect(read.length).toBeGreaterThan(10);
  expect(read.filter((name) => !exposedNames.includes(name))).toEqual([]);
  const names = rules.map((rule) => ('alert' in rule ? rule.alert : rule.record));
  expect(new Set(names).size).toBe(names.length);
});
