import { type Money, units } from '../../quantities/money.ts';

/** Segments from the best to the last; the order in which they are shown. */
export const segments = ['VIP', 'Regular', 'Occasional', 'New'] as const;
export type Segment = (typeof segments)[number];

/** VIP: spent ≥ 1000 and ≥ 10 orders; Regular: spent ≥ 500 or ≥ 5 orders; Occasional: ≥ 100 or ≥ 2; else New. */
export const segmentOf = (spent: Money, orders: number): Segment => {
  if (spent >= units(1_000) && orders >= 10) return 'VIP';
  if (spent >= units(500) || orders >= 5) return 'Regular';
  if (spent >= units(100) || orders >= 2) return 'Occasional';
  return 'New';
};
