import { expect, test } from 'vitest';
import { stepsWithMarks } from '../../../lib/compiler/plan/plan-marks.ts';

const dependencies = new Map([
  ['source', []],
  ['clean', ['source']],
  ['report', ['clean']],
  ['mail', ['report']],
  ['beside', []],
]);
const publish = { datasets: [{ step: 'report', dataset: 'x' }], keep: null, breaking: null };

test('the steps of which published data is made may have watermarks, and no other', () => {
  const marked = stepsWithMarks({ publish, partition: null }, { dependencies });
  expect([...marked].sort()).toEqual(['clean', 'report', 'source']);
});

test('none may where nothing is published, or runs have partitions', () => {
  expect(stepsWithMarks({ publish: null, partition: null }, { dependencies }).size).toBe(0);
  expect(stepsWithMarks({ publish, partition: {} as never }, { dependencies }).size).toBe(0);
});
