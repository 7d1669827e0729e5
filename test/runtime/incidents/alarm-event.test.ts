import { expect, test } from 'vitest';
import { parseEventDocument } from '../../../lib/contract/events/event.ts';
import { alarmChange, alarmEvent } from '../../../lib/runtime/incidents/alarm-event.ts';

/** As in https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html. */
const change = (value: string) =>
  alarmChange.parse({
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    detail: {
      alarmName: 'daybreak-sales-execution-failed',
      state: { value, reason: 'Threshold Crossed: 1 datapoint', timestamp: '2026-02-01T02:05:00.000+0000' },
      configuration: { description: '[critical] Pipeline sales: A run failed.' },
    },
  }).detail;

test('an alarm that fires is an event with the severity of its description', () => {
  const event = alarmEvent('sales', change('ALARM'));
  expect(parseEventDocument(event)).toMatchObject({
    id: 'alarm.raised/sales/daybreak-sales-execution-failed/2026-02-01T02:05:00.000Z',
    severity: 'critical',
    cause: { error: 'Alarm', text: 'Threshold Crossed: 1 datapoint' },
    detail: { alarm: 'daybreak-sales-execution-failed' },
  });
});

test('an alarm that ends is one too, and missing data says nothing', () => {
  expect(parseEventDocument(alarmEvent('sales', change('OK')))).toMatchObject({
    type: 'alarm.cleared',
    severity: 'info',
  });
  expect(alarmEvent('sales', change('INSUFFICIENT_DATA'))).toBeNull();
});
