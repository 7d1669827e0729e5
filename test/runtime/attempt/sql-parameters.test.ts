import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../lib/contract/json.ts';
import { DoubleParameter } from '../../../lib/duckdb/bind-parameters.ts';
import { type SqlConfig, sqlParameters } from '../../../lib/runtime/attempt/sql-parameters.ts';
import type { Step } from '../../../lib/runtime/step.ts';

const results: Readonly<Record<string, Json>> = { extract: { row_count: 7, list: [1, 2] } };

const stepWith = (config: SqlConfig, input: JsonObject): Step<JsonObject, SqlConfig> => {
  const known = {
    input,
    config,
    run: { pipeline: 'p', run_id: 'r', execution: 2, started_at: '2026-01-31T00:00:00.000Z', scheduled_time: null },
    result: (name: string) => {
      if (name in results) return results[name];
      throw new Error(`"${name}" is not a dependency of step a; declared: extract`);
    },
  };
  return known as unknown as Step<JsonObject, SqlConfig>;
};

const valueFor = async (value: Json, input: JsonObject = {}, type?: string): Promise<unknown> => {
  const config = { params: { x: value }, ...(type !== undefined && { types: { x: type } }) };
  return (await sqlParameters(stepWith(config, input))).get('x');
};

describe('a parameter of an SQL step', () => {
  test.each([1, 2.5, 'text', '', true, null, '%} {%', 'a {% b %}'])('is %j as it is written', async (value) => {
    expect(await valueFor(value)).toBe(value);
  });

  test('is the value of its expression over input, results of dependencies, and the run', async () => {
    expect(await valueFor('{% input.range.from %}', { range: { from: '2026-01-01' } })).toBe('2026-01-01');
    expect(await valueFor('{% result.extract.row_count + $sum(result.extract.list) %}')).toBe(10);
    expect(await valueFor(' {% run.run_id & "/" & run.execution %} ')).toBe('r/2');
    expect(await valueFor('{% run.scheduled_time %}')).toBeNull();
    expect(await valueFor('{% input.limit ? input.limit : null %}')).toBeNull();
  });

  test('is of one type in every run where the schema says it', async () => {
    expect(await valueFor('{% input.n %}', { n: 3 }, 'BIGINT')).toBe(3n);
    expect(await valueFor('{% input.n %}', { n: 3 }, 'DOUBLE')).toEqual(new DoubleParameter(3));
    expect(await valueFor('{% input.n %}', { n: 'a' }, 'VARCHAR')).toBe('a');
    expect(await valueFor('{% input.n %}', { n: null }, 'BIGINT')).toBeNull();
  });

  test('without a value, with one that SQL has no place for, or that cannot be evaluated, is reported with all others', async () => {
    const params = {
      a: '{% input.nothing %}',
      b: '{% result.extract %}',
      c: '{% input.list %}',
      d: '{% result.other.x %}',
      e: 1,
    };
    await expect(sqlParameters(stepWith({ params }, { list: [1, 2] }))).rejects.toMatchObject({
      name: 'ValidationError',
      violations: [
        '"a", "{% input.nothing %}": it has no value; write null for NULL',
        '"b", "{% result.extract %}": it is an object; a parameter is text, a number, a flag or null',
        '"c", "{% input.list %}": it is a list; a parameter is text, a number, a flag or null',
        '"d", "{% result.other.x %}": it has no value; write null for NULL',
      ],
    });
  });
});
