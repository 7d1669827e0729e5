import { expect, test } from 'vitest';
import { readMessages } from '../../lib/cli/type-check/read-messages.ts';

test('messages of the compiler are read with their places, and the lines below them as reasons', () => {
  const output = [
    "lambdas/steps/a (1)/b.ts(3,54): error TS2551: Property 'writ' does not exist. Did you mean 'write'?",
    "lambdas/x.ts(1,1): error TS2322: Type 'A' is not assignable to type 'B'.\r",
    "  Types of property 'c' are incompatible.\r",
    "    Type 'string' is not assignable to type 'number'.",
    'error TS5083: Cannot read file tsconfig.base.json.',
    '',
  ].join('\n');
  expect(readMessages(output)).toEqual([
    {
      file: 'lambdas/steps/a (1)/b.ts',
      line: 3,
      column: 54,
      message: "Property 'writ' does not exist. Did you mean 'write'? (TS2551)",
    },
    {
      file: 'lambdas/x.ts',
      line: 1,
      column: 1,
      message:
        "Type 'A' is not assignable to type 'B'; Types of property 'c' are incompatible; Type 'string' is not assignable to type 'number' (TS2322)",
    },
    { file: null, line: 1, column: 1, message: 'Cannot read file tsconfig.base.json (TS5083)' },
  ]);
});
