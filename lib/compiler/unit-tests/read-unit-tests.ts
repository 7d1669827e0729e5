/** Reads a file of unit tests: YAML with the places of its mistakes. */
import type { JsonObject } from '../../contract/json.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { SourceFile } from '../../diagnostics/source-file.ts';
import { take } from '../template/keys/key-table.ts';
import { readYaml } from '../template/tree/read-yaml.ts';
import { Reading } from '../template/tree/reading.ts';
import { describe, type Mapping, type Tree, toJsonObject } from '../template/tree/tree.ts';
import { keysOf } from './keys-of.ts';
import { readExpected } from './read-expected.ts';
import { fileKeys, rowsKeys, testKeys, upstreamKeys } from './test-keys.ts';
import type { TestRows, TestUpstream, UnitTest } from './unit-test.ts';

/** The steps of the pipeline with their dependencies. */
export type KnownSteps = ReadonlyMap<string, readonly string[]>;

/** The tests of a file. Reports every mistake with its place; a test with a mistake is left out. */
export function readUnitTests(
  { file, text }: { readonly file: string; readonly text: string },
  steps: KnownSteps,
  report: Report,
): UnitTest[] {
  const reading = new Reading(new SourceFile(file, text), report);
  const written = readYaml(reading, { of: 'a file of tests', has: '"step" and "tests"' });
  const content = written && keysOf(written, 'a file of tests', fileKeys, reading);
  const step = take(content, fileKeys.step, reading);
  const items = take(content, fileKeys.tests, reading);
  if (!content || step === null || items === null) return [];
  const dependencies = steps.get(step);
  if (dependencies === undefined) {
    const names = [...steps.keys()];
    const hint = didYouMean(step, names) || `; its steps are ${names.join(', ')}`;
    const at = content.entries.get('step')?.value.range ?? content.range;
    reading.say('UNKNOWN_STEP', at, `the pipeline has no step "${step}"${hint}`);
    return [];
  }
  return items.flatMap((item) => readTest(item, { name: step, dependencies }, reading) ?? []);
}

function readTest(
  tree: Tree,
  { name: step, dependencies }: { readonly name: string; readonly dependencies: readonly string[] },
  reading: Reading,
): UnitTest | null {
  const content = keysOf(tree, 'a test', testKeys, reading);
  const name = take(content, testKeys.name, reading);
  const expect = take(content, testKeys.expect, reading);
  if (!content || name === null || expect === null) return null;
  const expected = readExpected(expect, reading);
  const upstream = readUpstream(take(content, testKeys.upstream, reading), dependencies, reading);
  const secrets = take(content, testKeys.secrets, reading) ?? {};
  if (expected === null || upstream === null) return null;
  const { start, end } = content.entries.get('name')?.value.range ?? content.range;
  return {
    step,
    name,
    span: reading.source.span(start, end),
    input: take(content, testKeys.input, reading) ?? {},
    config: take(content, testKeys.config, reading),
    secrets: Object.fromEntries(Object.entries(secrets).map(([key, value]) => [key, String(value)])),
    upstream,
    expected,
  };
}

const ends = ['failed', 'blocked', 'skipped'] as const;

function readUpstream(
  tree: Mapping | null,
  dependencies: readonly string[],
  reading: Reading,
): ReadonlyMap<string, TestUpstream> | null {
  const found = new Map<string, TestUpstream>();
  let ok = true;
  for (const [name, { key, value }] of tree?.entries ?? []) {
    const given = dependencies.includes(name) ? readGiven(value, name, reading) : null;
    if (!dependencies.includes(name)) {
      const hint = didYouMean(name, dependencies) || `; its dependencies are ${dependencies.join(', ') || 'none'}`;
      reading.say('UNKNOWN_STEP', key, `the step does not depend on "${name}"${hint}`);
    }
    if (given === null) ok = false;
    else found.set(name, given);
  }
  // A dependency that a test does not name has neither a result nor datasets.
  for (const name of dependencies) if (!found.has(name)) found.set(name, { datasets: {} });
  return ok ? found : null;
}

function readGiven(tree: Tree, name: string, reading: Reading): TestUpstream | null {
  if (tree.kind === 'scalar' && tree.value !== null) {
    const end = ends.find((one) => one === tree.value);
    if (end) return end;
    reading.say(
      'BAD_VALUE',
      tree.range,
      `"${name}" is a mapping with "result" and "datasets", or one of ${ends.join(', ')}, but this is ${describe(tree)}`,
    );
    return null;
  }
  if (tree.kind === 'scalar') return { datasets: {} };
  const content = keysOf(tree, `the dependency "${name}"`, upstreamKeys, reading);
  if (!content) return null;
  const datasets: Record<string, TestRows> = {};
  for (const [dataset, { value }] of take(content, upstreamKeys.datasets, reading)?.entries ?? []) {
    const rows = readRows(value, dataset, reading);
    if (rows === null) return null;
    datasets[dataset] = rows;
  }
  const result = take(content, upstreamKeys.result, reading);
  return { datasets, ...(result !== null && { result }) };
}

function readRows(tree: Tree, dataset: string, reading: Reading): TestRows | null {
  if (tree.kind === 'list') return rowsOf(tree.items, reading);
  const content = keysOf(tree, `the dataset "${dataset}"`, rowsKeys, reading);
  const columns = take(content, rowsKeys.columns, reading);
  const items = take(content, rowsKeys.rows, reading);
  const rows = items && rowsOf(items, reading);
  if (columns === null || rows === null) return null;
  return { columns: Object.fromEntries(Object.entries(columns).map(([key, type]) => [key, String(type)])), rows };
}

function rowsOf(items: readonly Tree[], reading: Reading): JsonObject[] | null {
  const rows = items.map((item) => {
    if (item.kind === 'map') return toJsonObject(item);
    reading.say('BAD_TYPE', item.range, `a row is a mapping of columns to values, but this is ${describe(item)}`);
    return null;
  });
  return rows.every((row) => row !== null) ? rows : null;
}
