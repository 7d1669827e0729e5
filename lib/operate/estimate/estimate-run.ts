import type { RunSummary } from '../../contract/records/history.ts';
import { Chance } from './chance.ts';
import type { EndRange, EstimatedStep, RunEstimate, RunState } from './estimate.ts';
import { learnTimes, type PipelineTimes, type StepTimes } from './step-times.ts';

/** The 10th and the 90th of a hundred: with 400 draws a repeated estimate differs by a few percent of the remaining time. */
const draws = 400;
const seed = 20_260_131;

/** A draw that contradicts the time a step has taken already is drawn again, so often. */
const mostTries = 30;

/**
 * Estimates when a run and its remaining steps end. It plays the rest of the run many times: each remaining step takes a time of its history, at the pace that this run has
 * shown so far, and starts when its last dependency ends. Progress of a running step counts the more, the further it is.
 */
export function estimateRun(state: RunState, history: readonly RunSummary[]): RunEstimate {
  const dependencies = Object.fromEntries(state.steps.map((step) => [step.name, step.dependencies]));
  const times = learnTimes(history, dependencies);
  const order = inOrder(state.steps);
  const remaining = order.filter((step) => step.state !== 'ended');
  const unknown = remaining.filter(({ name }) => !times.steps.has(name)).map(({ name }) => name);
  const ends = new Map<string, number[]>(remaining.map(({ name }) => [name, []]));
  const lasts = new Map<string, number>();
  const totals: number[] = [];
  const pace = paceOf(state, times);
  const chance = new Chance(seed);
  for (let draw = 0; draw < draws; draw += 1) {
    const played = play(order, { state, times, chance, pace: pace.mean + pace.spread * chance.normal() });
    for (const { name } of remaining) ends.get(name)?.push(played.ends.get(name) ?? Number.NaN);
    totals.push(Math.max(state.now, ...played.ends.values()) + times.closing);
    if (played.first !== null) lasts.set(played.first, (lasts.get(played.first) ?? 0) + 1);
  }
  const known = [...ends].filter(([, values]) => values.every((value) => !Number.isNaN(value)));
  const [heldUpBy = null] = [...lasts].sort(([, a], [, b]) => b - a).map(([name]) => name);
  return {
    runs: times.runs,
    end: unknown.length > 0 ? null : rangeOf(totals),
    steps: Object.fromEntries(known.map(([name, values]) => [name, rangeOf(values)])),
    heldUpBy: unknown.length > 0 ? null : heldUpBy,
    unknown,
  };
}

interface Play {
  readonly state: RunState;
  readonly times: PipelineTimes;
  readonly chance: Chance;
  readonly pace: number;
}

/** One way in which the run may go on: the end of each step, and the first remaining step on the longest way. */
function play(
  order: readonly EstimatedStep[],
  game: Play,
): { readonly ends: Map<string, number>; readonly first: string | null } {
  const { startedAt, now } = game.state;
  const ends = new Map<string, number>();
  const begins = new Map<string, string>();
  let [last, first] = [Number.NEGATIVE_INFINITY, null as string | null];
  for (const step of order) {
    if (step.state === 'ended') {
      ends.set(step.name, Math.min(step.endedAt ?? now, now));
      continue;
    }
    let [ready, after] = [startedAt, null as string | null];
    for (const name of step.dependencies) {
      const end = ends.get(name) ?? Number.NaN;
      if (Number.isNaN(end) || end > ready) [ready, after] = [end, name];
    }
    const known = game.times.steps.get(step.name);
    const end = known && !Number.isNaN(ready) ? ready + timeOf(step, known, { ...game, ready }) : Number.NaN;
    ends.set(step.name, end);
    begins.set(step.name, (after !== null && begins.get(after)) || step.name);
    if (end > last) [last, first] = [end, begins.get(step.name) ?? null];
  }
  return { ends, first };
}

function timeOf(
  step: EstimatedStep,
  { median, deviations }: StepTimes,
  game: Play & { readonly ready: number },
): number {
  const { state, chance, pace, ready } = game;
  const elapsed = Math.max(0, state.now - ready);
  const draw = (): number => Math.exp(median + pace + chance.pick(deviations));
  let time = draw();
  for (let tries = 1; time < elapsed && tries < mostTries; tries += 1) time = draw();
  // It takes longer than ever before: the longer it has taken, the longer it may still take.
  if (time < elapsed) time = elapsed * (1 - 0.25 * Math.log(1 - chance.next()));
  const share = shareOf(step);
  if (step.state !== 'running' || share === null || step.startedAt === null) return time;
  const before = Math.max(0, step.startedAt - ready);
  const projected = before + Math.max(1, state.now - step.startedAt) / share;
  const mixed = (1 - share) * Math.log(time) + share * Math.log(projected) + 0.1 * (1 - share) * chance.normal();
  return Math.max(elapsed, Math.exp(mixed));
}

/** The part of a step's work that is done; null without a total. */
function shareOf({ progress }: EstimatedStep): number | null {
  if (!progress?.total || progress.done <= 0) return null;
  return Math.min(1, progress.done / progress.total);
}

/** The pace of this run as far as its steps show it: the fewer have ended, the nearer to the usual one. */
function paceOf({ steps, startedAt }: RunState, { steps: known, paceSpread, stepSpread }: PipelineTimes) {
  const ended = new Map(steps.map(({ name, endedAt }) => [name, endedAt ?? startedAt]));
  const shown = steps.flatMap(({ name, worked, startedAt: began, endedAt, dependencies }) => {
    const times = known.get(name);
    if (!times || !worked || endedAt === null) return [];
    const ready = Math.max(startedAt, ...dependencies.map((one) => ended.get(one) ?? startedAt));
    const time = Math.log(Math.max(1, endedAt - Math.min(ready, began ?? ready)));
    // One step with retries must not make the whole run slow.
    return [Math.max(-3 * stepSpread, Math.min(3 * stepSpread, time - times.median))];
  });
  // The pace can drift from one month to the next, as data grows, so it spreads more than history shows.
  const [between, inside] = [1.6 * paceSpread ** 2, stepSpread ** 2];
  if (between === 0) return { mean: 0, spread: 0 };
  const weight = shown.length * between + inside;
  const sum = shown.reduce((total, one) => total + one, 0);
  return {
    mean: weight === 0 ? 0 : (between * sum) / weight,
    spread: weight === 0 ? 0 : Math.sqrt((between * inside) / weight),
  };
}

function rangeOf(values: readonly number[]): EndRange {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { from: at(0.1), to: at(0.9) };
}

/** The steps, each after its dependencies. */
function inOrder(steps: readonly EstimatedStep[]): EstimatedStep[] {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const ordered = new Set<EstimatedStep>();
  const stack = [...steps].reverse();
  for (let step = stack.at(-1); step; step = stack.at(-1)) {
    const open = step.dependencies.flatMap((name) => byName.get(name) ?? []).filter((one) => !ordered.has(one));
    if (open.length > 0 && !ordered.has(step)) stack.push(...open);
    else ordered.add(stack.pop() ?? step);
  }
  return [...ordered];
}
