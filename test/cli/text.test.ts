import { expect, test } from 'vitest';
import { cleanLine, cleanText, safeJson } from '../../lib/cli/render/clean-text.ts';
import { bytes, duration } from '../../lib/cli/render/format.ts';
import { mermaid } from '../../lib/cli/render/mermaid.ts';
import { painter } from '../../lib/cli/render/painter.ts';
import { renderTable } from '../../lib/cli/render/render-table.ts';
import { renderSchedule } from '../../lib/cli/render/retry-schedule.ts';
import { textWidth, truncate } from '../../lib/cli/render/text-width.ts';
import { planPipeline } from '../../lib/compiler/plan/plan-pipeline.ts';
import { graphOf } from '../support/graphs.ts';
import { templateOfGraph } from '../support/templates.ts';

test('a clean text has no escape sequences, control or bidirectional characters', () => {
  expect(cleanText('a\u001b[31mb\u001b]0;t\u0007c\u0000d\u009be\u202ef\nz\tq')).toBe('abc\ufffdd\ufffde\ufffdf\nz\tq');
  expect(cleanLine('a\nb\r\n  c ')).toBe('a b c');
  expect(cleanText('x'.repeat(10_000))).toHaveLength(4_001);
});

test('safe JSON has none of them either, and parses to the same value', () => {
  const value = { a: 'x\u009b\u007f\u202e\u001b[0m', b: '\u2028' };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
  expect(safeJson(value)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/);
  expect(JSON.parse(safeJson(value))).toEqual(value);
  expect(JSON.parse(safeJson({ zero: -0, list: [-0, 0] }))).toEqual({ zero: -0, list: [-0, 0] });
});

test.each([
  [0, '0 ms'],
  [849.6, '850 ms'],
  [1_000, '1.0 s'],
  [59_949, '59.9 s'],
  [59_950, '1 m 00 s'],
  [245_000, '4 m 05 s'],
  [7_380_000, '2 h 03 m'],
])('%d milliseconds read as %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});

test.each([
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [999_600, '1.0 MB'],
  [12_345_678, '12 MB'],
])('%d bytes read as %s', (number, text) => {
  expect(bytes(number)).toBe(text);
});

test('a text is cut by columns, not by characters', () => {
  expect(textWidth('漢字a')).toBe(5);
  expect(textWidth('e\u0301')).toBe(1);
  expect(truncate('漢字漢字', 5)).toBe('漢字…');
  expect(truncate('abc', 3)).toBe('abc');
});

const retry = { attempts: 6, intervalSeconds: 2, backoff: 'exponential', maxDelaySeconds: 10, jitter: 'FULL' } as const;

test('a retry schedule gives the longest delay before each retry', () => {
  expect(renderSchedule(retry)).toBe('attempt 2 after 2 s, 3 after 4 s, 4 after 8 s, 5 and 6 after 10 s, full jitter');
  expect(renderSchedule({ ...retry, attempts: 4, backoff: 'none', jitter: 'NONE' })).toBe('attempt 2 to 4 after 2 s');
  expect(renderSchedule({ ...retry, attempts: 1 })).toBe('no retry');
});

test('a table drops columns, then cuts the first one, to fit the terminal', () => {
  const columns = [{ title: 'step' }, { title: 'rows', align: 'right' }, { title: 'start', drop: 1 }] as const;
  const rows = [['extract_orders', '12', '+1.0 s']];
  const at = (width: number) => renderTable(columns, rows, { paint: painter(false), width });
  expect(at(80)).toBe('  step            rows  start\n  extract_orders    12  +1.0 s');
  expect(at(24)).toBe('  step            rows\n  extract_orders    12');
  expect(at(18)).toBe('  step        rows\n  extract_o…    12');
});

test('a wait is a dashed arrow, and a label holds nothing that Mermaid would interpret', () => {
  // Two extracts and two joins that share one of them: not series-parallel, so there is a wait.
  const dependencies = [[], [], [], [0, 1], [1, 2]];
  const { steps } = planPipeline(templateOfGraph(dependencies), graphOf(dependencies));
  const text = mermaid(steps);
  expect(text.match(/-\.->/g)).toHaveLength(steps.flatMap(({ awaits }) => awaits).length);
  expect(text.match(/-->|-\.->/g)).toHaveLength(4);
  const [step] = steps;
  if (!step) throw new Error('no step');
  expect(mermaid([{ ...step, name: 'a"]; click b' }])).toContain('s0["a#34;#93;#59; click b"]');
});
