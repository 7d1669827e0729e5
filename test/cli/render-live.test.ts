import { expect, test } from 'vitest';
import { painter } from '../../lib/cli/render/painter.ts';
import { textWidth } from '../../lib/cli/render/text-width.ts';
import { renderLive } from '../../lib/cli/watch/render-live.ts';
import { RunView } from '../../lib/cli/watch/run-view.ts';

const plan = {
  name: 'orders',
  steps: [
    { name: 'extract', dependencies: [] },
    { name: 'users', dependencies: [] },
    { name: 'join', dependencies: ['extract', 'users'] },
    { name: 'report', dependencies: ['join'] },
  ],
};

function underWay(): RunView {
  const view = new RunView(plan);
  view.tell({ type: 'started', run_id: 'r1', input: {}, at: 1_000 });
  view.tell({ type: 'step-started', step: 'extract', attempt: 1, at: 1_000 });
  view.tell({ type: 'step-started', step: 'users', attempt: 1, at: 1_000 });
  view.tell({ type: 'step-ended', step: 'extract', outcome: 'succeeded', at: 2_500 });
  view.tell({
    type: 'step-retrying',
    step: 'users',
    error: 'RetryableError',
    cause: '{"errorMessage":"busy"}',
    at: 3_000,
  });
  return view;
}

const frame = { now: 6_000, columns: 80, rows: 24, paint: painter(false) };

test('each step has its symbol, state, time and pending dependencies', () => {
  expect(renderLive(underWay(), frame)).toEqual([
    'orders  r1  1 of 4 steps  5.0 s',
    '  ✔ extract   succeeded     1.5 s',
    '  ↻ users     retrying      5.0 s  attempt 1 failed: RetryableError: busy',
    '  · join      waits for users',
    '  · report    waits for join',
  ]);
});

test('a running step shows its attempt and the progress of its handler', () => {
  const view = underWay();
  view.tell({ type: 'step-started', step: 'users', attempt: 2, at: 4_000 });
  view.tell({ type: 'step-progress', step: 'users', done: 1_500, total: 6_000, message: 'users read' });
  expect(renderLive(view, frame)[2]).toMatch(
    /^ {2}. users {5}running {7}5\.0 s {2}attempt 2 · ██░░░░░░ 1,500 of 6,000 \(25 %.*…$/,
  );
});

test('a wide terminal shows the rate of the attempt and the message too', () => {
  const view = underWay();
  view.tell({ type: 'step-started', step: 'users', attempt: 2, at: 4_000 });
  view.tell({ type: 'step-progress', step: 'users', done: 1_500, total: 6_000, message: 'users read' });
  expect(renderLive(view, { ...frame, columns: 120 })[2]).toMatch(
    / {2}attempt 2 · ██░░░░░░ 1,500 of 6,000 \(25 %\) · 750\/s · users read$/,
  );
});

test('with earlier runs, a line says when the run ends and which step holds it up, and a running step what is left', () => {
  const seconds = (from: number, to: number) => [from * 1_000, to * 1_000, 1, 0, 0] as const;
  const steps = { extract: seconds(0, 2), users: seconds(0, 30), join: seconds(30, 50), report: seconds(50, 60) };
  const times = { started_at: '1970-01-01T00:00:00.000Z', ended_at: '1970-01-01T00:01:00.000Z' };
  const earlier = { run_id: 'r0', execution: 1, status: 'SUCCEEDED', ...times, steps } as const;
  const view = new RunView(plan, [earlier, earlier, earlier]);
  view.tell({ type: 'started', run_id: 'r1', input: {}, at: 0 });
  view.tell({ type: 'step-started', step: 'extract', attempt: 1, at: 0 });
  view.tell({ type: 'step-started', step: 'users', attempt: 1, at: 0 });
  const lines = renderLive(view, { ...frame, now: 1_000 });
  expect(lines[1]).toBe('  ends in 59.0 s (00:01:00 to 00:01:00 UTC); users holds it up');
  expect(lines[3]).toMatch(/ users {5}running {7}1\.0 s {2}29\.0 s left$/);
});

test('without earlier runs, the line says how many are needed', () => {
  const view = new RunView(plan, []);
  view.tell({ type: 'started', run_id: 'r1', input: {}, at: 1_000 });
  expect(renderLive(view, frame)[1]).toBe('  no estimate: 0 earlier runs, 3 are needed');
});

test('a step that yields continues its progress in another invocation of the same attempt', () => {
  const view = underWay();
  view.tell({ type: 'step-started', step: 'users', attempt: 2, invocation: 1, at: 4_000 });
  view.tell({ type: 'step-progress', step: 'users', done: 1_500, total: null, message: null });
  view.tell({ type: 'step-started', step: 'users', attempt: 2, invocation: 2, at: 5_000 });
  expect(renderLive(view, frame)[2]).toMatch(/ {2}attempt 2 · invocation 2 · 1,500 · 750\/s$/);
});

test('every line is narrower than the terminal, and none is lost, down to 20 columns', () => {
  const view = underWay();
  view.tell({ type: 'step-progress', step: 'users', done: 1, total: null, message: '漢字'.repeat(100) });
  for (let columns = 20; columns < 130; columns++) {
    const lines = renderLive(view, { ...frame, columns });
    expect(Math.max(...lines.map(textWidth))).toBeLessThan(columns);
    expect(lines).toHaveLength(5);
  }
});

test('if not all steps fit, the active ones are shown and the rest is counted', () => {
  const steps = Array.from({ length: 40 }, (_, i) => ({ name: `s${i}`, dependencies: [] }));
  const view = new RunView({ name: 'wide', steps });
  for (let i = 0; i < 20; i++) {
    view.tell({ type: 'step-started', step: `s${i}`, attempt: 1, at: 1_000 });
    if (i < 15) view.tell({ type: 'step-ended', step: `s${i}`, outcome: 'succeeded', at: 2_000 });
  }
  const lines = renderLive(view, { ...frame, rows: 10 });
  expect(lines).toHaveLength(9);
  expect(lines.slice(1).map((line) => line.trim().split(/\s+/)[1])).toEqual([
    's15',
    's16',
    's17',
    's18',
    's19',
    's20',
    's21',
    '15',
  ]);
  expect(lines.at(-1)).toBe('  … 15 ended, 18 to come');
});

test('control characters of names and messages are removed', () => {
  const view = new RunView({ name: 'x\u001b[2J', steps: [{ name: 'a\u001b]0;t\u0007', dependencies: [] }] });
  view.tell({ type: 'step-started', step: 'a\u001b]0;t\u0007', attempt: 1, at: 0 });
  view.tell({ type: 'step-progress', step: 'a\u001b]0;t\u0007', done: 1, total: null, message: 'b\rc\u009b1m' });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
  expect(renderLive(view, frame).join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});
