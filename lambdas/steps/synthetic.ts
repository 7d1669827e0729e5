import { PermanentError } from 'daybreak';
import * as z from 'zod/mini';

/** Figures that a stand-in can invent, with the words that people read. */
const syntheticWords = {
  orders: 'orders, products and prices',
  customers: 'customers',
  emails: 'e-mail addresses',
  stock: 'stock',
  payments: 'ledger entries and payments',
  demand: 'sales and stock',
  readings: 'sensors and readings',
  positions: 'positions and prices',
} as const;

/** The name of such a figure. */
export type Synthetic = keyof typeof syntheticWords;

const list = z.array(z.enum(Object.keys(syntheticWords) as [Synthetic, ...Synthetic[]]));

/** The invented figures that SYNTHETIC_FIGURES names, such as `emails,stock`. Stand-ins set it; without it every figure is real. An unknown name is a PermanentError. */
export function syntheticFigures(variable = process.env.SYNTHETIC_FIGURES ?? ''): Synthetic[] {
  const names = variable.split(',').filter((name) => name !== '');
  const known = list.safeParse(names);
  if (known.success) return [...new Set(known.data)];
  throw new PermanentError(
    `SYNTHETIC_FIGURES is ${JSON.stringify(variable)}; it lists ${Object.keys(syntheticWords).join(', ')}, separated by commas`,
  );
}

/** `stock, e-mail addresses`: invented figures as people read them; null if all are real. */
export function syntheticText(synthetic: readonly Synthetic[]): string | null {
  return synthetic.length === 0 ? null : synthetic.map((name) => syntheticWords[name]).join(', ');
}
