import { expect, test } from 'vitest';
import { alarmedAt, type Point } from './alarm-evaluator.ts';
import { resources } from './read-template.ts';
import { all } from './synthesized.ts';

const hour = 60;
const day = 24 * hour;

/** The alarms of the reference pipeline and of the shared stack, as CloudFormation gets them. */
const alarms = all
  .filter(([name]) => /--(customer-analytics|shared)$/.test(name))
  .flatMap(([, stack]) => resources(stack, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties));

/** The alarms that fire while these points come in, and how often, in the order of time. */
function fired(points: readonly Point[], minutes: number): string[] {
  return alarms
    .flatMap((alarm) => {
      const name = String(alarm.AlarmName).replace(/^daybreak-staging--(customer-analytics|shared)-/, '');
      return alarmedAt(alarm, points, minutes).map((at) => ({ name, at }));
    })
    .sort((one, other) => one.at - other.at)
    .map(({ name }) => name);
}

const machine = (metric: string, at: number, value = 1): Point => ({
  namespace: 'AWS/States',
  metric,
  of: 'Machine',
  at,
  value,
});
const errors = (of: string, at: number, value = 1): Point => ({
  namespace: 'AWS/Lambda',
  metric: 'Errors',
  of,
  at,
  value,
});

/** A message that waits in a queue from one minute to another: SQS reports the number and the age (seconds) every five minutes. */
const waiting = (of: string, from: number, to: number): Point[] =>
  Array.from({ length: Math.ceil((to - from) / 5) }, (_, index) => from + index * 5).flatMap((at) => [
    { namespace: 'AWS/SQS', metric: 'ApproximateNumberOfMessagesVisible', of, at, value: 1 },
    { namespace: 'AWS/SQS', metric: 'ApproximateAgeOfOldestMessage', of, at, value: (at - from) * 60 },
  ]);

/** A run at one o'clock whose step fails five times: its attempts, RecordFailure's and Finalize's answers, and the dead letter until someone resumes. */
const failedRun = (letterUntil: number): Point[] => [
  machine('ExecutionsStarted', hour),
  ...[61, 62, 63, 64, 65].map((at) => errors('FunctionsSteps', at)),
  errors('FunctionsFinalize', 66),
  machine('ExecutionsFailed', 66),
  ...waiting('DeadLetters', 65, letterUntil),
];

/** Runs that succeed in the nights after it. */
const goodNights = (first: number, nights: number): Point[] =>
  Array.from({ length: nights }, (_, night) => first * day + night * day + hour).flatMap((at) => [
    machine('ExecutionsStarted', at),
    machine('ExecutionsSucceeded', at + 7),
  ]);

test('a night in which every run succeeds, after retries too, raises none', () => {
  expect(fired([...goodNights(0, 7), ...[61, 62, 1_501].map((at) => errors('FunctionsSteps', at))], 7 * day)).toEqual(
    [],
  );
});

test('one failed run that a person resumes in the morning raises one', () => {
  expect(fired([...failedRun(9 * hour), ...goodNights(1, 6)], 7 * day)).toEqual(['execution-failed']);
});

test('one that no one repairs raises a second, after three days', () => {
  expect(fired([...failedRun(7 * day), ...goodNights(1, 6)], 7 * day)).toEqual([
    'execution-failed',
    'dead-letter-is-old',
  ]);
});

test('a throttled night raises one alarm for all pipelines; a burst of twenty minutes raises none', () => {
  const throttled = (from: number, to: number): Point[] =>
    Array.from({ length: to - from }, (_, minute) => ({
      namespace: 'AWS/States',
      metric: 'ThrottledEvents',
      of: 'StateTransition',
      at: from + minute,
      value: 40,
    }));
  expect(fired([...throttled(hour, 4 * hour), ...goodNights(0, 7)], 7 * day)).toEqual(['execution-throttled']);
  expect(fired([...throttled(hour, hour + 20), ...goodNights(0, 7)], 7 * day)).toEqual([]);
});

test.each([0, 29, 58])(
  'a run that never started raises one, until the next success: the sweep fails at minute %i of each hour, three times',
  (minute) => {
    const sweeps = Array.from({ length: 20 }, (_, index) => 2 * day + index * hour + minute);
    // Lambda repeats an invocation after one minute and after two more.
    const failing = sweeps.flatMap((at) => [at, at + 1, at + 3].map((time) => errors('FunctionsReconcile', time)));
    expect(fired([...goodNights(0, 1), ...failing], 7 * day)).toEqual(['needs-attention']);
  },
);

test.each([0, 29, 58])(
  'a poisoned event, which the function of incidents cannot take at minute %i, raises one until the queue is empty',
  (minute) => {
    const tries = [minute, minute + 1, minute + 3].map((at) => errors('FunctionsIncidents', hour + at));
    expect(
      fired([...goodNights(0, 7), ...tries, ...waiting('UntakenEvents', hour + minute + 3, 9 * hour)], 7 * day),
    ).toEqual(['incidents-not-kept']);
  },
);

test('a run that takes too long raises one', () => {
  const points = [
    machine('ExecutionsStarted', hour),
    machine('ExecutionsTimedOut', 7 * hour),
    ...waiting('DeadLetters', 7 * hour, 9 * hour),
  ];
  expect(fired([...points, ...goodNights(1, 6)], 7 * day)).toEqual(['execution-timed-out']);
});
