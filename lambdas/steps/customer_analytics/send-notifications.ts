import { defineStep } from 'daybreak';
import { neededResult } from '../needed-result.ts';
import type { CustomerAnalyticsInput } from './input.ts';
import { deliveryOf } from './notifications/deliver.ts';
import { type DashboardResult, messageFor } from './notifications/message.ts';

/** Sends each channel of the input one message about the run, once, however often the step runs. */
export const handler = defineStep<CustomerAnalyticsInput>(async (step) => {
  const dashboard = neededResult<DashboardResult>(step, 'update_dashboard');
  const { to, deliver } = deliveryOf(step);
  const channels = [...new Set(step.input.notification_channels)];
  for (const channel of channels) {
    await step.once(`notify ${channel}`, () => deliver(messageFor(channel, dashboard, step.run)));
  }
  return { channels, to, alarms: dashboard.alarms.map(({ title }) => title) };
});
