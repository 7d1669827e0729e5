import { listPrices, type PricedUnit } from './list-prices.ts';

const names: Readonly<Record<PricedUnit, string>> = {
  transition: 'state transitions',
  invocation: 'invocations of Lambda',
  gbSecond: 'GB-seconds of Lambda',
  s3Put: 'PUT requests of S3',
  s3Get: 'GET requests of S3',
  event: 'events',
  sqsRequest: 'requests of SQS',
  secretRequest: 'requests of Secrets Manager',
};

/** Lines of a Markdown table: for each unit the number in one run, and the price of 1,000 runs in dollars; the sum at the end. */
export function priceTable(units: Readonly<Record<PricedUnit, number>>): string[] {
  const rows = Object.entries(listPrices).map(([unit, price]) => {
    const number = units[unit as PricedUnit];
    return { name: names[unit as PricedUnit], number, dollars: number * price * 1_000 };
  });
  const sum = rows.reduce((total, { dollars }) => total + dollars, 0);
  return [
    '| | in one run | $ for 1,000 runs |',
    '| --- | ---: | ---: |',
    ...rows.map(({ name, number, dollars }) => `| ${name} | ${Number(number.toFixed(2))} | ${dollars.toFixed(4)} |`),
    `| **sum** | | **${sum.toFixed(2)}** |`,
  ];
}
