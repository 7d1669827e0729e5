import { describe, expect, onTestFinished, test } from 'vitest';
import { Probe } from '../../../lib/compiler/sql/probe.ts';

const probeWith = (patienceMs: number): Probe => {
  const probe = new Probe({ patienceMs });
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

  test('is given up when planning takes too long, as it does for lambdas in lambdas, and the next question has another', async () => {
    const probe = probeWith(1_000);
    const text = `SELECT ${'list_transform([1], lambda x: '.repeat(60)}1${')'.repeat(60)} AS x`;
    expect(await describeText(probe, text)).toEqual({ stopped: 'it takes longer than 1 s' });
    expect(await probe.read('SELECT 1')).toMatchObject({ problems: [] });
  });

  test('answers questions that are asked at once, each its own', async () => {
    const probe = probeWith(10_000);
    const names = ['a', 'b', 'c', 'd'];
    const answers = await Promise.all(names.map((name) => describeText(probe, `SELECT 1 AS ${name}`)));
    expect(answers.map((answer) => 'columns' in answer && answer.columns?.[0]?.name)).toEqual(names);
  });

  test('may die between two questions', async () => {
    const probe = probeWith(10_000);
    await probe.read('SELECT 1');
    probe.close();
    expect(await probe.read('SELECT 1')).toMatchObject({ problems: [] });
  });

  test('has an answer for what is nested deeper than DuckDB goes', async () => {
    const probe = probeWith(10_000);
    const reading = await probe.read(`SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`);
    expect(reading).toMatchObject({ problems: [{ line: 1 }] });
    expect(await probe.read('SELECT 1')).toMatchObject({ problems: [] });
  });
});
