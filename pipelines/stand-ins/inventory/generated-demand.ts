import { type Random, seededRandom } from '../random.ts';

/** A product of the warehouse. */
export interface StockItem {
  readonly product_id: string;
  readonly name: string;
  readonly stock_on_hand: number;
  readonly on_order: number;
  readonly lead_days: number;
  readonly pack_size: number;
  /** Decimal text. */
  readonly unit_cost: string;
}

/** Sales with the means that they were drawn from. */
export interface GeneratedDemand {
  readonly stock: readonly StockItem[];
  /** Units per product, one for each day. */
  readonly units: ReadonlyMap<string, readonly number[]>;
  /** The true mean of each of these days: no forecast can do better than to know it. */
  readonly means: ReadonlyMap<string, readonly number[]>;
}

const names = ['Mug', 'Lantern', 'Cake tin', 'Lunch bag', 'Clock', 'Apron', 'Candle', 'Doormat'] as const;
const colours = ['red', 'blue', 'ivory'] as const;

/**
 * Daily sales of 24 products: a level from 1 to 60 a day with a trend of at most 25% a year, a weekly profile, some of the year's seasons, and Poisson noise. The
 * first day is a Monday. The same for the same seed on every machine.
 */
export function generatedDemand(days: number, seed = 1): GeneratedDemand {
  const random = seededRandom(seed);
  const stock: StockItem[] = [];
  const units = new Map<string, number[]>();
  const means = new Map<string, number[]>();
  for (const [index, colour] of names
    .flatMap((_, at) => colours.map((_, shade) => at * colours.length + shade))
    .entries()) {
    const product_id = `P${String(index + 1).padStart(4, '0')}`;
    const base = Math.exp(random.next() * Math.log(60));
    const growth = (random.next() - 0.5) * 0.5;
    const week = Array.from({ length: 7 }, (_, weekday) => 0.6 + 0.6 * random.next() + (weekday >= 4 ? 0.5 : 0));
    const [height, shift] = [0.12 * random.next(), random.next() * 365];
    const mean = (day: number): number =>
      base *
      (1 + (growth * day) / 365) *
      (week[day % 7] ?? 1) *
      (1 + height * Math.sin((2 * Math.PI * (day + shift)) / 365));
    const own = Array.from({ length: days }, (_, day) => mean(day));
    means.set(product_id, own);
    units.set(
      product_id,
      own.map((expected) => poisson(expected, random)),
    );
    const lead_days = random.between(2, 14);
    const daily = own.slice(-7).reduce((sum, one) => sum + one, 0) / 7;
    stock.push({
      product_id,
      name: `${names[Math.floor(index / colours.length)]}, ${colours[colour % colours.length]}`,
      stock_on_hand: Math.round(daily * random.between(0, 40) * 0.8),
      on_order: random.next() < 0.25 ? Math.ceil(daily * 10) : 0,
      lead_days,
      pack_size: random.pick([1, 6, 12, 24], () => 1),
      unit_cost: (random.between(120, 2_900) / 100).toFixed(2),
    });
  }
  return { stock, units, means };
}

/** Knuth's method; for large means the sum of smaller ones. */
const poisson = (mean: number, random: Random): number => {
  if (mean > 30) return poisson(mean / 2, random) + poisson(mean / 2, random);
  const floor = Math.exp(-mean);
  let count = -1;
  for (let product = 1; product > floor; product *= random.next()) count += 1;
  return count;
};
