import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../../lib/contract/records/manifest.ts';
import { ExactNumber } from '../../../lib/exact/exact-number.ts';
import { aStep, attempt, errorOf, memoryWorld, stored } from '../fixtures.ts';

const resultOf = async (returned: () => unknown) => {
  const world = memoryWorld();
  const { manifest } = await attempt(world, { step: aStep('s') }, returned);
  return (await stored<Manifest>(world.store, manifest ?? ''))?.result;
};

describe('the result of a step', () => {
  test.each([
    ['nothing', undefined, null],
    ['an object with undefined in it', { a: 1, b: undefined }, { a: 1 }],
    ['an array with undefined in it', [1, undefined], [1, null]],
    ['a date', { at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }],
    ['a key that JavaScript treats specially', { constructor: 1, toString: 2 }, { constructor: 1, toString: 2 }],
    ['the same object twice', ((shared) => [shared, shared])({ a: 1 }), [{ a: 1 }, { a: 1 }]],
  ])('may be %s', async (_what, returned, expected) => {
    expect(await resultOf(() => returned)).toEqual(expected);
  });

  const cycle: Record<string, unknown> = {};
  cycle.self = { cycle };
  let deep: unknown = 1;
  for (let level = 0; level < 20_000; level += 1) deep = [deep];
  test.each([
    ['NaN', { ratio: Number.NaN }, '/ratio: NaN is not a JSON number'],
    ['Infinity', [Number.POSITIVE_INFINITY], '/0: Infinity is not a JSON number'],
    ['a function', { f: () => 1 }, '/f: a function is not JSON'],
    ['a symbol', Symbol('x'), '/: a symbol is not JSON'],
    ['a bigint', { n: 10n }, '/n: the bigint 10n is not JSON; return it as a text'],
    [
      'a number that readers would round',
      { amount: new ExactNumber('99999999999999.9901') },
      '/amount: the number 99999999999999.9901 would be rounded by readers; return it as a text',
    ],
    ['a key that readers refuse', JSON.parse('{"a":{"__proto__":1}}'), '/a: the key "__proto__" is not allowed'],
    ['a key with half a character', { '\ud800': 1 }, '/: a key with half a character'],
    ['itself', cycle, '/self/cycle: the value contains itself'],
    ['too much nesting', deep, 'nested deeper than 100 levels'],
    ['a Map', { m: new Map() }, '/m: a Map is not JSON'],
    ['bytes', { b: Buffer.from('x') }, '/b: a Buffer is not JSON'],
    ['an error', { e: new TypeError('x') }, '/e: a TypeError is not JSON'],
    ['rows that were not written', { rows: [].values() }, '/rows: an iterator is not JSON'],
    ['a promise that was not awaited', { p: Promise.resolve(1) }, '/p: a Promise is not JSON'],
    ['half a character', '\ud800', 'lone surrogate'],
  ])('cannot be %s: permanent, with the place', async (_what, returned, message) => {
    const error = await errorOf(resultOf(() => returned));
    expect(error).toMatchObject({ name: 'ValidationError' });
    expect(error.message).toContain(message);
  });

  test('is at most 64 KiB of JSON', async () => {
    expect(await resultOf(() => 'x'.repeat(64 * 1024 - 2))).toHaveLength(64 * 1024 - 2);
    const error = await errorOf(resultOf(() => 'x'.repeat(64 * 1024 - 1)));
    expect(error).toMatchObject({ name: 'PermanentError' });
    expect(error.message).toContain('65537 bytes of JSON; at most 65536 are allowed');
  });

  test('must fit result_schema: every violation is listed, and nothing is committed', async () => {
    const world = memoryWorld();
    const result_schema = {
      type: 'object',
      required: ['orders'],
      properties: { orders: { type: 'integer' }, currency: { enum: ['EUR', 'USD'] } },
    };
    const step = aStep('s', { result_schema });
    const error = await errorOf(attempt(world, { step }, () => ({ currency: 'XXX' })));
    expect(error).toMatchObject({ name: 'ValidationError' });
    expect(error.message).toContain('/orders: missing; must be integer');
    expect(error.message).toContain('/currency: "XXX" must be one of "EUR", "USD"');
    expect(await attempt(world, { step }, () => ({ orders: 1 }))).toMatchObject({ outcome: 'succeeded' });
  });
});
