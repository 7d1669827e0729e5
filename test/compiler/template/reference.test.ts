import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAndCheck } from './parse.ts';
import { referenceTables } from './reference-tables.ts';

const reference = readFileSync(new URL('../../../docs/template-reference.md', import.meta.url), 'utf8');

describe('the reference', () => {
  test.each(Object.keys(referenceTables))('has the table of %s as the compiler has it', (name) => {
    const [, table] = new RegExp(`<!-- table: ${name} -->\n\n(.*?)\n\n<!-- end -->`, 's').exec(reference) ?? [];
    expect(table).toBe(referenceTables[name]);
  });

  const examples = [...reference.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1] ?? '');

  test('has examples', () => expect(examples.length).toBeGreaterThanOrEqual(3));

  test.each(examples)('an example compiles without a word: %#', (example) => {
    expect(parseAndCheck(example).found).toEqual([]);
  });
});
