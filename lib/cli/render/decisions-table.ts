import type { JsonObject } from '../../contract/json.ts';
import type { ResumeAction, StepDecision } from '../../operate/resume/assess.ts';
import type { Context } from '../context.ts';
import type { Style } from './painter.ts';
import { renderTable } from './render-table.ts';

const words: Readonly<Record<ResumeAction, { readonly text: string; readonly style: Style }>> = {
  reuse: { text: 'reuse', style: 'green' },
  run: { text: 'run', style: 'cyan' },
  may_run: { text: 'may run', style: 'yellow' },
  leave_out: { text: 'leave out', style: 'dim' },
};

/** Columns; enough for a few files or paths. */
const widestReason = 160;

/** A table of the decision for each step of a resume, with its reason. */
export function decisionsTable(decisions: readonly StepDecision[], { table }: Context): string {
  const columns = [{ title: 'step' }, { title: 'decision' }, { title: 'reason', widest: widestReason }] as const;
  return renderTable(
    columns,
    decisions.map(({ step, decision, reason }) => [step, words[decision], reason]),
    table,
  );
}

/** `3 reused, 1 runs, 1 may run`. */
export function decisionsLine(decisions: readonly StepDecision[]): string {
  const number = (wanted: ResumeAction): number => decisions.filter(({ decision }) => decision === wanted).length;
  const [run, mayRun, out] = [number('run'), number('may_run'), number('leave_out')];
  return [
    `${number('reuse')} reused`,
    ...(run > 0 ? [`${run} ${run === 1 ? 'runs' : 'run'}`] : []),
    ...(mayRun > 0 ? [`${mayRun} may run`] : []),
    ...(out > 0 ? [`${out} left out`] : []),
  ].join(', ');
}

/** The decisions by step, for programs. */
export function decisionsJson(decisions: readonly StepDecision[]): JsonObject {
  return Object.fromEntries(decisions.map(({ step, decision, reason }) => [step, { decision, reason }]));
}
