import Big from 'big.js';
import type { GeneratedMarket } from '../../../pipelines/stand-ins/risk/generated-market.ts';

/** A loss stated before a day, and the day. Cents. */
interface Stated {
  readonly day: string;
  readonly value_at_risk: number;
  readonly profit: number;
}

/** Risk of one desk, or of both together, without SQL. Cents. */
export interface RiskByHand {
  readonly value_at_risk: number;
  readonly expected_shortfall: string;
  readonly statements: readonly Stated[];
}

/** Value at risk and its back-test over arrays, with decimals of 40 digits; half up at each place where the pipeline rounds. `worst` is the place of the loss. */
export function riskByHand(
  { positions, prices, rates }: GeneratedMarket,
  { window, backtest_days, worst }: { readonly window: number; readonly backtest_days: number; readonly worst: number },
  desk: string,
): RiskByHand {
  Big.DP = 40;
  Big.RM = Big.roundHalfUp;
  const days = [...new Set(prices.map(({ day }) => day))].sort();
  const rateOf = new Map(rates.map(({ day, currency, rate }) => [`${day} ${currency}`, rate]));
  const priceOf = new Map(prices.map(({ day, instrument, price }) => [`${day} ${instrument}`, price]));
  const profits = days.slice(1).map(() => new Big(0));
  for (const position of positions.filter((one) => desk === 'total' || one.desk === desk)) {
    const euro = days.map((day) => {
      const rate = position.currency === 'EUR' ? '1' : (rateOf.get(`${day} ${position.currency}`) ?? '0');
      return new Big(priceOf.get(`${day} ${position.instrument}`) ?? '0').times(rate);
    });
    const value = (euro.at(-1) ?? new Big(0)).times(position.quantity).round(2);
    for (let index = 1; index < days.length; index += 1) {
      const [before, now] = [euro[index - 1] as Big, euro[index] as Big];
      const change = now.minus(before).div(before).round(8);
      profits[index - 1] = (profits[index - 1] as Big).plus(value.times(change));
    }
  }
  const cents = profits.map((profit) => Number(profit.round(2).times(100).toFixed()));
  const greatest = (list: readonly number[]): number[] => [...list].sort((a, b) => a - b).slice(0, worst);
  const last = greatest(cents.slice(-window));
  const first = Math.max(window, cents.length - backtest_days);
  return {
    value_at_risk: -(last.at(-1) as number),
    expected_shortfall: new Big(-last.reduce((sum, one) => sum + one, 0)).div(worst).round(0).toFixed(),
    statements: cents.slice(first).map((profit, offset) => ({
      day: days[first + offset + 1] as string,
      value_at_risk: -(greatest(cents.slice(first + offset - window, first + offset)).at(-1) as number),
      profit,
    })),
  };
}
