import type { EndRange, RunEstimate } from '../../operate/estimate/estimate.ts';
import { leastRuns } from '../../operate/estimate/step-times.ts';
import { counted, duration } from '../render/format.ts';

/** `in 4 m 05 s to 6 m 10 s (02:10:05 to 02:12:10 UTC)`: eight of ten runs end in this range. */
function endText({ end, runs, assumed, unknown }: RunEstimate, now: number): string {
  const by = assumed.length + unknown.length > 0 ? ' by the template' : '';
  if (end) return `ends in ${leftText(end, now)} (${clock(end.from)} to ${clock(end.to)} UTC)${by}`;
  if (runs < leastRuns) return `no estimate: ${counted(runs, 'earlier run')}, ${leastRuns} are needed`;
  return 'no estimate: a step is new';
}

/** `4 m 05 s to 6 m 10 s`. */
export function leftText({ from, to }: EndRange, now: number): string {
  const [least, most] = [duration(Math.max(0, from - now)), duration(Math.max(0, to - now))];
  return least === most ? most : `${least} to ${most}`;
}

/** The same with the step that holds the run up, as one line of a log. */
export function estimateLine(estimate: RunEstimate, now: number): string {
  const { heldUpBy } = estimate;
  return `${endText(estimate, now)}${heldUpBy === null ? '' : `; ${heldUpBy} holds it up`}`;
}

const clock = (at: number): string => new Date(at).toISOString().slice(11, 19);
