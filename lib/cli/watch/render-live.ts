import type { EndRange } from '../../operate/estimate/estimate.ts';
import { cleanLine } from '../render/clean-text.ts';
import { count, duration } from '../render/format.ts';
import { outcomeStyle } from '../render/outcome-style.ts';
import type { Painter } from '../render/painter.ts';
import { pad, textWidth, truncate } from '../render/text-width.ts';
import { estimateLine, leftText } from './estimate-text.ts';
import { deadlineLine } from './outlook-lines.ts';
import type { RunView, StepView } from './run-view.ts';

export interface Frame {
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
  readonly paint: Painter;
}

interface StepFrame extends Frame {
  readonly left: EndRange | null;
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

const turning = (now: number): string => spinner[Math.floor(now / 100) % spinner.length] ?? '';

/** The run as lines that fit the terminal. Each line is narrower than the terminal, so that none wraps. */
export function renderLive(view: RunView, frame: Frame): string[] {
  // The cursor stands below the last line. Some terminals would wrap a full last column.
  const lines = outlookOf(view, frame);
  const room = Math.max(1, frame.rows - 2 - lines.length);
  const { shown, hidden } = choose(view.steps, room);
  const nameWidth = Math.min(
    Math.max(...view.steps.map(({ name }) => textWidth(cleanLine(name))), 8),
    Math.max(12, Math.floor(frame.columns / (frame.columns < 80 ? 3 : 2))),
  );
  const estimate = view.estimate(frame.now);
  return [
    headline(view, frame),
    ...lines,
    ...shown.map((step) => stepLine(step, nameWidth, { ...frame, left: estimate?.steps[step.name] ?? null })),
    ...hidden.map((line) => truncate(line, frame.columns - 1)),
  ];
}

/** The end of the run and its deadline, where the terminal has room for them. */
function outlookOf(view: RunView, { now, columns, rows }: Frame): string[] {
  const estimate = view.estimate(now);
  const lines = [
    ...(estimate ? [estimateLine(estimate, now)] : []),
    ...(view.readyBy !== null && estimate ? [deadlineLine(view.readyBy, { now, end: estimate.end })] : []),
  ];
  return lines.slice(0, Math.max(0, rows - 3)).map((line) => truncate(`  ${line}`, columns - 1));
}

/** If not all steps fit: first active steps, then failed ones, then the next ones. A last line counts the rest. */
function choose(steps: readonly StepView[], room: number): { shown: readonly StepView[]; hidden: readonly string[] } {
  if (steps.length <= room) return { shown: steps, hidden: [] };
  const kept = new Set([...steps].sort((a, b) => importance(a) - importance(b)).slice(0, Math.max(0, room - 1)));
  const left = steps.filter((step) => !kept.has(step));
  const ended = left.filter(({ endedAt }) => endedAt !== null).length;
  const parts = [
    ...(ended > 0 ? [`${ended} ended`] : []),
    ...(left.length > ended ? [`${left.length - ended} to come`] : []),
  ];
  return { shown: steps.filter((step) => kept.has(step)), hidden: [`  … ${parts.join(', ')}`] };
}

const order: readonly StepView['state'][] = ['running', 'retrying', 'waiting', 'failed', 'blocked', 'pending'];

const importance = ({ state }: StepView): number => {
  const index = order.indexOf(state);
  return index === -1 ? order.length : index;
};

function headline(view: RunView, { now, columns, paint }: Frame): string {
  const elapsed = view.startedAt === null ? `starting ${turning(now)}` : duration(now - view.startedAt);
  const facts = `${view.ended} of ${view.steps.length} steps  ${elapsed}`;
  const name = truncate(cleanLine(view.name), Math.max(1, columns - 3 - facts.length));
  const run = truncate(view.runId ?? '', columns - 6 - textWidth(name) - facts.length);
  return `${paint(name, 'bold')}  ${paint(run, 'dim')}${run === '' ? '' : '  '}${truncate(facts, columns - 3 - textWidth(name))}`;
}

function stepLine(step: StepView, nameWidth: number, frame: StepFrame): string {
  const { now, columns, paint } = frame;
  const { symbol, style } = outcomeStyle(step.state);
  const mark = step.state === 'running' ? turning(now) : symbol;
  const name = pad(truncate(cleanLine(step.name), nameWidth), nameWidth);
  if (step.startedAt === null && step.waitsFor.length > 0) {
    const beginning = `  ${mark} ${name}  `;
    const waits = truncate(`waits for ${cleanLine(step.waitsFor.join(', '))}`, columns - 1 - textWidth(beginning));
    return `${truncate(beginning, columns - 1)}${paint(waits, style)}`.trimEnd();
  }
  const elapsed =
    step.startedAt === null || step.state === 'blocked' ? '' : duration((step.endedAt ?? now) - step.startedAt);
  const fixed = `  ${mark} ${name}  ${pad(step.state, 9)}  ${pad(elapsed, 8, 'right')}`;
  const rest = columns - 1 - textWidth(fixed) - 2;
  if (rest < 0) return truncate(fixed, columns - 1);
  const detail = truncate(cleanLine(detailOf(step, frame)), rest);
  return `  ${paint(mark, style)} ${name}  ${paint(step.state, style)}${' '.repeat(9 - step.state.length)}  ${pad(elapsed, 8, 'right')}  ${paint(detail, 'dim')}`.trimEnd();
}

function detailOf(step: StepView, frame: StepFrame): string {
  const attempt = step.attempt > 1 ? `attempt ${step.attempt}` : '';
  const invocation = step.invocation > 1 ? `invocation ${step.invocation}` : '';
  if (step.state === 'running')
    return [attempt, invocation, progressOf(step, frame)].filter((part) => part !== '').join(' · ');
  if (step.state === 'retrying') return `attempt ${step.attempt} failed: ${step.error ?? ''}`;
  if (step.state === 'failed') return step.error ?? '';
  return step.attempt > 1 ? `${step.attempt} attempts` : '';
}

const cells = 8;

/** `██░░░░░░ 1,500 of 6,000 (25 %) · 750/s · 4.0 s to 6.0 s left · users read` */
function progressOf({ progress, attemptAt }: StepView, { now, left }: StepFrame): string {
  const remaining = left ? `${leftText(left, now)} left` : '';
  if (!progress) return remaining;
  const { done, total, message } = progress;
  const share = total !== null && total > 0 ? Math.min(1, Math.max(0, done / total)) : null;
  const full = Math.floor(cells * (share ?? 0));
  const bar = share === null ? '' : `${'█'.repeat(full)}${'░'.repeat(cells - full)} `;
  const part = share === null || total === null ? '' : ` of ${count(total)} (${Math.floor(100 * share)} %)`;
  return [`${bar}${count(done)}${part}`, rateOf(done, now - (attemptAt ?? now)), remaining, message ?? '']
    .filter((text) => text !== '')
    .join(' · ');
}

/** Rows or other units per second since the attempt began; empty for the first second, which says nothing. */
function rateOf(done: number, elapsed: number): string {
  if (elapsed < 1_000 || done <= 0) return '';
  const rate = done / (elapsed / 1_000);
  return `${rate < 10 ? rate.toFixed(1) : count(Math.round(rate))}/s`;
}
