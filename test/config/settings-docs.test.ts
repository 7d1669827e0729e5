import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { configSchema, environmentSchema } from '../../lib/config/config.ts';
import { pipelineProps } from '../../lib/config/construct-props.ts';
import { pipelineShape } from '../../lib/config/pipeline-settings.ts';
import { storeSettings } from '../../lib/config/store-settings.ts';
import { settingsTable, shapeOf } from './settings-table.ts';

const page = fileURLToPath(new URL('../../docs/constructs.md', import.meta.url));

const without = (schema: z.ZodObject, other: object): z.ZodObject =>
  z.strictObject(Object.fromEntries(Object.entries(shapeOf(schema)).filter(([key]) => !(key in other))));

/** The tables of the page, by the name in the comment before each. */
const tables: Readonly<Record<string, z.ZodType>> = {
  pipeline: z.strictObject(pipelineShape),
  'pipeline-only': without(pipelineProps, pipelineShape),
  store: storeSettings,
  environment: without(environmentSchema, { ...pipelineShape, store: null }),
  config: without(configSchema, shapeOf(environmentSchema)),
};

const head = ['| key | takes | without it | effect |', '| --- | --- | --- | --- |'];

test.each(Object.entries(tables))('docs/constructs.md lists the keys of %s as the code has them', (name, schema) => {
  const table = [...head, ...settingsTable(schema)].join('\n');
  const text = readFileSync(page, 'utf8');
  const place = new RegExp(`(<!-- keys: ${name} -->\n)((?:\\|.*\n)*)`);
  expect(text).toMatch(place);
  if (process.env.UPDATE_DOCS) writeFileSync(page, text.replace(place, `$1${table.replaceAll('$', '$$$$')}\n`));
  else expect(place.exec(text)?.[2]).toBe(`${table}\n`);
});

test('a key means the same as a prop of a construct and in the configuration', () => {
  const [inConfig, inEnvironment, inProps] = [configSchema, environmentSchema, pipelineProps].map(shapeOf);
  for (const [key, type] of Object.entries(pipelineShape)) {
    expect([inConfig?.[key], inEnvironment?.[key], inProps?.[key]], key).toEqual([type, type, type]);
  }
  expect(Object.keys(shapeOf(shapeOf(configSchema).store as z.ZodType))).toEqual(Object.keys(storeSettings.shape));
});
