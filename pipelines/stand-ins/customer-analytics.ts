import type { LocalSetup, LocalSetupOptions } from '../../lib/offline/engine/local-setup.ts';
import { startSources } from './start-sources.ts';

/** `local.setup` of customer_analytics. Without an input, a run covers all days of the data. */
export async function start(options: LocalSetupOptions): Promise<LocalSetup> {
  const { range, ...sources } = await startSources(options);
  return { ...sources, input: { date_range: { ...range } } };
}
