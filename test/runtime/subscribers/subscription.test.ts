import { expect, test } from 'vitest';
import { isHeard } from '../../../lib/contract/events/subscription.ts';
import { defineSubscriber } from '../../../lib/runtime/subscribers/define-subscriber.ts';

test.each([
  ['step.failed', 'step.failed', true],
  ['step.failed', 'step.completed', false],
  ['step.*', 'step.completed', true],
  ['step.*', 'steps.completed', false],
  ['data.*', 'data.published', true],
  ['*', 'incident.opened', true],
  ['task.failed', 'run.failed', true],
  ['task.*', 'run.started', true],
  ['task.*', 'step.started', false],
])('%s hears %s: %s', (name, type, heard) => expect(isHeard(name, type)).toBe(heard));

test('a subscriber gets events of its types and pipelines alone, with the type of its events', async () => {
  const subscriber = defineSubscriber({ on: ['step.failed'], pipelines: ['orders'] }, (event) => event.detail.resume);
  const context = { awsRequestId: 'a', getRemainingTimeInMillis: () => 60_000 };
  const event = { type: 'step.failed', id: 'x', pipeline: 'sales' };
  expect(await subscriber({ detail: event }, context)).toEqual({ handled: false });
  expect(await subscriber({ detail: { ...event, type: 'run.failed', pipeline: 'orders' } }, context)).toEqual({
    handled: false,
  });
  expect(subscriber.subscription).toEqual({ on: ['step.failed'], pipelines: ['orders'] });
});

test('a subscriber that hears nothing is an error when it is defined', () => {
  expect(() => defineSubscriber({ on: [] }, () => null)).toThrow('hears nothing');
});
