import { type Random, seededRandom } from '../random.ts';

/** A holding of a desk. */
interface Position {
  readonly desk: 'equities' | 'bonds';
  readonly instrument: string;
  readonly currency: string;
  readonly quantity: number;
}

/** A portfolio and the history of its market. Prices and rates are decimal text. */
export interface GeneratedMarket {
  readonly positions: readonly Position[];
  readonly prices: readonly { readonly instrument: string; readonly day: string; readonly price: string }[];
  readonly rates: readonly { readonly day: string; readonly currency: string; readonly rate: string }[];
}

interface Instrument extends Position {
  readonly start: number;
  /** Answer to the common factor of its desk, and the daily deviation of the rest. */
  readonly beta: number;
  readonly own: number;
}

const instruments: readonly Instrument[] = [
  ...[1, 2, 3, 4, 5, 6, 7].map((number) => ({
    desk: 'equities' as const,
    instrument: `EQ-${number}`,
    currency: number <= 4 ? 'USD' : 'EUR',
    quantity: 400 * number + 500,
    start: 30 + 23 * number,
    beta: 0.7 + 0.1 * number,
    own: 0.006 + 0.001 * number,
  })),
  ...[1, 2, 3, 4, 5].map((number) => ({
    desk: 'bonds' as const,
    instrument: `BD-${number}`,
    currency: number === 5 ? 'GBP' : 'EUR',
    quantity: 2_000 + 700 * number,
    start: 92 + 3 * number,
    beta: 0.2 + 0.15 * number,
    own: 0.0008,
  })),
];

const rateStarts = { USD: 0.92, GBP: 1.16 } as const;

/**
 * Days of a market whose days are independent and alike, so that a value at risk can be right: returns are a factor of the desk plus a separate part, both
 * with the fat tails of Student's t with five degrees of freedom. The same for the same seed on every machine.
 */
export function generatedMarket(lastDay: string, days: number, seed = 1): GeneratedMarket {
  const random = seededRandom(seed);
  const calendar = weekdaysUntil(lastDay, days);
  const prices: { instrument: string; day: string; price: string }[] = [];
  const rates: { day: string; currency: string; rate: string }[] = [];
  const levels = new Map(instruments.map(({ instrument, start }) => [instrument, start]));
  const exchange = new Map<string, number>(Object.entries(rateStarts));
  for (const day of calendar) {
    const factors = { equities: 0.009 * fatTailed(random), bonds: 0.003 * fatTailed(random) };
    for (const { instrument, desk, beta, own } of instruments) {
      const level = (levels.get(instrument) ?? 0) * Math.exp(beta * factors[desk] + own * fatTailed(random));
      levels.set(instrument, level);
      prices.push({ instrument, day, price: level.toFixed(4) });
    }
    for (const [currency, rate] of exchange) {
      const next = rate * Math.exp(0.004 * fatTailed(random));
      exchange.set(currency, next);
      rates.push({ day, currency, rate: next.toFixed(6) });
    }
  }
  const positions = instruments.map(({ desk, instrument, currency, quantity }) => ({
    desk,
    instrument,
    currency,
    quantity,
  }));
  return { positions, prices, rates };
}

/** Student's t with five degrees of freedom, scaled to a variance of 1. */
const fatTailed = (random: Random): number => {
  let squares = 0;
  for (let index = 0; index < 5; index += 1) squares += normal(random) ** 2;
  return normal(random) / Math.sqrt(squares / 3);
};

/** Box and Muller's method. */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

const weekdaysUntil = (lastDay: string, days: number): string[] => {
  const found: string[] = [];
  for (let time = Date.parse(lastDay); found.length < days; time -= 86_400_000) {
    const date = new Date(time);
    if (date.getUTCDay() % 6 !== 0) found.push(date.toISOString().slice(0, 10));
  }
  return found.reverse();
};
