import { cleanLine } from '../render/clean-text.ts';
import { count, duration } from '../render/format.ts';
import { outcomeStyle } from '../render/outcome-style.ts';
import type { Painter } from '../render/painter.ts';
import { pad, textWidth, truncate } from '../render/text-width.ts';
import type { RunView, StepView } from './run-view.ts';

export interface Frame {
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
  readonly paint: Painter;
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

const turning = (now: number): string => spinner[Math.floor(now / 100) % spinner.length] ?? '';

/** The run as lines that fit the terminal. Each line is narrower than the terminal, so that none wraps. */
export function renderLive(view: RunView, frame: Frame): string[] {
  // The cursor stands below the last line. Some terminals would wrap a full last column.
  const room = Math.max(1, frame.rows - 2);
  const { shown, hidden } = choose(view.steps, room);
  const nameWidth = Math.min(
    Math.max(...view.steps.map(({ name }) => textWidth(cleanLine(name))), 8),
    Math.max(12, Math.floor(frame.columns / (frame.columns < 80 ? 3 : 2))),
  );
  return [
    headline(view, frame),
    ...shown.map((step) => stepLine(step, nameWidth, frame)),
    ...hidden.map((line) => truncate(line, frame.columns - 1)),
  ];
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

function stepLine(step: StepView, nameWidth: number, { now, columns, paint }: Frame): string {
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
  const detail = truncate(cleanLine(detailOf(step)), rest);
  return `  ${paint(mark, style)} ${name}  ${paint(step.state, style)}${' '.repeat(9 - step.state.length)}  ${pad(elapsed, 8, 'right')}  ${paint(detail, 'dim')}`.trimEnd();
}

function detailOf(step: StepView): string {
  const attempt = step.attempt > 1 ? `attempt ${step.attempt}` : '';
  const invocation = step.invocation > 1 ? `invocation ${step.invocation}` : '';
  if (step.state === 'running')
    return [attempt, invocation, progressOf(step)].filter((part) => part !== '').join(' · ');
  if (step.state === 'retrying') return `attempt ${step.attempt} failed: ${step.error ?? ''}`;
  if (step.state === 'failed') return step.error ?? '';
  return step.attempt > 1 ? `${step.attempt} attempts` : '';
}

function progressOf({ progress }: StepView): string {
  if (!progress) return '';
  const { done, total, message } = progress;
  const share =
    total !== null && total > 0 ? ` of ${count(total)} (${Math.min(100, Math.floor((100 * done) / total))} %)` : '';
  return `${count(done)}${share}${message ? ` ${message}` : ''}`;
}
