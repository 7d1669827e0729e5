import { describe, expect, onTestFinished, test } from 'vitest';
import { Probe } from '../../lib/sql/probe.ts';

const probeWith = (patienceMs: number): Probe => {
  const probe = new Probe({ patienceMs, ...(patienceMs === 1 && { startMs: 0 }) });
  onTestFinished(() => probe.close());
  return probe;
};

const describeText = (probe: Probe, text: string) => probe.describe({ text, tables: [], parameters: {} });

describe('the process that plans queries', () => {
  test('runs nothing of them, whatever they would cost', async () => {
    const probe = probeWith(10_000);
    for (const [text, type] of [
      ["SELECT sha256(repeat('x', 100000000000)) AS x", 'VARCHAR'],
      ['SELECT list_sum(range(1000000000000)) AS x', 'HUGEINT'],
      ['SELECT count(*) AS x FROM range(1000000000000), range(1000000000000)', 'BIGINT'],
      ['WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x FROM r) SELECT x FROM r', 'INTEGER'],
      ["SELECT error('stop')::INTEGER AS x", 'INTEGER'],
    ])
      expect(await describeText(probe, text ?? '')).toEqual({ problems: [], columns: [{ name: 'x', type }] });
  });

  test('is given up when it does not answer in time, and the next question has another', async () => {
    const probe = probeWith(1);
    expect(await probe.read('SELECT 1')).toEqual({ stopped: 'it takes longer than 0.001 s' });
    expect(await describeText(probe, 'SELECT 1')).toEqual({ stopped: 'it takes longer than 0.001 s' });
  });

  test('answers questions that are asked at once, each its own', async () => {
    const probe = probeWith(10_000);
    const names = ['a', 'b', 'c', 'd'];
    const answers = await Promise.all(names.map((name) => describeText(probe, `SELECT 1 AS ${name}`)));
    expect(answers.map((answer) => 'columns' in answer && answer.columns?.[0]?.name)).toEqual(names);
  });

  test('has an answer for what is nested deeper than DuckDB goes', async () => {
    const probe = probeWith(10_000);
    const reading = await probe.read(`SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`);
    expect(reading).toMatchObject({ problems: [{ line: 1 }] });
    expect(await probe.read('SELECT 1')).toMatchObject({ problems: [] });
  });
});
