import type { Graph } from '../graph/graph.ts';
import type { Nesting } from './nesting/nesting.ts';
import { stepsOf } from './nesting/piece.ts';
import { Trial } from './nesting/trial.ts';
import { Random } from './random.ts';

/** The limit of the search. It counts steps instead of time, so a template always compiles to the same machine. About 0.05 s. */
const mostWork = 100_000;

/** A round costs about this much besides the steps that it looks at. */
const roundWork = 60;

/** Larger regions stay as they are. */
const largestRegion = 100;

/** The search ends after so many rounds for each waiting step that have left the number of waits as it was. */
const patience = 12;

/**
 * Lets fewer steps wait. A round opens the pieces around a waiting step, keeps that step's edges first, then those of the others in some order, and accepts the
 * result unless more steps wait in it. It also accepts an equally good result, so that the search does not get stuck.
 */
export function improveWaits(nesting: Nesting, graph: Graph): void {
  const { order, edges } = nesting;
  const random = new Random();
  const limit = order.work + mostWork;
  const waitingSteps = () => [...graph.reduced.keys()].filter((step) => edges.isWaiting(step));
  let waiting = waitingSteps();
  for (let idle = 0; idle < patience && waiting.length > 0 && order.work < limit; idle++) {
    for (const step of random.shuffle([...waiting]))
      if (order.work < limit && edges.isWaiting(step)) tryRound(nesting, step, random);
    const now = waitingSteps();
    if (now.length < waiting.length) idle = 0;
    waiting = now;
  }
}

function tryRound(nesting: Nesting, step: number, random: Random): void {
  const { order, edges } = nesting;
  order.work += roundWork;
  const region = nesting.regionOf(step, edges.missing(step));
  if (!region || region.pieces.reduce((sum, { size }) => sum + size, 0) > largestRegion) return;
  const steps = [...stepsOf(region.pieces)];
  order.work += steps.length;
  const inside = new Set(steps);
  const waiting = steps.filter((one) => edges.isWaiting(one));
  const others = steps.filter((one) => !edges.isWaiting(one) && edges.of(one).some((before) => inside.has(before)));
  const opened = [...waiting, ...someOf(others, random)];
  const trial = new Trial(nesting, region, new Set(opened));
  for (const next of [step, ...random.shuffle(opened)]) {
    const missing = edges.missing(next);
    if (missing.every((before) => inside.has(before))) nesting.keep(next, missing);
  }
  if (steps.filter((one) => edges.isWaiting(one)).length <= waiting.length) trial.accept();
  else trial.undo();
}

/** Some of the steps, up to half of them. */
function someOf(steps: number[], random: Random): number[] {
  const count = 1 + random.below(Math.max(2, Math.ceil(steps.length / 2)));
  return random.shuffle(steps).slice(0, count);
}
