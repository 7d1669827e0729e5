import { createHash } from 'node:crypto';

/** Chance for `$random`, `$shuffle` and `$uuid`, and the time that `$now` and `$millis` give during one evaluation. */
export interface Surroundings {
  readonly random: () => number;
  readonly millis: number;
}

const algorithms: ReadonlyMap<string, string> = new Map(
  Object.entries({
    MD5: 'md5',
    'SHA-1': 'sha1',
    'SHA-256': 'sha256',
    'SHA-384': 'sha384',
    'SHA-512': 'sha512',
  }),
);

/** `$range` of Step Functions makes at most so many numbers. */
const longestRange = 1000;

/** The functions that Step Functions adds to JSONata, the one that it removes (`$eval`), and those whose time or chance must be injected. */
export function stepFunctionsLibrary({ random, millis }: Surroundings): Record<string, unknown> {
  return {
    partition,
    range,
    hash,
    parse: (text: unknown): unknown => (text === undefined ? undefined : JSON.parse(asString(text, '$parse'))),
    random: (seed: unknown): number => (seed === undefined ? random() : seeded(seed)),
    shuffle: (list: unknown): unknown => (list === undefined ? undefined : shuffle(asList(list), random)),
    uuid: (): string => uuid(random),
    millis: (): number => millis,
    now: {
      _jsonata_function: true,
      /** JSONata's own formatter, on the injected time. */
      implementation(this: JsonataFocus, picture?: string, zone?: string): unknown {
        return this.environment.lookup('fromMillis').implementation.call(this, millis, picture, zone);
      },
    },
    eval: undefined,
  };
}

interface JsonataFocus {
  readonly environment: {
    lookup(name: string): { implementation(this: unknown, ...args: unknown[]): unknown };
  };
}

const asString = (value: unknown, name: string): string => {
  if (typeof value !== 'string') throw new TypeError(`${name} takes a string`);
  return value;
};

const asInteger = (value: unknown, name: string): number => {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new TypeError(`${name} takes whole numbers`);
  return value;
};

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

const partition = (list: unknown, size: unknown): unknown => {
  if (list === undefined) return undefined;
  const length = asInteger(size, '$partition');
  if (length < 1) throw new RangeError('$partition takes a chunk size of at least 1');
  const items = asList(list);
  return Array.from({ length: Math.ceil(items.length / length) }, (_, chunk) =>
    items.slice(chunk * length, (chunk + 1) * length),
  );
};

/** A JSONata sequence, so that a range of one number is that number, as recorded on AWS. */
const range = (first: unknown, last: unknown, delta: unknown): unknown => {
  const [from, to, step] = [first, last, delta].map((value) => asInteger(value, '$range')) as [number, number, number];
  if (step === 0) throw new RangeError('$range takes a step other than 0');
  const length = Math.max(0, Math.floor((to - from) / step) + 1);
  if (length > longestRange) throw new RangeError(`$range makes at most ${longestRange} numbers`);
  const numbers = Array.from({ length }, (_, index) => from + index * step);
  return Object.assign(numbers, { sequence: true });
};

const hash = (text: unknown, algorithm: unknown = 'SHA-256'): unknown => {
  if (text === undefined) return undefined;
  const name = algorithms.get(asString(algorithm, '$hash'));
  if (name === undefined) {
    throw new RangeError(`$hash knows ${[...algorithms.keys()].join(', ')}, not ${String(algorithm)}`);
  }
  return createHash(name).update(asString(text, '$hash')).digest('hex');
};

/** The first number of java.util.Random for a seed: AWS's `$random(42)` is exactly that. */
const seeded = (seed: unknown): number => {
  if (typeof seed !== 'number' || !Number.isFinite(seed)) throw new TypeError('$random takes a number as its seed');
  const mask = (1n << 48n) - 1n;
  let state = (BigInt(Math.trunc(seed)) ^ 0x5deece66dn) & mask;
  const bits = (count: bigint): number => {
    state = (state * 0x5deece66dn + 0xbn) & mask;
    return Number(state >> (48n - count));
  };
  return (bits(26n) * 2 ** 27 + bits(27n)) / 2 ** 53;
};

const shuffle = (list: readonly unknown[], random: () => number): unknown[] => {
  const result = [...list];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other], result[last]];
  }
  return result;
};

/** A UUID of version 4 from the injected chance. */
const uuid = (random: () => number): string =>
  'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (kind) => {
    const digit = Math.floor(random() * 16);
    return (kind === 'x' ? digit : (digit % 4) + 8).toString(16);
  });
