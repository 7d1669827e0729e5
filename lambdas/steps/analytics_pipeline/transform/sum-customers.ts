import type { User } from '../../connectors/read-users.ts';
import { type DateRange, type Day, dayOf } from '../../quantities/days.ts';
import { type Granularity, periodOf, periodsIn } from '../../quantities/periods.ts';
import { textOrder } from '../../quantities/text-order.ts';
import type { CustomersResult } from '../results.ts';

/** Customers of one country. */
export type CountryCustomers = { readonly country: string; readonly customers: number };

/** Columns of the `country_customers` dataset. */
export const countryCustomersColumns = { country: 'VARCHAR', customers: 'BIGINT' };

/** Customers created in one period of the range; periods without one have a row as well. */
export type NewCustomers = { readonly period: Day; readonly customers: number };

/** Columns of the `new_customers` dataset. */
export const newCustomersColumns = { period: 'DATE', customers: 'BIGINT' };

/** Counts of customers that pass by one batch at a time; keeps one number per country and per period. */
export class CustomerCounts {
  readonly #range: DateRange;
  readonly #granularity: Granularity;
  readonly #countries = new Map<string, number>();
  readonly #periods = new Map<Day, number>();
  #customers = 0;
  #fresh = 0;

  constructor(range: DateRange, granularity: Granularity) {
    this.#range = range;
    this.#granularity = granularity;
    for (const period of periodsIn(range, granularity)) this.#periods.set(period, 0);
  }

  add(users: readonly User[]): void {
    for (const user of users) {
      this.#customers += 1;
      this.#countries.set(user.country, (this.#countries.get(user.country) ?? 0) + 1);
      const day = dayOf(user.created_at);
      if (day < this.#range.start_date || day > this.#range.end_date) continue;
      this.#fresh += 1;
      const period = periodOf(day, this.#granularity);
      this.#periods.set(period, (this.#periods.get(period) ?? 0) + 1);
    }
  }

  /** The countries with most customers first. */
  *countries(): Generator<CountryCustomers> {
    for (const [country, customers] of [...this.#countries].sort(([a, x], [b, y]) => y - x || textOrder(a, b))) {
      yield { country, customers };
    }
  }

  *periods(): Generator<NewCustomers> {
    for (const [period, customers] of this.#periods) yield { period, customers };
  }

  result(): CustomersResult {
    return { record_count: this.#customers, new_customers: this.#fresh, countries: this.#countries.size };
  }
}
