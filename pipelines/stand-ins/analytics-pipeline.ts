import type { LocalSetup, LocalSetupOptions } from '../../lib/offline/engine/local-setup.ts';
import { startSources } from './start-sources.ts';

/** `local.setup` of analytics_pipeline. Without an input, a run covers all days of the data, month by month. */
export async function start(options: LocalSetupOptions): Promise<LocalSetup> {
  const { range, ...sources } = await startSources(options);
  return {
    ...sources,
    input: { date_range_start: range.start_date, date_range_end: range.end_date, granularity: 'month' },
  };
}
