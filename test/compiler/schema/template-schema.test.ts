import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { schemaText, templateSchema } from '../../../lib/compiler/schema/template-schema.ts';
import { pipelineKeys } from '../../../lib/compiler/template/keys/pipeline-keys.ts';
import { overrideKeys, stepKeys } from '../../../lib/compiler/template/keys/step-keys.ts';
import { parseTemplate } from '../../../lib/compiler/template/parse-template.ts';
import type { Diagnostic } from '../../../lib/diagnostics/diagnostic.ts';

const root = new URL('../../../', import.meta.url);
const corpus = new URL('../shared/corpus/tasker/', root);

const fits = new Ajv({ strict: false, allErrors: false }).compile(templateSchema());

/** Errors of the language: the graph, the queries and the files are no part of a schema. */
function errorsOf(text: string): string[] {
  const found: Diagnostic[] = [];
  parseTemplate({ file: 'p.yaml', text }, { environment: null }, (one) => found.push(one));
  return found.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

const inFolder = (folder: URL): [string, string][] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.yaml'))
        .map((file) => [file, readFileSync(new URL(file, folder), 'utf8')])
    : [];

const inDocs = readdirSync(new URL('docs/', root))
  .filter((file) => file.endsWith('.md'))
  .flatMap((file) => {
    const blocks = readFileSync(new URL(`docs/${file}`, root), 'utf8').matchAll(/^```ya?ml[^\n]*\n(.*?)^```$/gms);
    return [...blocks].map(([, text = ''], index): [string, string] => [`docs/${file} ${index + 1}`, text]);
  })
  .filter(([, text]) => /^name:/m.test(text) && /^steps:/m.test(text));

const own = [...inFolder(new URL('pipelines/', root)), ...inDocs];
const theirs = inFolder(corpus);
if (theirs.length === 0) console.warn(`skipped: the corpus of Tasker's templates is not at ${corpus.pathname}`);

const read = (text: string): unknown => parse(text, { merge: true });

describe('the schema of a template', () => {
  test('is the file that the package ships', () => {
    const shipped = readFileSync(new URL('template.schema.json', root), 'utf8');
    expect(JSON.parse(shipped)).toEqual(templateSchema());
    expect(shipped).toBe(schemaText());
  });

  test('describes every key of every table', () => {
    const keys = JSON.stringify(templateSchema().properties);
    for (const { name, means } of pipelineKeys.keys)
      expect(keys).toContain(`${JSON.stringify(name)}:{"description":${JSON.stringify(means).slice(0, -1)}`);
  });

  test.each([...own, ...theirs])('agrees with the compiler on %s', (_, text) => {
    const errors = errorsOf(text);
    const agrees = fits(read(text));
    if (errors.length === 0) expect(fits.errors ?? []).toEqual([]);
    if (errors.some((code) => keyErrors.has(code))) expect(agrees).toBe(false);
  });

  test('has examples of both kinds', () => {
    expect(own.length).toBeGreaterThan(8);
    expect(own.filter(([, text]) => errorsOf(text).length === 0).length).toBeGreaterThan(5);
  });
});

/** Mistakes that the compiler reports and a schema can find. */
const keyErrors = new Set([
  'UNKNOWN_KEY',
  'MISSING_KEY',
  'KEY_CONFLICT',
  'NOT_YET_SUPPORTED',
  'BAD_TYPE',
  'BAD_SCHEDULE',
]);

type Tree = unknown;

/** Whole numbers below a bound, the same in every run (mulberry32). */
const random = (() => {
  let state = 7;
  return (bound: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) % bound;
  };
})();
const oneOf = <T>(items: readonly T[]): T => items[random(items.length)] as T;

const names = [...new Set([pipelineKeys, stepKeys, overrideKeys].flatMap(({ keys }) => keys.map(({ name }) => name)))];
const inner = [
  'max_attempts',
  'limit',
  'initial_delay',
  'initial_delay_ms',
  'callable',
  'initialization',
  'cron',
  'rate',
  'policy',
  'file',
  'query',
  'schema',
  'checks',
  'setup',
  'handlr',
];
const values: readonly Tree[] = [
  null,
  [],
  {},
  '',
  'x',
  'text with spaces',
  7,
  0,
  -1,
  1.5,
  true,
  false,
  '30s',
  '1h30m',
  'full',
  'skip',
  'standard',
  'decision',
  'all_done',
  ['a'],
  [['a']],
  [{ name: 'a' }],
  [{ name: 'a', handler: 'b' }],
  { callable: 'x' },
  { query: 'SELECT 1' },
  { cron: '0 7 * * *' },
  { rate: '1 hour' },
  { d: null },
  { d: { schema: { a: 'BIGINT' } } },
  { type: 'object' },
  { max_attempts: 3 },
  { steps: [{ name: 'ALL', retry: {} }] },
];

/** Mappings in a tree, without those whose content is the author's. */
function mappings(tree: Tree): Record<string, Tree>[] {
  if (Array.isArray(tree)) return tree.flatMap(mappings);
  if (typeof tree !== 'object' || tree === null) return [];
  const own = tree as Record<string, Tree>;
  const free = [
    'metadata',
    'input_schema',
    'schema',
    'result_schema',
    'initialization',
    'handler_config',
    'environment',
    'params',
  ];
  return [own, ...Object.entries(own).flatMap(([key, value]) => (free.includes(key) ? [] : mappings(value)))];
}

function mutant(): Tree {
  const tree = structuredClone(read(oneOf(originals)[1]));
  for (let times = 1 + random(2); times > 0; times -= 1) {
    const at = oneOf(mappings(tree));
    const key = random(4) === 0 ? oneOf(Object.keys(at)) : oneOf([...names, ...inner]);
    if (random(5) === 0) delete at[oneOf(Object.keys(at))];
    else at[key] = structuredClone(oneOf(values));
  }
  return tree;
}

/** Small ones: each is read hundreds of times. */
const originals = [...own, ...theirs].filter(([, text]) => text.length < 1500 && errorsOf(text).length === 0);
const mutants = 250;

test.each([
  ['a name twice', 'handler: x\n    handler_class: y', 'KEY_CONFLICT'],
  [
    'a value inside of a mapping and beside it',
    'handler: x\n    retry: { max_attempts: 2 }\n    retry_limit: 3',
    'KEY_CONFLICT',
  ],
  ['two other names', 'handler: x\n    timeout_ms: 1000\n    timeout_seconds: 1', 'KEY_CONFLICT'],
  ['an unknown key in a mapping', 'handler: { callable: x, metod: y }', 'UNKNOWN_KEY'],
  ['a step that does nothing', 'description: x', 'MISSING_KEY'],
  ['a handler without its callable', 'handler: { initialization: {} }', 'MISSING_KEY'],
  ['a key of a later version', 'handler: x\n    when: input.a', 'NOT_YET_SUPPORTED'],
  ['a duration in the wrong unit', 'handler: x\n    timeout_seconds: 30s', 'BAD_DURATION'],
  ['a number outside of the limits', 'handler: x\n    memory_mb: 100', 'BAD_VALUE'],
  ['an unknown word', 'handler: x\n    severity: urgent', 'BAD_VALUE'],
])('%s is refused by both', (_, step, code) => {
  const text = `name: p\nsteps:\n  - name: a\n    ${step}\n`;
  expect(errorsOf(text)).toEqual([code]);
  expect(fits(read(text))).toBe(false);
});

test('the schema accepts every changed template that the compiler reads, and refuses every one with a mistake in its keys', () => {
  const seen = { sound: 0, wrong: 0 };
  for (let count = 0; count < mutants; count += 1) {
    const tree = mutant();
    const text = stringify(tree, { aliasDuplicateObjects: false });
    const errors = errorsOf(text);
    const accepted = fits(read(text));
    if (errors.length === 0) {
      seen.sound += 1;
      if (!accepted)
        throw new Error(`the compiler reads this, and the schema does not:\n${text}\n${JSON.stringify(fits.errors)}`);
    } else if (errors.some((code) => keyErrors.has(code))) {
      seen.wrong += 1;
      if (accepted) throw new Error(`the compiler reports ${errors.join(', ')}, and the schema nothing:\n${text}`);
    }
  }
  expect(seen.sound).toBeGreaterThan(mutants / 20);
  expect(seen.wrong).toBeGreaterThan(mutants / 4);
});
