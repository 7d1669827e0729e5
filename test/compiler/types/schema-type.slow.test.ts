import { expect, test } from 'vitest';
import { schemaType } from '../../../lib/compiler/types/schema-type.ts';
import type { Json } from '../../../lib/contract/json.ts';
import { violationsOf } from '../../../lib/input/json-schema.ts';
import { typeErrors } from '../../support/type-check.ts';
import { schemaCases } from './schema-cases.ts';

const literal = (value: Json): string => JSON.stringify(value).replaceAll('\u2028', '\\u2028');

test('every value that fits a schema has its type, and the compiler refuses the values that the cases name', async () => {
  const lines: string[] = ['export {};'];
  const wrong: number[] = [];
  for (const { schema, fits, breaks = [] } of schemaCases) {
    const type = schemaType(schema, { indent: '', fills: true, root: schema }).replace(/\s+/g, ' ');
    for (const value of fits) {
      expect(violationsOf(schema, value)).toEqual([]);
      lines.push(`void (${literal(value)} satisfies ${type});`);
    }
    for (const value of breaks) {
      lines.push(`void (${literal(value)} satisfies ${type});`);
      wrong.push(lines.length);
    }
  }
  const found = (await typeErrors({ 'values.ts': lines.join('\n') })).flatMap(
    (message) => /^values\.ts\((\d+),/.exec(message)?.[1] ?? (message.startsWith(' ') ? [] : [message]),
  );
  expect([...new Set(found)].map(Number)).toEqual(wrong);
});
