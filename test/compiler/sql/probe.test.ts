import { describe, expect, onTestFinished, test } from 'vitest';
import { Probe } from '../../../lib/compiler/sql/probe.ts';
import { HelperDiedError } from '../../../lib/contract/helper-died-error.ts';
import { killHelper } from '../../support/kill-helper.ts';
import { slowTest } from '../../support/sized.ts';

const probeWith = (patienceMs: number): Probe => {
  const probe = new Probe({ patienceMs });
  onTestFinished(() => probe.close());
  return probe;
};

/** DuckDB plans it for minutes. */
const slow = `SELECT ${'list_transform([1], lambda x: '.repeat(60)}1${')'.repeat(60)} AS x`;

const describeText = (probe: Probe, text: string) => probe.describe({ text, tables: [], parameters: {} });

describe('the process that plans queries', () => {
  test('runs no query, so an expensive one costs nothing', async () => {
    const probe = probeWith(10_000);
    for (const [text, type] of [
      ["SELECT sha256(repeat('x', 100000000000)) AS x", 'VARCHAR'],
      ['SELECT list_sum(range(1000000000000)) AS x', 'HUGEINT'],
      ['SELECT count(*) AS x FROM range(1000000000000), range(1000000000000)', 'BIGINT'],
      ['WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x FROM r) SELECT x FROM r', 'INTEGER'],
      ["SELECT error('stop')::INTEGER AS x", 'INTEGER'],
    ])
      expect(await describeText(probe, text ?? '')).toMatchObject({ problems: [], columns: [{ name: 'x', type }] });
  });

  slowTest(
    'is given up when planning takes too long, as it does for lambdas in lambdas, and the next question has another',
    async () => {
      const probe = probeWith(1_000);
      expect(await describeText(probe, slow)).toEqual({ stopped: 'it takes longer than 1 s' });
      expect(await probe.read('SELECT 1')).toMatchObject({ problems: [] });
    },
  );

  test('answers questions that are asked at once, each its own', async () => {
    const probe = probeWith(10_000);
    const names = ['a', 'b', 'c', 'd'];
    const answers = await Promise.all(names.map((name) => describeText(probe, `SELECT 1 AS ${name}`)));
    expect(answers.map((answer) => 'columns' in answer && answer.columns?.[0]?.name)).toEqual(names);
  });

  slowTest('may die between two questions', async () => {
    const probe = probeWith(10_000);
    await probe.read('SELECT 1');
    probe.close();
    expect(await probe.read('SELECT 1')).toMatchObject({ problems: [] });
  });

  slowTest('is replaced when the machine kills it, and the question is asked once more', async () => {
    const probe = probeWith(1_000);
    const asked = describeText(probe, slow);
    await killHelper('probe-process');
    expect(await asked).toEqual({ stopped: 'it takes longer than 1 s' });
  });

  test('that is killed twice is a fault of the machine, with the way out', async () => {
    const probe = probeWith(600_000);
    let over = false;
    const asked = describeText(probe, slow);
    asked.catch(() => {
      over = true;
    });
    // This process may have the probe of an earlier test too: it is killed with the two.
    while (!over) await killHelper('probe-process', () => over);
    await expect(asked).rejects.toThrow(HelperDiedError);
    await expect(asked).rejects.toThrow(
      'the process that plans queries ended twice before it had answered (SIGKILL). A machine short of memory kills such processes: end other programs, then try again',
    );
  });

  test('has an answer for what is nested deeper than DuckDB goes', async () => {
    const probe = probeWith(10_000);
    const reading = await probe.read(`SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`);
    expect(reading).toMatchObject({ problems: [{ line: 1 }] });
    expect(await probe.read('SELECT 1')).toMatchObject({ problems: [] });
  });
});
