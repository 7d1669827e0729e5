import { defineStep } from 'daybreak';
import { neededResult } from '../needed-result.ts';
import { type CustomerAnalyticsInput, dateRangeOf } from './input.ts';
import { deliveryOf } from './notifications/deliver.ts';
import { type DashboardResult, messageFor } from './notifications/message.ts';

/** Sends each channel of the input one message about the run, once, however often the step runs. */
export const handler = defineStep<CustomerAnalyticsInput>(async (step) => {
  const dashboard = neededResult<DashboardResult>(step, 'update_dashboard');
  const run = { run_id: step.run.run_id, range: dateRangeOf(step.input.date_range) };
  const { to, deliver } = deliveryOf(step);
  const channels = [...new Set(step.input.notification_channels)];
  for (const channel of channels) {
    await step.once(`notify ${channel}`, () => deliver(messageFor(channel, dashboard, run)));
  }
  return { channels, to };
});
