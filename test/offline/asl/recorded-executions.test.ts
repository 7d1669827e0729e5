import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../lib/contract/json.ts';
import { InvalidDefinition } from '../../../lib/offline/asl/invalid-definition.ts';
import { loadMachine } from '../../../lib/offline/asl/load-machine.ts';
import { start } from './run.ts';

interface Recorded {
  readonly id: string;
  readonly query_language: 'JSONata' | 'JSONPath';
  readonly definition: Json;
  readonly input: Json;
  readonly expected: { readonly status: string; readonly output: Json; readonly error: string | null };
  readonly history: readonly string[];
}

const file = new URL('../../../../shared/corpus/asl-cases.json', import.meta.url);
const recorded: readonly Recorded[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
const inJsonata = recorded.filter((one) => one.query_language === 'JSONata');
const inJsonPath = recorded.filter((one) => one.query_language === 'JSONPath');

/** Recorded executions that cannot be repeated, each with its reason. */
const unrepeatable: Readonly<Record<string, string>> = {
  'test_base_scenarios.py::TestBaseScenarios::test_wait_timestamp_jsonata[NANOSECONDS]':
    'the recording replaced the timestamp in its input by the word "date"',
};

/** An output that is no object was recorded as its JSON text. */
const outputOf = (value: Json): Json => (typeof value === 'string' ? JSON.parse(value) : value);

describe.skipIf(!existsSync(file))('executions recorded on AWS (skipped where ../shared/corpus is absent)', () => {
  const repeatable = inJsonata.filter((one) => unrepeatable[one.id] === undefined);

  test('all JSONata recordings but the listed ones are repeated', () => {
    expect(inJsonata).toHaveLength(72);
    expect(repeatable).toHaveLength(71);
  });

  test.each(repeatable)('$id', async ({ definition, input, expected, history }) => {
    const execution = start(definition, { input });
    const result = await execution.finish();
    expect(result).toMatchObject({
      status: expected.status,
      error: expected.error ?? undefined,
      output: expected.status === 'SUCCEEDED' ? outputOf(expected.output) : undefined,
    });
    expect(execution.types()).toEqual(history);
  });

  test.each(Object.keys(unrepeatable))('%s fails in the form of the corpus', async (id) => {
    const one = inJsonata.find((candidate) => candidate.id === id);
    expect(await start(one?.definition, { input: one?.input ?? null }).finish()).toMatchObject({ status: 'FAILED' });
  });

  test.each(inJsonPath)('a definition in JSONPath is refused by name: $id', ({ definition }) => {
    expect(() => loadMachine(definition)).toThrow(InvalidDefinition);
    expect(() => loadMachine(definition)).toThrow('is in JSONPath');
  });
});
