import { expect, test } from 'vitest';
import { exportedArrows } from './exported-arrows.ts';

test('an exported arrow function is found, unless its type needs a constant', () => {
  const source = [
    'export const one = () => 1;',
    'export const two: () => number = () => 2;',
    'export const three = 3;',
    'const four = () => 4;',
    'export const five = async <T>(value: T) => value;',
    'export function six() {}',
  ].join('\n');
  expect(exportedArrows('x.ts', source)).toEqual([
    { name: 'one', line: 1 },
    { name: 'five', line: 5 },
  ]);
});
