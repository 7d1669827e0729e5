import { centText, type Money, parseMoney } from '../quantities/money.ts';

/** Columns of the datasets `payments`. */
export const paymentColumns = {
  payment_id: 'VARCHAR',
  reference: 'VARCHAR',
  amount: 'DECIMAL(18,2)',
  currency: 'VARCHAR',
};

/** Count and sum of payments, for the control total of a provider. All currencies add up: the sum only shows that nothing is lost. */
export class ControlTotal {
  #payments = 0;
  #sum: Money = 0n;

  add(amount: string): void {
    this.#payments += 1;
    this.#sum += parseMoney(amount);
  }

  /** `568 payments, 12345.67`; two of them are equal if count and sum are. */
  toString(): string {
    return controlText(this.#payments, centText(this.#sum));
  }
}

/** The same text from the figures that a provider gives. */
export function controlText(payments: number, total: string): string {
  return `${payments} payments, ${centText(parseMoney(total))}`;
}
