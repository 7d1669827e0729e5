import { eventBridgeCron, type TranslatedCron } from '../../lib/compiler/template/schedule/eventbridge-cron.ts';

/** Every Monday in New York. */
export const schedule = {
  ...(eventBridgeCron('30 6 * * 1') as TranslatedCron),
  timezone: 'America/New_York',
  input: {},
};
