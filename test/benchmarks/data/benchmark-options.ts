import { parseArgs } from 'node:util';

/** The options of `npm run benchmark:data`. */
export interface BenchmarkOptions {
  /** Numbers of orders. Each order has 2.5 items; there are a tenth as many users, and 50,000 products. */
  readonly orders: readonly number[];
  /** Runs of each contender, alternating with the others. */
  readonly rounds: number;
  /** Memory limits of the functions; each size runs once more under each of them. */
  readonly limitsMb: readonly number[];
  readonly parts: readonly BenchmarkPart[];
}

const benchmarkParts = ['transforms', 'limits', 'rows', 'postgres', 'cold-start'] as const;
type BenchmarkPart = (typeof benchmarkParts)[number];

export const benchmarkUsage = `npm run benchmark:data -- [options]
  --orders 10000,1000000,10000000   sizes
  --rounds 3                        turns of every contender; the JavaScript Map runs once
  --limits 512,1024,2048            memory under which each size runs once more, held by the kernel
  --only transforms,limits          parts: ${benchmarkParts.join(', ')}
  --quick                           sizes 10,000 and 200,000, one round: about a minute`;

const list = (text: string): string[] => text.split(',').filter((one) => one !== '');

const positive = (option: string, text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new Error(`--${option}: ${JSON.stringify(text)} is not a whole number from 1`);
  return number;
};

/** The options of a command line. Throws an Error that names a wrong one. */
export function benchmarkOptions(args: readonly string[]): BenchmarkOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      orders: { type: 'string' },
      rounds: { type: 'string' },
      limits: { type: 'string', default: '512,1024,2048' },
      only: { type: 'string', default: benchmarkParts.join() },
      quick: { type: 'boolean', default: false },
    },
  });
  const parts = list(values.only).map((name) => {
    const part = benchmarkParts.find((one) => one === name);
    if (part === undefined) throw new Error(`--only: ${name} is none of ${benchmarkParts.join(', ')}`);
    return part;
  });
  return {
    orders: list(values.orders ?? (values.quick ? '10000,200000' : '10000,1000000,10000000')).map((one) =>
      positive('orders', one),
    ),
    rounds: positive('rounds', values.rounds ?? (values.quick ? '1' : '3')),
    limitsMb: list(values.limits).map((one) => positive('limits', one)),
    parts,
  };
}
