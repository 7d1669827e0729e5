import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { envelope } from '../../../lib/contract/events/event.ts';
import { eventTypes, notYet } from '../../../lib/contract/events/event-types.ts';

const page = new URL('../../../docs/events.md', import.meta.url);

interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
}

const schemaOf = (type: z.ZodMiniType) => z.toJSONSchema(type) as Schema;

/** A type in the words of the page: `text`, `whole number`, `list of {step, error}`. */
function inWords(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(', ');
  if (schema.anyOf) return schema.anyOf.map(inWords).join(' or ');
  if (schema.type === 'array') return `list of ${inWords(schema.items ?? {})}`;
  if (schema.properties)
    return `{${Object.entries(schema.properties)
      .map(([name, one]) => `${name}: ${inWords(one)}`)
      .join('; ')}}`;
  if (schema.type === 'object') return `by name: ${inWords(schema.additionalProperties as Schema)}`;
  if (Array.isArray(schema.type)) return schema.type.map((type: string) => inWords({ type })).join(' or ');
  const names: Readonly<Record<string, string>> = { string: 'text', integer: 'whole number', boolean: 'true or false' };
  return names[String(schema.type)] ?? String(schema.type ?? 'any value');
}

const fieldsOf = (schema: Schema): string[] =>
  Object.entries(schema.properties ?? {}).map(([name, one]) => `| \`${name}\` | ${inWords(one)} |`);

function generated(): string {
  const rows = Object.entries(eventTypes).map(
    ([type, { means, severity, sentBy }]) =>
      `| \`${type}\` | ${means} | ${severity} | ${sentBy === notYet ? 'not sent yet' : sentBy} |`,
  );
  const byDetail = Map.groupBy(Object.entries(eventTypes), ([, { detail }]) => fieldsOf(schemaOf(detail)).join('\n'));
  const details = [...byDetail].flatMap(([fields, types]) => [
    '',
    `### ${types.map(([type]) => `\`${type}\``).join(', ')}`,
    '',
    ...(fields === ''
      ? ['Its fields come with the part of Daybreak that sends it.']
      : ['| field of `detail` | type |', '| --- | --- |', fields]),
  ]);
  return [
    '## Fields of every event',
    '',
    '| field | type |',
    '| --- | --- |',
    ...fieldsOf(schemaOf(z.object(envelope))),
    '| `type` | one of the types below |',
    '| `detail` | by type, below |',
    '',
    '## Types',
    '',
    '| type | meaning | severity | sent by |',
    '| --- | --- | --- | --- |',
    ...rows,
    ...details,
    '',
  ].join('\n');
}

const mark = '<!-- generated from lib/contract/events -->\n';

test('the tables of docs/events.md are made of the definition in lib/contract/events', () => {
  const [before = ''] = readFileSync(page, 'utf8').split(mark);
  const wanted = `${before}${mark}\n${generated()}`;
  if (process.env.UPDATE_DOCS) writeFileSync(page, wanted);
  expect(readFileSync(page, 'utf8')).toBe(wanted);
});
