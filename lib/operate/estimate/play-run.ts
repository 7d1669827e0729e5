import type { RunSummary } from '../../contract/records/history.ts';
import { Chance } from './chance.ts';
import type { EstimatedStep, RunState } from './estimate.ts';
import { learnTimes, type PipelineTimes, type StepTimes } from './step-times.ts';

/** The 10th and the 90th of a hundred: with 400 draws a repeated estimate differs by a few percent of the remaining time. */
const draws = 400;
const seed = 20_260_131;

/** A draw that contradicts the time a step has taken already is drawn again, so often. */
const mostTries = 30;

/** One way in which the run may go on. Times are milliseconds since 1970; NaN where a step has no time. */
interface Draw {
  readonly end: number;
  readonly ends: ReadonlyMap<string, number>;
  /** By remaining step: the first remaining step on the longest way to it. */
  readonly begins: ReadonlyMap<string, string>;
  /** The first remaining step on the longest way to the end. */
  readonly first: string | null;
}

export interface PlayedRun {
  /** Earlier runs that the draws are based on. */
  readonly runs: number;
  readonly draws: readonly Draw[];
  /** Steps that remain, in an order that fits their dependencies. */
  readonly remaining: readonly string[];
  /** Those of them that have too little history; their time is that of the template. */
  readonly assumed: readonly string[];
  /** Those of them that have neither. */
  readonly unknown: readonly string[];
}

/**
 * Plays the rest of a run many times: each remaining step takes a time of its history, at the pace that this run has shown so far, and starts when its last dependency ends.
 * Progress of a running step counts the more, the further it is. A step without history takes the time that the template expects.
 */
export function playRun(state: RunState, history: readonly RunSummary[]): PlayedRun {
  const dependencies = Object.fromEntries(state.steps.map((step) => [step.name, step.dependencies]));
  const times = learnTimes(history, dependencies);
  const order = inOrder(state.steps);
  const remaining = order.filter((step) => step.state !== 'ended');
  const without = remaining.filter(({ name }) => !times.steps.has(name));
  const pace = paceOf(state, times);
  const chance = new Chance(seed);
  const whole = expectedTimes(without.length > 0 ? state.expectedMs : null);
  return {
    runs: times.runs,
    draws: Array.from({ length: draws }, () => {
      const game = { state, times, chance, pace: pace.mean + pace.spread * chance.normal() };
      const draw = play(order, game);
      if (!Number.isNaN(draw.end) || !whole) return draw;
      const end = state.startedAt + longerThan(state.now - state.startedAt, whole, game);
      return { ...draw, end, first: null };
    }),
    remaining: remaining.map(({ name }) => name),
    assumed: without.filter(({ expectedMs }) => expectedMs !== null).map(({ name }) => name),
    unknown: without.filter(({ expectedMs }) => expectedMs === null).map(({ name }) => name),
  };
}

/** People mean a usual time; so a few take half as long again, and none much less. Factors as logarithms. */
const expectedDeviations = [-0.25, -0.15, -0.08, 0, 0, 0.08, 0.15, 0.25, 0.4];

/** The times of a step, or of a run, that has no history but an expected duration. */
function expectedTimes(expectedMs: number | null): StepTimes | null {
  return expectedMs === null ? null : { median: Math.log(expectedMs), deviations: expectedDeviations };
}

interface Play {
  readonly state: RunState;
  readonly times: PipelineTimes;
  readonly chance: Chance;
  readonly pace: number;
}

function play(order: readonly EstimatedStep[], game: Play): Draw {
  const { startedAt, now } = game.state;
  const ends = new Map<string, number>();
  const begins = new Map<string, string>();
  let [last, first] = [Number.NEGATIVE_INFINITY, null as string | null];
  for (const step of order) {
    if (step.state === 'ended') {
      ends.set(step.name, Math.min(step.endedAt ?? now, now));
      continue;
    }
    let [ready, after] = [Math.max(startedAt, step.restartsAt ?? startedAt), null as string | null];
    for (const name of step.dependencies) {
      const end = ends.get(name) ?? Number.NaN;
      if (Number.isNaN(end) || end > ready) [ready, after] = [end, name];
    }
    const known = game.times.steps.get(step.name) ?? expectedTimes(step.expectedMs);
    const end = known && !Number.isNaN(ready) ? ready + timeOf(step, known, { ...game, ready }) : Number.NaN;
    ends.set(step.name, end);
    begins.set(step.name, (after !== null && begins.get(after)) || step.name);
    if (end > last) [last, first] = [end, begins.get(step.name) ?? null];
  }
  return { end: Math.max(now, ...ends.values()) + game.times.closing, ends, begins, first };
}

/** A time of a distribution, but none that is over already. */
function longerThan(
  elapsed: number,
  { median, deviations }: StepTimes,
  { chance, pace }: Pick<Play, 'chance' | 'pace'>,
): number {
  const draw = (): number => Math.exp(median + pace + chance.pick(deviations));
  let time = draw();
  for (let tries = 1; time < elapsed && tries < mostTries; tries += 1) time = draw();
  // It takes longer than ever before: the longer it has taken, the longer it may still take.
  return time < elapsed ? elapsed * (1 - 0.25 * Math.log(1 - chance.next())) : time;
}

function timeOf(step: EstimatedStep, times: StepTimes, game: Play & { readonly ready: number }): number {
  const { state, chance, pace, ready } = game;
  const elapsed = Math.max(0, state.now - ready);
  const time = longerThan(elapsed, times, { chance, pace });
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
