import { expect, test } from 'vitest';
import { schemaType } from '../../../lib/compiler/types/schema-type.ts';
import { schemaCases } from './schema-cases.ts';

test.each(schemaCases)('the type of $what', ({ schema, type }) => {
  const found = schemaType(schema, { indent: '', fills: true, root: schema });
  expect(found.replace(/\s+/g, ' ')).toBe(type);
});
