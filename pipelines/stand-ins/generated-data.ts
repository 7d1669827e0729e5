import { type CatalogueEntry, generatedCatalogue } from './generated-catalogue.ts';
import { type Random, seededRandom } from './random.ts';
import { rangeOf, type SourceData, type SourceOrder, type SourceProduct, type SourceUser } from './source-data.ts';
import { decimalOf } from './ten-thousandths.ts';

/** Any number; another one changes every figure in the examples. */
const seed = 20_250_101;
const customerCount = 300;
const orderCount = 2_000;
const dayMilliseconds = 86_400_000;
const firstDay = Date.UTC(2025, 0, 1);
const days = 365;

const countries = [
  ['United Kingdom', 78],
  ['Germany', 6],
  ['France', 5],
  ['Ireland', 4],
  ['Netherlands', 3],
  ['Spain', 2],
  ['Norway', 2],
] as const;
/** Relative orders per month: quiet in summer, busy before Christmas. */
const seasons = [8, 7, 8, 8, 9, 8, 7, 7, 10, 12, 16, 13];

interface Customer extends SourceUser {
  /** Weight of the customer's order rate against other customers. */
  readonly appetite: number;
}

/** A gift shop's year 2025: 2,000 orders of 300 customers for 120 products, the same on every machine. */
export function generatedData(): SourceData {
  const random = seededRandom(seed);
  const catalogue = generatedCatalogue(random);
  const customers = customersOf(random);
  const orders = ordersOf(random, catalogue, customers);
  const users = customers.map(({ appetite: _, ...user }) => user);
  return {
    origin: 'generated data',
    orders,
    users,
    products: stockFor(random, catalogue, orders),
    range: rangeOf(orders),
  };
}

const customersOf = (random: Random): Customer[] =>
  Array.from({ length: customerCount }, (_, index) => {
    const user_id = String(10_001 + index);
    // Half were customers before 2025; the others join during the year.
    const day = index % 2 === 0 ? -random.between(1, 500) : random.between(0, 330);
    return {
      user_id,
      email: `customer-${user_id}@example.com`,
      country: random.pick(countries, ([, weight]) => weight)[0],
      created_at: momentOn(random, day),
      // A few customers order all the time, most only now and then.
      appetite: 1 / (0.03 + random.next()) - 0.9,
    };
  });

const ordersOf = (
  random: Random,
  catalogue: readonly CatalogueEntry[],
  customers: readonly Customer[],
): SourceOrder[] => {
  const moments = Array.from({ length: orderCount }, () => momentOn(random, orderDay(random))).sort();
  return moments.map((order_date, index) => {
    const known = customers.filter((customer) => customer.created_at < order_date);
    const basket = new Map<CatalogueEntry, number>();
    for (let lines = random.between(1, 5); lines > 0; lines -= 1) {
      const entry = random.pick(catalogue, ({ demand }) => demand);
      basket.set(entry, (basket.get(entry) ?? 0) + random.pick([1, 2, 3, 4, 6, 12], (count) => 1 / count));
    }
    const items = [...basket].map(([{ product_id, price }, quantity]) => ({
      product_id,
      quantity,
      price: cents(price),
    }));
    const total = [...basket].reduce((sum, [{ price }, quantity]) => sum + price * quantity, 0);
    return {
      order_id: String(500_001 + index),
      customer_id: buyer(random, known),
      order_date,
      total_amount: cents(total),
      items,
    };
  });
};

/** One in fifteen orders is a guest's. Occasionally the CRM has lost the customer. */
const buyer = (random: Random, known: readonly Customer[]): string | null => {
  const draw = random.next();
  if (draw < 0.065) return null;
  return draw < 0.067 ? '99999' : random.pick(known, ({ appetite }) => appetite).user_id;
};

const orderDay = (random: Random): number => {
  const month = random.pick(
    seasons.map((weight, index) => ({ weight, index })),
    ({ weight }) => weight,
  ).index;
  const first = (Date.UTC(2025, month, 1) - firstDay) / dayMilliseconds;
  const next = month === 11 ? days : (Date.UTC(2025, month + 1, 1) - firstDay) / dayMilliseconds;
  return random.between(first, next - 1);
};

/** Stock for two weeks to half a year of sales; every tenth product is running out or sold out. */
const stockFor = (
  random: Random,
  catalogue: readonly CatalogueEntry[],
  orders: readonly SourceOrder[],
): SourceProduct[] => {
  const sold = new Map<string, number>();
  for (const { items } of orders) {
    for (const { product_id, quantity } of items) sold.set(product_id, (sold.get(product_id) ?? 0) + quantity);
  }
  return catalogue.map(({ product_id, name }, index) => {
    const lasts = index % 10 === 3 ? random.between(0, 12) : random.between(16, 180);
    const stock = Math.ceil(((sold.get(product_id) ?? 0) * lasts) / days);
    return { product_id, name, stock_on_hand: sold.has(product_id) ? stock : random.between(5, 40) };
  });
};

/** A random second of a day within the shop's opening hours; days count from 1 January 2025. */
const momentOn = (random: Random, day: number): string =>
  new Date(firstDay + day * dayMilliseconds + random.between(8 * 3600, 21 * 3600) * 1000).toISOString();

const cents = (amount: number): string => decimalOf(BigInt(amount) * 100n);
