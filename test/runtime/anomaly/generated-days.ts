/** Generated days of a shop's orders, by their profile points alone, with a known truth: weekly season, growth, noise. No code of the check stands here. */
import type { ProfilePoint } from '../../../lib/contract/profiles/profile.ts';

/** A small generator with a seed (mulberry32), so that a failure can be repeated. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A standard normal value (Box and Muller). */
const normalOf = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const binomialOf = (n: number, p: number, random: () => number): number => {
  let count = 0;
  for (let one = 0; one < n; one += 1) if (random() < p) count += 1;
  return count;
};

export interface World {
  /** Rows on a working day. */
  readonly rows: number;
  /** Share of a weekend day. */
  readonly weekend: number;
  /** Standard deviation of a day's volume, as a share. */
  readonly noise: number;
  /** Growth of a day. */
  readonly growth: number;
}

export const worlds: readonly World[] = [
  { rows: 1000, weekend: 1, noise: 0.05, growth: 0 },
  { rows: 2000, weekend: 0.4, noise: 0.06, growth: 0 },
  { rows: 600, weekend: 0.7, noise: 0.08, growth: 0.001 },
  { rows: 5000, weekend: 0.5, noise: 0.03, growth: 0.002 },
];

export interface Fault {
  readonly volume?: number;
  /** In standard deviations of the column's values. */
  readonly shift?: number;
  readonly nulls?: number;
}

/** Columns: an amount with 1 % of nulls, a rare text, a status of four values, and a number that grows with each row. */
export function dayOf(world: World, day: number, random: () => number, fault: Fault = {}): ProfilePoint {
  const at = new Date(Date.UTC(2026, 0, 1 + day, 1)).toISOString();
  const weekday = new Date(at).getUTCDay();
  const season = weekday === 0 || weekday === 6 ? world.weekend : 1;
  const volume = world.rows * season * (1 + world.growth) ** day * Math.exp(world.noise * normalOf(random));
  const rows = Math.max(1, Math.round(volume * (fault.volume ?? 1)));
  const [amount, deviation] = [50, 20];
  const average =
    amount + deviation * (fault.shift ?? 0) + (deviation / Math.sqrt(rows)) * normalOf(random) + 0.3 * normalOf(random);
  const nulls = binomialOf(rows, fault.nulls ?? 0.01, random);
  const customers = Math.round(rows * 0.6 * Math.exp(0.02 * normalOf(random)));
  const lastId = world.rows * (day + 1);
  return {
    run_id: `day-${day}`,
    at,
    version: day + 1,
    rows,
    columns: {
      amount: [nulls, Math.round(rows * 0.8), average, deviation],
      customer: [binomialOf(rows, 0.003, random), customers, null, null],
      status: [0, 4, null, null],
      id: [0, rows, lastId - rows / 2, rows / Math.sqrt(12)],
    },
  };
}
