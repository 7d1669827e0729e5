import { setFlagsFromString } from 'node:v8';
import { expect, test } from 'vitest';
import { objectMaker } from '../../../lib/data/read/vectors/object-maker.ts';

test('objects have all names in order, for any values', () => {
  const make = objectMaker(['b', 'a', 'toString']);
  const objects = make(
    [
      [1, null],
      ['x', []],
      [{}, true],
    ],
    2,
  );
  expect(objects.map((object) => Object.entries(object))).toEqual([
    [
      ['b', 1],
      ['a', 'x'],
      ['toString', {}],
    ],
    [
      ['b', null],
      ['a', []],
      ['toString', true],
    ],
  ]);
});

test('all objects have one shape for V8, for any call that made them', () => {
  setFlagsFromString('--allow-natives-syntax');
  const haveOneShape = new Function('one', 'other', 'return %HaveSameMap(one, other) && %HasFastProperties(one)');
  setFlagsFromString('--no-allow-natives-syntax');
  const make = objectMaker(['a', 'b']);
  const first = make(
    [
      [1, null],
      ['x', 'y'],
    ],
    2,
  );
  const second = make(
    [
      [1.5, 5n, {}, 7],
      [[], true, null, 2 ** 40],
    ],
    4,
  );
  const [one] = first;
  expect([...first, ...second].map((other) => haveOneShape(one, other))).toEqual(Array(6).fill(true));
  expect(haveOneShape(one, { a: 1, b: 'x', c: 2 })).toBe(false);
});
